"""What the workers do for this room: thin, the work is elsewhere."""

from celery import shared_task

from analysis import runs
from analysis.execution import execute


@shared_task(name=runs.TASK)
def analyze_bundle(run_id: int) -> None:
    """One attempt at a run; anything wrong with it is written into the run, never raised."""
    execute(run_id)


@shared_task(name="analysis.tasks.sweep", soft_time_limit=60, time_limit=90)
def sweep() -> None:
    """Finds the runs that were lost with a worker or with the broker, and sends them again."""
    runs.sweep()
