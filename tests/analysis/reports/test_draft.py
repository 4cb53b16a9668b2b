"""A draft begins with what a customer needs: what happened, what it means, what to do."""

from typing import Any

from analysis.reports.draft import MAX_DETAILED, SAME_PROGRAM, drafted_advice, drafted_conclusion
from analysis.runs.models import AnalysisRun
from engine.findings import Severity
from engine.schema.document import FindingEntry
from engine.schema.facts import Facts
from engine.schema.versions import stored_form
from engine.text import Text, text
from tests.analysis import documents


def both(sentence: str) -> Text:
    return text(f"{sentence}。", f"{sentence}.")


def finding(rule: str, title: str, severity: str = "high", advice: str = "", **data: Any) -> FindingEntry:
    return documents.finding(
        rule,
        severity=Severity(severity),
        title=text(title, title),
        summary=text(f"{title}的经过。\n\n细节。", f"{title}, in full.\n\nDetails."),
        advice=text(advice, advice),
        data=Facts(**data),
    )


def run_of(*findings: FindingEntry, **parts: Any) -> AnalysisRun:
    return AnalysisRun(document=stored_form(documents.result_document(*findings, **parts)))


def draft(*findings: FindingEntry, **parts: Any) -> list[str]:
    return drafted_conclusion(run_of(*findings, **parts))["en"].split("\n\n")


STOPPED = finding("service-terminated-unexpectedly", "Tool stopped", advice="Compare.", service="Tool.exe")
CHANGED = finding(
    "file-tampered", "Tool.exe was changed", advice="1. Scan it.\n2. Then this.", file="Tool.exe"
)


def test_the_first_paragraph_says_what_happened_what_it_means_and_what_to_do() -> None:
    first, scope, *details = draft(STOPPED, CHANGED)

    assert first == (
        f"Tool stopped. Tool.exe was changed. {SAME_PROGRAM['en']} "
        "First step: Scan it. The other steps are under “Advice”."
    )
    assert scope.startswith("The analysis read 0 files")
    assert details == [
        "Tool stopped. Tool stopped, in full.",
        "Tool.exe was changed. Tool.exe was changed, in full.",
    ]


def test_the_advice_begins_with_the_step_that_the_conclusion_names() -> None:
    run = run_of(STOPPED, CHANGED)

    assert drafted_advice(run)["en"] == "1. Scan it.\n2. Then this.\n\nCompare."


def test_a_service_that_runs_from_another_file_is_not_tied_to_the_changed_one() -> None:
    other = finding("file-tampered", "Other.dll was changed", file="Other.dll")

    assert SAME_PROGRAM["en"] not in draft(STOPPED, other)[0]


def test_a_rules_finding_says_its_meaning() -> None:
    first = draft(finding("disk-bad-block", "A bad block", meaning=both("The disk is dying")))[0]

    assert first == "A bad block. The disk is dying."


def test_of_many_alike_one_is_told_and_the_others_are_named() -> None:
    many = [finding("file-state-changed", f"{number}.dll changed") for number in range(MAX_DETAILED + 5)]
    paragraphs = draft(*many)

    assert sum("in full" in paragraph for paragraph in paragraphs) == 1
    assert "Besides: 1.dll changed; 2.dll changed" in paragraphs[-1]


def test_what_is_in_order_is_no_news() -> None:
    first, *rest = draft(finding("file-equals-baseline", "All is equal", "info"))

    assert first.startswith("Nothing was found that needs action")
    assert not any("All is equal" in paragraph for paragraph in rest)
