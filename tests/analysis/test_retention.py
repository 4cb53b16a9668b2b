"""When the time of keeping is over, nothing that repeats the bytes of a bundle stays behind."""

from datetime import timedelta
from pathlib import Path

import pytest
from django.test import Client
from django.utils import timezone

from accounts.models import User
from analysis import reports, runs
from analysis.execution import execute, index_path
from analysis.models import AnalysisRun, Report
from cases.models import Case
from tests.analysis import bundles
from tests.people import signed_in
from uploads import sweeping
from uploads.models import Bundle, BundleState

pytestmark = pytest.mark.django_db(transaction=True)

SERVICE = "Aladdin License Service"


@pytest.fixture
def analysed(case: Case, alice: User, tmp_path: Path) -> Bundle:
    """A log of three crashes, analysed; the case was closed long ago."""
    content = bundles.log(tmp_path, 3, service=SERVICE)
    bundle = bundles.sealed(case, alice, content, "System.evtx")
    execute(runs.queue_run(bundle).pk)
    assert index_path(bundle).is_file()
    return bundle


def close_long_ago(case: Case) -> None:
    case.refresh_from_db()
    case.close(by=None, at=timezone.now() - timedelta(days=91))


def excerpts(run: AnalysisRun) -> set[str]:
    document = run.document or {}
    pieces = [piece for one in document["findings"] for piece in one["evidence"]]
    pieces += [piece for one in run.findings.all() for piece in one.evidence]
    return {piece["excerpt"] for piece in pieces} | {str(piece["message"] or "") for piece in pieces}


def test_the_event_index_and_the_excerpts_go_with_the_bytes(analysed: Bundle, case: Case, jia: User) -> None:
    run = AnalysisRun.objects.get(bundle=analysed)
    assert any(SERVICE in one for one in excerpts(run))
    stored = Path(analysed.file.path)
    close_long_ago(case)
    sweeping.sweep()
    analysed.refresh_from_db()
    assert analysed.state == BundleState.DELETED
    assert not stored.exists()
    assert not index_path(analysed).exists()
    run.refresh_from_db()
    assert excerpts(run) == {""}
    for address in (f"/cases/{case.number}/", f"/analysis/{case.number}/runs/{run.pk}/evidence/0/0/"):
        assert signed_in(jia).get(address).status_code == 200


def test_a_report_that_was_sent_stays_whole(analysed: Bundle, case: Case, alice: User, jia: User) -> None:
    sent = reports.send(Report.objects.get(case=case), jia)
    close_long_ago(case)
    sweeping.sweep()
    after = Report.objects.get(pk=sent.pk)
    assert (after.content, after.content_sha256) == (sent.content, sent.content_sha256)
    page = signed_in(alice).get(f"/analysis/{case.number}/report/1/")
    assert SERVICE in page.content.decode()
    assert signed_in(alice).get(f"/analysis/{case.number}/report/1/pdf/").content.startswith(b"%PDF")


def test_a_bundle_in_work_waits_for_the_end_of_its_run(analysed: Bundle, case: Case) -> None:
    close_long_ago(case)
    again = runs.queue_again(analysed)
    sweeping.sweep()
    analysed.refresh_from_db()
    assert (analysed.state, Path(analysed.file.path).exists()) == (BundleState.SEALED, True)
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


def test_a_reopened_case_keeps_its_bundle(analysed: Bundle, case: Case) -> None:
    close_long_ago(case)
    case.resume(by=None)
    sweeping.sweep()
    analysed.refresh_from_db()
    assert analysed.state == BundleState.SEALED
    assert index_path(analysed).is_file()
