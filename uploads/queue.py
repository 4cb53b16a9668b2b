"""Asking the worker to seal a bundle, by id, after the commit."""

from uuid import UUID

from celery import current_app
from django.db import transaction
from django.utils import timezone

from uploads.models import Bundle

SEAL_TASK = "uploads.tasks.seal_bundle"


def ask_to_seal(bundle_id: UUID) -> None:
    """Sends the task once the transaction is committed.

    A broker that is down is no error here: the sweep asks again.
    """
    Bundle.objects.filter(pk=bundle_id).update(asked_at=timezone.now())
    transaction.on_commit(lambda: current_app.send_task(SEAL_TASK, args=[str(bundle_id)]), robust=True)
