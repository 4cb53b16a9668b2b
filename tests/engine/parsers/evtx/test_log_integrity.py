"""The findings on logs themselves: what is damaged or missing, and a clock that went back."""

from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from demo.evtx import spoil
from demo.evtx.writer import write_log
from engine.analyzers import clock_moved_back, log_integrity
from engine.findings import Examined, Finding, NotExamined, Severity
from engine.index.event_index import EventIndex
from engine.index.writer import EventIndexWriter
from engine.material import Material
from engine.schema.evidence import Locator
from engine.schema.facts import Facts
from tests.engine.event_logs import ordinary, read


@pytest.fixture
def log(tmp_path: Path) -> Path:
    file = tmp_path / "System.evtx"
    write_log(file, ordinary(600, filler=400))
    return file


def damage(log: Path) -> tuple[Finding, ...]:
    outcome = log_integrity.examine(read(log)[0])
    assert isinstance(outcome, Examined)
    return outcome.findings


def steps(log: Path) -> tuple[Finding, ...]:
    outcome = clock_moved_back.examine(read(log)[0])
    assert isinstance(outcome, Examined)
    return outcome.findings


def test_a_whole_log_is_no_finding(log: Path) -> None:
    assert damage(log) == () and steps(log) == ()


def test_a_zeroed_chunk_is_told_with_the_numbers_that_are_missing(log: Path) -> None:
    spoil.overwrite_chunk(log, 1)
    (finding,) = damage(log)
    assert finding.severity is Severity.MEDIUM
    count = finding.data.missing_records
    assert count and finding.title["en"] == f"System.evtx: {count} records are missing"
    assert finding.title["zh-hans"] == f"System.evtx 缺少 {count} 条记录"
    [[first, last]] = finding.data.missing
    assert (
        f"{first}–{last}" in finding.summary["en"] and "nothing found does not mean" in finding.summary["en"]
    )
    assert finding.evidence[0].locator == Locator(missing=f"{first}–{last}")


def test_a_tampered_value_cites_the_chunk_whose_checksum_does_not_fit(log: Path) -> None:
    assert spoil.tamper(log, "正在运行", "正在暂停") > 0
    (finding,) = damage(log)
    assert finding.title["en"] == "System.evtx is damaged in part"
    chunk = finding.data.bad_chunks[0]
    assert finding.evidence[0].locator == Locator(chunk=chunk, offset=4096 + chunk * 65536)


def test_a_log_copied_while_in_use_is_no_finding(tmp_path: Path) -> None:
    file = tmp_path / "System.evtx"
    write_log(file, ordinary(20), dirty=True)
    assert damage(file) == ()


def test_a_clock_that_goes_back_is_told_with_its_largest_step(tmp_path: Path) -> None:
    file = tmp_path / "System.evtx"
    write_log(file, [*ordinary(10, start=7200), *ordinary(10, start=0), *ordinary(5, start=9000)])
    (finding,) = steps(file)
    assert finding.data == Facts(log="System.evtx", steps=1, record_ids=[11])
    assert "at record 11" in finding.summary["en"] and "记录 11" in finding.summary["zh-hans"]
    assert finding.evidence[0].locator.record_id == 11


def test_seconds_out_of_order_are_no_finding(tmp_path: Path) -> None:
    file = tmp_path / "System.evtx"
    write_log(file, [*ordinary(5, start=100), *ordinary(5, start=0)])
    assert steps(file) == ()


def test_without_a_log_nothing_was_examined(tmp_path: Path) -> None:
    with EventIndexWriter(tmp_path / "events.sqlite"):
        pass
    with EventIndex(tmp_path / "events.sqlite") as index:
        for rule in (log_integrity, clock_moved_back):
            assert isinstance(rule.examine(Material(ZoneInfo("Asia/Shanghai"), index)), NotExamined)
