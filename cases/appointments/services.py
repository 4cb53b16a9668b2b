"""Proposing, agreeing to, moving and cancelling an appointment: the same acts for pages and mails."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from django.db import transaction
from django.utils import timezone, translation
from django.utils.translation import gettext as _

from accounts.errors import NotAllowed
from cases import rights, services, times
from cases.appointments.errors import NobodySpoke, NoTimes, NotOpen, NotProposed, NoWords, TimeIsOver
from cases.appointments.models import Appointment, AppointmentState, Medium, ProposedTime
from cases.errors import CaseIsClosed
from cases.models import Case, Message, MessageKind
from cases.signals import ActivityKind, announce
from engine.text_safety import one_line, paragraphs, plain

if TYPE_CHECKING:
    from accounts.models import User

MAX_TIMES = 5
MAX_AHEAD = timedelta(days=366)
MAX_LENGTH = 5_000
"""Characters of a note and of the customer's words."""
MAX_REASON_LENGTH = 500


@transaction.atomic
def propose(
    case: Case,
    *,
    by: User,
    starts: Sequence[datetime],
    minutes: int,
    medium: Medium,
    note: str = "",
    at: datetime | None = None,
) -> Appointment:
    """Asks the customer to choose a time; an appointment that was not settled or is still ahead is moved.

    Raises ``NotAllowed``, ``CaseIsClosed``, ``NoTimes``, ``TimeIsOver``.
    """
    at = at or timezone.now()
    rights.require(rights.may_change_status, by, case)
    starts = sorted({start.replace(second=0, microsecond=0) for start in starts})
    if not 1 <= len(starts) <= MAX_TIMES:
        raise NoTimes(most=MAX_TIMES)
    for start in starts:
        _require_ahead(start, at)
    _lock(case)
    if case.status_facts.is_closed:
        raise CaseIsClosed()
    before = current(case)
    appointment = Appointment(
        case=case, made_by=by, made_at=at, medium=Medium(medium), minutes=minutes, note=_clean(note)
    )
    if before is not None:
        _end(before, AppointmentState.MOVED, by, at)
        # After the cancellation of what stands in calendars.
        appointment.uid, appointment.sequence = before.uid, before.sequence + 1
    body = _proposal_as_text(appointment, starts)
    appointment.message = services.post_message(case, by=by, body=body, kind=MessageKind.APPOINTMENT, at=at)
    appointment.save()
    ProposedTime.objects.bulk_create(
        ProposedTime(appointment=appointment, starts_at=start) for start in starts
    )
    _announce(appointment, by, at, appointment.message)
    return appointment


def current(case: Case) -> Appointment | None:
    """The appointment that is not settled, or agreed and still ahead."""
    newest = case.appointments.first()
    return newest if newest is not None and (newest.is_unsettled or newest.is_ahead) else None


@transaction.atomic
def agree(
    appointment: Appointment,
    start: datetime,
    *,
    by: User,
    on_phone: User | None = None,
    at: datetime | None = None,
) -> Message:
    """The customer chooses one of the proposed times; on the phone it may be any.

    Raises ``NotAllowed``, ``NobodySpoke``, ``NotOpen``, ``NotProposed``, ``TimeIsOver``.
    """
    at = at or timezone.now()
    person = _speaker(appointment, by, on_phone)
    _open(appointment)
    if on_phone is None and not appointment.times.filter(starts_at=start).exists():
        raise NotProposed()
    _require_ahead(start, at)
    appointment.starts_at = start
    _answer(appointment, AppointmentState.AGREED, person, by if on_phone else None, at)
    with translation.override(appointment.case.contact.language):
        body = _("Agreed: %(medium)s on %(start)s, %(minutes)s min.") % _facts(appointment)
    return _tell(appointment, body, by, at)


@transaction.atomic
def decline(
    appointment: Appointment,
    words: str,
    *,
    by: User,
    on_phone: User | None = None,
    at: datetime | None = None,
) -> Message:
    """None of the times suits; ``words`` say when it does.

    Raises ``NotAllowed``, ``NobodySpoke``, ``NotOpen``, ``NoWords``.
    """
    at = at or timezone.now()
    person = _speaker(appointment, by, on_phone)
    appointment.words = _clean(words)
    if not appointment.words:
        raise NoWords()
    words = appointment.words
    _open(appointment)
    appointment.words = words
    _answer(appointment, AppointmentState.DECLINED, person, by if on_phone else None, at)
    with translation.override(appointment.case.contact.language):
        body = _("None of the proposed times suits.")
    return _tell(appointment, f"{body}\n\n{words}", by, at)


