"""Which status a case can have, and the one table of legal changes."""

from dataclasses import dataclass

from django.db import models
from django.utils.functional import Promise, lazy
from django.utils.translation import gettext_lazy as _

from accounts.errors import Refusal


class Status(models.TextChoices):
    """Where a case stands."""

    NEW = "new", _("New")
    IN_PROGRESS = "in_progress", _("In progress")
    WAITING = "waiting", _("Waiting for the customer")
    ANALYSING = "analysing", _("Analysing")
    RESULT_SENT = "result_sent", _("Result sent")
    SUSPENDED = "suspended", _("Closed for the time being")
    CLOSED = "closed", _("Closed")


ON_US = frozenset({Status.NEW, Status.IN_PROGRESS, Status.ANALYSING})
"""Statuses in which the vendor owes the next step, so that the clock runs."""


@dataclass(frozen=True)
class Change:
    """A legal change of status; ``name`` is also the method's name on ``Case``."""

    name: str
    label: Promise
    """What a button says."""
    sources: frozenset[Status]
    to: Status
    by_hand: bool = True
    """Whether a person may ask for it; the others follow from what happens (an upload, a report)."""


def _change(name: str, label: Promise, sources: set[Status], to: Status, by_hand: bool = True) -> Change:
    return Change(name, label, frozenset(sources), to, by_hand)


_S = Status
_ALL = set(Status)

CHANGES: dict[str, Change] = {
    change.name: change
    for change in (
        _change("take_up", _("Take up"), {_S.NEW}, _S.IN_PROGRESS),
        _change(
            "wait_for_customer",
            _("Wait for the customer"),
            {_S.NEW, _S.IN_PROGRESS, _S.ANALYSING, _S.RESULT_SENT},
            _S.WAITING,
        ),
        # A complete upload resumes a case that was closed for the time being, never a closed one.
        _change(
            "begin_analysis",
            _("Begin the analysis"),
            {_S.NEW, _S.IN_PROGRESS, _S.WAITING, _S.RESULT_SENT, _S.SUSPENDED},
            _S.ANALYSING,
            by_hand=False,
        ),
        _change("end_analysis", _("End the analysis"), {_S.ANALYSING}, _S.IN_PROGRESS, by_hand=False),
        # From "result sent" as well: a later version of the report is a result, too.
        _change(
            "send_result",
            _("Send the result"),
            {_S.IN_PROGRESS, _S.WAITING, _S.ANALYSING, _S.RESULT_SENT},
            _S.RESULT_SENT,
            by_hand=False,
        ),
        _change("suspend", _("Close for the time being"), _ALL - {_S.SUSPENDED, _S.CLOSED}, _S.SUSPENDED),
        _change("resume", _("Resume"), {_S.SUSPENDED, _S.WAITING, _S.RESULT_SENT, _S.CLOSED}, _S.IN_PROGRESS),
        _change("close", _("Close"), _ALL - {_S.CLOSED}, _S.CLOSED),
    )
}


def changes_by_hand(status: str) -> list[Change]:
    """The changes that a person may ask for from this status, in the order of the table."""
    return [change for change in CHANGES.values() if change.by_hand and status in change.sources]


class IllegalStatusChange(Refusal):
    """A change that the table does not know from the present status."""

    status = 409
    sentence = _("“%(change)s” is not possible while the case is “%(status)s”. Possible now: %(possible)s.")

    def __init__(self, change: Change, status: Status) -> None:
        self.change = change
        super().__init__(change=change.label, status=status.label, possible=_possible(status))


def _joined(status: str) -> str:
    return ", ".join(f"“{change.label}”" for change in changes_by_hand(status))


_possible = lazy(_joined, str)
