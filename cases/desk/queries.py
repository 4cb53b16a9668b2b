"""Facts for the screens: what needs doing, what the manager asks, how far a case has come.

Nothing here decides rights anew: every function starts from ``Case.objects.visible_to(user)``.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from statistics import median
from typing import TYPE_CHECKING

from django.db.models import Count, Q
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from cases.desk.activity import with_activity
from cases.models import Case, CaseQuerySet, nobodys
from cases.status import ENDED, Status

if TYPE_CHECKING:
    from accounts.models import User


def case_list(user: User) -> CaseQuerySet:
    """The cases this person may see, newest first, ready for a list: people and organisation
    loaded, activity annotated (``with_activity``)."""
    cases = Case.objects.visible_to(user)
    return with_activity(cases.select_related("organisation", "contact", "engineer", "queue"))


@dataclass
class Group:
    """Cases that need the same thing done; ``key`` is for templates and tests."""

    key: str
    title: Promise
    why: Promise
    cases: list[Case] = field(default_factory=list)


def _groups() -> list[Group]:
    return [
        Group("overdue", _("Late"), _("The customer has waited longer than promised.")),
        Group("answered", _("The customer answered"), _("A new post or upload waits for you.")),
        Group("draft", _("Report to review"), _("A draft waits to be edited and sent.")),
        Group("unassigned", _("Nobody's yet"), _("In your queue; without an engineer, or hers has left.")),
        Group("todo", _("To do"), _("The next answer is yours.")),
        Group("analysing", _("Being analysed"), _("The draft comes by itself.")),
        Group("waiting", _("Waiting for the customer"), _("Her word or her logs are the next step.")),
        Group("result_sent", _("Result sent"), _("To be closed when the customer agrees.")),
    ]


def needs_doing_for(user: User, now: datetime | None = None) -> list[Group]:
    """The vendor's open cases that ``user`` may see, each in the first group that fits, the
    most urgent first. Engineers get their own cases and those of their queues that are nobody's; managers
    all. Every group is there, empty ones too; closed cases only where an answer is owed, and where
    the customer's “solved” stands beside words that say the contrary. Each case carries ``with_activity``'s
    annotations.
    """
    now = now or timezone.now()
    groups = {group.key: group for group in _groups()}
    cases = case_list(user).filter(~Q(status__in=ENDED) | Q(next_due_at__isnull=False) | Q(contradicted=True))
    if user.is_engineer:
        cases = cases.filter(Q(engineer=user) | nobodys())
    for case in cases:
        key = _key(case, now)
        if key:
            groups[key].cases.append(case)
    for group in groups.values():
        group.cases.sort(key=lambda case: (case.next_due_at or case.status_since, case.severity))
    return list(groups.values())


def customer_wrote_last(case: Case) -> bool:
    """Whether a post or an upload of the customer has no answer yet; ``case`` is annotated."""
    asked, answered = _activity(case)
    return asked is not None and (answered is None or answered < asked)


def _posted_last(case: Case) -> bool:
    posted, answered = case.last_post_at, case.last_vendor_at
    return posted is not None and (answered is None or answered < posted)


def _key(case: Case, now: datetime) -> str:
    answered = _activity(case)[1]
    if case.next_due_at and case.next_due_at < now:
        return "overdue"
    if case.status in ENDED:
        return "answered"
    if case.working_engineer is None:
        return "unassigned"
    if getattr(case, "draft_waits", False):
        return "draft"
    if case.status == Status.ANALYSING:
        return "analysing"
    if case.status == Status.WAITING and case.items_settled < case.items_asked and not _posted_last(case):
        # What she has uploaded is not all yet; the portal has told her what is missing.
        return "waiting"
    if customer_wrote_last(case) and (answered is not None or case.status != Status.NEW):
        return "answered"
    group = case.status_facts.desk_group
    return "waiting" if group == "todo" and getattr(case, "word_awaited", False) else group


def _activity(case: Case) -> tuple[datetime | None, datetime | None]:
    return getattr(case, "last_customer_at", None), getattr(case, "last_vendor_at", None)


@dataclass(frozen=True)
class EngineerLoad:
    """One engineer's open cases; ``engineer`` is None for those of nobody."""

    engineer: User | None
    open: int
    overdue: int
    waiting: int
    oldest: timedelta | None


@dataclass(frozen=True)
class Overview:
    """The manager's figures, at ``now``."""

    now: datetime
    open: int
    overdue: int
    waiting: int
    reported_this_week: int
    closed_this_week: int
    median_age: timedelta | None
    """Of the open cases."""
    by_status: list[tuple[Status, int]]
    """In the order of ``Status``, zeros too."""
    by_age: list[tuple[Promise, int]]
    """Open cases by days since the report."""
    by_engineer: list[EngineerLoad]
    """The one with most late cases first."""
    late: list[Case]
    """The longest late first; annotated, people loaded."""


AGES: tuple[tuple[int, Promise], ...] = (
    (1, _("under 1 day")),
    (3, _("1 to 3 days")),
    (7, _("3 to 7 days")),
    (30, _("7 to 30 days")),
    (10_000, _("over 30 days")),
)


def overview(user: User, now: datetime | None = None) -> Overview:
    """The manager's figures over the cases that ``user`` may see."""
    now = now or timezone.now()
    visible = Case.objects.visible_to(user)
    week = now - timedelta(days=7)
    counts = list(
        visible.order_by()
        .values("status")
        .annotate(
            all=Count("pk"),
            reported=Count("pk", filter=Q(created_at__gte=week)),
            closed=Count("pk", filter=Q(closed_at__gte=week)),
        )
    )
    status = {row["status"]: row["all"] for row in counts}
    open_cases = list(case_list(user).open())
    late = list(case_list(user).overdue(now).order_by("next_due_at"))
    ages = sorted(now - case.created_at for case in open_cases)
    return Overview(
        now=now,
        open=len(open_cases),
        overdue=len(late),
        waiting=status.get(Status.WAITING, 0),
        reported_this_week=sum(row["reported"] for row in counts),
        closed_this_week=sum(row["closed"] for row in counts),
        median_age=timedelta(seconds=median(age.total_seconds() for age in ages)) if ages else None,
        by_status=[(member, status.get(member, 0)) for member in Status],
        by_age=_by_age(ages),
        by_engineer=_by_engineer(open_cases, now),
        late=late,
    )


def _late(case: Case, now: datetime) -> bool:
    return bool(case.next_due_at and case.next_due_at < now)


def _by_age(ages: list[timedelta]) -> list[tuple[Promise, int]]:
    counts = Counter(next(days for days, _ in AGES if age < timedelta(days=days)) for age in ages)
    return [(label, counts[days]) for days, label in AGES]


def _by_engineer(cases: list[Case], now: datetime) -> list[EngineerLoad]:
    by_person: dict[int | None, list[Case]] = {}
    for case in cases:
        by_person.setdefault(case.engineer_id, []).append(case)
    loads = [
        EngineerLoad(
            engineer=own[0].engineer,
            open=len(own),
            overdue=sum(_late(case, now) for case in own),
            waiting=sum(case.status == Status.WAITING for case in own),
            oldest=max(now - case.created_at for case in own),
        )
        for own in by_person.values()
    ]
    return sorted(loads, key=lambda load: (-load.overdue, -load.open, str(load.engineer or "")))
