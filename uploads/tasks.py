"""The tasks of this room: thin, ids only."""

from celery import shared_task

from uploads import sweep as sweeping
from uploads.bundles import scanning, sealing
from uploads.bundles.enqueue import SCAN_TASK, SEAL_TASK


@shared_task(name=SEAL_TASK)
def seal_bundle(bundle_id: str) -> None:
    """Seals one bundle; nothing to do if it is sealed."""
    sealing.seal(bundle_id)


@shared_task(name=SCAN_TASK)
def scan_bundle(bundle_id: str) -> None:
    """Has one bundle scanned for malware; nothing to do if it does not wait for that."""
    scanning.scan_bundle(bundle_id)


@shared_task(name="uploads.tasks.sweep")
def sweep() -> None:
    """Runs every half minute by beat."""
    sweeping.sweep()
