"""The tasks of this room: thin, ids only."""

from celery import shared_task

from uploads import sealing, sweeping
from uploads.queue import SEAL_TASK


@shared_task(name=SEAL_TASK)
def seal_bundle(bundle_id: str) -> None:
    """Seals one bundle; nothing to do if it is sealed."""
    sealing.seal(bundle_id)


@shared_task(name="uploads.tasks.sweep")
def sweep() -> None:
    """Runs every half minute by beat."""
    sweeping.sweep()
