"""What pauses do when something has happened in a case."""

from datetime import datetime
from typing import Any

from django.dispatch import receiver

from cases.errors import NobodyAgreed
from cases.models import Case
from cases.pauses.models import Suspension
from cases.pauses.services import lapse
from cases.signals import status_changed
from cases.status import Status


@receiver(status_changed, dispatch_uid="pauses-end-with-the-case")
def end_with_the_case(sender: Any, case: Case, at: datetime, **_: Any) -> None:
    """A case that has gone on to an upload, another request, a result or its end asks for no pause any more.
    That it is at work, by a word of its customer's perhaps, lets the question stand."""
    if case.status not in {Status.SCOPING, Status.IN_PROGRESS}:
        lapse(case, at)


@receiver(status_changed, dispatch_uid="pauses-are-agreed-to")
def is_agreed_to(sender: Any, case: Case, at: datetime, **_: Any) -> None:
    """Whatever suspends a case has written down with whose consent, or after which silence."""
    if case.status == Status.SUSPENDED and not Suspension.objects.filter(case=case, at=at).exists():
        raise NobodyAgreed("A case is closed for the time being by cases.pauses alone.")
