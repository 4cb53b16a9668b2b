"""A job is held by one worker at a time, ends once, and is never forgotten."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from typing import Any

import pytest
import time_machine
from django.db import connection, transaction
from django.db.models import Q
from django.utils import timezone

from jobs.errors import LeaseLost
from jobs.models import JobState
from jobs.services import Jobs, doubling
from tests.jobs.conftest import Broker
from tests.jobs.rows import TASK, claimed, columns, from_now, kind, lapse, row
from tests.processes import wait_until
from tests.waiting import somebody_waits_for_this_transaction
from uploads.bundles.models import Bundle, ScanJob

pytestmark = pytest.mark.django_db


# -- One worker at a time ---------------------------------------------------------------


@pytest.mark.django_db(transaction=True)
def test_of_two_workers_who_claim_at_the_same_time_one_gets_the_job(job: ScanJob) -> None:
    jobs = kind()

    def claim_elsewhere() -> ScanJob | None:
        try:
            return jobs.claim(row(job))
        finally:
            connection.close()

    with ThreadPoolExecutor(1) as other_worker:
        with transaction.atomic():
            claimed(jobs, job)
            second = other_worker.submit(claim_elsewhere)
            wait_until(lambda: second.done() or somebody_waits_for_this_transaction())
        assert second.result(timeout=30) is None
    stored = columns(job)
    assert (stored["state"], stored["attempt"], stored["token"]) == (JobState.RUNNING, 1, 1)


def test_a_job_is_claimed_again_only_after_its_lease_has_passed(job: ScanJob, broker: Broker) -> None:
    jobs = kind()
    claimed(jobs, job)
    assert row(job).filter(lease_until__gt=from_now(10), lease_until__lte=from_now(20)).exists()
    row(job).update(lease_until=from_now(10))
    before = columns(job)
    assert jobs.claim(row(job)) is None
    assert columns(job) == before
    for lease_until, attempt in ((from_now(0), 2), (None, 3)):
        row(job).update(lease_until=lease_until)
        again = claimed(jobs, job)
        assert (again.attempt, again.token) == (attempt, attempt)
    assert broker.sent == []


def conclude(jobs: Jobs[ScanJob], job: ScanJob) -> None:
    """With a result that is written in the same transaction."""
    with jobs.conclude(job):
        Bundle.objects.filter(pk=job.bundle_id).update(name="written")


@pytest.mark.parametrize(
    ("write", "is_told"),
    [
        (lambda jobs, job: jobs.renew(job), True),
        (lambda jobs, job: jobs.note_progress(job, {"done": 9}), True),
        (conclude, True),
        (lambda jobs, job: jobs.fail(job, "late", "late"), False),
        (lambda jobs, job: jobs.release(job), False),
        (lambda jobs, job: jobs.retry_or_fail(job, ValueError("late")), False),
    ],
    ids=["renew", "progress", "conclude", "fail", "release", "retry"],
)
def test_a_late_worker_writes_nothing(
    job: ScanJob, broker: Broker, write: Callable[[Jobs[ScanJob], ScanJob], None], is_told: bool
) -> None:
    ends: list[ScanJob] = []
    jobs = kind(ended=ends.append)
    late = claimed(jobs, job)
    lapse(job)
    newest = claimed(jobs, job)
    held = columns(job)

    def write_late() -> None:
        if is_told:
            with pytest.raises(LeaseLost):
                write(jobs, late)
        else:
            write(jobs, late)

    write_late()
    assert columns(job) == held
    conclude(jobs, newest)
    Bundle.objects.update(name="logs.zip")
    done = columns(job)
    write_late()
    assert columns(job) == done
    assert Bundle.objects.get().name == "logs.zip"
    assert (ends, broker.sent) == ([newest], [])


def test_a_worker_that_let_go_of_its_job_writes_nothing_more(job: ScanJob) -> None:
    jobs = kind()
    ways: tuple[Callable[[ScanJob], None], ...] = (
        jobs.release,
        lambda held: jobs.retry_or_fail(held, OSError("down")),
        lambda held: jobs.fail(held, "broken"),
    )
    for let_go in ways:
        held = claimed(jobs, job)
        let_go(held)
        before = columns(job)
        with pytest.raises(LeaseLost):
            jobs.renew(held)
        with pytest.raises(LeaseLost):
            conclude(jobs, held)
        jobs.fail(held, "again")
        assert columns(job) == before


def test_progress_is_stored_for_this_attempt_and_keeps_its_lease(job: ScanJob) -> None:
    jobs = kind()
    held = claimed(jobs, job)
    lapse(job)
    jobs.note_progress(held, {"stage": "hash", "done": 300_000})
    assert columns(job)["progress"] == {"stage": "hash", "done": 300_000}
    assert jobs.claim(row(job)) is None
    lapse(job)
    assert claimed(jobs, job).progress == {}


@pytest.mark.parametrize("days", [-400, 400])
def test_the_clock_of_the_workers_machine_does_not_matter(job: ScanJob, broker: Broker, days: int) -> None:
    jobs = kind(retry_after=timedelta(minutes=15))
    with time_machine.travel(timezone.now() + timedelta(days=days)):
        held = claimed(jobs, job)
        assert jobs.claim(row(job)) is None
        jobs.renew(held)
        assert row(job).filter(lease_until__gt=from_now(10), lease_until__lte=from_now(20)).exists()
        jobs.note_progress(held, {"done": 1})
        assert row(job).filter(lease_until__gt=from_now(10), lease_until__lte=from_now(20)).exists()
        assert jobs.sweep() == 0, "its lease lives"
        lapse(job)
        assert jobs.sweep() == 1
        assert jobs.sweep() == 0, "it has just been sent"
        jobs.retry_or_fail(claimed(jobs, job), OSError("down"))
        assert jobs.sweep() == 0, "it waits a quarter of an hour"
        row(job).update(not_before=from_now(-1))
        assert jobs.sweep() == 1
    assert broker.sent == [(TASK, job.key)] * 2


# -- The end ----------------------------------------------------------------------------


@pytest.mark.parametrize("how", ["conclude", "fail", "claim"])
def test_who_hears_of_the_end_can_still_take_it_back(job: ScanJob, how: str) -> None:
    heard: list[tuple[str, str, str]] = []

    def stumble(ended: ScanJob) -> None:
        heard.append((ended.state, ended.failure, Bundle.objects.get().name))
        raise RuntimeError("stumbled")

    jobs = kind(max_attempts=1, ended=stumble)
    held = claimed(jobs, job)
    if how == "claim":
        lapse(job)
    before = columns(job)
    with pytest.raises(RuntimeError, match="stumbled"):
        if how == "conclude":
            conclude(jobs, held)
        elif how == "fail":
            jobs.fail(held, "unreadable")
        else:
            jobs.claim(row(job))
    assert columns(job) == before
    assert Bundle.objects.get().name == "logs.zip"
    assert heard == {
        "conclude": [(JobState.DONE, "", "written")],
        "fail": [(JobState.FAILED, "unreadable", "logs.zip")],
        "claim": [(JobState.FAILED, "interrupted", "logs.zip")],
    }[how]  # fmt: skip


def test_a_job_whose_results_cannot_be_written_has_not_ended(job: ScanJob) -> None:
    ends: list[ScanJob] = []
    jobs = kind(ended=ends.append)
    held = claimed(jobs, job)
    before = columns(job)
    with pytest.raises(RuntimeError), jobs.conclude(held):
        Bundle.objects.update(name="half")
        raise RuntimeError("the rest does not fit")
    assert columns(job) == before
    assert (Bundle.objects.get().name, ends) == ("logs.zip", [])
    conclude(jobs, held)
    stored = columns(job)
    assert (stored["state"], stored["lease_until"]) == (JobState.DONE, None)
    assert stored["finished_at"] is not None
    assert (Bundle.objects.get().name, ends) == ("written", [held])


# -- Attempts ---------------------------------------------------------------------------


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


# -- The sweep --------------------------------------------------------------------------


def test_the_sweep_sends_what_was_lost_the_oldest_first_and_nothing_else(
    new_job: Callable[[], ScanJob], broker: Broker
) -> None:
    rows: dict[str, dict[str, Any]] = {
        "never sent": {"enqueued_at": None},
        "sent and lost": {"enqueued_at": from_now(-31)},
        "its worker is dead": {"state": JobState.RUNNING, "lease_until": from_now(-1)},
        "just sent": {"enqueued_at": from_now(-5)},
        "to be tried later": {"not_before": from_now(60)},
        "its worker is dead and the next was called": {
            "state": JobState.RUNNING,
            "lease_until": from_now(-1),
            "enqueued_at": from_now(-5),
        },
        "done": {"state": JobState.DONE},
        "failed": {"state": JobState.FAILED},
    }
    keys = {}
    for age, (name, facts) in enumerate(rows.items()):
        job = new_job()
        row(job).update(queued_at=from_now(age - 100 if name != "never sent" else -50), **facts)
        keys[job.key] = name
    jobs = kind()
    assert jobs.sweep() == 3
    assert [keys[key] for _, key in broker.sent] == ["sent and lost", "its worker is dead", "never sent"]
    assert jobs.sweep() == 0


def test_behind_a_worker_that_is_busy_a_job_is_only_waiting(
    new_job: Callable[[], ScanJob], broker: Broker
) -> None:
    jobs = kind(resend_busy=timedelta(minutes=10))
    busy, waiting = new_job(), new_job()
    claimed(jobs, busy)
    row(busy).update(lease_until=from_now(60))
    row(waiting).update(enqueued_at=from_now(-540))
    assert jobs.sweep() == 0
    row(waiting).update(enqueued_at=from_now(-601))
    assert jobs.sweep() == 1
    row(waiting).update(enqueued_at=from_now(-31))
    row(busy).update(lease_until=from_now(-1), enqueued_at=from_now(0))
    assert jobs.sweep() == 1, "nobody is at work any more"
    assert broker.sent == [(TASK, waiting.key)] * 2


@pytest.mark.parametrize("trigger", ["at the commit", "by the sweep", "at the release"])
def test_a_broker_that_is_down_loses_nothing(
    job: ScanJob, broker: Broker, django_capture_on_commit_callbacks: Any, trigger: str
) -> None:
    jobs = kind()
    broker.down = True
    if trigger == "at the commit":
        with django_capture_on_commit_callbacks(execute=True):
            jobs.enqueue_on_commit(job)
    elif trigger == "by the sweep":
        assert jobs.sweep() == 0
    else:
        jobs.release(claimed(jobs, job))
    assert (columns(job)["state"], columns(job)["enqueued_at"]) == (JobState.QUEUED, None)
    broker.down = False
    assert jobs.sweep() == 1
    assert broker.sent == [(TASK, job.key)]


def test_a_job_is_sent_once_it_is_committed(
    job: ScanJob, broker: Broker, django_capture_on_commit_callbacks: Any
) -> None:
    jobs = kind()
    with django_capture_on_commit_callbacks(execute=True):
        jobs.enqueue_on_commit(job)
        assert broker.sent == []
        with pytest.raises(RuntimeError), transaction.atomic():
            jobs.enqueue_on_commit(job)
            raise RuntimeError("rolled back")
    assert broker.sent == [(TASK, job.key)]
    assert jobs.sweep() == 0, "it has just been sent"
