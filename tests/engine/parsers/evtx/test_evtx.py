"""Reading event logs: whole ones exactly, damaged ones as far as they go, and what is missing."""

import struct
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from demo.evtx import spoil
from demo.evtx.writer import CHUNK_SIZE, DIRTY, FILE_HEADER_SIZE, FULL, Event, write_log
from engine.artifacts import State
from engine.index.writer import EventIndexWriter
from engine.parsers.evtx.integrity import merge, subtract
from engine.parsers.evtx.records import read_log
from tests.engine.event_logs import artifact_of, damage, moment, ordinary, read


@pytest.fixture
def log(tmp_path: Path) -> Path:
    """A log of 1,000 records, ids 501 to 1,500, in several chunks."""
    file = tmp_path / "System.evtx"
    write_log(file, ordinary(1000), first_record_id=501)
    assert spoil.chunk_count(file) >= 5
    return file


def test_a_whole_log_is_read_whole(log: Path) -> None:
    material, (facts,) = read(log)
    assert (facts.records, facts.first_record, facts.last_record) == (1000, 501, 1500)
    assert (facts.first_time, facts.last_time) == (
        "2020-11-20T12:00:00.000000Z",
        "2020-11-20T12:16:39.000000Z",
    )
    assert facts.missing == [] and facts.bad_chunks == [] and facts.unreadable == 0 and facts.cut == 0
    assert not facts.dirty and not facts.full and facts.header_valid
    assert material.artifacts[0].state is State.READ and material.artifacts[0].detail is None
    assert material.events.count() == 1000


def test_the_flags_of_the_header_are_told(log: Path) -> None:
    spoil.set_flags(log, DIRTY | FULL)
    _, (facts,) = read(log)
    assert facts.dirty and facts.full and facts.records == 1000


def test_a_dirty_log_is_read_beyond_its_stale_header(tmp_path: Path) -> None:
    log = tmp_path / "System.evtx"
    write_log(log, ordinary(1000), dirty=True)
    material, (facts,) = read(log)
    assert facts.dirty and facts.records == 1000 and facts.missing == []
    assert material.artifacts[0].state is State.READ
    detail = material.artifacts[0].detail
    assert detail is not None and "in use" in detail["en"] and "复制" in detail["zh-hans"]


def test_records_behind_a_stale_chunk_header_are_read_too(tmp_path: Path) -> None:
    log = tmp_path / "System.evtx"
    write_log(log, ordinary(1000), dirty=True)
    last = spoil.chunk_count(log) - 1
    spoil.forget_records(log, last, keep=3)
    material, (facts,) = read(log)
    assert facts.records == 1000 and facts.unlisted > 0 and facts.missing == [] and facts.bad_chunks == []
    assert [event.record_id for event in material.events.events()] == list(range(1, 1001))


def test_a_truncated_log_says_which_records_are_lost(log: Path) -> None:
    _, (before,) = read(log)
    kept = before.chunks[2].last or 0
    spoil.truncate(log, 3, extra=5000)
    material, (facts,) = read(log)
    assert facts.last_record == kept and facts.records == kept - 500
    assert facts.missing == [(kept + 1, 1500)] and facts.missing_records == 1500 - kept
    assert facts.cut == 5000
    assert material.artifacts[0].state is State.PARTLY
    detail = material.artifacts[0].detail
    assert (
        detail is not None and f"{1500 - kept:,}" in detail["en"] and f"{1500 - kept:,}" in detail["zh-hans"]
    )


@pytest.mark.parametrize("content", [b"", b"\xa5" * CHUNK_SIZE], ids=["zeroed", "garbage"])
def test_a_lost_chunk_in_the_middle_shows_as_a_gap(log: Path, content: bytes) -> None:
    _, (before,) = read(log)
    lost = before.chunks[2]
    spoil.overwrite_chunk(log, 2, content)
    material, (facts,) = read(log)
    assert facts.missing == [(lost.first, lost.last)]
    assert facts.records == 1000 - facts.missing_records
    assert facts.bad_chunks == ([2] if content else [])
    assert material.artifacts[0].state is State.PARTLY


def test_a_lost_first_chunk_shows_as_a_gap(log: Path) -> None:
    _, (before,) = read(log)
    spoil.overwrite_chunk(log, 0)
    _, (facts,) = read(log)
    assert facts.missing == [(501, before.chunks[0].last)]


def test_a_tampered_value_breaks_the_checksum_and_is_still_read(log: Path) -> None:
    assert spoil.tamper(log, "服务 700", "服务 7OO") == 1
    material, (facts,) = read(log)
    assert facts.records == 1000 and facts.missing == []
    assert len(facts.bad_chunks) == 1
    assert material.artifacts[0].state is State.PARTLY


def test_a_broken_record_costs_the_rest_of_its_chunk_and_no_more(log: Path) -> None:
    _, (before,) = read(log)
    chunk = before.chunks[1]
    with log.open("r+b") as file:
        file.seek(chunk.offset + 512 + 4)
        file.write(struct.pack("<I", 0))
    _, (facts,) = read(log)
    assert facts.unreadable == 1 and facts.bad_chunks == [1]
    assert facts.missing == [(chunk.first, chunk.last)]


