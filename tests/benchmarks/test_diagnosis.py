"""The diagnosis benchmark counts what it says: place, names, noise and falsehoods."""

import re
from dataclasses import replace
from pathlib import Path
from zoneinfo import ZoneInfo

from benchmarks.bench_diagnosis import line
from benchmarks.diagnosis.machine import Machine
from benchmarks.diagnosis.scenario import Scenario
from benchmarks.diagnosis.scenarios import SCENARIOS
from benchmarks.diagnosis.scoring import verdict
from engine.analyze import analyze
from engine.findings import Severity
from engine.schema.document import FindingEntry
from engine.schema.facts import Facts
from engine.text import text


def finding(rule: str, title: str, severity: Severity = Severity.HIGH) -> FindingEntry:
    said = text("。", title)
    return FindingEntry(
        rule=rule,
        severity=severity,
        title=said,
        summary=said,
        advice=said,
        evidence=[],
        gaps=None,
        fingerprint="",
        computer="PC-0417",
        data=Facts(),
        incidents=[],
    )


def asked(false: tuple[str, ...] = ()) -> Scenario:
    usual = Scenario(
        name="one",
        title="One",
        source="https://example.org/",
        causes=frozenset({"disk-bad-block"}),
        named=("Harddisk0",),
        with_it=frozenset({"application-crash"}),
        language="en",
        tell=SCENARIOS[0].tell,
    )
    return replace(usual, false=false)


def test_the_cause_is_right_where_it_is_first_and_names_the_thing_at_fault() -> None:
    told = [finding("disk-bad-block", "Harddisk0 has a bad block"), finding("application-crash", "x crashed")]
    assert verdict(asked(), told).is_right
    assert not verdict(asked(), told[::-1]).is_right and verdict(asked(), told[::-1]).place == 2
    nameless = verdict(asked(), [finding("disk-bad-block", "A disk has a bad block")])
    assert (nameless.place, nameless.unnamed, nameless.is_right) == (1, ("Harddisk0",), False)
    none = verdict(asked(), [finding("slow-boot", "Slow")])
    assert (none.place, none.first, none.is_right) == (0, "slow-boot", False)
    assert line(none) == "| one | en | –, without Harddisk0 | first: slow-boot; beside: slow-boot |"


def test_what_matters_to_nobody_is_counted_and_information_is_not() -> None:
    told = [
        finding("disk-bad-block", "Harddisk0 has a bad block"),
        finding("application-crash", "The program browser.exe crashed"),
        finding("application-crash", "The program licsrv.exe crashed"),
        finding("slow-boot", "Slow"),
        finding("service-installed", "Installed", Severity.INFO),
    ]
    assert verdict(asked(), told).noise == ("application-crash", "slow-boot")


def test_a_false_sentence_is_counted() -> None:
    one = verdict(asked(false=("blue screen",)), [finding("bugcheck", "There was a blue screen")])
    assert one.false == ("blue screen",)


def test_each_scenario_is_documented_and_both_languages_are_spoken() -> None:
    assert {one.language for one in SCENARIOS} == {"zh", "en"}
    for one in SCENARIOS:
        assert one.source.startswith("https://") and re.fullmatch(r"[a-z0-9-]+", one.name), one.name
        assert one.causes, one.name


def test_a_machine_writes_logs_that_are_whole(tmp_path: Path) -> None:
    machine = Machine("zh", 7)
    SCENARIOS[0].tell(machine)
    (tmp_path / "logs").mkdir()
    machine.write(tmp_path / "logs")
    document = analyze(tmp_path / "logs", tmp_path / "work", zone=ZoneInfo("Asia/Shanghai")).document()
    assert {entry.path for entry in document.artifacts} >= {"System.evtx", "Application.evtx"}
    assert {entry.state for entry in document.artifacts} == {"read"}
    assert not [one for one in document.findings if one.rule in ("event-log-damaged", "clock-moved-back")]
