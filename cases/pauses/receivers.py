"""What pauses do when something has happened in a case."""

from typing import Any

from django.dispatch import receiver

from cases.pauses.services import lapse
from cases.signals import Activity, ActivityKind, case_activity


@receiver(case_activity, dispatch_uid="pauses-end-with-the-case")
def end_with_the_case(sender: Any, activity: Activity, **_: Any) -> None:
    """A case that is closed, and perhaps opened again, asks for no pause any more."""
    if activity.kind == ActivityKind.CLOSED:
        lapse(activity.case, activity.at)
