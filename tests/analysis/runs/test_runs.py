"""A run ends exactly once, whoever dies on the way."""

import os
import subprocess
import sys
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from celery.exceptions import SoftTimeLimitExceeded
from django.conf import settings
from django.db import connection
from django.utils import timezone, translation

from accounts.models import User
from analysis.findings.models import Finding
from analysis.reports.models import Report
from analysis.runs import services as runs
from analysis.runs import worker
from analysis.runs.errors import RunIsOpen
from analysis.runs.models import AnalysisRun, Artifact, Failure
from analysis.runs.worker import execute, index_path
from cases.events import EventKind
from cases.models import Case, CaseEvent
from cases.status import Status
from jobs.errors import LeaseLost
from jobs.models import JobState
from jobs.services import MAX_ATTEMPTS
from tests.analysis import bundles
from tests.analysis.documents import finding, result_document
from uploads.bundles.models import Bundle

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def bundle(case: Case, alice: User) -> Bundle:
    bundles.baseline()
    return bundles.sealed(case, alice, bundles.captures())


def lapse(run: AnalysisRun) -> None:
    """The worker has been silent for longer than its lease."""
    AnalysisRun.objects.filter(pk=run.pk).update(lease_until=timezone.now() - timedelta(seconds=1))


def test_a_run_ends_with_its_document_its_findings_and_a_draft(bundle: Bundle, case: Case) -> None:
    run = runs.queue_run(bundle)
    case.refresh_from_db()
    assert case.status == Status.ANALYSING
    execute(run.pk)
    run.refresh_from_db()
    assert run.state == JobState.DONE, run.error
    assert run.document is not None
    assert run.document["source"]["sha256"].upper() == bundle.sha256
    assert [f.rule for f in run.findings.all()] == [f["rule"] for f in run.document["findings"]]
    assert {"file-tampered", "hash-transcription-slip"} <= {f.rule for f in run.findings.all()}
    assert run.artifacts.count() == 2
    report = Report.objects.get(run=run)
    assert report.version == 1
    assert report.message.internal
    case.refresh_from_db()
    assert case.status == Status.IN_PROGRESS
    assert CaseEvent.objects.filter(case=case, kind=EventKind.ANALYSIS).count() == 1


def test_a_run_holds_the_logs_against_the_time_of_the_case(case: Case, alice: User) -> None:
    case.incident_at = datetime(2019, 1, 1, tzinfo=UTC)
    case.save(update_fields=["incident_at"])
    run = runs.queue_run(bundles.sealed(case, alice, bundles.whole()))
    execute(run.pk)
    run.refresh_from_db()
    assert run.state == JobState.DONE and run.document is not None
    assert run.document["events"]["incident"]["covered"] is False
    assert "incident-not-covered" in [finding.rule for finding in run.findings.all()[:2]]


def test_a_run_that_takes_too_long_fails_at_once_and_says_what_to_do(
    bundle: Bundle, monkeypatch: pytest.MonkeyPatch
) -> None:
    def too_long(*arguments: Any, **more: Any) -> None:
        raise SoftTimeLimitExceeded

    monkeypatch.setattr(worker, "analyze", too_long)
    run = runs.queue_run(bundle)
    execute(run.pk)
    run.refresh_from_db()

    assert (run.state, run.attempt, run.failure) == (JobState.FAILED, 1, Failure.TIMED_OUT)
    with translation.override("en"):
        assert "smaller uploads" in run.get_failure_display()


@pytest.mark.parametrize(("lasted", "state"), [(3500, JobState.FAILED), (3400, JobState.DONE)])
def test_a_run_whose_worker_was_killed_for_its_time_is_not_tried_again(
    bundle: Bundle, lasted: int, state: str
) -> None:
    run = runs.queue_run(bundle)
    claimed = runs.claim(run.pk)
    assert claimed is not None and claimed.heartbeat_at is not None
    begun = claimed.heartbeat_at - timedelta(seconds=lasted)
    AnalysisRun.objects.filter(pk=run.pk).update(started_at=begun)
    lapse(run)
    execute(run.pk)
    run.refresh_from_db()

    assert run.state == state
    assert run.failure == (Failure.TIMED_OUT if state == JobState.FAILED else "")


