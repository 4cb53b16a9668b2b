"""The tasks of this room: thin, ids only."""

from uuid import UUID

from celery import shared_task

from uploads import sweep as sweeping
from uploads.attachments import leftovers
from uploads.bundles import scanning, sealing
from uploads.bundles.enqueue import SCANS, SEALS

MAX_SEAL_SECONDS = 12 * 3600
"""For 64 GiB into a far object storage. It is longer than the broker's patience: the task may be delivered
again meanwhile, and then finds the seal in this worker's hands."""


@shared_task(name=SEALS.task, soft_time_limit=MAX_SEAL_SECONDS, time_limit=MAX_SEAL_SECONDS + 100)
def seal_bundle(bundle_id: str) -> None:
    """Seals one bundle; nothing to do if it is sealed."""
    sealing.seal(UUID(bundle_id))


@shared_task(name=SCANS.task)
def scan_bundle(bundle_id: str) -> None:
    """Has one bundle scanned for malware; nothing to do if it does not wait for that."""
    scanning.scan_bundle(UUID(bundle_id))


@shared_task(name="uploads.tasks.sweep")
def sweep() -> None:
    """Runs every half minute by beat."""
    sweeping.sweep()


@shared_task(name="uploads.tasks.remove_orphans")
def remove_orphans() -> None:
    """Runs daily by beat: to list a storage may take minutes."""
    leftovers.remove_orphans()
