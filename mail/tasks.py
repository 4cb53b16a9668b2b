"""What the workers do for this room: thin, ids only."""

from uuid import UUID

from celery import shared_task
from django.utils import timezone

from jobs.worker import carry_out
from mail import retention
from mail.inbound import services, unsorted
from mail.inbound.jobs import READINGS
from mail.inbound.models import Reading
from mail.notifications import digests
from mail.outbound.delivery import deliver
from mail.outbound.outbox import DELIVERIES
from mail.webhooks import services as webhooks


@shared_task(name=READINGS.task, soft_time_limit=300, time_limit=330)
def read_mail(mail_id: str) -> None:
    """Reads one stored mail and takes it into its case."""
    carry_out(READINGS, Reading.objects.filter(pk=UUID(mail_id)), services.read)


@shared_task(name=DELIVERIES.task, soft_time_limit=300, time_limit=330)
def send_mail(mail_id: str) -> None:
    """Sends one mail of the outbox."""
    deliver(UUID(mail_id))


@shared_task(name=webhooks.DELIVERIES.task, soft_time_limit=30, time_limit=60)
def deliver_webhook(delivery_id: str) -> None:
    """One attempt at one delivery to a webhook."""
    webhooks.deliver(UUID(delivery_id))


@shared_task(name="mail.tasks.send_digests", soft_time_limit=120, time_limit=150)
def send_digests() -> None:
    """Writes the daily mails whose hour has come; runs by beat."""
    digests.send_due(timezone.now())


@shared_task(name="mail.tasks.sweep", soft_time_limit=60, time_limit=90)
def sweep() -> None:
    """Sends again what was lost with a worker or with the broker; runs by beat."""
    READINGS.sweep()
    DELIVERIES.sweep()
    webhooks.sweep()
    unsorted.adopt()
    retention.sweep()
