"""What one organisation sends shows up nowhere at another: a canary, and everything that others can read."""

import io
import json
import zipfile
from datetime import UTC, datetime
from functools import cache
from importlib import import_module
from pathlib import Path
from typing import Any

import pypdf
import pytest
from django.apps import apps
from django.core import serializers
from django.db import connection, models
from django.http import HttpResponse

from accounts.models import Organisation, User
from accounts.roles import Role
from analysis.baselines import services as baselines
from analysis.baselines.models import Baseline
from analysis.findings.models import Finding
from analysis.reports.models import Report
from analysis.runs import services as runs
from analysis.runs.models import AnalysisRun
from analysis.runs.worker import execute
from cases.models import Case, MessageKind, Queue
from cases.services import post_message
from demo import pe_writer
from demo.evtx.writer import Event, write_log
from jobs import worker
from mail.store.models import MailMessage
from tests.analysis import bundles
from tests.analysis.conftest import run
from tests.people import customer, report, signed_in, vendor
from tests.routes import listed
from tests.world import World, body_of, world

__all__ = ["run", "world"]

pytestmark = pytest.mark.django_db

CANARY = "Kanarienvogel"
FOLDER = rf"D:\{CANARY}\Projects"


@pytest.fixture
def zoe(db: None) -> User:
    return vendor("Zoe", Role.ENGINEER)


@pytest.fixture
def canary(zoe: User, tmp_path: Path, settings: Any, monkeypatch: pytest.MonkeyPatch) -> Case:
    """Another organisation's case: whatever its customer wrote or sent holds the canary. Its engineer,
    who serves another queue than everybody else, makes two baselines of its analysis."""
    settings.MEDIA_ROOT = tmp_path / "media"
    settings.ANJUAN_HOME = tmp_path
    # The heartbeat has a connection of its own, which does not see this test's transaction.
    monkeypatch.setattr(worker, "BEAT", 3600)
    queue = Queue.objects.create(name="Rail")
    queue.engineers.set([zoe])
    carla = customer("Carla", Organisation.objects.create(name="Tailspin Rail"))
    words = f"The {CANARY} machine stops"
    case = report(carla, title=words, description=words, product=CANARY, edition=CANARY, engineer=zoe)
    Case.objects.filter(pk=case.pk).update(queue=queue)
    post_message(case, by=carla, body=words)
    post_message(case, by=zoe, body=words, kind=MessageKind.NOTE)
    run = runs.queue_run(bundles.sealed(case, carla, _bundle(tmp_path), f"{CANARY}.zip"))
    execute(run.pk)
    run.refresh_from_db()
    assert run.document is not None and CANARY in json.dumps(run.document)
    browser = signed_in(zoe)
    address = f"/analysis/{case.number}/runs/{run.pk}/baseline/"
    confirmed = {"product": "CodeMeter", "version": bundles.VERSION}
    for sha256, path, names_it in (
        (bundles.TAMPERED, bundles.PATH, True),
        (bundles.GOOD, "CodeMeter.exe", False),
        (pe_writer.sha256(canary_program()), "CodeMeter.exe", True),
    ):
        shown_first = _form_of(browser.get(address, {"sha256": sha256}))
        assert (CANARY in shown_first) is names_it, "the engineer sees what would be shared"
        assert browser.post(address, {"sha256": sha256, "path": path} | confirmed).status_code == 302
        assert Baseline.objects.filter(sha256=sha256, path=path).exists()
    return case


