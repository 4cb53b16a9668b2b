"""A job that did not end well is tried again, later each time, and so often and no more."""

from datetime import timedelta
from typing import Any

import pytest
from django.db.models import Q

from jobs.models import JobState
from jobs.services import doubling
from tests.jobs.conftest import Broker
from tests.jobs.rows import TASK, claimed, columns, from_now, kind, lapse, row
from uploads.bundles.models import ScanJob

pytestmark = pytest.mark.django_db


def test_a_worker_told_to_end_sends_the_job_on_without_an_attempt(job: ScanJob, broker: Broker) -> None:
    jobs = kind(max_attempts=1)
    for token in (1, 2, 3):
        held = claimed(jobs, job)
        assert (held.attempt, held.token) == (1, token)
        jobs.note_progress(held, {"done": 1})
        jobs.release(held)
        stored = columns(job)
        assert (stored["state"], stored["attempt"]) == (JobState.QUEUED, 0)
        assert (stored["lease_until"], stored["progress"]) == (None, {})
        assert broker.sent == [(TASK, job.key)] * token


def test_the_last_error_of_three_ends_the_job_with_its_reason(job: ScanJob) -> None:
    jobs = kind()
    for attempt, text in ((1, "first"), (2, "second")):
        jobs.retry_or_fail(claimed(jobs, job), ValueError(text))
        stored = columns(job)
        assert (stored["state"], stored["attempt"]) == (JobState.QUEUED, attempt)
        assert (stored["failure"], stored["error"]) == ("", f"ValueError: {text}")
    jobs.retry_or_fail(claimed(jobs, job), ValueError("third"))
    stored = columns(job)
    assert (stored["state"], stored["attempt"]) == (JobState.FAILED, 3)
    assert (stored["failure"], stored["error"]) == ("broken", "ValueError: third")
    assert jobs.claim(row(job)) is None
    assert jobs.sweep() == 0


@pytest.mark.parametrize("by_the_sweep", [False, True])
def test_a_job_that_kills_its_third_worker_fails_as_interrupted(
    job: ScanJob, broker: Broker, by_the_sweep: bool
) -> None:
    ends: list[ScanJob] = []
    jobs = kind(ended=ends.append)
    for _ in range(3):
        claimed(jobs, job)
        lapse(job)
    if by_the_sweep:
        assert jobs.sweep() == 1
    else:
        assert jobs.claim(row(job)) is None
    stored = columns(job)
    assert (stored["state"], stored["failure"], stored["attempt"]) == (JobState.FAILED, "interrupted", 3)
    assert stored["finished_at"] is not None
    assert (ends, broker.sent) == ([job], [])


def test_a_kind_without_a_limit_is_tried_on(job: ScanJob, broker: Broker) -> None:
    jobs = kind(max_attempts=None)
    for _ in range(5):
        jobs.retry_or_fail(claimed(jobs, job), OSError("disk full"))
        for _ in range(2):
            claimed(jobs, job)
            lapse(job)
            assert jobs.sweep() == 1, "the message that its dead worker has read does not count"
    assert claimed(jobs, job).attempt == 16
    assert broker.sent == [(TASK, job.key)] * 10


def test_after_an_error_a_job_waits_before_it_is_sent_again(job: ScanJob, broker: Broker) -> None:
    jobs = kind(retry_after=timedelta(minutes=15))
    jobs.retry_or_fail(claimed(jobs, job), OSError("down"))
    assert row(job).filter(not_before__gt=from_now(890), not_before__lte=from_now(900)).exists()
    assert jobs.sweep() == 0
    assert jobs.claim(row(job)) is None, "a second message that still lay in the broker brings it no sooner"
    row(job).update(not_before=from_now(0))
    assert jobs.sweep() == 1
    assert broker.sent == [(TASK, job.key)]
    assert claimed(jobs, job).not_before is None


def test_a_service_that_stays_down_is_asked_at_ever_longer_intervals_up_to_the_longest(job: ScanJob) -> None:
    jobs = kind(max_attempts=None, retry_after=doubling(timedelta(seconds=30), timedelta(minutes=5)))
    for seconds in (30, 60, 120, 240, 300, 300):
        jobs.retry_or_fail(claimed(jobs, job), OSError("down"))
        waits = Q(not_before__gt=from_now(seconds - 10), not_before__lte=from_now(seconds))
        assert row(job).filter(waits).exists(), seconds
        row(job).update(not_before=from_now(0))
    row(job).update(attempt=5_000)
    jobs.retry_or_fail(claimed(jobs, job), OSError("down"))
    assert row(job).filter(not_before__lte=from_now(300)).exists()


@pytest.mark.parametrize(("final", "state"), [(True, JobState.FAILED), (False, JobState.RUNNING)])
def test_what_was_killed_for_its_time_is_tried_again_unless_that_is_final(
    job: ScanJob, settings: Any, final: bool, state: str
) -> None:
    settings.CELERY_TASK_SOFT_TIME_LIMIT = 100
    jobs = kind(slow_is_final=final)
    claimed(jobs, job)
    row(job).update(started_at=from_now(-121), heartbeat_at=from_now(-20), lease_until=from_now(-1))
    assert (jobs.claim(row(job)) is None) is final
    assert columns(job)["state"] == state
    assert columns(job)["failure"] == ("timed_out" if final else "")
