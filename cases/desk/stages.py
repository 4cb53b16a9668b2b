"""How far a case has come, as the customer's stage bar shows it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from cases.events import EventKind
from cases.models import Case, MessageKind
from cases.status import Stage, Status

NOT_BY_STATUS = frozenset({Stage.REPORTED, Stage.LOGS})
"""A report and an upload reach these two; that we wait for logs does not."""


@dataclass(frozen=True)
class StageProgress:
    """One stage: ``state`` is ``done``, ``current`` or ``todo``; ``at`` the last time it was reached."""

    key: Stage
    state: str
    at: datetime | None

    @property
    def label(self) -> str:
        """What the bar says."""
        return str(self.key.label)


def stages(case: Case) -> list[StageProgress]:
    """The six stages in order. One is current (none on a closed case), and what lies behind it is
    done where the case has really been there; a stage that was left out (no logs needed) stays
    ``todo`` with no date. A case closed for the time being stands where it was left.

    Reads ``case.events`` and ``case.messages``; prefetch them for lists.
    """
    reached = _reached(case)
    current = _current(case, reached)
    order = list(Stage)
    bar = []
    for stage in order:
        if stage == current:
            state = "done" if stage == Stage.CLOSED else "current"
        else:
            state = "done" if stage in reached and order.index(stage) < order.index(current) else "todo"
        bar.append(StageProgress(stage, state, reached.get(stage) if state != "todo" else None))
    return bar


def _reached(case: Case) -> dict[Stage, datetime]:
    reached = {Stage.REPORTED: case.created_at}
    for event in case.events.all():
        if event.kind == EventKind.ANALYSIS:
            # It may have run while the case waited for the rest of the evidence.
            reached[Stage.ANALYSIS] = event.at
        elif event.kind == EventKind.STATUS:
            stage = Status(event.to_status).facts.stage
            # Work began once; of everything else the last time counts.
            if stage is None or stage in NOT_BY_STATUS or (stage == Stage.IN_PROGRESS and stage in reached):
                continue
            reached[stage] = event.at
    for message in case.messages.all():
        if message.kind == MessageKind.BUNDLE and not message.internal:
            reached[Stage.LOGS] = message.created_at
    return reached


def _current(case: Case, reached: dict[Stage, datetime]) -> Stage:
    stage = Status(case.status).facts.stage
    if stage is None:
        former = [event.from_status for event in case.events.all() if event.to_status == case.status]
        stage = Status(former[-1]).facts.stage if former else None
    stage = stage or Stage.IN_PROGRESS
    if stage == Stage.IN_PROGRESS and Stage.ANALYSIS in reached:
        # The analysis has run; the engineer reads it and writes the result.
        return Stage.ANALYSIS
    return stage
