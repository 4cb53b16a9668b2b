"""A draft begins with what a customer needs: what happened, what it means, what to do."""

from typing import Any

from analysis.reports.draft import SAME_PROGRAM, drafted_advice, drafted_conclusion
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


def test_one_sentence_says_what_happened_then_what_it_means_and_the_findings_stand_below() -> None:
    assert draft(STOPPED, CHANGED) == [
        "Tool stopped; Tool.exe was changed.",
        SAME_PROGRAM["en"],
        "The analysis read 0 files and 0 event records. It came to 2 findings, 2 of which need action.",
    ]


def test_the_advice_is_one_list_of_steps_that_begins_with_the_cause() -> None:
    run = run_of(STOPPED, CHANGED)

    assert drafted_advice(run)["en"] == "1. Scan it.\n2. Then this.\n3. Compare."


def test_a_service_that_runs_from_another_file_is_not_tied_to_the_changed_one() -> None:
    other = finding("file-tampered", "Other.dll was changed", file="Other.dll")

    assert SAME_PROGRAM["en"] not in draft(STOPPED, other)


def test_a_rules_finding_says_its_meaning() -> None:
    paragraphs = draft(finding("disk-bad-block", "A bad block", meaning=both("The disk is dying")))

    assert paragraphs[:2] == ["A bad block.", "The disk is dying."]


IN_ORDER = finding("file-equals-baseline", "All is equal", "info")
DENIALS = ("Nothing", "no finding", "none of them")


def test_no_sentence_denies_what_the_engineer_leaves_out() -> None:
    minor = finding("disk-full", "A full disk", "low")
    for run, left_out in (
        (run_of(STOPPED), [0]),
        (run_of(STOPPED, IN_ORDER), [0]),
        (run_of(STOPPED, minor), [0]),
        (run_of(minor), [0]),
    ):
        conclusion = drafted_conclusion(run, left_out)["en"]
        assert conclusion.startswith("The analysis read 0 files and 0 event records.")
        assert not any(denial in conclusion for denial in DENIALS), conclusion
    assert "This report lists 1 finding." in drafted_conclusion(run_of(STOPPED, minor), [0])["en"]
    assert drafted_conclusion(run_of(STOPPED, IN_ORDER), [1])["en"].endswith(
        "This report lists 1 finding, 1 of which needs action."
    )
    assert "Nothing unusual was found in what was read." in drafted_conclusion(run_of(IN_ORDER), [0])["en"]


def test_findings_too_many_to_list_are_not_told_of_where_their_kind_is_left_out() -> None:
    examined = [documents.examination("disk-full", left_out=7)]
    minor = finding("disk-full", "A full disk", "low")

    assert "7 more conclusions" in drafted_conclusion(run_of(minor, examined=examined))["en"]
    assert "7" not in drafted_conclusion(run_of(minor, examined=examined), [0])["en"]


def test_what_is_in_order_is_no_news() -> None:
    first, *rest = draft(IN_ORDER)

    assert first.startswith("Nothing was found that needs action")
    assert not any("All is equal" in paragraph for paragraph in rest)
