"""Logs read by several processes: the same result however many there are, and none outlives the run."""

import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from demo.evtx import spoil
from demo.evtx.writer import CHUNK_SIZE, write_log
from engine import log_readers
from engine.analyze import analyze
from engine.artifacts import State
from engine.index.event_index import EventIndex
from engine.index.event_record import EventRecord
from engine.parsers.evtx import records as evtx
from engine.progress import Progress
from engine.result import Result
from engine.sandbox.process import Nursery
from engine.sandbox.sandbox import Allowance
from engine.schema.versions import stored_form
from tests.engine import misbehaviour as jobs
from tests.engine.event_logs import boot, crash, damage, ordinary, read


@pytest.fixture
def small_parts(monkeypatch: pytest.MonkeyPatch) -> None:
    """Logs in parts of two chunks, so that small logs have many."""
    monkeypatch.setattr(evtx, "PART_CHUNKS", 2)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Logs with crashes, damage, a clock set back, ids in disorder, a copy, and something that is no log."""
    logs = tmp_path / "logs"
    logs.mkdir()
    events = [*ordinary(700), boot(800), crash(805, "1"), crash(815, "2"), *ordinary(600, start=900)]
    write_log(logs / "A.evtx", events)
    write_log(logs / "Bad.evtx", [*ordinary(900, start=9000), *ordinary(600)], dirty=True)
    write_log(logs / "C.evtx", ordinary(1500, start=50))
    spoil.overwrite_chunk(logs / "C.evtx", 1)
    spoil.overwrite_chunk(logs / "C.evtx", 4, b"\xa5" * CHUNK_SIZE)
    write_log(logs / "D.evtx", ordinary(1200, start=70))
    spoil.truncate(logs / "D.evtx", 4, extra=3000)
    content = (logs / "A.evtx").read_bytes()
    (logs / "E.evtx").write_bytes(content[:4096] + content[4096 + 2 * CHUNK_SIZE :] + content[4096:])
    shutil.copy(logs / "A.evtx", logs / "F.evtx")
    (logs / "G.evtx").write_bytes(b"ElfFile\0")
    return logs


def everything(result: Result) -> tuple[Any, ...]:
    """All that can be known of a run."""
    assert result.index is not None
    with EventIndex(result.index) as index:
        asked = (index.logs(), index.channels(), index.kinds(), index.providers(), index.boots())
        events = list(index.events())
        matching = list(index.matching("event_id IN (7034, 7036)", ["binary"]))
        numbers = [index.numbered("E.evtx", number) for number in range(1, 400, 20)]
    return (
        stored_form(result.document()),
        [(log, log.chunks) for log in result.logs],
        asked,
        events,
        matching,
        numbers,
    )


@pytest.mark.usefixtures("small_parts")
def test_the_result_does_not_depend_on_how_many_processes_read(folder: Path, tmp_path: Path) -> None:
    by_one, by_three = (analyze(folder, tmp_path / f"work{n}", readers=n) for n in (1, 3))

    assert by_one.index is not None and len(list(by_one.index.iterdir())) == 1
    assert by_three.index is not None and len(list(by_three.index.iterdir())) > 1
    assert everything(by_one) == everything(by_three)
    assert {finding.rule for finding in by_one.findings} >= {"clock-moved-back", "event-log-damaged"}


@pytest.mark.usefixtures("small_parts")
@pytest.mark.parametrize("readers", [1, 3])
def test_a_part_whose_reader_dies_costs_its_log_and_nothing_of_that_log_stays(
    folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, readers: int
) -> None:
    monkeypatch.setattr(log_readers, "READER", jobs.dies_behind_first_part)
    result = analyze(folder, tmp_path / "work", readers=readers)

    states = {artifact.path: artifact.state for artifact in result.artifacts}
    assert states["Bad.evtx"] is State.UNREADABLE and states["A.evtx"] is State.READ
    assert "Bad.evtx" not in [log.artifact for log in result.logs]
    assert result.index is not None
    with EventIndex(result.index) as index:
        assert "Bad.evtx" not in {*index.logs(), *index.channels()}
        assert index.count() == result.events == sum(log.records for log in result.logs)
        assert len(list(index.events())) == result.events
    failed = [entry for entry in stored_form(result.document())["examined"] if entry["outcome"] == "failed"]
    assert [entry["rule"] for entry in failed] == ["read-evtx"] and "SIGABRT" in failed[0]["detail"]["en"]


def test_a_reader_that_hangs_costs_one_log_while_the_others_read_on(
    folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(log_readers, "READER", jobs.hangs_at_bad)
    result = analyze(folder, tmp_path / "work", readers=2, allowance=Allowance(silence=4.0))

    states = {artifact.path: artifact.state for artifact in result.artifacts}
    assert states["Bad.evtx"] is State.UNREADABLE and states["F.evtx"] is State.READ
    assert len(result.logs) == len(states) - 1


def children() -> set[int]:
    """The sandboxes' processes that live."""
    nurseries = {nursery.process.pid for nursery in Nursery._all.values()}
    process_ids = set()
    for entry in Path("/proc").iterdir():
        if entry.name.isdigit():
            try:
                parent = int((entry / "stat").read_text().rpartition(")")[2].split()[1])
            except OSError:
                continue
            if parent in nurseries:
                process_ids.add(int(entry.name))
    return process_ids


class Enough(Exception):
    """What a report raises when the run shall end."""


def stop_at(records: int) -> Callable[[Progress], None]:
    def report(progress: Progress) -> None:
        if progress.records >= records:
            raise Enough

    return report


def test_no_reader_outlives_a_run_that_is_stopped(folder: Path, tmp_path: Path) -> None:
    write_log(folder / "H.evtx", ordinary(12_000))
    before = children()
    with pytest.raises(Enough):
        analyze(folder, tmp_path / "work", readers=3, report=stop_at(1500))

    assert children() <= before


def test_a_full_disk_ends_the_run_and_all_readers(
    folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(log_readers, "READER", jobs.fills_the_disk_at_a_log)
    before = children()
    with pytest.raises(OSError, match="disk is full"):
        analyze(folder, tmp_path / "work", readers=3)

    assert children() <= before


@pytest.mark.usefixtures("small_parts")
def test_the_progress_counts_what_was_read_and_never_goes_back(folder: Path, tmp_path: Path) -> None:
    reports: list[Progress] = []
    result = analyze(folder, tmp_path / "work", readers=3, report=reports.append)

    records, done = [report.records for report in reports], [report.artifacts_done for report in reports]
    assert records == sorted(records) and records[-1] == result.events
    assert done == sorted(done) and done[-1] == len(result.artifacts) == reports[-1].artifacts_total
    assert len(set(records)) > 10


@settings(max_examples=25, deadline=None)
@given(seed=st.integers(0, 2**32), holes=st.integers(0, 60), cut=st.integers(0, CHUNK_SIZE))
def test_a_damaged_log_reads_the_same_in_parts_as_in_one(
    tmp_path_factory: pytest.TempPathFactory, seed: int, holes: int, cut: int
) -> None:
    file = tmp_path_factory.mktemp("parts") / "System.evtx"
    write_log(file, ordinary(700), dirty=seed % 2 == 0)
    damage(file, seed, holes, cut)

    def read_in_parts(chunks: int) -> tuple[Any, list[EventRecord]]:
        with pytest.MonkeyPatch.context() as patch:
            patch.setattr(evtx, "PART_CHUNKS", chunks)
            material, facts = read(file)
        with material.events as events:
            return (facts, facts[0].chunks, material.artifacts[0]), list(events.events())

    assert read_in_parts(1) == read_in_parts(1000)
