"""What the workers do for this room: thin, the work is elsewhere."""

from uuid import UUID

from celery import shared_task

from analysis.checks import services as bundle_checks
from analysis.reports import stored_pdfs
from analysis.runs import services as runs
from analysis.runs.worker import execute


@shared_task(name=runs.RUNS.task)
def analyze_bundle(run_id: int) -> None:
    """One attempt at a run; anything wrong with it is written into the run, never raised."""
    bundle_checks.look_again(run_id)
    execute(run_id)
    bundle_checks.correct(run_id)


@shared_task(name="analysis.tasks.sweep", soft_time_limit=60, time_limit=90)
def sweep() -> None:
    """Finds the runs that were lost with a worker or with the broker, and sends them again."""
    runs.sweep()
    bundle_checks.sweep()
    stored_pdfs.PDFS.sweep()


@shared_task(name=bundle_checks.CHECKS.task, soft_time_limit=120, time_limit=150)
def check_bundle(bundle_id: str) -> None:
    """The quick check of a sealed bundle; anything wrong with it is written down, never raised."""
    bundle_checks.run(UUID(bundle_id))


@shared_task(name=stored_pdfs.PDFS.task, soft_time_limit=120, time_limit=150)
def make_pdfs(report_id: str) -> None:
    """The PDFs of a report that was sent; anything wrong with it is written down, never raised."""
    stored_pdfs.make_pdfs(int(report_id))
