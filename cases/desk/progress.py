"""Where a case stands, in sentences: now, what comes next, whose turn, what was asked for."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Any

from django.db.models import Prefetch
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from cases.appointments import panel as appointments
from cases.desk.stages import StageProgress, stages
from cases.events import EventKind
from cases.models import Case, CaseEvent, Message, MessageKind
from cases.pauses import panel as pauses
from cases.scopes import panel as scopes
from cases.status import Stage, Status, Turn

if TYPE_CHECKING:
    from accounts.models import User

SENT_AFTER_THE_END = _("Closed. What you sent after that waits for your engineer.")
YOU_WROTE = _("What you wrote waits for your engineer.")
WRITING_RESULT = _("The analysis is finished; your engineer is writing the result.")
WORK_GOES_ON = _("Work goes on")

ASKS_SCOPE = (
    _("Please say whether the scope of the case is right."),
    _("You say whether the scope is right"),
)
ASKS_PAUSE = (
    _("Please say whether we may close the case for the time being."),
    _("You say whether it is closed for the time being"),
)
ASKS_TIME = (_("Please choose a time for the appointment."), _("You choose a time"))

LAST_BY_KIND: dict[str, Promise] = {
    MessageKind.BUNDLE: _("Upload received"),
    MessageKind.REPORT: _("Report sent"),
    MessageKind.PHONE: _("Phone call"),
    MessageKind.REMOTE: _("Remote session"),
    MessageKind.CLOSED: Status.CLOSED.facts.reached,
    MessageKind.REOPENED: WORK_GOES_ON,
    MessageKind.RESUMED: WORK_GOES_ON,
}


@dataclass(frozen=True)
class Step:
    """The last thing that happened, as the customer may know it."""

    what: str | Promise
    at: datetime


@dataclass(frozen=True)
class Progress:
    """Where a case stands, for its customer."""

    stages: list[StageProgress]
    now: str | Promise
    next: str | Promise
    last: Step
    customers_turn: bool
    by_status: bool
    """Whether it is her turn by the status alone; a scope, a time to choose or a pause asks besides."""
    request: str
    """What the engineer asked for when she began to wait (hostile text); empty if not waiting."""


def progress_of(case: Case) -> Progress:
    """Reads the case's public history; prefetch ``events`` and ``messages`` for lists."""
    bar = stages(case)
    writing = case.status == Status.IN_PROGRESS and any(
        stage.key == Stage.ANALYSIS and stage.state == "current" for stage in bar
    )
    facts = case.status_facts
    by_status = facts.turn is Turn.CUSTOMER
    # Who has an answer to get waits, whatever is asked of her besides.
    owed = case.next_due_at is not None and not facts.clock_runs
    asked = None if by_status else _asked(case)
    now, next_step = WRITING_RESULT if writing else facts.now, facts.next
    if asked:
        now, next_step = asked
    elif owed:
        now = SENT_AFTER_THE_END if facts.is_closed else YOU_WROTE
        next_step = Status.IN_PROGRESS.facts.next
    return Progress(
        stages=bar,
        now=now,
        next=next_step,
        last=_last(case),
        customers_turn=asked is not None or (by_status and not owed),
        by_status=by_status,
        request=_request(case),
    )


def _asked(case: Case) -> tuple[Promise, Promise] | None:
    """What waits for the customer's word beside the status, now and as the next step."""
    if scopes.scope_asked(case):
        return ASKS_SCOPE
    if appointments.times_asked(case):
        return ASKS_TIME
    return ASKS_PAUSE if pauses.pause_asked(case) else None


def _last(case: Case) -> Step:
    steps, wrote = [Step(Status.NEW.facts.reached, case.created_at)], []
    for message in case.messages.all():
        if message.internal or message.created_at <= case.created_at:
            continue
        if message.kind in LAST_BY_KIND:
            steps.append(Step(LAST_BY_KIND[message.kind], message.created_at))
        elif message.author is not None:
            who_wrote = _("Your engineer wrote") if message.author.is_vendor else _("You wrote")
            wrote.append(Step(who_wrote, message.created_at))
    for event in case.events.all():
        if event.kind != EventKind.STATUS:
            continue
        what = Status(event.to_status).facts.reached
        if event.to_status == Status.IN_PROGRESS and event.from_status != Status.NEW:
            what = _("Analysis finished") if event.from_status == Status.ANALYSING else WORK_GOES_ON
        steps.append(Step(what, event.at))
    # What came of it says more than that somebody wrote.
    return max([*steps, *wrote], key=lambda step: step.at)


def _request(case: Case) -> str:
    if case.status != Status.WAITING:
        return ""
    begun: list[CaseEvent] = [event for event in case.events.all() if event.to_status == Status.WAITING]
    return begun[-1].why if begun else ""


def prefetched() -> tuple[Prefetch[Any] | str, ...]:
    """What ``progress_of`` reads of many cases, for ``prefetch_related``."""
    public = Message.objects.in_place().filter(internal=False).select_related("author").defer("body")
    asked = (scopes.prefetched(), appointments.prefetched(), pauses.prefetched())
    return ("events", Prefetch("messages", public), *asked)


OF_OBJECTS = (
    *("call", "scope__answered_by", "scope__recorded_by"),
    *("appointment__answered_by", "appointment__recorded_by", "appointment__ended_by"),
    *(f"suspension_proposal__{name}_by" for name in ("answered", "recorded", "ended")),
)


def thread_of(case: Case, user: User) -> list[Message]:
    """The entries this person may read, newest first, with their author, bundle and report loaded."""
    entries = Message.objects.visible_to(user).filter(case=case)
    # A sent report's content can be long, and the thread is asked for often.
    loaded = entries.select_related("author", "bundle", "report", "evidence_request", "imported", *OF_OBJECTS)
    rows = ("evidence_request__items", "attachments", "appointment__times", "mentions__person", "mails")
    loaded = loaded.prefetch_related(*rows).defer("report__content")
    return list(loaded.order_by("-created_at", "-pk"))
