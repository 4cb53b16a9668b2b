"""Service levels: when the next answer to the customer is due."""

from datetime import datetime, timedelta

from django.db import models
from django.utils.translation import gettext_lazy as _

from cases.status import Status


class Severity(models.TextChoices):
    """How badly the customer's work stands still."""

    A = "A", _("A: work stands still")
    B = "B", _("B: work is hindered")
    C = "C", _("C: question")


ANSWER_WITHIN = {
    Severity.A.value: timedelta(hours=4),
    Severity.B.value: timedelta(hours=24),
    Severity.C.value: timedelta(days=3),
}
"""By severity; counted around the clock."""


def due_after(severity: str, at: datetime) -> datetime:
    """When an answer is due that the customer has been waiting for since ``at``."""
    return at + ANSWER_WITHIN[severity]


def due_on_status(severity: str, status: str, due: datetime | None, at: datetime) -> datetime | None:
    """The due time after a change to ``status``: kept while it runs, begun afresh when it
    stood still, none while the next step is the customer's or nobody's."""
    if not Status(status).facts.clock_runs:
        return None
    return due or due_after(severity, at)


def due_on_answer(severity: str, status: str, at: datetime) -> datetime | None:
    """The due time after the vendor wrote to the customer: the next answer, if we still owe one."""
    return due_after(severity, at) if Status(status).facts.clock_runs else None


def due_on_severity(before: str, after: str, due: datetime | None) -> datetime | None:
    """The due time after a correction of the severity, counted from the same moment."""
    return due and due - ANSWER_WITHIN[before] + ANSWER_WITHIN[after]


def due_on_question(severity: str, due: datetime | None, at: datetime) -> datetime:
    """The due time after the customer wrote or uploaded: an earlier promise stands."""
    return due or due_after(severity, at)
