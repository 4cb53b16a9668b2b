"""“Remind me in three days”: setting a reminder, taking it back, and telling of those that are due."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from functools import partial
from typing import TYPE_CHECKING

from django.db import transaction
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from accounts.roles import Right, with_right
from cases import rights, times
from cases.models import Case
from cases.own_reminders.errors import HasAnother, NotThen
from cases.own_reminders.models import OwnReminder
from cases.signals import ActivityKind, announce
from cases.sweeping import one_by_one
from cases.working_days.counting import WorkingDays

if TYPE_CHECKING:
    from accounts.models import User

CLOCK = time(9)
"""When the day begins on which somebody is reminded, where the portal stands."""
MAX_AHEAD = timedelta(days=366)
MAX_TOLD = 200
"""Reminders in one go; the next one tells of the others."""


@dataclass(frozen=True)
class Preset:
    """A usual time."""

    name: str
    label: Promise
    due_at: datetime


def presets(now: datetime) -> list[Preset]:
    """The usual times as they are now, the nearest first."""
    in_three = times.day_of(WorkingDays.in_force().after(now, 3))
    today = times.day_of(now)
    return [
        Preset("tomorrow", _("Tomorrow"), on(today + timedelta(days=1))),
        Preset("working-days", _("In 3 working days"), on(in_three)),
        Preset("week", _("In a week"), on(today + timedelta(days=7))),
    ]


def on(day: date) -> datetime:
    """The moment of this day at which somebody is reminded."""
    return timezone.make_aware(datetime.combine(day, CLOCK))


@transaction.atomic
def remind(case: Case, *, by: User, due_at: datetime) -> OwnReminder:
    """Reminds this person alone, in place of what she had set before. Raises ``NotAllowed``, ``NotThen``."""
    rights.require(rights.may_be_reminded, by, case)
    now = timezone.now()
    if not now < due_at <= now + MAX_AHEAD:
        raise NotThen()
    # Two tabs may set one at the same time.
    case.lock()
    former = OwnReminder.objects.in_force().filter(case=case, person=by).first()
    if former is not None:
        _end(former, now)
    return OwnReminder.objects.create(case=case, person=by, due_at=due_at, made_at=now, replaced=former)


@transaction.atomic
def withdraw(reminder: OwnReminder) -> None:
    """Ends it; what has ended stays so."""
    reminder.case.lock()
    reminder.refresh_from_db()
    if reminder.ended_at is None:
        _end(reminder, timezone.now())


@transaction.atomic
def undo(reminder: OwnReminder) -> None:
    """Takes back the last thing that was done with it: one in force ends and what it replaced is in force
    again, one that has ended is in force again. Raises ``HasAnother``."""
    reminder.case.lock()
    reminder.refresh_from_db()
    again: OwnReminder | None = reminder
    if reminder.ended_at is None:
        _end(reminder, timezone.now())
        again = reminder.replaced
    # Being told ends a customer's for good.
    if again is not None and not (again.told_at and again.person.has_right(Right.OWN_ORGANISATION)):
        in_force = OwnReminder.objects.in_force().filter(case=again.case_id, person=again.person_id)
        if in_force.exists():
            raise HasAnother()
        again.ended_at = None
        again.save(update_fields=["ended_at"])


def end_the_vendors(case: Case, at: datetime) -> None:
    """The customer has answered: what they waited for is there."""
    theirs = OwnReminder.objects.in_force().filter(case=case, person__role__in=with_right(Right.VENDOR))
    theirs.update(ended_at=at)


def tell(now: datetime) -> None:
    """Tells each whose time has come, once, which ends a customer's; who does not see the case any more, or
    is a customer of whom nothing is asked any more, is told nothing."""
    due = OwnReminder.objects.due(now).filter(told_at=None)
    one_by_one(list(due.values_list("pk", flat=True)[:MAX_TOLD]), partial(_tell, now=now))


@transaction.atomic
def _tell(reminder_id: int, *, now: datetime) -> None:
    due = OwnReminder.objects.due(now).filter(told_at=None, pk=reminder_id)
    reminder = due.select_for_update(of=("self",)).select_related("person", "case").first()
    if reminder is None:
        return  # She has withdrawn it meanwhile.
    if not reminder.is_of_use:
        _end(reminder, now)
        return
    reminder.told_at = now
    if not reminder.person.has_right(Right.VENDOR):
        reminder.ended_at = now  # A colleague's stays on her desk until she says that it is done.
    reminder.save(update_fields=["told_at", "ended_at"])
    made = reminder.made_at.isoformat()
    people = (reminder.person,)
    announce(ActivityKind.OWN_REMINDER, reminder.case, by=None, at=now, people=people, made_at=made)


def _end(reminder: OwnReminder, at: datetime) -> None:
    reminder.ended_at = at
    reminder.save(update_fields=["ended_at"])
