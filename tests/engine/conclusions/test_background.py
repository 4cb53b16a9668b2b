"""Findings of our own analyzers carry causes, false alarms and documentation, as the rules' do."""

from engine.conclusions.background import BACKGROUND, with_background
from engine.findings import Finding, Severity
from engine.registry import ANALYZERS
from engine.schema.facts import Facts
from engine.text import text

PLAIN = {
    "file-equals-baseline",
    "collector-manifest",
    "incident-not-covered",
    "clock-moved-back",
}
"""Their sentences say all there is to say."""


def finding(rule: str, data: Facts) -> Finding:
    said = text("甲", "a")
    return Finding(rule, Severity.LOW, said, said, said, (), "f", data=data)


def test_every_analyzer_has_its_background_or_needs_none() -> None:
    rules = {analyzer.rule for analyzer in ANALYZERS}

    assert rules - PLAIN == set(BACKGROUND), "add a line to engine/conclusions/background.py"


def test_every_background_is_said_in_both_languages_with_a_source() -> None:
    for rule, one in BACKGROUND.items():
        for said in (one.causes, one.false_alarms):
            assert said["zh-hans"].endswith("。") and said["en"].endswith("."), rule
        assert all(address.startswith("https://") for address in one.references) and one.references, rule


def test_a_finding_keeps_what_it_brings_itself() -> None:
    own = text("自己的", "own")
    mine, none = finding("file-tampered", Facts(causes=own, file="a")), finding("else", Facts())

    (found, other) = with_background([mine, none])

    assert found.data.causes == own and found.data.file == "a"
    assert found.data.false_alarms == BACKGROUND["file-tampered"].false_alarms
    assert other.data == Facts()
