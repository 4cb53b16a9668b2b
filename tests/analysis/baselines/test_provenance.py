"""A baseline says what it is and when it was added, and nothing of the case that it is from."""

from datetime import UTC, datetime
from importlib import import_module
from pathlib import Path
from typing import Any

import pytest
from django.apps import apps
from django.db import connection

from accounts.models import User
from accounts.roles import Role
from analysis.baselines import services as baselines
from analysis.baselines.models import Baseline
from analysis.findings.models import Finding
from analysis.runs.models import AnalysisRun
from cases.models import Case
from tests.analysis import bundles
from tests.canary import CANARY, FOLDER, make_canary
from tests.people import signed_in, vendor

pytestmark = pytest.mark.django_db


@pytest.fixture
def zoe(db: None) -> User:
    return vendor("Zoe", Role.ENGINEER)


@pytest.fixture
def canary(zoe: User, tmp_path: Path, settings: Any) -> Case:
    settings.MEDIA_ROOT = tmp_path / "media"
    settings.ANJUAN_HOME = tmp_path
    return make_canary(tmp_path, zoe)


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
