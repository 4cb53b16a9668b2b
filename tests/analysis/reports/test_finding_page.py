"""A finding on screen: references that cannot harm, second readings, and many alike folded."""

from zoneinfo import ZoneInfo

import pytest
from django.template.loader import render_to_string
from django.utils.translation import override

from analysis.reports.pages.findings import FindingPages, confirmed, links
from engine.findings import Severity
from engine.schema.evidence import Evidence, Locator
from engine.schema.facts import Facts
from engine.text import Text, text
from tests.analysis.documents import finding

SHANGHAI = ZoneInfo("Asia/Shanghai")


@pytest.mark.parametrize(
    "address",
    [
        "javascript:alert(1)",
        "JavaScript:alert(1)",
        " java\nscript:alert(1)",
        "data:text/html,<script>",
        "//evil.example/x",
        "https://",
        "https://good.example@evil.example/",
        "https://example.com/\u202egpj.exe",
        "https://example.com/a b",
        "http://[::1",
        "file:///etc/passwd",
        "https://example.com/" + "x" * 600,
        None,
        7,
    ],
)
def test_an_address_that_is_not_plainly_of_the_web_is_no_link(address: object) -> None:
    assert links([address]) == []


def test_documentation_is_linked_by_a_short_name() -> None:
    (link,) = links(["https://www.example.com/windows/event-7034/?view=1"])
    assert link == {
        "url": "https://www.example.com/windows/event-7034/?view=1",
        "label": "example.com/windows/event-7034",
    }


def reading(verdict: str | None) -> Evidence:
    place = Locator() if verdict is None else Locator(record_id=1, second_parser=verdict)
    return Evidence("System.evtx", "0" * 64, place, "")


def test_how_many_records_a_second_parser_confirms_is_said() -> None:
    with override("en"):
        assert confirmed([reading("agrees")] * 3 + [reading(None)]) == (
            "3 records, all read the same by a second parser"
        )
        assert confirmed([reading("agrees"), reading("differs"), reading("not read")]) == (
            "1 of 3 records read the same by a second parser"
        )
    assert confirmed([reading(None)]) == ""


def test_causes_advice_and_false_alarms_stand_beside_the_conclusion() -> None:
    def both(sentence: str) -> Text:
        return text(f"{sentence}（中）", sentence)

    stopped = finding(
        title=both("It stopped"),
        summary=both("It stopped twice."),
        advice=both("Look."),
        data=Facts(
            causes=both("A full disk\x1b[31m."),
            false_alarms=both("During an update."),
            references=["https://example.com/a", "javascript:1"],
        ),
    )
    page = FindingPages("en", SHANGHAI).page(1, stopped)

    assert (page["causes"], page["false_alarms"]) == ("A full disk\ufffd[31m.", "During an update.")
    assert page["advice"] == "Look." and len(page["references"]) == 1
    assert FindingPages("zh-hans", SHANGHAI).page(1, stopped)["causes"].endswith("（中）")


@pytest.mark.parametrize(("severity", "open_"), [(Severity.LOW, True), (Severity.INFO, False)])
def test_what_is_in_order_stands_in_a_report_with_its_title_alone(severity: Severity, open_: bool) -> None:
    said = text("三台电脑上的文件相同。", "The file is the same on three machines.")
    page = FindingPages("en", SHANGHAI).page(1, finding(severity=severity, summary=said))
    shown = render_to_string("analysis/reports/finding.html", {"finding": page, "h": {}})
    before, _, folded = shown.partition("<details")
    assert ("three machines" in before) is open_ and ("three machines" in folded) is not open_
