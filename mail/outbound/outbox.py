"""The outbox: a mail is written in the transaction of the act that it tells of, and sent by a worker."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any

from django.db import transaction
from django.db.models.functions import Now
from django.utils import timezone

from accounts.languages import current_language
from accounts.secret_links import without_secrets
from engine.text_safety import one_line
from jobs.models import JobState
from jobs.services import Jobs, doubling
from mail.outbound.addresses import message_id_of
from mail.outbound.models import Delivery
from mail.outbound.signals import mail_lost
from mail.store import sources
from mail.store.models import Direction, MailMessage, MailState
from mail.store.reasons import NotSent

if TYPE_CHECKING:
    from accounts.models import User
    from cases.models import Case, Message

MAX_ATTEMPTS = 40
"""With the waits between them about a day and a half: then a person is told."""

DELIVERIES = Jobs(
    Delivery,
    "mail.tasks.send_mail",
    max_attempts=MAX_ATTEMPTS,
    retry_after=doubling(timedelta(seconds=30), timedelta(hours=1)),
    ended=lambda delivery: _delivery_ended(delivery),
)


@transaction.atomic
def enqueue(
    address: str,
    *,
    kind: str,
    text: str,
    person: User | None = None,
    case: Case | None = None,
    entry: Message | None = None,
    answers: str = "",
    not_before: datetime | None = None,
    sent_here: bool = False,
    **facts: Any,
) -> MailMessage:
    """Puts one mail to one recipient into the outbox.

    ``text``: what it says, in the language in force, which is noted; everything around it (subject, thread,
    footer) is added in the same when it is composed (``mail.outbound.composing``). ``answers``: the
    Message-ID that it answers. ``sent_here``: no worker is called, since this process sends it at once
    (``delivery.deliver_here``).
    ``facts``, JSON values: ``subject`` (instead of the case's), ``action`` (``{"label", "url"}``: the one
    button), ``report`` (a report's id: its PDF), ``calendar`` (an iCalendar text), ``automatic`` (nobody
    wrote it: an answer of the portal), ``unsubscribe`` (where a click ends such mails), ``choice`` (she chose
    to be told so, and may choose otherwise), ``cc`` (the key of its entry on the Cc list), ``language`` (of a
    recipient without an account), ``linked`` (addresses in place of files), ``internal`` (it
    holds an internal note: an answer to it is one as well).
    """
    mail = MailMessage(
        direction=Direction.OUT,
        state=MailState.QUEUED,
        created_at=timezone.now(),
        address=address.strip()[:320],
        person=person,
        case=case,
        entry=entry,
        kind=kind,
        facts={"text": without_secrets(text), "answers": answers, "language": current_language()} | facts,
    )
    mail.message_id = message_id_of(mail)
    mail.save(force_insert=True)
    if sent_here:
        Delivery.objects.create(mail=mail, enqueued_at=Now())
    else:
        _deliver(mail, not_before)
    return mail


@transaction.atomic
def enqueue_raw(
    raw: bytes,
    address: str,
    *,
    kind: str,
    subject: str,
    message_id: str,
    dated_at: datetime,
    person: User | None,
) -> MailMessage:
    """Puts a mail that is composed already into the outbox (sign-in codes, resets). Its source is deleted
    once it is sent: what it holds opens a door."""
    name, sha256 = sources.put(raw, "out")
    mail = MailMessage.objects.create(
        direction=Direction.OUT,
        state=MailState.QUEUED,
        created_at=timezone.now(),
        dated_at=dated_at,
        address=address.strip()[:320],
        person=person,
        kind=kind,
        source=name,
        sha256=sha256,
        size=len(raw),
        subject=subject[:1000],
        message_id=message_id[:998],
        facts={"secret": True},
    )
    _deliver(mail, None)
    return mail


def _deliver(mail: MailMessage, not_before: datetime | None) -> None:
    delivery = Delivery(mail=mail, not_before=not_before)
    if not_before is not None:
        # What is put off on purpose does not wait until then.
        delivery.queued_at = not_before
    delivery.save(force_insert=True)
    DELIVERIES.enqueue_on_commit(delivery)


def enqueue_again(mail: MailMessage, address: str, **facts: Any) -> MailMessage:
    """What a mail that was withheld tells, in a new one; ``facts`` replace those of the first."""
    kept = {name: value for name, value in mail.facts.items() if name != "text"}
    kept |= {"language": mail.language} | facts
    return enqueue(
        address,
        kind=mail.kind,
        text=mail.facts["text"],
        person=mail.person,
        case=mail.case,
        entry=mail.entry,
        **kept,
    )


@transaction.atomic
def queue_again(mail: MailMessage) -> None:
    """Sends one that did not arrive once more, from the first attempt on; its row is locked."""
    MailMessage.objects.filter(pk=mail.pk).update(state=MailState.QUEUED, reason="", detail="", done_at=None)
    Delivery.objects.filter(pk=mail.pk).update(
        state=JobState.QUEUED,
        attempt=0,
        failure="",
        error="",
        answer="",
        finished_at=None,
        queued_at=Now(),
        not_before=None,
    )
    DELIVERIES.enqueue_on_commit(Delivery.objects.get(pk=mail.pk))


def note_sent(mail: MailMessage) -> None:
    """The mail server has taken it. It may have come back before that is written."""
    row, now = MailMessage.objects.filter(pk=mail.pk), timezone.now()
    row.filter(state=MailState.BOUNCED, done_at=None).update(done_at=now)
    row.exclude(state=MailState.BOUNCED).update(state=MailState.SENT, done_at=now)


def note_withheld(mail: MailMessage, reason: NotSent) -> None:
    """It is not sent any more."""
    MailMessage.objects.filter(pk=mail.pk).update(
        state=MailState.WITHHELD, reason=reason, done_at=timezone.now()
    )


def _delivery_ended(delivery: Delivery) -> None:
    if delivery.state != JobState.FAILED:
        return
    waiting = MailMessage.objects.locked().filter(pk=delivery.pk, state=MailState.QUEUED)
    mail = waiting.select_related("case").first()
    if mail is None:
        return
    answer, error = Delivery.objects.values_list("answer", "error").get(pk=delivery.pk)
    mail.state, mail.done_at = MailState.FAILED, timezone.now()
    if not answer and not mail.reason:
        mail.reason = NotSent.NEVER_MADE
    # What the portal itself found, in its own technical words.
    mail.detail = "" if answer else one_line(error)[:500]
    mail.save(update_fields=["state", "reason", "detail", "done_at"])
    mail_lost.send(MailMessage, mail=mail, answer=answer)
