"""What beat asks of this room: thin, the work is elsewhere."""

from collections.abc import Callable
from datetime import datetime
from functools import partial

from celery import shared_task
from django.utils import timezone

from cases.appointments import services as appointments
from cases.own_reminders import services as own_reminders
from cases.pauses import services as pauses
from cases.reminders import overdue, waiting
from cases.sweeping import one_by_one


@shared_task(name="cases.tasks.sweep", soft_time_limit=60, time_limit=90)
def sweep() -> None:
    """Tells of what is late and of what people wanted to be reminded of, and goes on with what was put off
    until today."""
    now = timezone.now()
    steps = (
        overdue.tell,
        own_reminders.tell,
        pauses.resume_those_whose_day_has_come,
        appointments.take_the_turn_back,
    )
    one_by_one(steps, partial(_step, now=now))


def _step(step: Callable[[datetime], None], *, now: datetime) -> None:
    step(now)


@shared_task(name="cases.tasks.remind", soft_time_limit=240, time_limit=270)
def remind() -> None:
    """Reminds customers who are waited for."""
    waiting.tell(timezone.now())
