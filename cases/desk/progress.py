"""Where a case stands, in sentences: now, what comes next, whose turn, what was asked for."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Any

from django.db.models import Prefetch
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from cases.desk.stages import Stage, stages
from cases.events import EventKind
from cases.models import Case, CaseEvent, Message, MessageKind
from cases.status import Status

if TYPE_CHECKING:
    from accounts.models import User

CUSTOMERS_TURN = frozenset({Status.WAITING, Status.RESULT_SENT})
"""Statuses in which the customer has the next step."""

NOW: dict[str, Promise] = {
    Status.NEW: _("Your report has arrived; an engineer takes it up shortly."),
    Status.IN_PROGRESS: _("Your engineer is working on it."),
    Status.WAITING: _("We are waiting for what the engineer asked you for."),
    Status.ANALYSING: _("Your logs have arrived and are being analysed."),
    Status.RESULT_SENT: _("The result is sent. Please try the advice and tell us how it went."),
    Status.SUSPENDED: _("Closed for the time being; resumes when your logs arrive or you write."),
    Status.CLOSED: _("Closed."),
}
WRITING_RESULT = _("The analysis is finished; your engineer is writing the result.")

NEXT: dict[str, Promise] = {
    Status.NEW: _("An engineer answers you"),
    Status.IN_PROGRESS: _("Your engineer answers you"),
    Status.WAITING: _("You send what was asked for"),
    Status.ANALYSING: _("The analysis ends and your engineer checks it"),
    Status.RESULT_SENT: _("You try the advice and write to us"),
    Status.SUSPENDED: _("You upload the logs or write"),
    Status.CLOSED: _("Nothing more to do"),
}

LAST_BY_KIND: dict[str, Promise] = {
    MessageKind.BUNDLE: _("Upload received"),
    MessageKind.REPORT: _("Report sent"),
    MessageKind.PHONE: _("Phone call"),
}
LAST_BY_STATUS: dict[str, Promise] = {
    Status.IN_PROGRESS: _("Taken up"),
    Status.WAITING: _("We asked you for something"),
    Status.ANALYSING: _("Analysis begun"),
    Status.RESULT_SENT: _("Result sent"),
    Status.SUSPENDED: _("Closed for the time being"),
    Status.CLOSED: _("Closed"),
}


@dataclass(frozen=True)
class Step:
    """The last thing that happened, as the customer may know it."""

    what: str | Promise
    at: datetime


@dataclass(frozen=True)
class Course:
    """Where a case stands, for its customer."""

    stages: list[Stage]
    now: str | Promise
    next: str | Promise
    last: Step
    customers_turn: bool
    request: str
    """What the engineer asked for when she began to wait (hostile text); empty if not waiting."""


def course(case: Case) -> Course:
    """Reads the case's public history; prefetch ``events`` and ``messages`` for lists."""
    steps = stages(case)
    writing = case.status == Status.IN_PROGRESS and any(
        step.key == "analysis" and step.state == "current" for step in steps
    )
    return Course(
        stages=steps,
        now=WRITING_RESULT if writing else NOW[case.status],
        next=NEXT[case.status],
        last=_last(case),
        customers_turn=case.status in CUSTOMERS_TURN,
        request=_request(case),
    )


def _last(case: Case) -> Step:
    steps = [Step(_("Reported"), case.created_at)]
    for message in case.messages.all():
        if message.internal or message.created_at <= case.created_at:
            continue
        if message.kind in LAST_BY_KIND:
            steps.append(Step(LAST_BY_KIND[message.kind], message.created_at))
        elif message.author is not None:
            said = _("You wrote") if message.author.is_customer else _("Your engineer wrote")
            steps.append(Step(said, message.created_at))
    for event in case.events.all():
        if event.kind != EventKind.STATUS or event.to_status not in LAST_BY_STATUS:
            continue
        what = LAST_BY_STATUS[event.to_status]
        if event.to_status == Status.IN_PROGRESS and event.from_status != Status.NEW:
            what = _("Analysis finished") if event.from_status == Status.ANALYSING else _("Work goes on")
        steps.append(Step(what, event.at))
    return max(steps, key=lambda step: step.at)


def _request(case: Case) -> str:
    if case.status != Status.WAITING:
        return ""
    begun: list[CaseEvent] = [event for event in case.events.all() if event.to_status == Status.WAITING]
    return begun[-1].why if begun else ""


def prefetched() -> tuple[Prefetch[Any] | str, ...]:
    """What ``course`` reads of many cases, for ``prefetch_related``."""
    public = Message.objects.filter(internal=False).select_related("author").defer("body")
    return ("events", Prefetch("messages", public))


def thread_of(case: Case, user: User) -> list[Message]:
    """The entries this person may read, newest first, with their author, bundle and report loaded."""
    entries = Message.objects.visible_to(user).filter(case=case)
    # A sent report's content can be long, and the thread is asked for often.
    loaded = entries.select_related("author", "bundle", "report", "evidence_request")
    loaded = loaded.prefetch_related("evidence_request__items").defer("report__content")
    return list(loaded.order_by("-created_at", "-pk"))
