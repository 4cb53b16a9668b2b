"""The rows of jobs, read and moved in time by the database's clock."""

from datetime import timedelta
from typing import Any

from django.db.models import QuerySet
from django.db.models.expressions import CombinedExpression
from django.db.models.functions import Now

from jobs.services import Jobs
from uploads.bundles.models import ScanJob

TASK = "uploads.tasks.scan_bundle"


def kind(**options: Any) -> Jobs[ScanJob]:
    """A kind of job with such options."""
    return Jobs(ScanJob, TASK, **options)


def row(job: ScanJob) -> QuerySet[ScanJob]:
    return ScanJob.objects.filter(pk=job.pk)


def columns(job: ScanJob) -> dict[str, Any]:
    """Everything that is stored of it."""
    return dict(row(job).values().get())


def from_now(seconds: float) -> CombinedExpression:
    """So many seconds from the database's now; negative ones are past."""
    return Now() + timedelta(seconds=seconds)


def lapse(job: ScanJob) -> None:
    """The worker that has it is silent for longer than its lease."""
    row(job).update(lease_until=from_now(-1))


def claimed(jobs: Jobs[ScanJob], job: ScanJob) -> ScanJob:
    """The job in a worker's hands."""
    held = jobs.claim(row(job))
    assert held is not None
    return held
