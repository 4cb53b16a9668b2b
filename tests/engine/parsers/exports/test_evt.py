"""Event logs of Windows XP and 2003."""

import struct
from pathlib import Path

from engine.artifacts import State
from engine.index.values import LogForm
from tests.engine.parsers.exports.reading import read

HEADER = struct.pack("<I4s10I", 48, b"LfLe", 1, 1, 48, 48, 2, 1, 0x10000, 0, 0, 48)
SYSTEM_SID = bytes([1, 1, 0, 0, 0, 0, 0, 5, 18, 0, 0, 0])


def record(number: int, strings: list[str], *, event_id: int = 0xC0001B7A, kind: int = 1) -> bytes:
    """7034 of the Service Control Manager, 2009-02-13 23:31:30 UTC."""
    names = "Service Control Manager\0PC-XP\0".encode("utf-16-le")
    sid_at = 56 + len(names) + -(56 + len(names)) % 4
    strings_at = sid_at + len(SYSTEM_SID)
    body = (
        names.ljust(sid_at - 56, b"\0") + SYSTEM_SID + "".join(f"{s}\0" for s in strings).encode("utf-16-le")
    )
    data_at = 56 + len(body)
    size = data_at + 2 + 4
    size += -size % 4
    head = struct.pack(
        "<I4sIIIIHHHHIIIIII",
        *(size, b"LfLe", number, 1234567890, 1234567890, event_id, kind, len(strings), 3, 0, 0),
        *(strings_at, len(SYSTEM_SID), sid_at, 2, data_at),
    )
    return (head + body + b"\xab\xcd").ljust(size - 4, b"\0") + struct.pack("<I", size)


RECORDS = [record(1, ["Licence", "1"]), record(2, ["授权服务", "2"]), record(3, [], kind=4)]
END = struct.pack("<10I", 40, 0x11111111, 0x22222222, 0x33333333, 0x44444444, 48, 500, 4, 1, 40)
WHOLE = HEADER + b"".join(RECORDS) + END
CUT = RECORDS[1][:100]
WRAPPED = HEADER + RECORDS[1][100:] + RECORDS[2] + END + RECORDS[0] + CUT
EMPTY = HEADER + bytes(4000)
EXAMPLES = [WHOLE, WRAPPED, EMPTY]


def test_records_are_read_with_their_strings(tmp_path: Path) -> None:
    artifact, facts, events = read(tmp_path, WHOLE, "SysEvent.Evt")

    assert (artifact.kind, artifact.state, facts.form) == ("evt", State.READ, LogForm.NUMBERED)
    assert artifact.detail is not None and "wevtutil epl old.evt new.evtx /lf:true" in artifact.detail["en"]
    assert [(event.record_id, event.event_id, event.level) for event in events] == [
        (1, 7034, 2),
        (2, 7034, 2),
        (3, 7034, 4),
    ]
    event = events[1]
    assert (event.time, event.provider) == ("2009-02-13T23:31:30.000000Z", "Service Control Manager")
    assert (event.channel, event.computer, event.user) == ("System", "PC-XP", "S-1-5-18")
    assert event.data == {"Data": ["授权服务", "2"], "Binary": "ABCD"}
    assert (event.qualifiers, event.task) == (0xC000, 3)


def test_a_ring_that_goes_on_at_the_beginning_loses_nothing(tmp_path: Path) -> None:
    _, facts, events = read(tmp_path, WRAPPED, "SysEvent.Evt")

    assert [event.record_id for event in events] == [1, 2, 3] and facts.unreadable == 0


def test_an_empty_log_is_read_and_says_so(tmp_path: Path) -> None:
    artifact, _, events = read(tmp_path, EMPTY, "SysEvent.Evt")

    assert not events and artifact.state is State.READ and artifact.detail is not None
    assert artifact.detail["zh-hans"] == "旧版事件日志中没有记录。"


def test_a_damaged_record_is_named_and_the_next_ones_are_read(tmp_path: Path) -> None:
    damaged = bytearray(WHOLE)
    damaged[48 + len(RECORDS[0]) - 4] ^= 0xFF

    artifact, facts, events = read(tmp_path, bytes(damaged), "SysEvent.Evt")

    assert [event.record_id for event in events] == [2, 3] and facts.unreadable == 1
    assert artifact.state is State.PARTLY and artifact.detail is not None
    assert "the record at offset 48 is damaged" in artifact.detail["en"]
