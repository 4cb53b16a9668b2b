"""A case and the runs of its bundles, one after the other or at the same time."""

import threading
from contextlib import suppress

import pytest
from django.db import connection
from django.utils import timezone

from accounts.models import User
from analysis.reports.models import Report
from analysis.reports.services import draft_report
from analysis.runs import services as runs
from analysis.runs.models import AnalysisRun, Failure
from analysis.runs.worker import execute
from cases.models import Case
from cases.status import Status
from jobs.models import JobState
from tests.analysis import bundles
from tests.analysis.documents import finding, result_document
from uploads.bundles.models import Bundle

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def bundle(case: Case, alice: User) -> Bundle:
    bundles.baseline()
    return bundles.sealed(case, alice, bundles.captures())


def test_a_closed_case_stays_closed_while_its_bundle_is_analysed(bundle: Bundle, case: Case) -> None:
    case.change_status("close", by=None, reason="", at=timezone.now())
    execute(runs.queue_run(bundle).pk)
    case.refresh_from_db()
    assert case.status == Status.CLOSED
    assert Report.objects.filter(case=case).exists()


@pytest.mark.parametrize("fails", [False, True])
def test_a_case_is_being_analysed_until_the_last_of_its_runs_has_ended(
    case: Case, alice: User, fails: bool
) -> None:
    document = result_document(finding())
    claimed = [
        runs.claim(runs.queue_run(bundles.sealed(case, alice, bundles.captures(), name)).pk)
        for name in ("one.zip", "two.zip")
    ]
    statuses = []
    for run in claimed:
        assert run is not None
        if fails:
            runs.RUNS.fail(run, Failure.UNREADABLE)
        else:
            runs.complete(run, document)
        case.refresh_from_db()
        statuses.append(case.status)
    assert statuses == [Status.ANALYSING, Status.IN_PROGRESS]


def test_two_runs_that_end_at_the_same_time_end_the_analysis_of_their_case(
    case: Case, alice: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    claimed = [
        runs.claim(runs.queue_run(bundles.sealed(case, alice, bundles.captures(), name)).pk)
        for name in ("one.zip", "two.zip")
    ]
    document = result_document(finding())
    both_write = threading.Barrier(2)
    both_wrote = threading.Barrier(2)
    drafted = draft_report

    def draft_once_both_wrote(run: AnalysisRun) -> Report:
        # One that waits for the other's commit never comes here while the first is held.
        with suppress(threading.BrokenBarrierError):
            both_wrote.wait(timeout=1)
        return drafted(run)

    monkeypatch.setattr(runs, "draft_report", draft_once_both_wrote)

    def meet() -> None:
        both_write.wait(timeout=10)

    def end(run: AnalysisRun) -> None:
        try:
            runs.complete(run, document, before_commit=meet)
        finally:
            connection.close()

    threads = [threading.Thread(target=end, args=(run,)) for run in claimed]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert set(AnalysisRun.objects.values_list("state", flat=True)) == {JobState.DONE}
    assert sorted(Report.objects.values_list("version", flat=True)) == [1, 2]
    case.refresh_from_db()
    assert case.status == Status.IN_PROGRESS