@cache
def canary_program() -> bytes:
    """A program of the organisation's own: its version resource says whose."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(
            pe_writer,
            "STRINGS",
            {name: f"{CANARY} {text}" for name, text in pe_writer.STRINGS.items()} | {"CompanyName": CANARY},
        )
        return pe_writer.clean.__wrapped__()


def _form_of(answer: Any) -> str:
    text: str = answer.content.decode()
    return text[text.index('name="path"') : text.index("SHA-256")]


def _bundle(folder: Path) -> bytes:
    """Captures whose headings, files and folders, and a log whose values hold the canary."""
    log = folder / "System.evtx"
    facts = {"param1": f"{CANARY} Service", "param2": "1"}
    at = datetime(2020, 11, 24, 0, 59, 24, tzinfo=UTC)
    crash = Event(time=at, provider="Service Control Manager", event_id=7034, level=2, data=facts)
    write_log(log, [crash])
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as archive:
        tampered = bundles.capture(bundles.TAMPERED, bundles.SIZE + bundles.MORE).replace(
            bundles.PATH, rf"C:\Program Files\{CANARY}\CodeMeter.exe"
        )
        archive.writestr(f"{CANARY}-after-restart.txt", f"=== {CANARY} ===\r\n{tampered}".encode("utf-16"))
        elsewhere = bundles.capture(bundles.GOOD, bundles.SIZE).replace(
            bundles.PATH, rf"{FOLDER}\CodeMeter.exe"
        )
        archive.writestr(f"{CANARY}-other.txt", f"=== {CANARY} ===\r\n{elsewhere}".encode("utf-16"))
        archive.writestr(f"{CANARY}/System.evtx", log.read_bytes())
        archive.writestr(f"{CANARY}/CodeMeter.exe", canary_program())
    return packed.getvalue()


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
    """``world`` is made after ``canary``: all its analyses, reports and PDFs could have used it."""
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


def test_where_a_baseline_is_from_is_read_by_those_who_see_that_case(
    canary: Case, zoe: User, jia: User, max_: User
) -> None:
    shown = {
        person.name: canary.number in signed_in(person).get("/analysis/baselines/").content.decode()
        for person in (zoe, jia, max_)
    }
    assert shown == {"Zoe": True, "Jia": False, "Max": True}
    assert {baseline.source_case for baseline in Baseline.objects.all()} == {canary}


def test_the_label_of_a_baseline_says_what_it_is_and_when_it_was_added(canary: Case, zoe: User) -> None:
    run = AnalysisRun.objects.get(bundle__case=canary)
    Baseline.objects.all().delete()
    late = datetime(2026, 11, 27, 17, 30, tzinfo=UTC)  # In Shanghai it is the 28th.
    assert baselines.neutral_label("CodeMeter", "6.20", late) == "CodeMeter 6.20, 2026-11-28"
    assert baselines.neutral_label("CodeMeter", None, late) == "CodeMeter, 2026-11-28"
    words = {"path": "CodeMeter.exe", "product": "CodeMeter", "version": "6.20"}
    known, _ = baselines.add_from_run(run, bundles.TAMPERED, by=zoe, **words)
    assert (known.path, known.product, known.version) == ("CodeMeter.exe", "CodeMeter", "6.20")
    assert known.label.startswith("CodeMeter 6.20, 2")
    assert baselines.proposed_from(run, bundles.GOOD, by=zoe).path == "CodeMeter.exe"


@pytest.mark.parametrize(
    "path, public",
    [
        (r"C:\Program Files\CodeMeter\x.exe", r"C:\Program Files\CodeMeter\x.exe"),
        (r"c:\windows\System32\x.dll", r"c:\windows\System32\x.dll"),
        (r"C:\Users\somebody\Desktop\x.exe", "x.exe"),
        (r"D:\Customer\x.exe", "x.exe"),
        (r"\\server\share\Program Files\x.exe", "x.exe"),
        ("Customer/inner.zip!/x.exe", "x.exe"),
    ],
)
def test_of_a_path_only_what_windows_and_set_ups_make_is_shared(path: str, public: str) -> None:
    assert baselines.public_path(path) == public


def test_the_migration_takes_cases_out_of_labels_and_of_what_has_copied_them(
    canary: Case, run: AnalysisRun, zoe: User
) -> None:
    old = f'{canary.number} "{CANARY}" 重启后'
    known = Baseline.objects.get(sha256=bundles.GOOD, source_case=None)
    facts = {"label": old, "product": CANARY, "path": rf"{FOLDER}\Tool.exe", "version": "6.20"}
    Baseline.objects.filter(pk=known.pk).update(**facts)
    title = {"en": f"the baseline “{old}”", "zh-hans": f"基线“{old}”"}
    finding = Finding.objects.filter(run=run).first()
    assert finding is not None
    Finding.objects.filter(pk=finding.pk).update(title=title)
    AnalysisRun.objects.filter(pk=run.pk).update(document={"baselines": [{"label": old}]})
    lost = Baseline.objects.create(
        product="Widgets", label="CAS-00001-CDFGHJ x", path="w.exe", sha256="A" * 64
    )

    with connection.schema_editor() as editor:
        import_module("analysis.migrations.0007_baseline_provenance").relabel(apps, editor)

    known.refresh_from_db()
    lost.refresh_from_db()
    finding.refresh_from_db()
    run.refresh_from_db()
    assert (known.path, known.product, known.source_case) == ("Tool.exe", "Tool", canary)
    assert known.label.startswith("Tool 6.20, 20")
    assert (lost.label[:3], lost.source_case) == ("w, ", None)
    assert finding.title == {"en": f"the baseline “{known.label}”", "zh-hans": f"基线“{known.label}”"}
    assert run.document == {"baselines": [{"label": known.label}]}
