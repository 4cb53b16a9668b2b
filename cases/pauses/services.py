"""Closing a case for the time being, with the customer's consent or after announced silence, and going on."""

from __future__ import annotations

from datetime import date, datetime
from functools import partial
from typing import TYPE_CHECKING

from django.db import transaction
from django.utils import timezone, translation
from django.utils.translation import gettext_noop

from cases import times
from cases.answers.models import Way
from cases.answers.services import Answer, Heard, answer_of
from cases.errors import IllegalStatusChange
from cases.models import Case, MessageKind
from cases.pauses import texts
from cases.pauses.errors import NoLaterDay, NoWayOn
from cases.pauses.models import ProposalState, Suspension, SuspensionProposal
from cases.services import post_message
from cases.status import CHANGES, Status, is_possible
from cases.sweeping import one_by_one
from engine.text_safety import one_line

if TYPE_CHECKING:
    from accounts.models import User

MAX_WORDS = 500
THE_DAY_HAS_COME = gettext_noop("The day has come on which the case was to go on.")


@transaction.atomic
def suspend(
    case: Case,
    heard: Heard,
    *,
    by: User,
    resumes_when: str,
    resumes_on: date | None = None,
    at: datetime | None = None,
) -> Suspension:
    """Closes the case for the time being, as a customer agreed by phone or mail.

    Raises ``NoWayOn``, ``NoLaterDay``, ``IllegalStatusChange`` and what ``answer_of`` raises.
    """
    at = at or timezone.now()
    answer = answer_of(case, by=by, heard=heard, at=at)
    return put_aside(case, answer, way_on(resumes_when), later_day(resumes_on, at), at)


@transaction.atomic
def pause(case: Case, *, by: User, resumes_when: str, resumes_on: date | None = None) -> Suspension:
    """The customer herself closes her case for the time being.

    Raises ``NotAllowed``, ``NoWayOn``, ``NoLaterDay``, ``IllegalStatusChange``.
    """
    at = timezone.now()
    answer = answer_of(case, by=by, at=at)
    return put_aside(case, answer, way_on(resumes_when), later_day(resumes_on, at), at)


@transaction.atomic
def suspend_after_silence(case: Case, *, announced_at: datetime, at: datetime) -> Suspension:
    """Closes a case whose customer was reminded, told that it would be closed for the time being, and said
    nothing. Raises ``IllegalStatusChange``."""
    with translation.override(case.contact.language):
        words = texts.when_heard_of(case)
    return put_aside(case, None, words, None, at, announced_at=announced_at)


def put_aside(
    case: Case,
    answer: Answer | None,
    words: str,
    day: date | None,
    at: datetime,
    *,
    proposal: SuspensionProposal | None = None,
    announced_at: datetime | None = None,
) -> Suspension:
    """Closes the case for the time being, as was agreed (``answer``; to ``proposal``) or announced."""
    case.lock()
    if not is_possible("suspend", case.status):
        raise IllegalStatusChange(CHANGES["suspend"], Status(case.status))
    lapse(case, at)
    by = answer.by if answer else None
    suspension = Suspension.objects.create(
        case=case,
        proposal=proposal,
        by=by,
        at=at,
        way=answer.way if answer else Way.SILENCE,
        person=answer.person if answer else None,
        agreed_at=answer.said_at if answer else announced_at or at,
        resumes_when=words,
        resumes_on=day,
    )
    with translation.override(case.contact.language):
        body = texts.suspended(suspension)
    post_message(case, by=by, body=body, kind=MessageKind.SYSTEM, at=at)
    case.change_status("suspend", by=by, reason=body, at=at)
    return suspension


def lapse(case: Case, at: datetime) -> None:
    """The case has overtaken a proposal that still waits."""
    waiting = SuspensionProposal.objects.awaiting().filter(case=case)
    waiting.update(state=ProposalState.LAPSED, ended_at=at)


def in_force(case: Case) -> Suspension | None:
    """The suspension of a case that is closed for the time being, where its consent is recorded."""
    if case.status != Status.SUSPENDED:
        return None
    return case.suspensions.select_related("person", "by").order_by("-at", "-pk").first()


def resume_those_whose_day_has_come(now: datetime) -> None:
    """Sends suspended cases back to work on the day that was agreed; a proposal without an answer by its day
    lapses, and the case goes on."""
    today = times.day_of(now)
    due = Case.objects.filter(status=Status.SUSPENDED, suspensions__resumes_on__lte=today)
    one_by_one(list(due.distinct().values_list("pk", flat=True)), partial(_resume, now=now))
    overtaken = SuspensionProposal.objects.awaiting().filter(resumes_on__lte=today)
    one_by_one(list(overtaken.values_list("case", flat=True)), partial(_lapse_by_its_day, now=now))


@transaction.atomic
def _resume(case_id: int, *, now: datetime) -> None:
    case = Case.objects.locked().get(pk=case_id)
    suspension = in_force(case)
    day = suspension.resumes_on if suspension else None
    if day is not None and day <= times.day_of(now):
        case.change_status("resume", by=None, reason=THE_DAY_HAS_COME, at=now)


@transaction.atomic
def _lapse_by_its_day(case_id: int, *, now: datetime) -> None:
    case = Case.objects.locked().get(pk=case_id)
    overtaken = SuspensionProposal.objects.awaiting().filter(case=case, resumes_on__lte=times.day_of(now))
    if overtaken.exists():
        lapse(case, now)
        # What she asked instead of answering is promised for a time of its own.
        if case.next_due_at is None:
            case.vendor_answered(at=now)


def way_on(words: str) -> str:
    """With what it goes on, on a line. Raises ``NoWayOn``."""
    words = one_line(words).rstrip("。.")[:MAX_WORDS]
    if not words:
        raise NoWayOn()
    return words


def later_day(day: date | None, at: datetime) -> date | None:
    """The day on which it goes on by itself. Raises ``NoLaterDay``."""
    if day is not None and day <= times.day_of(at):
        raise NoLaterDay()
    return day
