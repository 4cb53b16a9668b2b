"""A finished analysis that did not know what is known now is offered to be made again."""

from datetime import UTC, datetime
from pathlib import Path

import pytest
from django.urls import reverse
from django.utils.translation import override
from pytest_django import Settings

from accounts.models import User
from analysis.baselines.models import Baseline
from analysis.reports.models import Report
from analysis.runs import services as runs
from analysis.runs.conditions import changed_since
from analysis.runs.models import AnalysisRun
from analysis.runs.status import run_status
from analysis.runs.worker import execute
from cases.models import Case
from cases.services import set_incident_time
from tests.people import reading_english

WHEN = datetime(2020, 11, 24, 1, 0, tzinfo=UTC)


def changes(run: AnalysisRun) -> list[str]:
    with override("en"):
        return changed_since(AnalysisRun.objects.get(pk=run.pk))


def known(path: str) -> Baseline:
    return Baseline.objects.create(product="x", label="x", path=path, sha256="0" * 64)


def test_what_the_analysis_did_not_know_is_named_until_it_is_made_again(
    run: AnalysisRun, case: Case, jia: User, alice: User, settings: Settings, tmp_path: Path
) -> None:
    assert changes(run) == []
    set_incident_time(case, WHEN, by=jia)
    (sentence,) = changes(run)
    assert sentence.startswith("The trouble happened at 2020-11-24 09:00")
    known(r"D:\Other\unheard-of.dll")
    assert len(changes(run)) == 1, "a file that this upload does not have"
    known(r"C:\Somewhere\CODEMETER.EXE")
    assert changes(run)[1] == "1 known file was added that this upload can be compared with."
    settings.RULES = tmp_path
    (tmp_path / "new.yml").write_text("title: x")
    assert changes(run)[1] == "The rules of the analysis have changed."

    page = reading_english(jia).get(reverse("case", args=(case.number,))).content.decode()
    for part in ("Since this analysis", "Analyse again", sentence):
        assert part in page, part
    assert "Since this analysis" not in reading_english(alice).get(f"/cases/{case.number}/").content.decode()
    assert run_status(case, alice).changed == []

    (tmp_path / "new.yml").unlink()
    again = runs.queue_again(run.bundle)
    execute(again.pk)
    assert changes(again) == []
    Baseline.objects.filter(path__endswith="CodeMeter.exe").delete()
    assert changes(again) == ["A known file that a finding rests on was removed."]
    set_incident_time(case, None, by=jia)
    assert changes(again)[0] == "The time of the trouble was taken back."


def test_a_run_of_an_earlier_version_is_held_against_what_its_result_says(
    run: AnalysisRun, case: Case, jia: User
) -> None:
    AnalysisRun.objects.filter(pk=run.pk).update(conditions={})
    assert changes(run) == []
    set_incident_time(case, WHEN, by=jia)
    assert len(changes(run)) == 1


@pytest.mark.usefixtures("run")
def test_older_drafts_go_with_one_click_and_what_was_sent_stays(
    case: Case, run: AnalysisRun, jia: User
) -> None:
    for _ in range(2):
        execute(runs.queue_again(run.bundle).pk)
    page = reading_english(jia)
    assert "Discard the 2 older drafts" in page.get(f"/cases/{case.number}/").content.decode()
    answer = page.post(reverse("analysis:report-discard-older", args=(case.number, 3)), follow=True)
    assert "2 older drafts are discarded." in answer.content.decode()
    assert [report.version for report in Report.objects.all()] == [3]
    assert "older draft" not in page.get(f"/cases/{case.number}/").content.decode().replace(
        "older drafts are", ""
    )
    assert "discarded the draft of report v1" in page.get(f"/cases/{case.number}/").content.decode()
