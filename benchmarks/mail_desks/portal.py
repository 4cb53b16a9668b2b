"""The portal as a desk for the corpus: its people and cases, and what becomes of a mail."""

from benchmarks.mail_corpus.cast import CUSTOMER, NUMBER, OTHER_CUSTOMER
from benchmarks.mail_corpus.corpus import DEFAULT
from benchmarks.mail_corpus.labels import Desk, Thread
from benchmarks.mail_corpus.scoring import Entry, Handled
from cases.models import Message, MessageKind
from cases.services import post_message, report_case
from cases.thread.quoting import segments
from demo.people import make_people
from mail.outbound.addresses import reply_address
from mail.outbound.models import MailSettings
from mail.outbound.outbox import enqueue
from mail.outbound.tokens import token_of
from mail.store.models import MailState
from tests.mail.mails import deliver, send_all
from uploads.custody.agreements import agree

OTHER_NUMBER, FOREIGN_NUMBER = "CAS-00001-AAAAAA", "CAS-00002-CCCCCC"
"""Cases that no mail of the corpus belongs to: another one of the customer's, and one of other people."""
TEXTS = (MessageKind.MAIL_IN, MessageKind.PORTAL)
"""Entries that hold the text of a mail; that which opens a case stands as the customer's report."""
OWNERS = {OTHER_NUMBER: CUSTOMER, FOREIGN_NUMBER: OTHER_CUSTOMER, NUMBER: CUSTOMER}


def open_desk(most_an_hour: int) -> Desk:
    """Makes people and cases; the engineer has written into the case, and the customer has it by mail.

    ``most_an_hour``: mails of one sender. The corpus is more than the portal takes by default.
    """
    MailSettings(pk=1, most_an_hour=most_an_hour, new_cases_a_day=most_an_hour).save()
    cast = make_people("a password for one measurement")
    for number, owner in OWNERS.items():
        person = cast[owner.key]
        assert person.organisation is not None
        case = report_case(
            by=person,
            organisation=person.organisation,
            contact=person,
            title="重启后无法启用证书服务",
            number=number,
            engineer=cast["engineer"],
        )
    agree(cast[CUSTOMER.key], case)
    entry = post_message(case, by=cast["engineer"], body="请补充日志。")
    customer = cast[CUSTOMER.key]
    sent = enqueue(customer.email, kind="reply", text=entry.body, person=customer, case=case, entry=entry)
    send_all()
    thread = Thread(sent.message_id, reply_address(case), f"CMIT:{token_of(case):07d}")
    return Desk({case.number: thread}, DEFAULT.mailbox, DEFAULT.authserv_id)


def handle(raw: bytes) -> Handled:
    """Takes one mail as a mail server brings it, and a worker reads it."""
    before = set(Message.objects.values_list("pk", flat=True))
    mail = deliver(raw)
    new = Message.objects.exclude(pk__in=before).filter(kind__in=TEXTS).select_related("case")
    entries = []
    for message in new.order_by("created_at"):
        parts = segments(message.body)
        entries.append(
            Entry(
                message.case.number if message.case.number in OWNERS else "",
                "\n".join(part.text for part in parts if not part.quoted),
                "\n".join(part.text for part in parts if part.quoted),
            )
        )
    return Handled(entries, mail.state in {MailState.PARKED, MailState.SET_ASIDE}, mail.detail)
