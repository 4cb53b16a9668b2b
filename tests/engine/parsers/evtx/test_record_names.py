"""A record is called what Event Viewer calls it, in whatever kind of log it came."""

import sqlite3
import struct
from contextlib import closing
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from demo.evtx import spoil
from demo.evtx.writer import FILE_HEADER_SIZE, Event, write_log
from engine.analyzers import clock_moved_back, log_integrity, services
from engine.artifacts import Artifact, State
from engine.findings import Examined, Finding
from engine.index.event_index import EventIndex
from engine.index.steps_back import steps_back
from engine.material import Material
from engine.parsers.evtx.concluding import notes
from engine.parsers.evtx.log_facts import LogFacts
from engine.parsers.evtx.reread import AGREES
from engine.parsers.evtx.span import read_span
from engine.schema.evidence import Locator
from engine.schema.logs import LogKind
from tests.engine.event_logs import crash, moment, ordinary, read

NO_TIME = datetime(1601, 1, 1, tzinfo=UTC)


def own(events: list[Event], *ids: int, **said: Any) -> list[Event]:
    """The events under these numbers of the log that they were written to."""
    return [replace(event, record_id=number, **said) for event, number in zip(events, ids, strict=True)]


def written(file: Path, events: list[Event], **how: Any) -> tuple[Material, LogFacts, Artifact]:
    write_log(file, events, **how)
    material, (facts,) = read(file)
    return material, facts, material.artifacts[0]


def findings(analyzer: Any, material: Material) -> tuple[Finding, ...]:
    outcome = analyzer.examine(material)
    assert isinstance(outcome, Examined)
    return outcome.findings


def test_a_saved_log_is_told_by_its_own_numbers_and_raises_no_doubt(tmp_path: Path) -> None:
    events = own([crash(1, "1"), *ordinary(4, start=2), crash(9, "2")], *range(9252, 9258))
    material, facts, artifact = written(tmp_path / "System.evtx", events, saved=True)
    (finding,) = findings(services, material)

    assert [piece.locator.record_id for piece in finding.evidence] == [9252, 9257]
    assert [piece.locator.number for piece in finding.evidence] == [1, 6]
    assert {piece.locator.second_parser for piece in finding.evidence} == {AGREES}
    assert finding.data.record_ids == [9252, 9257]
    assert finding.gaps == {
        "zh-hans": "日志完整：已读取 6 条记录，编号 9252–9257 连续，无法读取 0 条，校验和正确。"
        "所引用的 2 条记录均由第二个解析器逐字段核对，结果一致。",
        "en": "The log is whole: 6 records read, numbers 9252–9257 without a gap, 0 unreadable, checksums "
        "correct. The second parser reads 2 cited records the same, field by field.",
    }
    assert (facts.kind, facts.missing, artifact.state, artifact.detail) == (
        LogKind.SAVED,
        [],
        State.READ,
        None,
    )
    assert findings(log_integrity, material) == ()


def test_a_log_as_windows_keeps_it_has_one_number_for_each_record(tmp_path: Path) -> None:
    material, facts, _ = written(tmp_path / "System.evtx", ordinary(5), first_record_id=812)
    assert (facts.kind, facts.first_record, facts.last_record) == (LogKind.OWN, 812, 816)
    assert {event.number - event.record_id for event in material.events.events()} == {0}


def test_what_a_filter_left_out_is_not_missing(tmp_path: Path) -> None:
    events = own([crash(1, "1"), crash(200, "2"), *ordinary(2, start=900)], 310, 477, 478, 1309)
    material, facts, artifact = written(tmp_path / "System.evtx", events, saved=True)
    (finding,) = findings(services, material)

    assert (facts.kind, facts.missing_records, facts.left_out) == (LogKind.FILTERED, 0, 996)
    assert artifact.state is State.READ and artifact.detail == {
        "zh-hans": "导出时使用了筛选：编号 310–1309 中有 996 个不在文件中。",
        "en": "Exported with a filter: 996 of the numbers 310–1309 are not in it.",
    }
    assert finding.gaps is not None and "missing" not in finding.gaps["en"]
    assert "What was exported is whole" in finding.gaps["en"]
    assert "exported with a filter: stops among the records that are not in it" in finding.gaps["en"]
    assert findings(log_integrity, material) == () == findings(clock_moved_back, material)


def test_of_a_number_or_two_that_lack_no_filter_is_claimed_for_certain(tmp_path: Path) -> None:
    """Somebody may have taken one record out before the log was saved."""
    events = own([crash(1, "1"), *ordinary(99, start=2)], *range(500, 550), *range(551, 601))
    material, _, artifact = written(tmp_path / "System.evtx", events, saved=True)
    (finding,) = findings(services, material)
    assert artifact.detail is not None and finding.gaps is not None
    assert (
        "a filter, or after records had gone: 1 of the numbers 500–600 is not in it" in artifact.detail["en"]
    )
    assert "筛选，或导出前已有记录缺失：" in finding.gaps["zh-hans"]


