"""One attempt to send a mail of the outbox: composed once, the same bytes each time."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from uuid import UUID

from django.db import transaction
from django.db.models import QuerySet
from django.db.models.functions import Coalesce, Greatest, Now

from jobs.errors import GaveUp, TryAgain
from jobs.models import JobState
from jobs.worker import Attempt, carry_out
from mail.errors import MailPutOff, MailRefused, MailServerDown, NotAsMeant
from mail.outbound import transport
from mail.outbound.automatic_answers import carries_on
from mail.outbound.composing import compose
from mail.outbound.models import Delivery
from mail.outbound.outbox import DELIVERIES, enqueue_again, note_sent, note_withheld
from mail.outbound.round_trip import check, check_code
from mail.outbound.withholding import why_not
from mail.store import sources
from mail.store.models import MailMessage
from mail.store.reasons import NotSent

ONE_ASKS_EVERY = timedelta(minutes=1)
"""While the mail server does not answer, one mail asks in that time, and the workers are free."""


def deliver(mail_id: UUID) -> None:
    """Sends one mail unless it is sent, or in other hands."""
    carry_out(DELIVERIES, Delivery.objects.filter(pk=mail_id), _deliver)
    for mail in ended_secrets().filter(pk=mail_id):
        sources.delete(mail)


def deliver_here(mail_id: UUID) -> None:
    """One attempt and no other, by the process in which somebody waits for the answer."""
    carry_out(DELIVERIES, Delivery.objects.filter(pk=mail_id), _deliver_once)


def ended_secrets() -> QuerySet[MailMessage]:
    """Sign-in codes and the like that are under way no more, and whose bytes still open a door. Where nothing
    leaves the machine, the page of sent mails is where they are read."""
    if transport.keeps_all_here():
        return MailMessage.objects.none()
    return MailMessage.objects.filter(facts__secret=True, done_at__isnull=False).exclude(source="")


def _deliver(attempt: Attempt[Delivery]) -> None:
    mail = MailMessage.objects.select_related("case", "person", "entry").get(pk=attempt.job.pk)
    if (reason := why_not(mail)) is not None:
        _withhold(attempt.job, mail, reason)
        return
    raw = _source(mail)
    attempt.check()
    try:
        with transport.sending(raw, mail.address), DELIVERIES.conclude(attempt.job, JobState.DONE):
            note_sent(mail)
    except MailServerDown as error:
        _note_answer(mail, str(error))
        if not isinstance(error, MailPutOff):
            _put_others_off()
        raise TryAgain(str(error)) from error
    except MailRefused as error:
        _note_answer(mail, str(error))
        # Composed by an earlier version: that did not note it.
        if error.too_large and mail.facts.get("carries_files", not mail.facts.get("linked")):
            _withhold(attempt.job, mail, NotSent.TOO_LARGE)
            return
        if error.no_mailbox:
            MailMessage.objects.filter(pk=mail.pk).update(reason=NotSent.NO_MAILBOX)
        raise GaveUp("refused", str(error)) from error


def _deliver_once(attempt: Attempt[Delivery]) -> None:
    try:
        _deliver(attempt)
    except TryAgain as error:
        raise GaveUp("refused", str(error)) from error


def _withhold(delivery: Delivery, mail: MailMessage, reason: NotSent) -> None:
    """Ends it unsent; what the recipient is still to be told goes in another mail."""
    with DELIVERIES.conclude(delivery, JobState.DONE):
        note_withheld(mail, reason)
        if reason == NotSent.NEW_ADDRESS and mail.person is not None and not mail.facts.get("secret"):
            carries_on(mail, enqueue_again(mail, mail.person.email))
        elif reason == NotSent.TOO_LARGE:
            carries_on(mail, enqueue_again(mail, mail.address, linked=True))


def _source(mail: MailMessage) -> bytes:
    """The mail's bytes, composed and stored the first time."""
    if mail.source:
        raw = sources.source_of(mail)
        if mail.facts.get("secret"):
            with _held_back(mail):
                check_code(mail, raw)
        return raw
    if mail.facts.get("secret"):
        raise GaveUp("gone", "its source was deleted")
    composed = compose(mail)
    with _held_back(mail):
        check(mail, composed)
    name, sha256 = sources.put(composed.raw, "out")
    has_files = bool(composed.files or mail.facts.get("report")) and not mail.facts.get("linked")
    with transaction.atomic():
        MailMessage.objects.filter(pk=mail.pk, source="").update(
            facts=mail.facts | {"carries_files": has_files},
            source=name,
            sha256=sha256,
            size=len(composed.raw),
            dated_at=composed.dated_at,
            subject=composed.subject[:1000],
            references=composed.references,
        )
    mail.refresh_from_db()
    return composed.raw


@contextmanager
def _held_back(mail: MailMessage) -> Iterator[None]:
    """A mail that is not as it was meant does not leave, and a person is told."""
    try:
        yield
    except NotAsMeant as error:
        MailMessage.objects.filter(pk=mail.pk).update(reason=NotSent.HELD_BACK)
        raise GaveUp("not_as_meant", str(error)) from error


def _note_answer(mail: MailMessage, answer: str) -> None:
    Delivery.objects.filter(pk=mail.pk).update(answer=answer[:2000])


def _put_others_off() -> None:
    later = Now() + ONE_ASKS_EVERY
    Delivery.objects.filter(state=JobState.QUEUED).update(
        not_before=Greatest(Coalesce("not_before", later), later)
    )
