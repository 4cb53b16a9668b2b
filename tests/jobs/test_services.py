"""A job is held by one worker at a time, ends once, and is never forgotten."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
import time_machine
from django.db import connection, transaction
from django.utils import timezone

from jobs.errors import LeaseLost
from jobs.models import JobState
from jobs.services import Jobs
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
