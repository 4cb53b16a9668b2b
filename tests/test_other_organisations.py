"""What one organisation sends shows up nowhere at another: a canary, and everything that others can read."""

import io
from collections.abc import Iterator
from functools import cache

import pypdf
import pytest
from django.apps import apps
from django.core import serializers
from django.db import models
from django.http import HttpResponse
from pytest_django.plugin import DjangoDbBlocker

from accounts.roles import Role
from analysis.baselines.models import Baseline
from analysis.findings.models import Finding
from analysis.reports.models import Report
from analysis.runs.models import AnalysisRun
from cases.models import Case, Queue
from mail.store.models import MailMessage
from tests.analysis import bundles
from tests.canary import CANARY, make_canary
from tests.people import vendor
from tests.routes import listed
from tests.world import World, body_of, make_world, undone, world

__all__ = ["world"]

pytestmark = pytest.mark.django_db


@pytest.fixture(scope="module")
def both(
    django_db_setup: None, django_db_blocker: DjangoDbBlocker, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[tuple[Case, World]]:
    """``world`` is made after ``canary``: all its analyses, reports and PDFs could have used it."""
    folder = tmp_path_factory.mktemp("world")
    with undone(folder, django_db_blocker):
        canary = make_canary(folder, vendor("Zoe", Role.ENGINEER))
        yield canary, make_world()


@pytest.fixture(scope="module")
def made_once(both: tuple[Case, World]) -> World:
    return both[1]


@pytest.fixture
def canary(both: tuple[Case, World], db: None) -> Case:
    return both[0]


REPORTING = {"cases/new/", "mail/", "mail/<uuid:key>/"}
"""Where the vendor may open a case for every organisation."""


def text_of(answer: HttpResponse) -> str:
    """What a person reads of the answer; of a PDF its text."""
    if answer.headers.get("Content-Type") == "application/pdf":
        return _pdf_text(answer.getvalue())
    return body_of(answer)


@cache
def _pdf_text(body: bytes) -> str:
    return "".join(page.extract_text() for page in pypdf.PdfReader(io.BytesIO(body)).pages)


def test_nothing_that_others_read_holds_the_canary(canary: Case, world: World) -> None:
    day = Baseline.objects.get(sha256=bundles.TAMPERED).label
    asked, cited = 0, set()
    for route, line in listed():
        for who in sorted(line.finds & {"alice", "bob", "charlie", "jia", "yi", "ding"}):
            if line.method != "GET":
                continue
            address = world.address(route, line.args)
            for query in ("", "?lang=en", f"?q={CANARY}", f"?q={bundles.TAMPERED[:12]}"):
                text = text_of(world.ask(who, "GET", address + query, {}))
                for secret in (CANARY, canary.number, "Tailspin"):
                    # A search box shows what was asked; the vendor may report a case for every organisation.
                    known = secret in query or (secret == "Tailspin" and route in REPORTING)
                    assert known or secret not in text, f"{address}{query} shows {who} “{secret}”"
                asked += 1
                if day.replace("\\", "") in text:
                    cited.add(route)
    assert asked > 300
    baseline_pages = {"analysis/baselines/", "analysis/baselines/export/"}
    report_pages = {"analysis/<str:number>/report/<int:version>/", "api/reports/<str:pk>/"}
    assert cited >= baseline_pages | report_pages, "the other's baseline was compared with"


def test_no_search_finds_the_canary(canary: Case, world: World) -> None:
    for who in ("alice", "charlie", "jia", "yi", "ding"):
        for address in (
            f"/cases/search/?q={CANARY}",
            f"/cases/search/?q={canary.number}",
            f"/api/cases/?search={CANARY}",
            f"/api/runs/?case={canary.number}",
            f"/api/reports/?case={canary.number}",
        ):
            text = text_of(world.ask(who, "GET", address, {}))
            assert "Tailspin" not in text and f"The {CANARY} machine" not in text, (who, address)


def _of_a_case(model: type[models.Model], owned: set[type[models.Model]]) -> bool:
    return any(
        isinstance(field, models.ForeignKey) and not field.null and field.related_model in owned
        for field in model._meta.fields
    )


def shared_tables() -> list[type[models.Model]]:
    """Tables whose rows belong to no case: no foreign key that must be filled leads to one."""
    owned: set[type[models.Model]] = {Case}
    everything = set(apps.get_models(include_auto_created=True))
    while more := {model for model in everything - owned if _of_a_case(model, owned)}:
        owned |= more
    return sorted(everything - owned, key=lambda model: model._meta.label)


def _mails_but_of(case: Case) -> models.QuerySet[MailMessage]:
    return MailMessage.objects.filter(~models.Q(case=case) | models.Q(case=None))


def test_no_shared_table_holds_the_canary(canary: Case, world: World) -> None:
    tables = shared_tables()
    assert Baseline in tables and Queue in tables and Finding not in tables
    for model in tables:
        # Mails of a case are its own; those of none, and of other cases, are shared by all that look there.
        stored = model._default_manager.all() if model is not MailMessage else _mails_but_of(canary)
        rows = serializers.serialize("json", stored, ensure_ascii=False)
        assert CANARY not in rows, model._meta.label
        assert canary.number not in rows, model._meta.label


def test_no_row_of_another_case_holds_the_canary(canary: Case, world: World) -> None:
    for rows in (
        AnalysisRun.objects.filter(bundle__case=world.case),
        Finding.objects.filter(run__bundle__case=world.case),
        Report.objects.filter(case=world.case),
    ):
        assert rows.exists()
        text = serializers.serialize("json", rows, ensure_ascii=False)
        assert CANARY not in text and canary.number not in text, rows.model