@pytest.mark.parametrize(
    ("ids", "lost", "detail"),
    [
        (range(5000, 5700), [(5200, 5299)], "(numbers 5200–5299)"),
        (range(5000, 7100, 3), [(5598, 5899)], "(their numbers lie within 5598–5899)"),
    ],
)
def test_a_lost_part_of_a_saved_log_is_missing_under_its_own_numbers(
    tmp_path: Path, ids: range, lost: list[tuple[int, int]], detail: str
) -> None:
    """Header numbers 201 to 300 are in no record: a saved log has none of such gaps by nature."""
    events = own(ordinary(700), *ids)
    events = [replace(event, number=number) for number, event in enumerate(events, 1)]
    material, facts, artifact = written(tmp_path / "System.evtx", [*events[:200], *events[300:]], saved=True)
    assert facts.missing == lost and facts.missing_records == 100
    assert artifact.state is State.PARTLY and artifact.detail is not None
    assert f"100 records are missing {detail}" in artifact.detail["en"]
    (finding,) = findings(log_integrity, material)
    assert finding.title["en"] == "System.evtx: 100 records are missing"


def test_records_collected_from_several_machines_keep_their_own_numbers(tmp_path: Path) -> None:
    """Two machines wrote a record of the same number at the same time: each is found by its locator."""
    first = own(ordinary(3), 7, 9, 400, computer="PC-A.corp.example")
    second = own(ordinary(3), 7, 8, 90, computer="PC-B.corp.example")
    mixed = [event for pair in zip(first, second, strict=True) for event in pair]
    material, facts, artifact = written(
        tmp_path / "ForwardedEvents.evtx", mixed, first_record_id=51, saved=True
    )
    assert (facts.kind, facts.missing_records, facts.first_record) == (LogKind.COLLECTED, 0, None)
    assert artifact.state is State.READ and artifact.detail == {
        "zh-hans": "收集自 2 台电脑，记录沿用原日志中的编号。",
        "en": "Collected from 2 computers, records keep the numbers of the log they were written to.",
    }
    events = list(material.events.events())
    readings = material.reread(artifact.file, facts.chunks, events)
    assert [reading.verdict for reading in readings.values()] == [AGREES] * 6
    for event in events:
        place = Locator(record_id=event.record_id, number=event.number, time=event.time)
        assert material.events.at("ForwardedEvents.evtx", place) == event


def test_a_custom_view_of_several_logs_has_no_gaps(tmp_path: Path) -> None:
    events = own(ordinary(2), 40, 50) + own(ordinary(2), 3, 999, channel="Application")
    _, facts, artifact = written(tmp_path / "view.evtx", events, saved=True)
    assert (facts.kind, facts.missing_records, artifact.state) == (LogKind.MERGED, 0, State.READ)
    assert "several logs or exports" in notes(facts)[0]["en"]


def test_a_clock_is_judged_within_one_log_of_one_machine(tmp_path: Path) -> None:
    """A view holds one log after the other: its second begins before the end of its first."""
    later, sooner = ordinary(3, start=9000), ordinary(3)
    view = own(later, 10, 11, 12) + own(sooner, 5, 6, 7, channel="Application")
    material, _, _ = written(tmp_path / "view.evtx", view, saved=True)
    assert findings(clock_moved_back, material) == ()
    back = own([*later, *sooner], *range(20, 26))
    material, _, _ = written(tmp_path / "back.evtx", back, saved=True)
    (finding,) = findings(clock_moved_back, material)
    assert "at record 23:" in finding.summary["en"] and finding.data.record_ids == [23]


def test_a_record_without_a_number_of_its_own_is_told_by_its_header(tmp_path: Path) -> None:
    file = tmp_path / "System.evtx"
    events = [replace(event, record_id=0, number=7) for event in ordinary(1)]
    material, facts, _ = written(file, events)
    (event,) = material.events.events()
    assert (event.record_id, event.number) == (7, 7)
    assert material.reread(file, facts.chunks, [event])[event.id].verdict == AGREES


def test_a_locator_of_an_earlier_version_still_finds_its_record(tmp_path: Path) -> None:
    """It told records by the number in their header."""
    material, _, _ = written(tmp_path / "System.evtx", own(ordinary(3), 71, 72, 73), saved=True)
    index: EventIndex = material.events
    found = index.at("System.evtx", Locator(record_id=2, time="2020-11-20T12:00:01.000000Z"))
    assert found is not None and found.record_id == 72
    assert index.at("System.evtx", Locator(record_id=2, time="2020-11-20T12:00:00.000000Z")) is None
    assert index.at("other.evtx", Locator(record_id=72, time="2020-11-20T12:00:01.000000Z")) is None


