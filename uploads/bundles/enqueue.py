"""Asking the worker to seal or to scan a bundle, by id, after the commit."""

from uuid import UUID

from celery import current_app
from django.db import transaction
from django.utils import timezone

from uploads.bundles.models import Bundle

SEAL_TASK = "uploads.tasks.seal_bundle"
SCAN_TASK = "uploads.tasks.scan_bundle"


def ask_to_seal(bundle_id: UUID) -> None:
    """Sends the task once the transaction is committed.

    A broker that is down is no error here: the sweep asks again.
    """
    Bundle.objects.filter(pk=bundle_id).update(asked_at=timezone.now())
    transaction.on_commit(lambda: current_app.send_task(SEAL_TASK, args=[str(bundle_id)]), robust=True)


def ask_to_scan(bundle_id: UUID) -> None:
    """The same for the malware scan."""
    Bundle.objects.filter(pk=bundle_id).update(scan_asked_at=timezone.now())
    transaction.on_commit(lambda: current_app.send_task(SCAN_TASK, args=[str(bundle_id)]), robust=True)
