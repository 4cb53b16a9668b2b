"""Which status a case can have: everything that the portal knows of each, and the changes between them."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum, auto
from typing import TYPE_CHECKING, Self

from django.db import models
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _


class Turn(Enum):
    """Who has the next step."""

    VENDOR = auto()
    CUSTOMER = auto()
    NOBODY = auto()


class Prompt(Enum):
    """What of the customer's may make a case go on that had stopped."""

    POST = auto()
    ANSWER = auto()
    """A post in words, where nothing that was asked for is missing."""
    NOT_SOLVED = auto()
    """A post that says so."""
    UPLOAD = auto()
    """A complete one, unless an open request still waits for items: then ``ITEMS``."""
    ITEMS = auto()
    """The last of what an evidence request asked for is settled."""


class Stage(models.TextChoices):
    """The steps of the customer's stage bar, in order."""

    REPORTED = "reported", _("Reported")
    IN_PROGRESS = "in_progress", _("In progress")
    LOGS = "logs", _("Your logs")
    ANALYSIS = "analysis", _("Analysis")
    RESULT = "result", _("Result")
    CLOSED = "closed", _("Closed")


@dataclass(frozen=True, kw_only=True)
class StatusFacts:
    """All that is said and done about cases of one status; a fact left out is an error at import."""

    now: Promise
    """Where the case stands, to its customer."""
    next: Promise
    """The next step, to its customer."""
    reached: Promise
    """The change to this status, as the last step that the customer reads of."""
    turn: Turn
    clock_runs: bool
    """Whether the vendor owes an answer by a certain time."""
    instead_of_due: str | Promise
    """What the desks show where no answer is due."""
    pill: str
    """The CSS class of the mark that shows the status; may be empty."""
    stage: Stage | None
    """Where the stage bar stands; ``None``: where it stood before."""
    desk_group: str
    """Where an engineer's desk puts a case that nothing more pressing is known of: a key of
    ``cases.desk.queries``; empty for a case that has ended."""
    changes: tuple[str, ...]
    """Names in ``CHANGES``: what is possible from here."""
    resumes_on: tuple[Prompt, ...]
    """What makes the change ``resume`` without anybody asking for it."""
    is_closed: bool
    """The end: links are shut, the time until the data is deleted runs. An answer is owed only to what
    the customer sends after it."""


