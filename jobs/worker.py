"""One attempt at a job: claimed, its lease kept alive, and whatever happens written into its row."""

from __future__ import annotations

import logging
import threading
import time
from collections.abc import Callable, Mapping
from typing import Any, Generic, Self, TypeVar

from celery.exceptions import SoftTimeLimitExceeded
from django.db import Error as DatabaseError
from django.db import connection
from django.db.models import QuerySet

from jobs.errors import GaveUp, LeaseLost, TryAgain
from jobs.models import Job
from jobs.services import TIMED_OUT, Jobs

logger = logging.getLogger(__name__)

J = TypeVar("J", bound=Job)

BEAT = 4.0
"""Seconds between two renewals of the lease."""
NOTE_EVERY = 0.5
"""Seconds between two writes of the progress."""


class Attempt(Generic[J]):
    """A claimed job in this worker's hands; renews the lease from a thread of its own while it lasts."""

    def __init__(self, jobs: Jobs[J], job: J) -> None:
        self.jobs = jobs
        self.job = job
        self._lost = threading.Event()
        self._over = threading.Event()
        self._thread = threading.Thread(target=self._beat, name=f"heartbeat-{job.pk}", daemon=True)
        self._owner = threading.get_ident()
        self._next_note = 0.0
        self._passing: Mapping[str, Any] | None = None

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._over.set()
        self._thread.join(timeout=10)

    def check(self) -> None:
        """Raises ``LeaseLost`` where another worker has the job by now: whoever works long asks often."""
        if self._lost.is_set():
            raise LeaseLost(self.job.pk)

    def note(self, progress: Mapping[str, Any], *, now: bool = False) -> None:
        """Writes the progress, at most every ``NOTE_EVERY`` seconds if not ``now``; raises ``LeaseLost``."""
        self.check()
        moment = time.monotonic()
        if moment < self._next_note and not now:
            return
        self._next_note = moment + NOTE_EVERY
        try:
            self.jobs.note_progress(self.job, progress)
        except DatabaseError:
            logger.exception("job %s: its progress could not be written", self.job.pk)
            drop_connection()

    def note_in_passing(self, progress: Mapping[str, Any]) -> None:
        """As ``note``, from any thread: one that is not the attempt's own leaves it to the heartbeat."""
        if threading.get_ident() == self._owner:
            self.note(progress)
            return
        self.check()
        self._passing = progress

    def _beat(self) -> None:
        try:
            while not self._over.wait(BEAT):
                try:
                    passing, self._passing = self._passing, None
                    if passing is not None:
                        self.jobs.note_progress(self.job, passing)
                    else:
                        self.jobs.renew(self.job)
                except LeaseLost:
                    self._lost.set()
                    return
                except DatabaseError:
                    logger.exception("job %s: the lease could not be renewed, trying again", self.job.pk)
                    connection.close()
        finally:
            connection.close()


def carry_out(jobs: Jobs[J], rows: QuerySet[J], work: Callable[[Attempt[J]], None]) -> None:
    """Claims the one job that ``rows`` names and does ``work``, which concludes it (``Jobs.conclude``).

    A job that cannot be claimed is no error. Being told to end (SystemExit, KeyboardInterrupt) returns
    the job to the queue; nothing else is raised.
    """
    job = jobs.claim(rows)
    if job is None:
        logger.info("%s: a job that is finished or in other hands", jobs.task)
        return
    try:
        with Attempt(jobs, job) as attempt:
            work(attempt)
    except LeaseLost:
        logger.warning("%s %s went to another worker; attempt %s ends", jobs.task, job.key, job.attempt)
    except GaveUp as error:
        jobs.fail(job, error.failure, str(error))
    except TryAgain as error:
        logger.warning("%s %s, attempt %s: %s", jobs.task, job.key, job.attempt, error)
        jobs.retry_or_fail(job, error)
    except SoftTimeLimitExceeded as error:
        # As with an end from outside, the signal may have struck in the middle of a query.
        drop_connection()
        if jobs.slow_is_final:
            # What took too long once takes as long again, and keeps others waiting.
            jobs.fail(job, TIMED_OUT, "more than its time limit")
        else:
            jobs.retry_or_fail(job, error)
    except Exception as error:
        logger.exception("%s %s, attempt %s", jobs.task, job.key, job.attempt)
        drop_connection()
        jobs.retry_or_fail(job, error)
    except BaseException:
        drop_connection()
        jobs.release(job)
        raise


def drop_connection() -> None:
    """Closes a connection that may be of no more use; the next query opens another."""
    if not connection.in_atomic_block:
        connection.close()
