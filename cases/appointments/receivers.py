"""What appointments do when a case moves on."""

from datetime import datetime
from typing import Any

from django.dispatch import receiver

from accounts.models import User
from cases.appointments.services import end_with_the_case
from cases.models import Case
from cases.signals import status_changed


@receiver(status_changed, dispatch_uid="appointments-end-with-the-case")
def nobody_meets_for_a_closed_case(sender: Any, case: Case, by: User | None, at: datetime, **_: Any) -> None:
    """What stands in calendars is called off."""
    if case.status_facts.is_closed:
        end_with_the_case(case, by=by, at=at)
