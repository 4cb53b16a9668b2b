"""What notifications do when something has happened in a case."""

from typing import Any

from django.dispatch import receiver

from cases.signals import Activity, case_activity
from mail.notifications.telling import tell


@receiver(case_activity, dispatch_uid="mail-tells-people")
def tell_people(sender: Any, activity: Activity, **_: Any) -> None:
    """Their mails stand or fall with the act."""
    tell(activity)
