"""What own reminders do when something has happened in a case."""

from typing import Any

from django.dispatch import receiver

from cases.own_reminders import services
from cases.signals import Activity, ActivityKind, case_activity

ANSWERS = frozenset(
    {
        ActivityKind.REPLY,
        ActivityKind.SCOPE,
        ActivityKind.APPOINTMENT,
        ActivityKind.SOLVED,
        ActivityKind.NOT_SOLVED,
    }
)
"""What the customer says in words or by a button."""


@receiver(case_activity, dispatch_uid="own-reminders-end")
def end_own_reminders(sender: Any, activity: Activity, **_: Any) -> None:
    """An answer of the customer is what colleagues waited for. Her own says when she comes back to what she
    is asked, whatever she or a colleague writes meanwhile."""
    if activity.kind in ANSWERS and activity.by is not None and activity.by.is_customer:
        services.end_the_vendors(activity.case, activity.at)
