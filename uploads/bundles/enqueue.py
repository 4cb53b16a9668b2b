"""Asking the worker to seal or to scan a bundle."""

from datetime import timedelta

from jobs.services import Jobs
from uploads.bundles.models import Bundle, ScanJob, SealJob

SEALS = Jobs(SealJob, "uploads.tasks.seal_bundle", max_attempts=None, retry_after=timedelta(seconds=30))
SCANS = Jobs(ScanJob, "uploads.tasks.scan_bundle", max_attempts=None, retry_after=timedelta(minutes=15))


def ask_to_seal(bundle: Bundle) -> None:
    """The bundle's seal, sent to the worker once the transaction is committed."""
    SEALS.enqueue_on_commit(SealJob.objects.create(bundle=bundle))


def ask_to_scan(bundle: Bundle) -> None:
    """The same for the malware scan."""
    SCANS.enqueue_on_commit(ScanJob.objects.create(bundle=bundle))
