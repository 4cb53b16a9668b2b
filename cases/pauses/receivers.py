"""What pauses do when something has happened in a case."""

from datetime import datetime
from typing import Any

from django.dispatch import receiver

from cases.errors import NobodyAgreed
from cases.models import Case
from cases.pauses.models import Suspension
from cases.pauses.services import lapse
from cases.signals import Activity, ActivityKind, case_activity, status_changed
from cases.status import Status

LETS_IT_STAND = frozenset({Status.SCOPING, Status.IN_PROGRESS, Status.WAITING})
"""Where a case may get to, by a word of its customer's perhaps, without answering the question."""


@receiver(status_changed, dispatch_uid="proposals-lapse")
def overtake_the_proposal(sender: Any, case: Case, at: datetime, **_: Any) -> None:
    """A case that has gone on to an upload, a result or its end, or waits for evidence, asks for no pause."""
    if case.status not in LETS_IT_STAND or case.awaits_items:
        lapse(case, at)


@receiver(case_activity, dispatch_uid="proposals-lapse")
def ask_for_evidence_instead(sender: Any, activity: Activity, **_: Any) -> None:
    """The case may have waited already: its status says nothing of another request."""
    if activity.kind == ActivityKind.EVIDENCE_REQUESTED:
        lapse(activity.case, activity.at)


@receiver(status_changed, dispatch_uid="pauses-are-agreed-to")
def is_agreed_to(sender: Any, case: Case, at: datetime, **_: Any) -> None:
    """Whatever suspends a case has written down with whose consent, or after which silence."""
    if case.status == Status.SUSPENDED and not Suspension.objects.filter(case=case, at=at).exists():
        raise NobodyAgreed("A case is closed for the time being by cases.pauses alone.")
