"""Proposing, agreeing to, moving and cancelling an appointment: the same acts for pages and mails."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from functools import partial
from typing import TYPE_CHECKING

from django.db import transaction
from django.utils import timezone, translation

from cases import rights, services
from cases.answers.models import Way
from cases.answers.services import Answer, Heard, answer_of
from cases.appointments import texts
from cases.appointments.errors import NoTimes, NotOpen, NotProposed, NoWords, TimeIsOver
from cases.appointments.models import Appointment, AppointmentState, Medium, ProposedTime
from cases.errors import CaseIsClosed
from cases.models import Case, Message, MessageKind
from cases.signals import ActivityKind, announce
from cases.status import Status
from cases.sweeping import one_by_one
from engine.text_safety import one_line, paragraphs

if TYPE_CHECKING:
    from accounts.models import User
    from cases.models import CaseQuerySet

CLOCK_RUNS = tuple(status for status in Status if status.facts.clock_runs)
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
    case.lock()
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
    with translation.override(case.contact.language):
        body = texts.proposed(appointment, starts)
    appointment.message = services.post_message(case, by=by, body=body, kind=MessageKind.APPOINTMENT, at=at)
    appointment.save()
    ProposedTime.objects.bulk_create(
        ProposedTime(appointment=appointment, starts_at=start) for start in starts
    )
    # Nothing is owed to her until she gives her word.
    case.vendor_answered(at=at)
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
    words: str = "",
    way: Way = Way.BUTTON,
    heard: Heard | None = None,
    at: datetime | None = None,
) -> Message:
    """The customer chooses one of the proposed times; what an engineer ``heard`` may be any.

    Raises ``NotOpen``, ``NotProposed``, ``TimeIsOver`` and what ``answer_of`` raises.
    """
    at = at or timezone.now()
    answer = answer_of(appointment.case, by=by, way=way, heard=heard, at=at)
    _open(appointment)
    if heard is None and not appointment.times.filter(starts_at=start).exists():
        raise NotProposed()
    _require_ahead(start, at)
    appointment.starts_at = start
    return _answered(appointment, AppointmentState.AGREED, answer, _clean(words), at)


@transaction.atomic
def decline(
    appointment: Appointment,
    words: str,
    *,
    by: User,
    way: Way = Way.BUTTON,
    heard: Heard | None = None,
    at: datetime | None = None,
) -> Message:
    """None of the times suits; ``words`` say when it does.

    Raises ``NotOpen``, ``NoWords`` and what ``answer_of`` raises.
    """
    at = at or timezone.now()
    answer = answer_of(appointment.case, by=by, way=way, heard=heard, at=at)
    words = _clean(words)
    if not words:
        raise NoWords()
    _open(appointment)
    return _answered(appointment, AppointmentState.DECLINED, answer, words, at)


@transaction.atomic
def cancel(appointment: Appointment, *, by: User, reason: str = "", at: datetime | None = None) -> Message:
    """Either side calls it off. Raises ``NotAllowed``, ``NotOpen``."""
    at = at or timezone.now()
    rights.require(rights.may_reply, by, appointment.case)
    appointment.case.lock()
    appointment.refresh_from_db()
    if not (appointment.is_unsettled or appointment.is_ahead):
        raise NotOpen()
    _end(appointment, AppointmentState.CANCELLED, by, at, one_line(reason)[:MAX_REASON_LENGTH])
    return _tell(appointment, by, at)


def take_the_turn_back(now: datetime) -> None:
    """Where all proposed times have passed without an answer, nobody waits for her word any more: the next
    answer is the vendor's."""
    one_by_one(list(_forgotten(now).values_list("pk", flat=True)), partial(_take_the_turn_back, now=now))


def _forgotten(now: datetime) -> CaseQuerySet:
    over = Appointment.objects.filter(state=AppointmentState.PROPOSED).exclude(times__starts_at__gt=now)
    cases = Case.objects.filter(pk__in=over.values("case"), status__in=CLOCK_RUNS, next_due_at=None)
    return cases.exclude(pk__in=Case.objects.awaiting_word().values("pk"))


@transaction.atomic
def _take_the_turn_back(case_id: int, *, now: datetime) -> None:
    # Somebody may have answered meanwhile.
    case = _forgotten(now).locked().filter(pk=case_id).first()
    if case is not None:
        case.vendor_answered(at=now)


def end_with_the_case(case: Case, *, by: User | None, at: datetime) -> None:
    """Calls off what is not settled or still ahead, as the case has ended."""
    appointment = current(case)
    if appointment is not None:
        _end(appointment, AppointmentState.CANCELLED, by, at)
        _tell(appointment, None, at)


def _open(appointment: Appointment) -> None:
    appointment.case.lock()
    appointment.refresh_from_db()
    if not appointment.is_unsettled or appointment.case.status_facts.is_closed:
        raise NotOpen()


def _answered(
    appointment: Appointment, state: AppointmentState, answer: Answer, words: str, at: datetime
) -> Message:
    appointment.state = state
    appointment.save(update_fields=["state", "starts_at", *answer.enter(appointment, words)])
    return _tell(appointment, answer.by, at)


def _end(
    appointment: Appointment, state: AppointmentState, by: User | None, at: datetime, reason: str = ""
) -> None:
    if appointment.starts_at:
        appointment.sequence += 1  # Calendars are told of a cancellation.
    appointment.state, appointment.ended_by, appointment.ended_at, appointment.reason = state, by, at, reason
    appointment.save(update_fields=["state", "ended_by", "ended_at", "reason", "sequence"])


def _tell(appointment: Appointment, by: User | None, at: datetime) -> Message:
    with translation.override(appointment.case.contact.language):
        body = texts.settled(appointment)
    message = services.post_message(appointment.case, by=by, body=body, kind=MessageKind.SYSTEM, at=at)
    _announce(appointment, by, at, message)
    return message


def _announce(appointment: Appointment, by: User | None, at: datetime, message: Message) -> None:
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


def _require_ahead(start: datetime, at: datetime) -> None:
    if not at < start < at + MAX_AHEAD:
        raise TimeIsOver()


def _clean(text: str) -> str:
    return paragraphs(text)[:MAX_LENGTH].strip()
