"""What was examined, as a reader meets it."""

from django.utils import translation

from analysis.reports.pages.examined import examined_page
from engine.schema.document import Examination, Outcome
from engine.text import text


def entry(rule: str, outcome: Outcome = "examined", detail: str = "", unreadable: int = 0) -> Examination:
    return Examination(
        rule=rule,
        title=text(f"查 {rule}", f"Check of {rule}"),
        outcome=outcome,
        records=0,
        unreadable=unreadable,
        left_out=0,
        detail=text(detail, detail),
    )


def test_failures_come_first_then_what_was_found_and_the_rest_is_counted() -> None:
    page = examined_page(
        [
            entry("found", detail="8 records"),
            entry("quiet-1"),
            entry("broken", "failed", "it broke"),
            entry("quiet-2"),
            entry("partly", detail="2 unreadable", unreadable=2),
        ],
        {"found"},
        "en",
    )
    assert [row["title"] for row in page["told"]] == [
        "Check of broken",
        "Check of found",
        "Check of partly",
    ]
    assert page["quiet"]["said"].startswith("2 ") or "2 " in page["quiet"]["said"]
    assert page["quiet"]["names"].count("Check of quiet-") == 2


def test_checks_that_could_not_be_made_stand_together_by_what_was_missing() -> None:
    none = "The bundle holds no Application log."
    with translation.override("en"):
        page = examined_page(
            [
                entry("a", "not_examined", none),
                entry("b", "not_examined", none),
                entry("c", "not_examined", "x"),
            ],
            (),
            "en",
        )
    assert [(row["said"], row["count"]) for row in page["missing"]] == [
        (none, 2),
        ("x", 1),
    ]
    assert page["not_made"].startswith("3 checks could not be made")
    assert page["quiet"] is None and page["told"] == []


def test_it_speaks_chinese() -> None:
    with translation.override("zh-hans"):
        page = examined_page([entry("a", "not_examined", "缺日志"), entry("b")], (), "zh-hans")
    assert page["missing"][0]["names"] == "查 a" and page["quiet"]["names"] == "查 b"
