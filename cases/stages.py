"""The way of a case as its customer sees it: stages with dates, whose turn it is, what comes next."""

from dataclasses import dataclass
from datetime import datetime

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from cases.models import Case, CaseEvent, EventKind, Message, MessageKind, Status

STAGES: tuple[tuple[str, Promise], ...] = (
    ("reported", _("Reported")),
    ("taken_up", _("Taken up")),
    ("logs", _("Logs")),
    ("analysis", _("Analysis")),
    ("result", _("Result")),
    ("closed", _("Closed")),
)
NAMES = [name for name, _label in STAGES]

CUSTOMERS_TURN = frozenset({Status.WAITING, Status.RESULT_SENT})
"""Statuses in which the customer has the next step."""

NOW: dict[str, Promise] = {
    Status.NEW: _("Your report has arrived; an engineer takes it up shortly."),
    Status.IN_PROGRESS: _("Your engineer is working on it."),
    Status.WAITING: _("We are waiting for what the engineer asked you for."),
    Status.ANALYSING: _("Your logs have arrived and are being analysed."),
    Status.RESULT_SENT: _("The result is sent: please try the advice and tell us how it went."),
    Status.SUSPENDED: _("Closed for the time being; resumes when your logs arrive or you write."),
    Status.CLOSED: _("Closed."),
}
WRITING_RESULT = _("The analysis is finished; your engineer is writing the result.")

NEXT: dict[str, Promise] = {
    Status.NEW: _("An engineer answers you"),
    Status.IN_PROGRESS: _("Your engineer answers you"),
    Status.WAITING: _("You send what was asked for"),
    Status.ANALYSING: _("The analysis ends, your engineer checks it"),
    Status.RESULT_SENT: _("You try the advice and write to us"),
    Status.SUSPENDED: _("You upload the logs or write"),
    Status.CLOSED: _("Nothing more to do"),
}


@dataclass(frozen=True)
class Stage:
    """One step of the stage bar; ``state`` is done, now, turn (the customer's) or later."""

    label: str | Promise
    at: datetime | None
    state: str


@dataclass(frozen=True)
class Course:
    """Where a case stands, in the customer's words."""

    stages: list[Stage]
    now: str | Promise
    next: str | Promise
    customers_turn: bool
    request: str
    """What the engineer asked for when she began to wait (hostile text); empty if not waiting."""


def course(case: Case) -> Course:
    """Reads the case's public history (two queries)."""
    events = [event for event in CaseEvent.objects.filter(case=case) if event.kind == EventKind.STATUS]
    entries = Message.objects.filter(case=case, internal=False, kind__in=(MessageKind.BUNDLE, MessageKind.REPORT))
    dates = _dates(case, events, list(entries.only("kind", "created_at").order_by("created_at", "pk")))
    turn = case.status in CUSTOMERS_TURN
    here = NAMES.index(_here(case, dates))
    stages = [
        Stage(label, dates[name], _state(number, here, case, turn)) for number, (name, label) in enumerate(STAGES)
    ]
    finished = case.status == Status.IN_PROGRESS and here == NAMES.index("analysis")
    return Course(
        stages=stages,
        now=WRITING_RESULT if finished else NOW[case.status],
        next=NEXT[case.status],
        customers_turn=turn,
        request=_request(case, events),
    )


def _dates(case: Case, events: list[CaseEvent], entries: list[Message]) -> dict[str, datetime | None]:
    def reached(*statuses: str) -> datetime | None:
        return next((event.at for event in events if event.to_status in statuses), None)

    def posted(kind: str) -> datetime | None:
        return next((entry.created_at for entry in entries if entry.kind == kind), None)

    return {
        "reported": case.created_at,
        "taken_up": reached(*set(Status) - {Status.NEW, Status.CLOSED, Status.SUSPENDED}),
        "logs": posted(MessageKind.BUNDLE),
        "analysis": reached(Status.ANALYSING),
        "result": posted(MessageKind.REPORT) or reached(Status.RESULT_SENT),
        "closed": case.closed_at,
    }


def _here(case: Case, dates: dict[str, datetime | None]) -> str:
    by_status: dict[str, str] = {
        Status.NEW: "reported",
        Status.WAITING: "logs",
        Status.SUSPENDED: "logs",
        Status.ANALYSING: "analysis",
        Status.RESULT_SENT: "result",
        Status.CLOSED: "closed",
    }
    furthest = "analysis" if dates["analysis"] else "logs" if dates["logs"] else "taken_up"
    return by_status.get(case.status, furthest)


def _state(number: int, here: int, case: Case, turn: bool) -> str:
    if number < here or (number == here and case.status == Status.CLOSED):
        return "done"
    if number > here:
        return "later"
    return "turn" if turn else "now"


def _request(case: Case, events: list[CaseEvent]) -> str:
    if case.status != Status.WAITING:
        return ""
    return next((event.why for event in reversed(events) if event.to_status == Status.WAITING), "")