def test_a_hole_in_the_record_numbers_is_told(tmp_path: Path) -> None:
    log = tmp_path / "System.evtx"
    events = ordinary(10)
    events[5] = Event(events[5].time, events[5].provider, 7036, events[5].data, record_id=20)
    write_log(log, events)
    _, (facts,) = read(log)
    assert facts.missing == [(6, 19)]


def test_a_log_whose_file_header_is_lost_is_read_by_its_chunks(log: Path) -> None:
    _, (sound,) = read(log)
    with log.open("r+b") as file:
        file.write(bytes(4096))
    _, (facts,) = read(log)
    assert not facts.header_valid
    assert (facts.records, facts.first_record, facts.last_record, facts.first_time, facts.last_time) == (
        sound.records,
        sound.first_record,
        sound.last_record,
        sound.first_time,
        sound.last_time,
    )


def test_a_header_that_promises_more_than_there_is_is_believed(log: Path) -> None:
    spoil.claim(log, next_record_id=1511)
    _, (facts,) = read(log)
    assert facts.missing == [(1501, 1510)]


def test_a_header_that_promises_the_impossible_is_not_believed(log: Path) -> None:
    spoil.claim(log, next_record_id=2**62)
    _, (facts,) = read(log)
    assert facts.missing == []


def test_a_repeated_chunk_is_told_as_duplicates(log: Path) -> None:
    content = log.read_bytes()
    first = content[FILE_HEADER_SIZE : FILE_HEADER_SIZE + CHUNK_SIZE]
    log.write_bytes(content + first)
    _, (facts,) = read(log)
    assert facts.records == 1000 + facts.duplicates and facts.duplicates > 0 and facts.missing == []


@pytest.mark.parametrize(
    "content", [b"", b"PK\x03\x04", b"ElfFile\0", b"\0" * 70_000, "日志".encode() * 9000], ids=range(5)
)
def test_a_file_that_is_no_log_is_named_unreadable(tmp_path: Path, content: bytes) -> None:
    log = tmp_path / "System.evtx"
    log.write_bytes(content)
    material, (facts,) = read(log)
    assert material.artifacts[0].state is State.UNREADABLE
    detail = material.artifacts[0].detail
    assert detail is not None and detail["en"] and detail["zh-hans"]
    assert facts.records == 0 and facts.first_time is None and material.events.count() == 0


def test_a_log_whose_chunks_are_all_lost_is_unreadable(log: Path) -> None:
    for number in range(spoil.chunk_count(log)):
        spoil.overwrite_chunk(log, number, b"\xff" * CHUNK_SIZE)
    material, (facts,) = read(log)
    assert facts.records == 0 and material.artifacts[0].state is State.UNREADABLE


def test_progress_is_told_at_least_every_ten_thousand_records(tmp_path: Path) -> None:
    log = tmp_path / "System.evtx"
    write_log(log, ordinary(12_000))
    heard: list[int] = []
    with EventIndexWriter(tmp_path / "index.sqlite") as writer:
        read_log(artifact_of(log), writer, heard.append)
    assert heard[-1] == 12_000
    assert max(later - earlier for earlier, later in zip([0, *heard], heard, strict=False)) <= 10_000


def test_a_report_that_raises_stops_the_reading(log: Path, tmp_path: Path) -> None:
    class Cancelled(Exception):
        pass

    def cancel(records: int) -> None:
        raise Cancelled

    with pytest.raises(Cancelled), EventIndexWriter(tmp_path / "index.sqlite") as writer:
        read_log(artifact_of(log), writer, cancel)
    assert not (tmp_path / "index.sqlite").exists()


def test_control_characters_and_markup_stay_data(tmp_path: Path) -> None:
    log = tmp_path / "System.evtx"
    hostile = '"},"EventData":{"param1":"x"}}}<script>\\'
    write_log(
        log, [Event(moment(0), hostile, 7036, {"param1": hostile, "param2": "\u202e\x01"}, computer=hostile)]
    )
    material, _ = read(log)
    (event,) = material.events.events()
    assert event.provider == event.computer == event.data["param1"] == hostile
    assert event.data["param2"] == "\u202e\x01"


@settings(max_examples=40, deadline=None)
@given(seed=st.integers(0, 2**32), holes=st.integers(1, 200), cut=st.integers(0, CHUNK_SIZE))
def test_any_damage_is_survived_and_told(
    tmp_path_factory: pytest.TempPathFactory, seed: int, holes: int, cut: int
) -> None:
    log = tmp_path_factory.mktemp("odd") / "System.evtx"
    write_log(log, ordinary(600))
    damage(log, seed, holes, cut)
    material, (facts,) = read(log)
    assert material.events.count() == facts.records <= 1300
    assert facts.missing == sorted(facts.missing)
    if facts.records < 600:
        assert material.artifacts[0].state in {State.PARTLY, State.UNREADABLE}
        assert material.artifacts[0].detail is not None


ranges = st.lists(
    st.tuples(st.integers(0, 60), st.integers(0, 9)).map(lambda pair: (pair[0], sum(pair))), max_size=9
)


@given(ranges, ranges)
def test_ranges_are_subtracted_as_sets_are(left: list[tuple[int, int]], right: list[tuple[int, int]]) -> None:
    def members(spans: list[tuple[int, int]]) -> set[int]:
        return {number for first, last in spans for number in range(first, last + 1)}

    assert members(subtract(merge(left), merge(right))) == members(left) - members(right)
    assert members(merge(left)) == members(left)
