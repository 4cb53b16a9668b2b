"""What was lost on the way to a worker is sent again, and what only waits is not."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.db import transaction

from jobs.models import JobState
from tests.jobs.conftest import Broker
from tests.jobs.rows import TASK, claimed, columns, from_now, kind, row
from uploads.bundles.models import ScanJob

pytestmark = pytest.mark.django_db


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
