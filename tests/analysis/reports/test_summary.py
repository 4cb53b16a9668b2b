"""The body of a report: one sentence, three figures, steps; the rest is an annex."""

import io
from datetime import UTC, datetime
from types import SimpleNamespace
from typing import Any

import pypdf
import pytest
from django.utils.translation import override
from msgspec import structs

from analysis.reports import pdf
from analysis.reports.content import run_content
from analysis.reports.draft import drafted_advice, drafted_conclusion
from analysis.reports.page import page_of
from analysis.reports.pages.summary import summary_of
from analysis.reports.schema import ReportContent
from analysis.runs.models import AnalysisRun
from engine.findings import Severity
from engine.schema.document import FindingEntry
from engine.schema.facts import Facts, ServiceRun
from engine.schema.files import ComparedState
from engine.schema.logs import Events
from engine.schema.versions import opened, stored_form
from engine.text import text
from tests.analysis import documents


def content(*findings: FindingEntry, document: Any = None, **parts: Any) -> ReportContent:
    """A draft as the analysis leaves it, with no database."""
    stored = document or stored_form(documents.result_document(*findings, **parts))
    run = AnalysisRun(document=stored)
    case = SimpleNamespace(
        **dict.fromkeys(("number", "title", "product", "edition"), "x"),
        organisation=SimpleNamespace(name="x"),
        engineer=None,
    )
    bundle = SimpleNamespace(
        case=case, name="x", sha256="", size=1, received_at=datetime(2020, 11, 30, tzinfo=UTC)
    )
    found: Any = SimpleNamespace(result=run.result, bundle=bundle, pk=1, finished_at=None)
    return structs.replace(run_content(found), conclusion=drafted_conclusion(run), advice=drafted_advice(run))


def figures(*findings: FindingEntry, **parts: Any) -> list[tuple[str, str]]:
    with override("en"):
        summary = summary_of(content(*findings, **parts), "en")
    return [(figure["value"], figure["label"]) for figure in summary["figures"]]


STOPPED = documents.finding(
    "service-terminated-unexpectedly",
    data=Facts(
        service="tool",
        name="Tool",
        runs=[ServiceRun(boot=None, count=3, ends=[]), ServiceRun(boot=None, count=5, ends=[])],
    ),
)


def state(delta: int | None) -> ComparedState:
    return ComparedState(
        label="x", path="x", sha256=None, size=None, modified=None, version=None, delta_bytes=delta
    )


TAMPERED = documents.finding(
    "file-tampered", data=Facts(file="Tool.exe", states=[state(None), state(-2_000), state(50)])
)
CHECKS = {"examined": [documents.examination(f"rule-{number}") for number in range(92)]}


def test_what_the_engineer_wrote_leads_with_its_first_sentence_too() -> None:
    written = text(
        "Tool 停了 8 次。文件 tool.exe 被改动过。\n\n详见下文。",
        "Tool stopped. So did tool.exe 1.2.\n\nMore.",
    )
    edited = structs.replace(content(STOPPED), conclusion=written)
    chinese, english = (summary_of(edited, language) for language in ("zh-hans", "en"))
    assert (chinese["lead"], chinese["rest"]) == (
        "Tool 停了 8 次。",
        ["文件 tool.exe 被改动过。", "详见下文。"],
    )
    assert (english["lead"], english["rest"]) == ("Tool stopped.", ["So did tool.exe 1.2.", "More."])


def test_three_figures_tell_the_gravest_and_what_stands_behind_it() -> None:
    assert figures(STOPPED, TAMPERED, **CHECKS) == [
        ("8", "unexpected stops of Tool"),
        ("−2,000", "bytes: Tool.exe against the known-good file"),
        ("92", "checks made"),
    ]


def test_figures_of_any_case_are_three_and_an_upload_that_held_nothing_has_none() -> None:
    events = Events(total=18_868, logs=[], incident=None)
    minor = documents.finding(severity=Severity.LOW)
    assert figures(minor, events=events, **CHECKS) == [
        ("0", "findings that need action"),
        ("18,868", "event records read"),
        ("92", "checks made"),
    ]
    assert figures() == []


@pytest.mark.parametrize("language", ["zh-hans", "en"])
def test_the_body_of_the_demos_report_is_two_pages_and_the_lists_stand_in_the_annex(language: str) -> None:
    demo = content(document=stored_form(opened(documents.stored_before("result-1"))))
    with override(language):
        page = page_of(demo, language)
    made = pypdf.PdfReader(io.BytesIO(pdf.render(page)))
    pages = ["".join(p.extract_text().split()) for p in made.pages]
    begins = "".join(f"{page['headings']['annex']}{page['headings']['proof']}".split())
    first = next(number for number, words in enumerate(pages) if begins in words)
    assert first in (1, 2), "the annex begins on page 2 or 3"
    body, rest = "".join(pages[:first]), "".join(pages[first:])
    for step in page["summary"]["steps"]:
        assert "".join(step.split()) in body
    quiet = page["examined"]["quiet"]["names"].replace(" ", "")[:60]
    assert quiet in rest and quiet not in body
    titles = ["".join(finding["title"].split()) for finding in page["findings"]]
    assert [title for title in titles if title not in body] == []


def test_a_long_advice_of_an_older_report_is_read_as_its_steps() -> None:
    older = structs.replace(content(), advice=text("1. 甲\n2. 乙\n\n丙", "1. A\n2. B\n\nC"))
    assert summary_of(older, "en")["steps"] == ["A", "B", "C"]