def test_the_event_index_is_kept_for_the_bundle(case: Case, alice: User) -> None:
    bundle = bundles.sealed(case, alice, bundles.captures())
    execute(runs.queue_run(bundle).pk)
    assert index_path(bundle).is_dir()


def test_a_bundle_has_one_open_run_however_often_it_is_queued(bundle: Bundle) -> None:
    assert runs.queue_run(bundle) == runs.queue_run(bundle)
    with pytest.raises(RunIsOpen):
        runs.queue_again(bundle)


def test_a_second_worker_does_not_get_a_run_whose_lease_lives(bundle: Bundle) -> None:
    run = runs.queue_run(bundle)
    assert runs.claim(run.pk) is not None
    assert runs.claim(run.pk) is None


@pytest.mark.parametrize("with_progress", [False, True])
def test_a_sign_of_life_keeps_the_run_for_twenty_seconds_more(bundle: Bundle, with_progress: bool) -> None:
    run = runs.queue_run(bundle)
    claimed = runs.claim(run.pk)
    assert claimed is not None
    lapse(run)
    if with_progress:
        runs.RUNS.note_progress(claimed, {"records": 5})
    else:
        runs.RUNS.renew(claimed)
    assert runs.claim(run.pk) is None
    run.refresh_from_db()
    assert run.lease_until is not None and run.heartbeat_at is not None
    assert run.lease_until - run.heartbeat_at == timedelta(seconds=20)


def test_a_worker_thought_dead_writes_nothing_more(bundle: Bundle) -> None:
    run = runs.queue_run(bundle)
    first = runs.claim(run.pk)
    assert first is not None
    lapse(run)
    second = runs.claim(run.pk)
    assert second is not None and second.token == first.token + 1
    document = result_document(finding())
    with pytest.raises(LeaseLost):
        runs.RUNS.note_progress(first, {"records": 5})
    with pytest.raises(LeaseLost):
        runs.RUNS.renew(first)
    with pytest.raises(LeaseLost):
        runs.complete(first, document)
    runs.RUNS.fail(first, Failure.BROKEN, "late")
    runs.RUNS.release(first)
    run.refresh_from_db()
    assert run.state == JobState.RUNNING and run.token == second.token
    runs.complete(second, document)
    with pytest.raises(LeaseLost):
        runs.complete(second, document)
    assert Report.objects.filter(run=run).count() == 1


def test_a_finished_run_is_not_done_again(bundle: Bundle) -> None:
    run = runs.queue_run(bundle)
    execute(run.pk)
    before = (Finding.objects.count(), Artifact.objects.count(), Report.objects.count())
    execute(run.pk)
    assert before == (Finding.objects.count(), Artifact.objects.count(), Report.objects.count())


def test_a_bundle_whose_file_is_gone_fails_at_once_and_says_why(bundle: Bundle, case: Case) -> None:
    bundle.file.storage.delete(bundle.file.name or "")
    run = runs.queue_run(bundle)
    execute(run.pk)
    run.refresh_from_db()
    assert (run.state, run.failure, run.attempt) == (JobState.FAILED, Failure.BUNDLE_MISSING, 1)
    case.refresh_from_db()
    assert case.status == Status.IN_PROGRESS


def test_a_stored_file_that_is_not_the_sealed_one_is_refused(bundle: Bundle) -> None:
    Bundle.objects.filter(pk=bundle.pk).update(sha256="0" * 64)
    run = runs.queue_run(bundle)
    execute(run.pk)
    run.refresh_from_db()
    assert (run.state, run.failure) == (JobState.FAILED, Failure.BUNDLE_ALTERED)