class Status(models.TextChoices):
    """Where a case stands."""

    facts: StatusFacts

    if not TYPE_CHECKING:  # For checkers, a look-up by value would lack the facts.

        def __new__(cls, value: str, facts: StatusFacts) -> Self:
            member = str.__new__(cls, value)
            member._value_ = value
            member.facts = facts
            return member

    NEW = (
        "new",
        StatusFacts(
            now=_("Your report has arrived; an engineer takes it up shortly."),
            next=_("An engineer answers you"),
            reached=_("Reported"),
            turn=Turn.VENDOR,
            clock_runs=True,
            instead_of_due="–",
            pill="pill-info",
            stage=Stage.REPORTED,
            desk_group="todo",
            changes=(
                *("scope", "take_up", "wait_for_customer", "begin_analysis", "send_result"),
                *("suspend", "close"),
            ),
            resumes_on=(),
            is_closed=False,
        ),
        _("New"),
    )
    SCOPING = (
        "scoping",
        StatusFacts(
            now=_("Your engineer agrees with you on what the problem is and what belongs to it."),
            next=_("You and your engineer agree on the problem"),
            reached=_("We began to agree on the problem"),
            turn=Turn.VENDOR,
            clock_runs=True,
            instead_of_due="–",
            pill="pill-info",
            stage=Stage.IN_PROGRESS,
            desk_group="todo",
            changes=("take_up", "wait_for_customer", "begin_analysis", "send_result", "suspend", "close"),
            resumes_on=(),
            is_closed=False,
        ),
        _("Scoping"),
    )
    IN_PROGRESS = (
        "in_progress",
        StatusFacts(
            now=_("Your engineer is working on it."),
            next=_("Your engineer answers you"),
            reached=_("Taken up"),
            turn=Turn.VENDOR,
            clock_runs=True,
            instead_of_due="–",
            pill="pill-info",
            stage=Stage.IN_PROGRESS,
            desk_group="todo",
            changes=("scope", "wait_for_customer", "begin_analysis", "send_result", "suspend", "close"),
            resumes_on=(),
            is_closed=False,
        ),
        _("In progress"),
    )
    WAITING = (
        "waiting",
        StatusFacts(
            now=_("We are waiting for what the engineer asked you for."),
            next=_("You send what was asked for"),
            reached=_("We asked you for something"),
            turn=Turn.CUSTOMER,
            clock_runs=False,
            instead_of_due=_("clock stands still"),
            pill="",
            stage=Stage.LOGS,
            desk_group="waiting",
            changes=("begin_analysis", "send_result", "suspend", "resume", "close"),
            resumes_on=(Prompt.ANSWER, Prompt.UPLOAD, Prompt.ITEMS),
            is_closed=False,
        ),
        _("Waiting for the customer"),
    )
    ANALYSING = (
        "analysing",
        StatusFacts(
            now=_("Your logs have arrived and are being analysed."),
            next=_("The analysis ends and your engineer checks it"),
            reached=_("Analysis begun"),
            turn=Turn.VENDOR,
            clock_runs=True,
            instead_of_due="–",
            pill="pill-info",
            stage=Stage.ANALYSIS,
            desk_group="analysing",
            changes=("wait_for_customer", "end_analysis", "send_result", "suspend", "close"),
            resumes_on=(),
            is_closed=False,
        ),
        _("Analysing"),
    )
    RESULT_SENT = (
        "result_sent",
        StatusFacts(
            now=_("The result is sent. Please try the advice and tell us how it went."),
            next=_("You try the advice and tell us whether it helped"),
            reached=_("Result sent"),
            turn=Turn.CUSTOMER,
            clock_runs=False,
            instead_of_due="–",
            pill="pill-good",
            stage=Stage.RESULT,
            desk_group="result_sent",
            # A later version of the report is a result, too.
            changes=("wait_for_customer", "begin_analysis", "send_result", "suspend", "resume", "close"),
            resumes_on=(Prompt.NOT_SOLVED, Prompt.UPLOAD),
            is_closed=False,
        ),
        _("Result sent"),
    )
    SUSPENDED = (
        "suspended",
        StatusFacts(
            now=_("Closed for the time being; it goes on when you write or upload."),
            next=_("You write or upload"),
            reached=_("Closed for the time being"),
            turn=Turn.NOBODY,
            clock_runs=False,
            instead_of_due=_("resumes with the customer"),
            pill="",
            stage=None,
            desk_group="",
            # A complete upload resumes a case that was closed for the time being, never a closed one.
            changes=("begin_analysis", "send_result", "resume", "close"),
            resumes_on=(Prompt.POST, Prompt.UPLOAD, Prompt.ITEMS),
            is_closed=False,
        ),
        _("Closed for the time being"),
    )
    CLOSED = (
        "closed",
        StatusFacts(
            now=_("Closed."),
            next=_("Nothing more to do"),
            reached=_("Closed"),
            turn=Turn.NOBODY,
            clock_runs=False,
            instead_of_due="–",
            pill="",
            stage=Stage.CLOSED,
            desk_group="",
            changes=("resume",),
            resumes_on=(),
            is_closed=True,
        ),
        _("Closed"),
    )


ENDED = tuple(status for status in Status if status.facts.turn is Turn.NOBODY)
"""Nobody has to do anything about these cases."""
CLOSED = tuple(status for status in Status if status.facts.is_closed)


def choices() -> list[tuple[str, str | Promise]]:
    """For model fields: named by the migrations, which a new status does not change."""
    return list(Status.choices)


@dataclass(frozen=True)
class Change:
    """A change of status; each ``Status`` says which are possible from there."""

    name: str
    label: Promise
    """What a button says."""
    to: Status
    by_hand: bool = True
    """Whether a person may ask for it as such; the others follow from what happens (an upload, a report, a
    consent)."""
    asks_why: bool = False
    """Whether a person has to say why: whoever reads the history later asks what is waited for, why a case
    ended, and why it goes on again."""


CHANGES: dict[str, Change] = {
    change.name: change
    for change in (
        Change("scope", _("Agree on the scope"), Status.SCOPING),
        Change("take_up", _("Take up"), Status.IN_PROGRESS),
        Change("wait_for_customer", _("Wait for the customer"), Status.WAITING, asks_why=True),
        Change("begin_analysis", _("Begin the analysis"), Status.ANALYSING, by_hand=False),
        Change("end_analysis", _("End the analysis"), Status.IN_PROGRESS, by_hand=False),
        Change("send_result", _("Send the result"), Status.RESULT_SENT, by_hand=False),
        Change("suspend", _("Close for the time being"), Status.SUSPENDED, by_hand=False),
        Change("resume", _("Resume"), Status.IN_PROGRESS, asks_why=True),
        Change("close", _("Close"), Status.CLOSED, asks_why=True),
    )
}


def is_possible(change: str, status: str) -> bool:
    """Whether a case of this status may be changed so."""
    return change in Status(status).facts.changes


def changes_by_hand(status: str) -> list[Change]:
    """The changes that a person may ask for from this status, in the order of the table."""
    return [change for change in CHANGES.values() if change.by_hand and is_possible(change.name, status)]
