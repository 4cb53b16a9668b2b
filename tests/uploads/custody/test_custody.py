"""Who has seen the data: every view and download is recorded for good, and told to the customer."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
import time_machine
from django.db import Error, connection, transaction
from django.test import Client
from django.utils import timezone

from accounts import tokens
from accounts.models import User
from analysis.reports.services import draft_report, send
from analysis.reports.stored_pdfs import make_pdfs
from analysis.runs.models import AnalysisRun
from cases.errors import HistoryIsKept
from cases.models import Case
from engine.schema.evidence import Evidence, Locator
from engine.schema.versions import stored_form
from tests import clocks
from tests.analysis import bundles
from tests.analysis.documents import finding, result_document
from tests.clocks import Clock
from tests.people import signed_in
from uploads.custody.accesses import seen_by
from uploads.custody.models import Access, Act, Way

pytestmark = pytest.mark.django_db


@pytest.fixture
def run(alice: User, case: Case) -> AnalysisRun:
    """A finished run of Alice's upload with one finding of one piece of evidence, without the work."""
    bundle = bundles.sealed(case, alice, b"1234")
    piece = Evidence("System.evtx", "0" * 64, Locator(line=1), "x")
    return AnalysisRun.objects.create(
        bundle=bundle,
        state="done",
        queued_at=timezone.now(),
        finished_at=timezone.now(),
        document=stored_form(result_document(finding(evidence=(piece,)))),
    )


def got(client: Client, address: str) -> None:
    answer: Any = client.get(address)
    assert answer.status_code == 200, address
    if answer.streaming:
        b"".join(answer.streaming_content)


DOORS: dict[str, tuple[Act, Callable[[AnalysisRun], str]]] = {
    "the download": (Act.DOWNLOAD, lambda run: f"/uploads/bundles/{run.bundle_id}/file"),
    "the case page": (Act.FINDINGS, lambda run: f"/cases/{run.bundle.case.number}/"),
    "a piece of evidence": (
        Act.EVIDENCE,
        lambda run: f"/analysis/{run.bundle.case.number}/runs/{run.pk}/evidence/0/0/",
    ),
    "the findings by the API": (Act.FINDINGS, lambda run: f"/api/runs/{run.pk}/findings/"),
    "the result by the API": (Act.FINDINGS, lambda run: f"/api/runs/{run.pk}/document/"),
}


@pytest.mark.parametrize("door", DOORS)
def test_whoever_sees_the_data_is_recorded(door: str, run: AnalysisRun, jia: User) -> None:
    act, address = DOORS[door]
    got(signed_in(jia), address(run))
    access = Access.objects.get()
    assert (access.person, access.bundle, access.act) == (jia, run.bundle, act)
    assert access.way == (Way.PROGRAM if "API" in door else Way.PAGE)
    assert access.address == "127.0.0.1"


def test_who_reads_a_report_is_recorded_on_the_page_as_pdf_and_by_a_program(
    run: AnalysisRun, alice: User, jia: User
) -> None:
    sent = send(draft_report(run), jia)
    make_pdfs(sent.pk)
    number = sent.case.number
    got(signed_in(alice), f"/analysis/{number}/report/1/")
    got(signed_in(alice), f"/analysis/{number}/report/1/pdf/")
    program = Client(headers={"Authorization": f"Bearer {tokens.make(alice, 'nightly')[1]}"})
    got(program, f"/api/reports/{sent.pk}/")
    read = Access.objects.filter(act=Act.REPORT, person=alice)
    assert sorted(read.values_list("detail", "way")) == [
        ("v1", Way.PAGE),
        ("v1", Way.PROGRAM),
        ("v1 PDF", Way.PAGE),
    ]


def test_whoever_is_refused_has_seen_nothing(run: AnalysisRun, bob: User, charlie: User) -> None:
    for person in (bob, charlie):
        assert signed_in(person).get(f"/uploads/bundles/{run.bundle_id}/file").status_code == 404
    assert not Access.objects.exists()


def test_the_page_that_refreshes_itself_is_noted_once_an_hour(run: AnalysisRun, jia: User) -> None:
    browser = signed_in(jia)
    for _ in range(3):
        got(browser, f"/cases/{run.bundle.case.number}/findings/")
    assert Access.objects.count() == 1
    with time_machine.travel(timezone.now() + timedelta(minutes=61)):
        got(browser, f"/cases/{run.bundle.case.number}/findings/")
    assert Access.objects.count() == 2


def test_an_access_is_never_changed_or_deleted(run: AnalysisRun, jia: User) -> None:
    got(signed_in(jia), f"/uploads/bundles/{run.bundle_id}/file")
    access = Access.objects.get()
    for act in (access.save, access.delete, Access.objects.all().delete, Access.objects.update):
        with pytest.raises(HistoryIsKept):
            act()
    for statement in ("DELETE FROM uploads_access", "UPDATE uploads_access SET detail = ''"):
        with pytest.raises(Error, match="never changed"), transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(statement)


def test_the_customer_reads_one_line_a_person_and_day(run: AnalysisRun, jia: User, alice: User) -> None:
    User.objects.update(language="en")
    case, bundle = run.bundle.case, run.bundle
    now = timezone.now()
    facts: dict[str, Any] = {"case": case, "bundle": bundle, "way": Way.PAGE, "address": "10.0.0.7"}
    for at, act in [
        (now, Act.EVIDENCE),
        (now, Act.EVIDENCE),
        (now, Act.DOWNLOAD),
        (now - timedelta(days=2), Act.DOWNLOAD),
    ]:
        Access.objects.create(person=jia, act=act, at=at, **facts)
    assert len(seen_by(case)) == 2
    page = signed_in(alice).get(f"/uploads/cases/{case.number}/custody").content.decode()
    assert "downloaded the upload; opened a piece of evidence, 2 times" in page
    assert "Jia" in page and "10.0.0.7" not in page
    assert "opened a piece of evidence" in signed_in(alice).get(case.get_absolute_url()).content.decode()


@clocks.at("half past five in the afternoon", "31 December")
def test_a_day_begins_at_midnight_in_the_portals_zone(
    run: AnalysisRun, jia: User, moved_clock: Clock
) -> None:
    facts: dict[str, Any] = {"case": run.bundle.case, "bundle": run.bundle, "way": Way.PAGE, "person": jia}
    for seconds in (-1, 0, 1):
        at = moved_clock.midnight + timedelta(seconds=seconds)
        Access.objects.create(act=Act.DOWNLOAD, at=at, address="10.0.0.7", **facts)
    yesterday = moved_clock.today - timedelta(days=1)
    assert [seen.day for seen in seen_by(run.bundle.case)] == [moved_clock.today, yesterday]


def test_a_manager_reads_where_from(run: AnalysisRun, jia: User, max_: User) -> None:
    got(signed_in(jia), f"/uploads/bundles/{run.bundle_id}/file")
    page = signed_in(max_).get(f"/uploads/cases/{run.bundle.case.number}/custody").content.decode()
    assert "127.0.0.1" in page


def test_nobody_yet_is_said(case: Case, alice: User) -> None:
    User.objects.update(language="en")
    page = signed_in(alice).get(f"/uploads/cases/{case.number}/custody").content.decode()
    assert "Nobody has opened or downloaded anything yet." in page
