"""What a log covers, told from its chunk headers, against what the full parse says."""

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from demo.evtx import spoil
from demo.evtx.writer import Event, write_log
from engine.parsers.evtx.integrity import NotEvtx
from engine.parsers.evtx.span import read_span

BEGIN = datetime(2020, 11, 24, 0, 59, 24, tzinfo=UTC)


def written(folder: Path, count: int) -> Path:
    file = folder / "Any name.evtx"
    write_log(
        file,
        (
            Event(
                time=BEGIN + timedelta(minutes=number),
                provider="Service Control Manager",
                event_id=7034,
                level=2,
                data={"param1": "CodeMeter Runtime Server", "param2": str(number)},
            )
            for number in range(count)
        ),
    )
    return file


def test_it_tells_count_times_channel_and_machine(tmp_path: Path) -> None:
    span = read_span(written(tmp_path, 500))
    assert (span.records, span.first_time, span.last_time) == (
        500,
        "2020-11-24T00:59:24Z",
        "2020-11-24T09:18:24Z",
    )
    assert span.channel == "System" and span.computer
    assert not (span.dirty or span.cut or span.bad)


def test_an_empty_log_holds_nothing(tmp_path: Path) -> None:
    span = read_span(written(tmp_path, 0))
    assert (span.records, span.first_time, span.channel) == (0, None, "")


def test_a_log_that_was_cut_off_says_so(tmp_path: Path) -> None:
    file = written(tmp_path, 500)
    spoil.truncate(file, 1, extra=100)
    span = read_span(file)
    assert span.cut and 0 < span.records < 500
    spoil.truncate(file, 1)
    assert read_span(file).cut, "its header counts more chunks than are there"


def test_a_log_in_use_and_a_damaged_one_say_so(tmp_path: Path) -> None:
    file = written(tmp_path, 500)
    spoil.set_flags(file, 1)
    spoil.overwrite_chunk(file, 1, b"\x41" * 65536)
    span = read_span(file)
    assert span.dirty and span.bad == 1
    assert span.last_time == "2020-11-24T09:18:24Z"


def test_records_behind_a_stale_chunk_header_count(tmp_path: Path) -> None:
    file = written(tmp_path, 500)
    spoil.forget_records(file, spoil.chunk_count(file) - 1, keep=1)
    span = read_span(file)
    assert (span.records, span.last_time) == (500, "2020-11-24T09:18:24Z")


def test_what_is_no_log_is_refused(tmp_path: Path) -> None:
    file = tmp_path / "System.evtx"
    file.write_bytes(b"MZ" * 4096)
    with pytest.raises(NotEvtx):
        read_span(file)
