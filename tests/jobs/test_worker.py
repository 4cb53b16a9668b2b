"""One attempt at a job: whatever happens to the work is written into its row, once."""

import pytest
from celery.exceptions import SoftTimeLimitExceeded

from jobs import worker
from jobs.errors import GaveUp, LeaseLost, TryAgain
from jobs.models import JobState
from jobs.worker import Attempt, carry_out
from tests.jobs.conftest import Broker
from tests.jobs.rows import TASK, claimed, columns, from_now, kind, lapse, row
from tests.processes import wait_until
from uploads.bundles.models import ScanJob

pytestmark = pytest.mark.django_db

QUEUED, FAILED = JobState.QUEUED, JobState.FAILED


@pytest.mark.parametrize(
    ("error", "final", "state", "failure", "text"),
    [
        (GaveUp("unreadable", "no archive"), False, FAILED, "unreadable", "no archive"),
        (TryAgain("clamd is down"), False, QUEUED, "", "TryAgain: clamd is down"),
        (ValueError("odd \0 log"), False, QUEUED, "", "ValueError: odd \ufffd log"),
        (SoftTimeLimitExceeded(), False, QUEUED, "", "SoftTimeLimitExceeded: SoftTimeLimitExceeded()"),
        (SoftTimeLimitExceeded(), True, FAILED, "timed_out", "more than its time limit"),
    ],
    ids=["gave up", "try again", "error", "slow", "slow and final"],
)
def test_work_that_fails_is_written_down_and_nothing_is_raised(
    job: ScanJob, error: Exception, final: bool, state: str, failure: str, text: str
) -> None:
    def work(attempt: Attempt[ScanJob]) -> None:
        raise error

    carry_out(kind(slow_is_final=final), row(job), work)
    stored = columns(job)
    assert (stored["state"], stored["attempt"], stored["lease_until"]) == (state, 1, None)
    assert (stored["failure"], stored["error"]) == (failure, text)


@pytest.mark.parametrize("end", [SystemExit, KeyboardInterrupt])
def test_a_worker_that_is_shut_down_gives_its_job_to_the_next(
    job: ScanJob, broker: Broker, end: type[BaseException]
) -> None:
    def work(attempt: Attempt[ScanJob]) -> None:
        raise end

    with pytest.raises(end):
        carry_out(kind(), row(job), work)
    assert (columns(job)["state"], columns(job)["attempt"]) == (QUEUED, 0)
    assert broker.sent == [(TASK, job.key)]


def test_work_that_lost_its_job_ends_without_a_trace(job: ScanJob) -> None:
    jobs = kind()
    held = []

    def work(attempt: Attempt[ScanJob]) -> None:
        lapse(job)
        claimed(jobs, job)
        held.append(columns(job))
        attempt.note({"done": 1}, now=True)

    carry_out(jobs, row(job), work)
    assert held == [columns(job)]
    carry_out(jobs, row(job), work)
    assert len(held) == 1, "in living hands nothing is begun"


@pytest.mark.django_db(transaction=True)
def test_the_heartbeat_keeps_the_job_and_notices_when_it_is_lost(
    job: ScanJob, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(worker, "BEAT", 0.01)
    jobs = kind()

    def is_lost(attempt: Attempt[ScanJob]) -> bool:
        try:
            attempt.check()
        except LeaseLost:
            return True
        return False

    held = claimed(jobs, job)
    lapse(job)
    with Attempt(jobs, held) as attempt:
        wait_until(row(job).filter(lease_until__gt=from_now(10)).exists)
        assert not is_lost(attempt)
        row(job).update(token=held.token + 1)
        wait_until(lambda: is_lost(attempt))
