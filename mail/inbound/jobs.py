"""The job that reads a stored mail: tried for a day where something outside stands in the way, a few times
where the fault is the portal's; then the mail waits for a person, with what happened."""

from __future__ import annotations

from datetime import timedelta

from jobs.models import JobState
from jobs.services import Jobs, doubling
from mail.inbound.models import Reading
from mail.store.models import MailMessage, MailState
from mail.store.reasons import Reason

MAX_ATTEMPTS = 30
"""With the waits between them about a day."""
MAX_FAULTS = 5
"""Attempts of a mail on which something of the portal's own breaks."""

READINGS = Jobs(
    Reading,
    "mail.tasks.read_mail",
    max_attempts=MAX_ATTEMPTS,
    retry_after=doubling(timedelta(minutes=1), timedelta(hours=1)),
    ended=lambda reading: _reading_ended(reading),
)


def read_on(mail: MailMessage) -> None:
    """A worker reads it, for the first time or once more; within a transaction. One that is at it already
    goes on with what it finds (``mail.inbound.services.read``)."""
    Reading.objects.filter(mail=mail).exclude(state=JobState.RUNNING).update(
        state=JobState.QUEUED, not_before=None, attempt=0, finished_at=None, failure="", error=""
    )
    READINGS.enqueue_on_commit(Reading.objects.get_or_create(mail=mail)[0])


def _reading_ended(reading: Reading) -> None:
    if reading.state != JobState.FAILED:
        return
    mail = MailMessage.objects.locked().get(pk=reading.pk)
    if mail.state == MailState.RECEIVED:
        error = Reading.objects.values_list("error", flat=True).get(pk=reading.pk)
        mail.becomes(MailState.PARKED, reason=Reason.FAULT, detail=(error or reading.failure)[:500])
