"""What pauses do when something has happened in a case."""

from datetime import datetime
from typing import Any

from django.dispatch import receiver

from cases.models import Case
from cases.pauses.services import lapse
from cases.signals import status_changed


@receiver(status_changed, dispatch_uid="pauses-end-with-the-case")
def end_with_the_case(sender: Any, case: Case, at: datetime, **_: Any) -> None:
    """A case that is closed, and perhaps opened again, asks for no pause any more."""
    if case.status_facts.is_closed:
        lapse(case, at)
