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
    """A case that is closed, and perhaps opened again, asks for no pause any more."""
    if case.status_facts.is_closed:
        lapse(case, at)


@receiver(status_changed, dispatch_uid="pauses-are-agreed-to")
def is_agreed_to(sender: Any, case: Case, at: datetime, **_: Any) -> None:
    """Whatever suspends a case has written down with whose consent, or after which silence."""
    if case.status == Status.SUSPENDED and not Suspension.objects.filter(case=case, at=at).exists():
        raise NobodyAgreed("A case is closed for the time being by cases.pauses alone.")
