"""What is not for the customer stays so on each way into a case: by hand, by a move, read again."""

from email.message import EmailMessage

import pytest
from django.core.files.base import ContentFile

from accounts.models import User
from cases.models import Case, Message, MessageKind, Queue
from cases.services import post_message
from mail.inbound import placing
from mail.outbound.outbox import enqueue
from mail.review import services
from mail.store.models import MailState
from mail.store.reasons import Reason
from tests.mail.mails import HERE, deliver, letter
from tests.people import report, signed_in, suspended
from uploads.attachments.models import MessageAttachment
from uploads.attachments.services import attach
from uploads.custody.agreements import agree

NOTE = "Between us: the licence of this customer has run out in March, do not tell her."
QUOTED = f"I agree.\n\n> {NOTE}\n"
VENDOR = f"{HERE}; dmarc=pass header.from=vendor.example"


def from_jia(case: Case, text: str, *, results: str | None = VENDOR, **fields: str) -> EmailMessage:
    fields = {"From": "Jia <jia@vendor.example>"} | fields
    message = letter(case, results=results, **fields)
    message.set_content(text)
    return message


def reads(person: User, case: Case) -> str:
    return signed_in(person).get(case.get_absolute_url()).content.decode()


def read_better(monkeypatch: pytest.MonkeyPatch) -> None:
    """A fault of the reader is mended."""
    former = placing.entry_text
    monkeypatch.setattr(placing, "entry_text", lambda *mail: f"{former(*mail)}\n(read better)")


def test_a_note_that_is_read_again_is_one_still(
    case: Case, jia: User, alice: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    post_message(case, by=jia, body=NOTE, kind=MessageKind.NOTE)
    mail = deliver(from_jia(case, QUOTED))
    read_better(monkeypatch)
    services.read_again(mail, by=jia)
    mail.refresh_from_db()
    assert mail.entry is not None and mail.entry.internal and mail.entry.body.endswith("(read better)")
    assert "has run out in March" not in reads(alice, case)
    assert "has run out in March" in reads(jia, case)


def test_files_of_a_mail_that_is_read_again_stay_under_their_agreement(
    case: Case, jia: User, alice: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    agree(alice, case)
    mail = deliver(letter(case))
    assert mail.entry is not None
    attach(
        mail.entry,
        name="a.txt",
        content=ContentFile(b"words"),
        content_type="text/plain",
        by=mail.entry.author,
    )
    read_better(monkeypatch)
    services.read_again(mail, by=jia)
    mail.refresh_from_db()
    again = MessageAttachment.objects.get(message=mail.entry)
    assert again.consent is not None and (again.consent.case, again.attached_by) == (case, alice)


def test_an_answer_to_a_note_that_nobody_proved_is_one_when_a_colleague_takes_it(
    case: Case, jia: User, yi: User, alice: User
) -> None:
    note = post_message(case, by=yi, body="@Jia not yet", kind=MessageKind.NOTE)
    ours = enqueue(
        jia.email, person=jia, case=case, entry=note, kind="mentioned", text="@Jia not yet", internal=True
    )
    message = from_jia(case, "Agreed, we wait for legal.\n", results=None, In_Reply_To=ours.message_id)
    mail = deliver(message)
    assert (mail.state, mail.reason) == (MailState.PARKED, Reason.UNPROVEN)
    suspended(case)
    services.take_into(mail, case, by=jia)
    mail.refresh_from_db()
    assert mail.entry is not None and mail.entry.internal
    assert "wait for legal" not in reads(alice, case)
    case.refresh_from_db()
    assert case.status == "suspended", "the customer has not written"


def test_a_strangers_mail_with_a_note_in_it_is_internal(case: Case, jia: User, alice: User) -> None:
    post_message(case, by=jia, body=NOTE, kind=MessageKind.NOTE)
    message = from_jia(case, QUOTED, results=None, From="Jia at home <jia@home.example>")
    services.take_into(deliver(message), case, by=jia)
    assert "has run out in March" not in reads(alice, case)


def test_a_mail_moved_into_the_case_whose_note_it_quotes_is_internal_there(
    case: Case, jia: User, alice: User, charlie: User, queue: Queue
) -> None:
    theirs = report(charlie, title="Another house", engineer=jia, queue=queue)
    post_message(case, by=jia, body=NOTE, kind=MessageKind.NOTE)
    mail = deliver(from_jia(theirs, QUOTED))
    assert mail.case == theirs and mail.entry is not None and not mail.entry.internal
    services.take_into(mail, case, by=jia)
    assert "has run out in March" not in reads(alice, case)
    assert "has run out in March" in reads(jia, case)


def test_what_a_customer_writes_is_hers_to_read_whatever_she_quotes(
    case: Case, jia: User, alice: User
) -> None:
    post_message(case, by=jia, body=NOTE, kind=MessageKind.NOTE)
    message = letter(case)
    message.set_content(f"Who told you this?\n\n> {NOTE}\n")
    mail = deliver(message)
    assert mail.entry is not None and not mail.entry.internal
    assert "Who told you this?" in reads(alice, case)
    assert Message.objects.visible_to(alice).filter(pk=mail.entry.pk).exists()
