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
    "machine-state",
}
"""Their sentences say all there is to say, or each kind of their findings brings its own."""


def finding(rule: str, data: Facts) -> Finding:
    sentence = text("甲", "a")
    return Finding(rule, Severity.LOW, sentence, sentence, sentence, (), "f", data=data)


def test_every_analyzer_has_its_background_or_needs_none() -> None:
    rules = {analyzer.rule for analyzer in ANALYZERS}

    assert rules - PLAIN == set(BACKGROUND), "add a line to engine/conclusions/background.py"


def test_every_background_is_said_in_both_languages_with_a_source() -> None:
    for rule, background in BACKGROUND.items():
        for sentence in (background.causes, background.false_alarms):
            assert sentence["zh-hans"].endswith("。") and sentence["en"].endswith("."), rule
        assert (
            all(address.startswith("https://") for address in background.references) and background.references
        ), rule


def test_a_finding_keeps_what_it_brings_itself() -> None:
    own = text("自己的", "own")
    mine, none = finding("file-tampered", Facts(causes=own, file="a")), finding("else", Facts())

    (enriched, other) = with_background([mine, none])

    assert enriched.data.causes == own and enriched.data.file == "a"
    assert enriched.data.false_alarms == BACKGROUND["file-tampered"].false_alarms
    assert other.data == Facts()
