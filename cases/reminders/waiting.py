"""While a customer is waited for: she is reminded, then the engineer and the managers are told of her
silence, and in the end the case is closed for the time being."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from functools import partial
from typing import Any

from django.db import transaction
from django.db.models import OuterRef, Q, Subquery
from django.db.models.functions import Coalesce, Greatest
from django.utils.translation import gettext_noop

from accounts.models import User
from accounts.roles import Right, with_right
from cases.events import EventKind
from cases.evidence_requests.services import open_request
from cases.models import Case, CaseEvent, Message, MessageKind
from cases.own_reminders.models import OwnReminder
from cases.pauses import services as pauses
from cases.reminders.models import Escalation, Level, Reminder, ReminderPlan
from cases.signals import ActivityKind, announce, ends_in_silence
from cases.status import ENDED, Status, Turn
from cases.sweeping import one_by_one
from cases.working_days.counting import WorkingDays

WAITED_FOR = tuple(status for status in Status if status.facts.turn is Turn.CUSTOMER)
OF_STRANGERS = (MessageKind.BUNDLE, MessageKind.MAIL_IN)
"""Entries that somebody sent, though no person of the portal: by an upload link, by mail."""
STAYS_OPEN = gettext_noop(
    "Not closed for the time being: the mail that announced it did not reach the contact. Nothing more is "
    "sent until somebody writes in the case."
)
"""In the history, for the vendor's people."""


def waited_for() -> Any:
    """Cases whose next step is the customer's, by the status or because her word is waited for, and that no
    answer is owed to, with ``silent_since``: when somebody last wrote, the customer last did anything, the
    case began to wait, or a customer is reminded, or was, as she wished."""
    sent = Q(author__isnull=False) | Q(kind__in=OF_STRANGERS)
    wrote = Message.objects.in_place().filter(sent, case=OuterRef("pk"), internal=False)
    written = Subquery(wrote.order_by("-created_at").values("created_at")[:1])
    customers = with_right(Right.OWN_ORGANISATION)
    did = CaseEvent.objects.filter(case=OuterRef("pk"), actor__role__in=customers).order_by("-at")
    people = {"person__role__in": customers, "person__organisation": OuterRef("organisation")}
    wished = OwnReminder.objects.filter(case=OuterRef("pk"), person__is_active=True, **people)
    # One that she withdrew keeps nobody waiting any more.
    then = wished.values(until=Coalesce("ended_at", "due_at")).order_by("-until")
    asked = Q(pk__in=Case.objects.awaiting_word().values("pk")) & ~Q(status__in=ENDED)
    cases = Case.objects.filter(Q(status__in=WAITED_FOR) | asked, next_due_at=None)
    # GREATEST of PostgreSQL passes over NULL.
    done = Subquery(did.values("at")[:1])
    return cases.annotate(silent_since=Greatest("status_since", written, done, Subquery(then[:1])))


def tell(now: datetime) -> None:
    """One step for each case whose time has come: a reminder, a level of the vendor's, or the end of
    waiting."""
    plan = ReminderPlan.in_force()
    steps = [*plan.days, *plan.levels.values()]
    if not steps:
        return
    first, days = min(steps), WorkingDays.in_force()
    silent = waited_for().values_list("pk", "silent_since")
    due = [pk for pk, since in silent if days.after(since, first) <= now]
    one_by_one(due, partial(_step, plan=plan, days=days, now=now))


@transaction.atomic
def _step(pk: int, plan: ReminderPlan, days: WorkingDays, now: datetime) -> None:
    case = waited_for().locked().filter(pk=pk).first()
    if case is not None:
        _Silence(case, plan, days, now).step()


