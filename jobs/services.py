"""The one protocol of every long piece of work: queued, claimed, renewed, and ended exactly once.

The row is the truth, a message of the broker only a bell. A worker holds a job by a lease that it renews
and by a fencing token that each claim raises: everything a worker writes is written on the condition that
its token is still the newest, so a worker that was thought dead and wakes up writes nothing. Only the
database's clock counts, so that those of several machines need not agree.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from datetime import timedelta
from typing import Any, Generic, TypeVar

from celery import current_app
from django.conf import settings
from django.db import transaction
from django.db.models import F, Q, QuerySet
from django.db.models.functions import Now
from kombu.exceptions import OperationalError

from engine.text_safety import storable
from jobs.errors import LeaseLost
from jobs.models import OPEN, Job, JobState

logger = logging.getLogger(__name__)

J = TypeVar("J", bound=Job)

LEASE = timedelta(seconds=20)
"""How long a silent worker keeps its job."""
MAX_ATTEMPTS = 3
RESEND = timedelta(seconds=30)
"""After how long a job that was sent and that nobody has claimed counts as lost."""
MAX_SWEPT = 50

INTERRUPTED, TIMED_OUT, BROKEN = "interrupted", "timed_out", "broken"
"""The failures that any job may end with: too many attempts, too much time, one error too many."""

_EXPIRED = Q(lease_until__isnull=True) | Q(lease_until__lte=Now())
_ORPHANED = Q(state=JobState.RUNNING) & _EXPIRED
_DUE = Q(not_before__isnull=True) | Q(not_before__lte=Now())
_CLAIMABLE = _DUE & Q(state=JobState.QUEUED) | _ORPHANED
_NOTHING_HELD: dict[str, Any] = {"lease_until": None, "enqueued_at": None, "progress": {}}


def doubling(first: timedelta, longest: timedelta) -> Callable[[int], timedelta]:
    """A ``retry_after`` for a service of others, which may be down for long: each wait twice the last one,
    ``longest`` at most."""

    def wait_after(attempt: int) -> timedelta:
        # The exponent is bounded: a job without a limit of attempts would overflow.
        return min(first * 2 ** min(attempt - 1, 30), longest)

    return wait_after


class Jobs(Generic[J]):
    """The jobs of one kind: rows of ``model``, carried out by the Celery task ``task``, whose message holds
    ``Job.key`` alone.

    ``max_attempts`` ``None``: tried until it works, because what it keeps must not be lost. After an error
    it waits ``retry_after``, or as long as that says of the attempt (1, 2, …) that failed. While others of
    its kind are at work a job that was sent counts as lost after ``resend_busy``: behind them it is only
    waiting. ``slow_is_final``: what ran out of its time once is not tried again. ``ended`` hears of each
    end, within its transaction.
    """

    def __init__(
        self,
        model: type[J],
        task: str,
        *,
        max_attempts: int | None = MAX_ATTEMPTS,
        retry_after: timedelta | Callable[[int], timedelta] = timedelta(0),
        resend_busy: timedelta = RESEND,
        slow_is_final: bool = False,
        ended: Callable[[J], object] = lambda job: None,
    ) -> None:
        self.model = model
        self.task = task
        self.max_attempts = max_attempts
        self.retry_after = retry_after
        self.resend_busy = resend_busy
        self.slow_is_final = slow_is_final
        self.ended = ended

    @property
    def rows(self) -> QuerySet[J]:
        """All of them."""
        return self.model._base_manager.all()

    # -- Into the queue -----------------------------------------------------------------

    def enqueue_on_commit(self, job: J) -> None:
        """Sends the task once the transaction is committed."""
        transaction.on_commit(lambda: self.enqueue(job), robust=True)

    def enqueue(self, job: J) -> bool:
        """Sends the task; whether the broker took it. One that does not answer is no error here: the sweep
        sends it later."""
        waiting = self.rows.filter(pk=job.pk, state__in=OPEN)
        waiting.update(enqueued_at=Now())
        try:
            current_app.send_task(self.task, args=(job.key,), retry=False)
        except (OperationalError, OSError) as error:
            logger.warning("%s %s could not be sent, the sweep will: %s", self._name, job.key, error)
            waiting.update(enqueued_at=None)
            return False
        return True

    # -- In a worker's hands ------------------------------------------------------------

    def claim(self, rows: QuerySet[J]) -> J | None:
        """Takes the one job that ``rows`` names: a new token, a lease, one attempt more.

        ``None`` if it is finished, held by another worker, put off until later, or out of attempts or of
        time (it then fails).
        """
        with transaction.atomic():
            job = rows.select_for_update(of=("self",)).filter(_CLAIMABLE).first()
            if job is None:
                return None
            if failure := self._why_no_more(job):
                self._end(job, JobState.FAILED, failure=failure)
                return None
            self.rows.filter(pk=job.pk).update(
                state=JobState.RUNNING,
                attempt=F("attempt") + 1,
                token=F("token") + 1,
                started_at=Now(),
                heartbeat_at=Now(),
                lease_until=Now() + LEASE,
                enqueued_at=None,
                not_before=None,
                progress={},
            )
            job.refresh_from_db()
        return job

    def renew(self, job: J) -> None:
        """A sign of life; raises ``LeaseLost``."""
        self._write(job, heartbeat_at=Now(), lease_until=Now() + LEASE)

    def note_progress(self, job: J, progress: Mapping[str, Any]) -> None:
        """What the job tells about itself, for whoever waits for it; raises ``LeaseLost``."""
        self._write(job, progress=progress, heartbeat_at=Now(), lease_until=Now() + LEASE)

    @contextmanager
    def conclude(self, job: J, state: JobState = JobState.DONE, *, failure: str = "") -> Iterator[None]:
        """A transaction that writes the job's results and ends it, all or nothing. Keep it short.

        Raises ``LeaseLost`` before the first line of it if another worker has the job by now.
        """
        with transaction.atomic():
            if self._held(job).select_for_update(of=("self",)).first() is None:
                raise LeaseLost(job.pk)
            yield
            self._end(job, state, failure=failure)

    def release(self, job: J) -> None:
        """Back to the queue because this worker is told to end; it costs no attempt."""
        if self._held(job).update(state=JobState.QUEUED, attempt=F("attempt") - 1, **_NOTHING_HELD):
            self.enqueue(job)

    def retry_or_fail(self, job: J, error: BaseException) -> None:
        """Back to the queue after an error, or failed if this was the last attempt."""
        text = f"{type(error).__name__}: {error}"
        if self.max_attempts is not None and job.attempt >= self.max_attempts:
            self.fail(job, BROKEN, text)
            return
        wait = self.retry_after(job.attempt) if callable(self.retry_after) else self.retry_after
        self._held(job).update(
            state=JobState.QUEUED,
            error=storable(text),
            not_before=Now() + wait,
            **_NOTHING_HELD,
        )

    def fail(self, job: J, failure: str, error: str = "") -> None:
        """Ends the job for good; does nothing if another worker has it by now."""
        with transaction.atomic():
            if self._held(job).select_for_update(of=("self",)).first() is not None:
                self._end(job, JobState.FAILED, failure=failure, error=error)

    # -- Without help -------------------------------------------------------------------

    def sweep(self) -> int:
        """Sends again what was lost, and fails what was interrupted too often; how many jobs it moved."""
        moved = 0
        if self.max_attempts is not None:
            for job in self.rows.filter(_ORPHANED, attempt__gte=self.max_attempts)[:MAX_SWEPT]:
                self.claim(self.rows.filter(pk=job.pk))
                moved += 1
        for job in self.lost().order_by("queued_at")[:MAX_SWEPT]:
            if not self.enqueue(job):
                break
            moved += 1
        return moved

    def lost(self) -> QuerySet[J]:
        """Jobs that wait or whose lease has passed, and of which no worker will hear."""
        busy = self.rows.filter(state=JobState.RUNNING, lease_until__gt=Now()).exists()
        resend = self.resend_busy if busy else RESEND
        unheard = Q(enqueued_at__isnull=True) | Q(enqueued_at__lte=Now() - resend)
        return self.rows.filter(_CLAIMABLE, unheard)

    # -- The pieces ---------------------------------------------------------------------

    @property
    def _name(self) -> str:
        return self.model.__name__

    def _held(self, job: J) -> QuerySet[J]:
        return self.rows.filter(pk=job.pk, state=JobState.RUNNING, token=job.token)

    def _write(self, job: J, **values: Any) -> None:
        if not self._held(job).update(**values):
            raise LeaseLost(job.pk)

    def _why_no_more(self, job: J) -> str:
        if self.slow_is_final and _was_killed_for_its_time(job):
            return TIMED_OUT
        if self.max_attempts is not None and job.attempt >= self.max_attempts:
            return INTERRUPTED
        return ""

    def _end(self, job: J, state: JobState, *, failure: str = "", error: str = "") -> None:
        self.rows.filter(pk=job.pk).update(
            state=state,
            finished_at=Now(),
            lease_until=None,
            failure=failure,
            error=storable(error) or F("error"),
        )
        job.refresh_from_db(fields=("state", "failure"))
        self.ended(job)


def _was_killed_for_its_time(job: Job) -> bool:
    """Whether the worker's last sign of life came after the time limit: trying again would end likewise."""
    if job.state != JobState.RUNNING or job.started_at is None or job.heartbeat_at is None:
        return False
    return (job.heartbeat_at - job.started_at).total_seconds() >= settings.CELERY_TASK_SOFT_TIME_LIMIT