@transaction.atomic
def cancel(appointment: Appointment, *, by: User, reason: str = "", at: datetime | None = None) -> Message:
    """Either side calls it off. Raises ``NotAllowed``, ``NotOpen``."""
    at = at or timezone.now()
    rights.require(rights.may_reply, by, appointment.case)
    _lock(appointment.case)
    appointment.refresh_from_db()
    if not (appointment.is_unsettled or appointment.is_ahead):
        raise NotOpen()
    _end(appointment, AppointmentState.CANCELLED, by, at, one_line(reason)[:MAX_REASON_LENGTH])
    with translation.override(appointment.case.contact.language):
        body = _("The appointment is cancelled.")
        if appointment.starts_at:
            body = _("The appointment is cancelled: %(medium)s on %(start)s.") % _facts(appointment)
    return _tell(appointment, f"{body}\n\n{appointment.reason}".strip(), by, at)


def _speaker(appointment: Appointment, by: User, on_phone: User | None) -> User:
    case = appointment.case
    if on_phone is None:
        if not (by.is_customer and rights.may_reply(by, case)):
            raise NotAllowed()
        return by
    rights.require(rights.may_change_status, by, case)
    if not (on_phone.is_customer and rights.may_reply(on_phone, case)):
        raise NobodySpoke()
    return on_phone


def _open(appointment: Appointment) -> None:
    _lock(appointment.case)
    appointment.refresh_from_db()
    if not appointment.is_unsettled or appointment.case.status_facts.is_closed:
        raise NotOpen()


def _answer(
    appointment: Appointment, state: AppointmentState, person: User, recorded_by: User | None, at: datetime
) -> None:
    appointment.state, appointment.answered_at = state, at
    appointment.answered_by, appointment.recorded_by = person, recorded_by
    appointment.save(
        update_fields=["state", "starts_at", "answered_by", "recorded_by", "answered_at", "words"]
    )


def _end(appointment: Appointment, state: AppointmentState, by: User, at: datetime, reason: str = "") -> None:
    if appointment.starts_at:
        appointment.sequence += 1  # Calendars are told of a cancellation.
    appointment.state, appointment.ended_by, appointment.ended_at, appointment.reason = state, by, at, reason
    appointment.save(update_fields=["state", "ended_by", "ended_at", "reason", "sequence"])


def _tell(appointment: Appointment, body: str, by: User, at: datetime) -> Message:
    recorded = appointment.recorded_by is not None and appointment.state in {
        AppointmentState.AGREED,
        AppointmentState.DECLINED,
    }
    if recorded and appointment.answered_by is not None:
        with translation.override(appointment.case.contact.language):
            said_by = _("On the phone with %(name)s.") % {"name": plain(appointment.answered_by.name)}
        body = f"{said_by} {body}"
    message = services.post_message(appointment.case, by=by, body=body, kind=MessageKind.SYSTEM, at=at)
    _announce(appointment, by, at, message)
    return message


def _announce(appointment: Appointment, by: User, at: datetime, message: Message) -> None:
    announce(
        ActivityKind.APPOINTMENT,
        appointment.case,
        by=by,
        at=at,
        message=message,
        reason=appointment.reason or appointment.words,
        state=str(appointment.state),
        appointment=appointment.pk,
        starts_at=appointment.starts_at.isoformat() if appointment.starts_at else None,
    )


def _proposal_as_text(appointment: Appointment, starts: Sequence[datetime]) -> str:
    """As the thread, the API and mails tell it, in the contact's language."""
    with translation.override(appointment.case.contact.language):
        heading = _("%(medium)s, %(minutes)s min. Which of these times suits you?") % _facts(appointment)
        lines = [f"{number}. {times.with_zone(start)}" for number, start in enumerate(starts, 1)]
        return "\n".join([heading, *lines, "", appointment.note]).strip()


def _facts(appointment: Appointment) -> dict[str, object]:
    start = times.with_zone(appointment.starts_at) if appointment.starts_at else ""
    return {"medium": appointment.get_medium_display(), "minutes": appointment.minutes, "start": start}


def _require_ahead(start: datetime, at: datetime) -> None:
    if not at < start < at + MAX_AHEAD:
        raise TimeIsOver()


def _clean(text: str) -> str:
    return paragraphs(text)[:MAX_LENGTH].strip()


def _lock(case: Case) -> None:
    Case.objects.locked().get(pk=case.pk)
    case.refresh_from_db(fields=["status"])