class _Silence:
    """One case's customer, silent since ``since``: what was done about it by ``now``, and what comes next.

    Each step waits from the one before it, whenever that was: after a portal stood still it does not do all
    of them at once.
    """

    def __init__(self, case: Any, plan: ReminderPlan, days: WorkingDays, now: datetime) -> None:
        self.case, self.plan, self.days, self.now = case, plan, days, now
        self.since: datetime = case.silent_since
        self.reminders = list(Reminder.objects.filter(case=case, since=self.since).order_by("number"))
        self.told = list(Escalation.objects.filter(case=case, since=self.since))
        self.announced = next((told for told in self.reminders if told.suspends_at is not None), None)

    def step(self) -> None:
        """What the plan says comes next, if its time has come: a day's steps together, or the end."""
        steps = self._plan()
        todo = [(day, level) for day, level in steps if not self._is_done(day, level)]
        if not todo:
            self._end()
            return
        today = todo[0][0]
        before = max((day for day, level in steps if day <= today and (day, level) not in todo), default=0)
        if self._has_passed(today - before):
            for level in (level for day, level in todo if day == today):
                self._tell(level) if level else self._remind(is_last=today == self.plan.days[-1])

    def _end(self) -> None:
        if not self.plan.days or self.announced is None or self.announced.suspends_at is None:
            return
        # Whoever was told late has a working day to call her.
        had_time = all(self.days.after(told.at, 1) <= self.now for told in self.told)
        if not had_time or self.announced.suspends_at > self.now or _stays_open(self.announced):
            return
        announced_at = self.announced.at
        answers = ends_in_silence.send(type(self.case), case=self.case, announced_at=announced_at)
        if any(is_unreached for _receiver, is_unreached in answers):
            # Said once; it does not come to an end by itself once she is reached after the announced day.
            self.case.record(EventKind.MAIL, by=None, at=self.now, reason=STAYS_OPEN)
            self._announce_long_wait(Level.ENGINEER, unreached=True)
        else:
            pauses.suspend_after_silence(self.case, announced_at=announced_at, at=self.now)

    def _plan(self) -> list[tuple[int, Level | None]]:
        """Days on which a level is told, or the customer reminded; on the same day she is the first."""
        steps = [(day, None) for day in self.plan.days] + [
            (day, level) for level, day in self.plan.levels.items()
        ]
        return sorted(steps, key=lambda step: (step[0], step[1] is not None))

    def _is_done(self, day: int, level: Level | None) -> bool:
        if level is not None:
            return any(told.level == level for told in self.told)
        if self.announced is not None:
            return True
        # Where the plan has been shortened since, the end was not announced yet.
        return self.plan.days.index(day) < min(len(self.reminders), len(self.plan.days) - 1)

    def _has_passed(self, working_days: int) -> bool:
        steps = [reminder.at for reminder in self.reminders] + [told.at for told in self.told]
        last = max(steps, default=self.since)
        return self.days.after(last, working_days) <= self.now

    def _remind(self, *, is_last: bool) -> None:
        number = len(self.reminders) + 1
        reminder = Reminder.objects.create(
            case=self.case,
            since=self.since,
            number=number,
            total=max(len(self.plan.days), number),
            at=self.now,
            suspends_at=self.days.after(self.now, self.plan.suspend_after) if is_last else None,
        )
        announce(
            ActivityKind.WAITING_REMINDER,
            self.case,
            by=None,
            at=self.now,
            number=reminder.number,
            total=reminder.total,
            since=self.since.isoformat(),
            suspends_at=_iso(reminder.suspends_at),
        )

    def _tell(self, level: Level) -> None:
        request = open_request(self.case)
        missing = len(request.missing) if request else 0
        Escalation.objects.create(case=self.case, since=self.since, level=level, at=self.now, missing=missing)
        self._announce_long_wait(level)

    def _announce_long_wait(self, level: Level, **facts: Any) -> None:
        request = open_request(self.case)
        missing = [[item.kind, item.detail] for item in request.missing] if request else []
        managers = User.objects.filter(role__in=with_right(Right.ALL_CASES), is_active=True)
        announce(
            ActivityKind.LONG_WAIT,
            self.case,
            by=None,
            at=self.now,
            people=tuple(managers) if level == Level.MANAGER else (),
            level=str(level),
            missing=missing,
            since=_iso(request.made_at if request else self.since),
            reminded=Reminder.objects.filter(case=self.case, since=self.since).count(),
            suspends_at=_iso(suspends_at(self.case)),
            **facts,
        )


@dataclass(frozen=True)
class Wait:
    """What was done while a customer is waited for. ``asked_at``: of the evidence that is waited for, if
    it is that; ``suspends_at``: when the case is closed for the time being, once she was told;
    ``is_unreached``: it was not, since she was not reached; ``closes_after``: after how many working days of
    silence it is, if ever."""

    asked_at: datetime | None
    reminded: int
    suspends_at: datetime | None
    is_unreached: bool
    closes_after: int | None


def wait_of(case: Case) -> Wait | None:
    """The waiting of a case whose next step is the customer's; ``None`` for others."""
    if case.status not in WAITED_FOR and (case.status in ENDED or not case.awaits_word):
        return None
    asked_at = case.evidence_requests.open().values_list("made_at", flat=True).first()
    reminded = Reminder.objects.filter(case=case, at__gte=asked_at or case.status_since).count()
    announced = _announcement(case)
    is_unreached = announced is not None and _stays_open(announced)
    return Wait(asked_at, reminded, suspends_at(case), is_unreached, ReminderPlan.in_force().closing_day)


def suspends_at(case: Case) -> datetime | None:
    """When the case is closed for the time being unless the customer is heard of; ``None`` if no reminder
    has said so, none are sent any more, or she was not reached."""
    announced = _announcement(case)
    return None if announced is None or _stays_open(announced) else announced.suspends_at


def _announcement(case: Case) -> Reminder | None:
    """The reminder that names the day, of the silence that lasts."""
    if not ReminderPlan.in_force().days:
        return None
    row = waited_for().filter(pk=case.pk).values_list("silent_since", flat=True).first()
    if row is None:
        return None
    last = Reminder.objects.filter(case=case, since=row).order_by("-number").first()
    return last if last and last.suspends_at else None


def _stays_open(announced: Reminder) -> bool:
    """Whether the announced day has passed without the end, since she was not reached."""
    events = CaseEvent.objects.filter(case=announced.case_id, kind=EventKind.MAIL, reason=STAYS_OPEN)
    return events.filter(at__gt=announced.at).exists()


def _iso(moment: datetime | None) -> str | None:
    return moment.isoformat() if moment else None
