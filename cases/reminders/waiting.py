"""Reminds customers of what is waited for; after the last reminder closes the case for the time being."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.db import transaction
from django.db.models import OuterRef, Q, Subquery
from django.db.models.functions import Greatest

from cases.models import Case, Message
from cases.pauses import services as pauses
from cases.reminders.models import Reminder, ReminderPlan
from cases.signals import ActivityKind, announce
from cases.status import Status, Turn
from cases.working_days.counting import WorkingDays

WAITED_FOR = tuple(status for status in Status if status.facts.turn is Turn.CUSTOMER)


def waited_for() -> Any:
    """Cases whose next step is the customer's and that no answer is owed to, with ``silent_since``: when
    somebody last wrote or the case began to wait."""
    wrote = Message.objects.filter(Q(author__isnull=False), case=OuterRef("pk"), internal=False)
    last = Subquery(wrote.order_by("-created_at").values("created_at")[:1])
    cases = Case.objects.filter(status__in=WAITED_FOR, next_due_at=None)
    # GREATEST of PostgreSQL passes over NULL.
    return cases.annotate(silent_since=Greatest("status_since", last))


def tell(now: datetime) -> None:
    """One step for each case whose time has come: the next reminder, or the end of waiting."""
    plan = ReminderPlan.in_force()
    if not plan.days:
        return
    first, days = min(plan.days), WorkingDays.in_force()
    for pk, since in waited_for().values_list("pk", "silent_since"):
        if days.after(since, first) <= now:
            with transaction.atomic():
                case = waited_for().locked().filter(pk=pk).first()
                if case is not None:
                    _step(case, plan, days, now)


def _step(case: Any, plan: ReminderPlan, days: WorkingDays, now: datetime) -> None:
    since: datetime = case.silent_since
    told = list(Reminder.objects.filter(case=case, since=since).order_by("number"))
    last = told[-1] if told else None
    if last is not None and last.suspends_at is not None:
        if last.suspends_at <= now:
            pauses.suspend_after_silence(case, announced_at=last.at, at=now)
        return
    number = len(told)
    if number >= len(plan.days):
        # The plan has been shortened since: the end was not announced yet.
        number = len(plan.days) - 1
    # From the reminder before: a portal that stood still does not tell all of them at once.
    gap = plan.days[number] - (plan.days[number - 1] if number else 0)
    if days.after(last.at if last else since, gap) > now:
        return
    is_last = number == len(plan.days) - 1
    reminder = Reminder.objects.create(
        case=case,
        since=since,
        number=len(told) + 1,
        total=max(len(plan.days), len(told) + 1),
        at=now,
        suspends_at=days.after(now, plan.suspend_after) if is_last else None,
    )
    announce(
        ActivityKind.WAITING_REMINDER,
        case,
        by=None,
        at=now,
        number=reminder.number,
        total=reminder.total,
        since=since.isoformat(),
        suspends_at=reminder.suspends_at.isoformat() if reminder.suspends_at else None,
    )


def suspends_at(case: Case) -> datetime | None:
    """When the case is closed for the time being unless the customer is heard of; ``None`` if no reminder
    has said so."""
    row = waited_for().filter(pk=case.pk).values_list("silent_since", flat=True).first()
    if row is None:
        return None
    last = Reminder.objects.filter(case=case, since=row).order_by("-number").first()
    return last.suspends_at if last else None
