"""Two parsers on one record: what they read alike, and the difference in so many words."""

from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from demo.evtx.writer import Event, write_log
from engine.analyzers import clock_moved_back, services
from engine.conclusions import citing
from engine.findings import Examined
from engine.index.event_record import EventRecord
from engine.parsers.evtx.log_facts import LogFacts
from engine.parsers.evtx.reread import AGREES, SecondReading, reread
from tests.engine.event_logs import crash, moment, read


def first_reading(file: Path, *events: Event) -> tuple[list[EventRecord], LogFacts]:
    write_log(file, events)
    material, (facts,) = read(file)
    with material.events:
        return list(material.events.events()), facts


ONE = Event(
    moment(1),
    "Example",
    7,
    {"name": "值 <&>", "size": 4_562_920, "empty": ""},
    level=3,
    qualifiers=16384,
    version=2,
    user="S-1-5-18",
    process_id=708,
    thread_id=12,
    binary=b"\x01\x02\xfe",
)


@pytest.mark.parametrize("event", [ONE, replace(ONE, data=("a", "乙", "")), replace(ONE, data=("only",))])
def test_both_parsers_read_every_field_alike(tmp_path: Path, event: Event) -> None:
    (record,), facts = first_reading(tmp_path / "a.evtx", event)
    reading = reread(tmp_path / "a.evtx", facts.chunks, [record])[record.id]
    assert reading.verdict == AGREES and reading.checksum == "valid"


@pytest.mark.parametrize(
    ("change", "difference"),
    [
        ({"event_id": 8}, "EventID: “8” ≠ “7”"),
        ({"provider": "Other"}, "Provider: “Other” ≠ “Example”"),
        ({"computer": "PC-9"}, "Computer: “PC-9” ≠ “DESKTOP-CM01”"),
        ({"time": "2020-11-20T12:00:09.000000Z"}, "TimeCreated: “2020-11-20T12:00:09”"),
        ({"level": 2}, "Level: “2” ≠ “3”"),
        ({"version": 1}, "Version: “1” ≠ “2”"),
        ({"qualifiers": 0}, "Qualifiers: “0” ≠ “16384”"),
        ({"process_id": 709}, "ProcessID: “709” ≠ “708”"),
        ({"user": "S-1-5-19"}, "UserID: “S-1-5-19” ≠ “S-1-5-18”"),
        ({"channel": "Application"}, "Channel: “Application” ≠ “System”"),
        ({"binary": "0102FF"}, "Binary: “0102FF” ≠ “0102FE”"),
        ({"payload": '{"name": "x", "size": 4562920}'}, "name: “x” ≠ “值 <&>”"),
    ],
)
def test_the_difference_is_told_field_by_field(
    tmp_path: Path, change: dict[str, Any], difference: str
) -> None:
    (record,), facts = first_reading(tmp_path / "a.evtx", ONE)
    altered = replace(record, **change)
    readings = reread(tmp_path / "a.evtx", facts.chunks, [altered])
    assert readings[record.id].verdict.startswith(f"differs: {difference}")
    assert citing.differences([altered], readings)[0].startswith(f"{record.record_id}: {difference}")


def test_an_unnamed_value_is_compared_by_its_place(tmp_path: Path) -> None:
    (record,), facts = first_reading(tmp_path / "a.evtx", replace(ONE, data=("a", "b")))
    altered = replace(record, payload=(record.payload or "").replace('"b"', '"c"'))
    reading = reread(tmp_path / "a.evtx", facts.chunks, [altered])[record.id]
    assert reading.verdict == "differs: Data2: “c” ≠ “b”"


def test_the_finding_says_that_both_agree_or_in_what_they_differ(tmp_path: Path) -> None:
    write_log(tmp_path / "System.evtx", [crash(at, str(at)) for at in (1, 2)])
    material, _ = read(tmp_path / "System.evtx")
    with material.events:
        outcome = services.examine(material)
        assert isinstance(outcome, Examined) and outcome.findings[0].gaps is not None
        assert "reads 2 cited records the same, field by field" in outcome.findings[0].gaps["en"]

        def otherwise(file: Path, chunks: Any, events: Any) -> dict[int, SecondReading]:
            reading = SecondReading(0, 0, "differs: param2: “1” ≠ “9”", "valid")
            return {event.id: reading for event in events}

        material.reread = otherwise
        outcome = services.examine(material)
        assert isinstance(outcome, Examined) and outcome.findings[0].gaps is not None
        assert "differently (record 1: param2: “1” ≠ “9”; 2: param2" in outcome.findings[0].gaps["en"]
        assert "param2: “1” ≠ “9”" in outcome.findings[0].gaps["zh-hans"]


def test_records_around_a_clock_that_went_back_are_read_twice_too(tmp_path: Path) -> None:
    write_log(tmp_path / "System.evtx", [crash(5_000, "1"), crash(10, "2")])
    material, _ = read(tmp_path / "System.evtx")
    with material.events:
        outcome = clock_moved_back.examine(material)
    assert isinstance(outcome, Examined)
    (finding,) = outcome.findings
    assert finding.evidence[0].locator.second_parser == AGREES and finding.gaps is not None
    assert "The log is whole" in finding.gaps["en"]
