"""What webhooks do when something has happened in a case."""

from typing import Any

from django.dispatch import receiver

from cases.signals import Activity, case_activity
from mail.webhooks import services


@receiver(case_activity, dispatch_uid="mail-tells-webhooks")
def tell_webhooks(sender: Any, activity: Activity, **_: Any) -> None:
    """Their deliveries stand or fall with the act."""
    services.queue(activity)
