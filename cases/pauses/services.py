"""Closing a case for the time being, with the customer's consent or after announced silence, and going on."""

from __future__ import annotations

from datetime import date, datetime
from typing import TYPE_CHECKING

from django.db import transaction
from django.utils import timezone, translation
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from accounts.errors import NotAllowed, Refusal
from cases import rights, times
from cases.models import Case, MessageKind
from cases.pauses.errors import NobodyConsented, NoLaterDay, NotSaidYet, NoWayOn
from cases.pauses.models import RECORDED, ConsentWay, Suspension
from cases.services import post_message
from cases.status import Status
from engine.text_safety import one_line, plain

if TYPE_CHECKING:
    from accounts.models import User

MAX_WORDS = 500
THE_DAY_HAS_COME = gettext_noop("The day has come on which the case was to go on.")


@transaction.atomic
def suspend(
    case: Case,
    *,
    by: User,
    person: User,
    way: ConsentWay,
    agreed_at: datetime,
    resumes_when: str,
    resumes_on: date | None = None,
    at: datetime | None = None,
) -> Suspension:
    """Closes the case for the time being, as a customer agreed by phone or mail.

    Raises ``NotAllowed``, ``NobodyConsented``, ``NotSaidYet``, ``NoWayOn``, ``NoLaterDay``,
    ``IllegalStatusChange``.
    """
    at = at or timezone.now()
    rights.require(rights.may_change_status, by, case)
    if way not in RECORDED:
        raise NotAllowed()
    if not (person.is_customer and case.is_visible_to(person)):
        raise NobodyConsented(name=str(person))
    if agreed_at > at:
        raise NotSaidYet()
    return _suspend(case, by, person, way, agreed_at, _way_on(resumes_when), _day(resumes_on, at), at)


@transaction.atomic
def pause(case: Case, *, by: User, resumes_when: str, resumes_on: date | None = None) -> Suspension:
    """The customer herself closes her case for the time being.

    Raises ``NotAllowed``, ``NoWayOn``, ``NoLaterDay``, ``IllegalStatusChange``.
    """
    at = timezone.now()
    rights.require(rights.may_answer, by, case)
    words, day = _way_on(resumes_when), _day(resumes_on, at)
    return _suspend(case, by, by, ConsentWay.BUTTON, at, words, day, at)


@transaction.atomic
def suspend_after_silence(case: Case, *, announced_at: datetime, at: datetime) -> Suspension:
    """Closes a case whose customer was reminded, told that it would be closed for the time being, and said
    nothing. Raises ``IllegalStatusChange``."""
    with translation.override(case.contact.language):
        words = _("when you write or upload what was asked for")
    return _suspend(case, None, None, ConsentWay.SILENCE, announced_at, words, None, at)


def _suspend(
    case: Case,
    by: User | None,
    person: User | None,
    way: ConsentWay,
    agreed_at: datetime,
    words: str,
    day: date | None,
    at: datetime,
) -> Suspension:
    Case.objects.locked().get(pk=case.pk)
    suspension = Suspension.objects.create(
        case=case,
        by=by,
        at=at,
        way=way,
        person=person,
        agreed_at=agreed_at,
        resumes_when=words,
        resumes_on=day,
    )
    body = announced(suspension)
    post_message(case, by=by, body=body, kind=MessageKind.SYSTEM, at=at)
    case.change_status("suspend", by=by, reason=body, at=at)
    return suspension


def announced(suspension: Suspension) -> str:
    """The entry in the thread, in the contact's language."""
    with translation.override(suspension.case.contact.language):
        facts = {
            "name": plain(suspension.person.name) if suspension.person else "",
            "way": suspension.get_way_display(),
            "day": times.minute(suspension.agreed_at),
            "words": suspension.resumes_when,
        }
        if suspension.way == ConsentWay.SILENCE:
            first = _("Closed for the time being: our reminders had no answer, as announced on %(day)s.")
        elif suspension.way == ConsentWay.BUTTON:
            first = _("Closed for the time being, as %(name)s wishes.")
        else:
            first = _("Closed for the time being, as %(name)s agreed %(way)s on %(day)s.")
        parts = [first % facts, _("It goes on: %(words)s.") % facts]
        if suspension.resumes_on:
            parts.append(_("By itself on %(day)s.") % {"day": suspension.resumes_on.isoformat()})
        return "\n".join(parts)


def in_force(case: Case) -> Suspension | None:
    """The suspension of a case that is closed for the time being, where its consent is recorded."""
    if case.status != Status.SUSPENDED:
        return None
    return Suspension.objects.filter(case=case).select_related("person", "by").order_by("-at", "-pk").first()


def resume_those_whose_day_has_come(now: datetime) -> None:
    """Sends suspended cases back to work on the day that was agreed."""
    due = Case.objects.filter(status=Status.SUSPENDED, suspensions__resumes_on__lte=times.day_of(now))
    for case in due.distinct():
        suspension = in_force(case)
        day = suspension.resumes_on if suspension else None
        if day is not None and day <= times.day_of(now):
            try:
                case.change_status("resume", by=None, reason=THE_DAY_HAS_COME, at=now)
            except Refusal:
                # Somebody was quicker.
                continue


def _way_on(words: str) -> str:
    words = one_line(words).rstrip("。.")[:MAX_WORDS]
    if not words:
        raise NoWayOn()
    return words


def _day(day: date | None, at: datetime) -> date | None:
    if day is not None and day <= times.day_of(at):
        raise NoLaterDay()
    return day