def test_an_index_of_an_earlier_version_still_opens(tmp_path: Path) -> None:
    """It knew one number of a record, the header's, and no text logs."""
    written(tmp_path / "System.evtx", ordinary(3), first_record_id=5)[0].events.close()
    file = tmp_path / "System.sqlite"
    with closing(sqlite3.connect(file)) as db:
        view = db.execute("SELECT sql FROM sqlite_schema WHERE name = 'event'").fetchone()[0]
        earlier = view.replace("record_id, number,", "record_id,").replace("log.form, ", "")
        db.executescript(
            "DROP VIEW event; ALTER TABLE record DROP COLUMN number; ALTER TABLE log DROP COLUMN form;"
            f"CREATE INDEX record_number ON record (log, record_id);{earlier};"
        )
    with EventIndex(file) as index:
        assert [event.record_id for event in index.events(artifact="System.evtx")] == [5, 6, 7]
        assert [row[2] for row in index.matching("event_id = 7036")] == [5, 6, 7]
        found = index.at("System.evtx", Locator(record_id=6, time="2020-11-20T12:00:01.000000Z"))
        assert found is not None and found.number == found.record_id == 6
        assert not steps_back(index, "System.evtx", timedelta(minutes=5))
        assert not index.boots(artifact="System.evtx")


def test_a_log_without_checksums_is_whole_and_says_so(tmp_path: Path) -> None:
    file = tmp_path / "System.evtx"
    write_log(file, [crash(1, "1"), crash(2, "2")])
    spoil.without_checksums(file)
    material, (facts,) = read(file)
    assert findings(log_integrity, material) == () and facts.bad_chunks == [] and read_span(file).bad == 0
    assert material.artifacts[0].detail == {
        "zh-hans": "该日志不带校验和。",
        "en": "This log carries no checksums.",
    }
    (finding,) = findings(services, material)
    assert finding.evidence[0].locator.checksum == "none" and finding.gaps is not None
    assert "0 unreadable, and the log carries no checksums." in finding.gaps["en"]


def test_checksums_that_are_gone_without_a_word_stay_a_finding(tmp_path: Path) -> None:
    file = tmp_path / "System.evtx"
    write_log(file, ordinary(2))
    spoil.without_checksums(file, flagged=False)
    material, (facts,) = read(file)
    assert facts.bad_chunks == [0] and not facts.header_valid and read_span(file).bad == 1
    assert len(findings(log_integrity, material)) == 1


@pytest.mark.parametrize(
    "no_time", [NO_TIME, datetime(1601, 1, 1, 0, 3, 20, tzinfo=UTC), datetime(4452, 12, 26, tzinfo=UTC)]
)
def test_what_no_clock_can_say_is_no_time(tmp_path: Path, no_time: datetime) -> None:
    file = tmp_path / "System.evtx"
    events = [crash(0, "1"), replace(crash(1, "2"), time=no_time), crash(2, "3")]
    material, facts, artifact = written(file, events)
    assert (facts.first_time, facts.last_time) == (
        "2020-11-20T12:00:00.000000Z",
        "2020-11-20T12:00:02.000000Z",
    )
    assert facts.no_time == 1 and artifact.detail == {
        "zh-hans": "1 条记录没有时间。",
        "en": "1 record bears no time.",
    }
    assert findings(clock_moved_back, material) == ()
    timeless = next(event for event in material.events.events() if event.time is None)
    reading = material.reread(file, facts.chunks, [timeless])[timeless.id]
    assert timeless.record_id == 2 and reading.verdict == AGREES
    assert material.events.at("System.evtx", Locator(record_id=2)) == timeless


def test_a_clock_that_stood_at_its_first_day_did_go_back(tmp_path: Path) -> None:
    """An empty battery lets a PC start in 1980: that is a time, and a wrong one."""
    events = [*ordinary(2), replace(ordinary(1)[0], time=datetime(1980, 1, 1, 0, 5, tzinfo=UTC))]
    material, _, _ = written(tmp_path / "System.evtx", events)
    assert len(findings(clock_moved_back, material)) == 1


def test_of_two_records_under_one_number_the_second_parser_takes_the_right_one(tmp_path: Path) -> None:
    """A chunk that a torn copy holds twice, its content different."""
    file = tmp_path / "System.evtx"
    write_log(file, [Event(moment(1), "Example", 7, {"a": "eins"})])
    other = tmp_path / "other.evtx"
    write_log(other, [Event(moment(1), "Example", 7, {"a": "zwei"})])
    content = bytearray(file.read_bytes() + other.read_bytes()[FILE_HEADER_SIZE:])
    struct.pack_into("<H", content, 42, 2)
    file.write_bytes(content)
    material, (facts,) = read(file)
    readings = material.reread(file, facts.chunks, list(material.events.events()))
    assert len(readings) == 2
    assert [reading.verdict for reading in readings.values()] == [AGREES, AGREES]