def test_after_three_errors_a_run_fails(bundle: Bundle) -> None:
    run = runs.queue_run(bundle)
    for attempt in range(1, MAX_ATTEMPTS + 1):
        claimed = runs.claim(run.pk)
        assert claimed is not None and claimed.attempt == attempt
        runs.RUNS.retry_or_fail(claimed, ValueError("odd \0 log"))
    run.refresh_from_db()
    assert (run.state, run.failure) == (JobState.FAILED, Failure.BROKEN)
    assert "ValueError" in run.error


def test_a_run_that_kills_its_worker_three_times_fails_by_the_sweep(bundle: Bundle) -> None:
    run = runs.queue_run(bundle)
    for _ in range(MAX_ATTEMPTS):
        assert runs.claim(run.pk) is not None
        lapse(run)
    runs.sweep()
    run.refresh_from_db()
    assert (run.state, run.failure) == (JobState.FAILED, Failure.INTERRUPTED)


def test_the_sweep_sends_what_was_lost_and_leaves_what_lives(bundle: Bundle) -> None:
    run = runs.queue_run(bundle)
    assert runs.sweep() == 0, "it has just been sent"
    AnalysisRun.objects.filter(pk=run.pk).update(enqueued_at=timezone.now() - timedelta(minutes=1))
    assert runs.sweep() == 1
    claimed = runs.claim(run.pk)
    assert claimed is not None
    assert runs.sweep() == 0, "its lease lives"
    lapse(run)
    assert runs.sweep() == 1


def test_a_sealed_bundle_that_was_forgotten_gets_its_run(bundle: Bundle) -> None:
    assert runs.sweep() == 0, "its signal may still come"
    Bundle.objects.filter(pk=bundle.pk).update(sealed_at=timezone.now() - timedelta(minutes=1))
    runs.sweep()
    assert AnalysisRun.objects.filter(bundle=bundle).count() == 1


def test_a_worker_told_to_end_gives_the_run_back_without_an_attempt(bundle: Bundle) -> None:
    run = runs.queue_run(bundle)
    claimed = runs.claim(run.pk)
    assert claimed is not None
    runs.RUNS.release(claimed)
    run.refresh_from_db()
    assert (run.state, run.attempt) == (JobState.QUEUED, 0)
    assert run.enqueued_at is not None, "the next worker finds it at once"


QUEUE_IT = """
import sys, time, django
django.setup()
from analysis.runs import services as runs
from uploads.bundles.models import Bundle
begun = time.monotonic()
runs.queue_run(Bundle.objects.get(pk=sys.argv[1]))
print(time.monotonic() - begun)
"""


def test_queueing_does_not_need_the_broker(bundle: Bundle) -> None:
    base, _, _ = os.environ["DATABASE_URL"].rpartition("/")
    done = subprocess.run(
        [sys.executable, "-c", QUEUE_IT, str(bundle.pk)],
        cwd=settings.BASE_DIR,
        env=os.environ
        | {
            "DATABASE_URL": f"{base}/{connection.settings_dict['NAME']}",
            "REDIS_URL": "redis://127.0.0.1:1/0",
        },
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    assert float(done.stdout) < 15, "nobody waits for a broker that is down"
    run = AnalysisRun.objects.get(bundle=bundle)
    assert run.state == JobState.QUEUED
    assert run.enqueued_at is None, "the sweep will send it"


def test_hostile_text_is_stored_and_not_obeyed(case: Case, alice: User) -> None:
    odd = "\0<script>alert(1)</script>\u202e" + "x" * 300
    bundle = bundles.sealed(
        case, alice, bundles.captures(**{f"{odd[1:80]}.txt": "nothing here"}), "../../etc/passwd\u202e.zip"
    )
    execute(runs.queue_run(bundle).pk)
    assert AnalysisRun.objects.get(bundle=bundle).state == JobState.DONE
