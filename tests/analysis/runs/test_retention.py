"""When the time of keeping is over, nothing that repeats the bytes of a bundle stays behind."""

import json
from pathlib import Path

import pytest
from django.conf import settings
from django.test import Client

from accounts.models import User
from analysis.reports import services as reports
from analysis.reports.models import Report
from analysis.reports.stored_pdfs import make_pdfs
from analysis.runs import services as runs
from analysis.runs.models import AnalysisRun
from analysis.runs.worker import execute, index_path
from cases.models import Case
from tests.analysis import bundles
from tests.people import signed_in
from tests.uploads.time_travel import closed
from uploads import sweep as sweeping
from uploads.bundles.models import Bundle, BundleState

pytestmark = pytest.mark.django_db(transaction=True)

SERVICE = "Aladdin License Service"


@pytest.fixture
def analysed(case: Case, alice: User, tmp_path: Path) -> Bundle:
    """A log of three crashes, analysed; the case was closed long ago."""
    content = bundles.log(tmp_path, 3, service=SERVICE)
    bundle = bundles.sealed(case, alice, content, "System.evtx")
    execute(runs.queue_run(bundle).pk)
    assert index_path(bundle).is_dir()
    return bundle


def everything(run: AnalysisRun) -> str:
    """All that the database holds of the run."""
    rows = [*run.findings.values(), *run.artifacts.values(), *Report.objects.filter(run=run).values()]
    return json.dumps([run.document, run.progress, run.error, rows], default=str)


def test_the_event_index_and_all_that_the_runs_said_go_with_the_bytes(
    analysed: Bundle, case: Case, jia: User
) -> None:
    run = AnalysisRun.objects.get(bundle=analysed)
    before = run.findings.get()
    assert SERVICE in everything(run) and "System.evtx" in everything(run)
    stored = Path(analysed.file.path)
    left = Path(settings.ANJUAN_HOME) / "work" / f"run-{run.pk}-1"
    left.mkdir(parents=True)
    closed(case, 91)
    analysed.refresh_from_db()
    assert analysed.state == BundleState.DELETED
    assert not stored.exists() and not left.exists()
    assert not index_path(analysed).exists()
    run.refresh_from_db()
    assert SERVICE not in everything(run) and "System.evtx" not in everything(run)
    after = run.findings.get()
    assert (after.fingerprint, after.severity) == (before.fingerprint, before.severity)
    assert after.evidence[0]["artifact_sha256"] == before.evidence[0]["artifact_sha256"]
    for address in (
        f"/cases/{case.number}/",
        f"/analysis/{case.number}/runs/{run.pk}/evidence/0/0/",
        f"/analysis/{case.number}/report/1/",
        f"/analysis/{case.number}/report/1/edit/",
        f"/api/runs/{run.pk}/document/",
    ):
        assert signed_in(jia).get(address).status_code == 200, address


def test_a_report_that_was_sent_stays_whole(analysed: Bundle, case: Case, alice: User, jia: User) -> None:
    sent = reports.send(Report.objects.get(case=case), jia)
    make_pdfs(sent.pk)
    closed(case, 91)
    after = Report.objects.get(pk=sent.pk)
    assert (after.content, after.content_sha256) == (sent.content, sent.content_sha256)
    page = signed_in(alice).get(f"/analysis/{case.number}/report/1/")
    assert SERVICE in page.content.decode()
    assert signed_in(alice).get(f"/analysis/{case.number}/report/1/pdf/").content.startswith(b"%PDF")


def test_a_bundle_in_work_waits_for_the_end_of_its_run(analysed: Bundle, case: Case) -> None:
    again = runs.queue_again(analysed)
    closed(case, 91)
    analysed.refresh_from_db()
    assert (analysed.state, Path(analysed.file.path).exists()) == (BundleState.DELETING, True)
    running = runs.claim(again.pk)
    assert running is not None
    sweeping.sweep()
    analysed.refresh_from_db()
    assert (analysed.state, Path(analysed.file.path).exists()) == (BundleState.DELETING, True)
    runs.RUNS.release(running)
    execute(again.pk)
    sweeping.sweep()
    analysed.refresh_from_db()
    assert analysed.state == BundleState.DELETED
    assert not index_path(analysed).exists()


def test_a_download_of_bytes_that_are_gone_is_not_found(analysed: Bundle, alice: User) -> None:
    Path(analysed.file.path).unlink()
    answer = Client()
    answer.force_login(alice)
    assert answer.get(f"/uploads/bundles/{analysed.pk}/file").status_code == 404
