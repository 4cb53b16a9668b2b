"""How far a case has come, as the customer's stage bar shows it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from cases.events import EventKind
from cases.models import Case, MessageKind
from cases.status import Status

_PLACE = {
    Status.NEW: "reported",
    Status.IN_PROGRESS: "in_progress",
    Status.WAITING: "logs",
    Status.ANALYSING: "analysis",
    Status.RESULT_SENT: "result",
    Status.CLOSED: "closed",
}
_LABELS: dict[str, str | Promise] = {
    "reported": _("Reported"),
    "in_progress": _("In progress"),
    "logs": _("Your logs"),
    "analysis": _("Analysis"),
    "result": _("Result"),
    "closed": _("Closed"),
}


@dataclass(frozen=True)
class Stage:
    """One step: ``state`` is ``done``, ``current`` or ``todo``; ``at`` the last time it was reached."""

    key: str
    label: str | Promise
    state: str
    at: datetime | None


def stages(case: Case) -> list[Stage]:
    """The six stages in order. One is current (none on a closed case), and what lies behind it is
    done where the case has really been there; a stage that was left out (no logs needed) stays
    ``todo`` with no date. A case closed for the time being stands where it was left.

    Reads ``case.events`` and ``case.messages``; prefetch them for lists.
    """
    reached = _reached(case)
    current = _current(case, reached)
    place = list(_LABELS).index(current)
    found = []
    for position, (key, label) in enumerate(_LABELS.items()):
        if key == current:
            state = "done" if key == "closed" else "current"
        else:
            state = "done" if key in reached and position < place else "todo"
        found.append(Stage(key, label, state, reached.get(key) if state != "todo" else None))
    return found


def _reached(case: Case) -> dict[str, datetime]:
    reached = {"reported": case.created_at}
    for event in case.events.all():
        if event.kind == EventKind.ANALYSIS:
            # It may have run while the case waited for the rest of the evidence.
            reached["analysis"] = event.at
        elif event.kind == EventKind.STATUS and event.to_status in (
            Status.IN_PROGRESS,
            Status.ANALYSING,
            Status.RESULT_SENT,
            Status.CLOSED,
        ):
            key = _PLACE[Status(event.to_status)]
            # Work began once; of everything else the last time counts.
            if key != "in_progress" or key not in reached:
                reached[key] = event.at
    for message in case.messages.all():
        if message.kind == MessageKind.BUNDLE and not message.internal:
            reached["logs"] = message.created_at
    return reached


def _current(case: Case, reached: dict[str, datetime]) -> str:
    status = Status(case.status)
    if status == Status.SUSPENDED:
        left = [event.from_status for event in case.events.all() if event.to_status == Status.SUSPENDED]
        status = Status(left[-1]) if left else Status.IN_PROGRESS
    if status == Status.IN_PROGRESS and "analysis" in reached:
        # The analysis has run; the engineer reads it and writes the result.
        return "analysis"
    return _PLACE[status]
