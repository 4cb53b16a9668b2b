"""What beat asks of this room: thin, the work is elsewhere."""

from celery import shared_task
from django.utils import timezone

from cases.reminders import overdue


@shared_task(name="cases.tasks.sweep", soft_time_limit=60, time_limit=90)
def sweep() -> None:
    """Tells of what is late."""
    overdue.tell(timezone.now())
