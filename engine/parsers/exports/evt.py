"""Event logs of Windows 2000 to Server 2003 (.evt).

A header of 48 bytes, then records one behind the other in a ring: the oldest may stand in the middle, and
one record may go on at the file's beginning. Each record is found by its own sign, so that the header, which
is stale in a log that was copied while in use, need not be believed. Texts of messages lie in libraries of
the old machine; the strings that they were made with are in the record.
Source: Microsoft, "EVENTLOGRECORD structure", "Event Log File Format" ([MS-EVEN] 2.2).
"""

import struct
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

from engine.artifacts import Artifact, State
from engine.index.values import LogForm
from engine.parsers.evtx.log_facts import LogFacts
from engine.parsers.exports.entries import unnamed
from engine.parsers.exports.times import utc_text
from engine.parsers.exports.words import channel_of_file
from engine.parsers.parser import Parsed, Parser, Yields
from engine.parsers.sample import Sample
from engine.parsers.text_log import LoggedEvent, keep_log, store_events
from engine.parsers.unread import UnreadLines
from engine.sandbox.sandbox import Emit
from engine.text import text

KIND = "evt"
MAX_BYTES = 512 << 20
HEADER = 48
SIGN = b"LfLe"
MAX_RECORD = 1 << 18
MAX_STRINGS = 256
MAX_BINARY = 4_096
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_RECORD = struct.Struct("<I4sIIIIHHHHIIIIII")
_SEVERITY = {0: 4, 1: 4, 2: 3, 3: 2}
_LEVELS = {1: 2, 2: 3, 4: 4, 8: 4, 16: 4}
"""EVENTLOG_ERROR, _WARNING, _INFORMATION, _AUDIT_SUCCESS and _AUDIT_FAILURE → level."""
EMPTY = text("旧版事件日志中没有记录。", "The old event log holds no records.")
CONVERT = text(
    "如需完整的消息文字，请在原电脑上执行 wevtutil epl 旧文件.evt 新文件.evtx /lf:true 后再上传。",
    "For the full texts of the messages run wevtutil epl old.evt new.evtx /lf:true on a newer Windows and "
    "upload the result.",
)


@dataclass(frozen=True)
class _Strings:
    """The texts behind a record's fixed part."""

    source: str
    computer: str
    values: list[str]


def recognises(sample: Sample) -> bool:
    """By the header's size and sign."""
    return sample.head[:8] == struct.pack("<I", HEADER) + SIGN and sample.head[8:16] == struct.pack(
        "<II", 1, 1
    )


def events(artifact: Artifact, unread: UnreadLines) -> Iterator[LoggedEvent]:
    """The records in the order in which they stand in the file."""
    with artifact.file.open("rb") as stream:
        data = stream.read(MAX_BYTES)
    channel = channel_of_file(artifact.path)
    at = data.find(SIGN, HEADER)
    while at >= 4:
        start, following = at - 4, at + 4
        (size,) = struct.unpack_from("<I", data, start)
        if _RECORD.size <= size <= MAX_RECORD and start % 4 == 0:
            whole = start + size <= len(data)
            record = b""
            if not whole:  # it goes on behind the header
                record = data[start:] + data[HEADER : HEADER + start + size - len(data)]
            elif data[start + size - 4 : start + size] == data[start:at]:  # else nothing is worth a copy
                record = data[start : start + size]
            event = _event(record, size, channel)
            if event is None:
                unread.miss(1, f"偏移 {start:,} 处的记录已损坏", f"the record at offset {start:,} is damaged")
            else:
                yield event
                following = max(following, start + size)
        at = data.find(SIGN, following)


def _event(record: bytes, size: int, channel: str) -> LoggedEvent | None:
    if len(record) < size or record[-4:] != struct.pack("<I", size):
        return None
    (
        _,
        _,
        number,
        generated,
        _written,
        event_id,
        kind,
        count,
        category,
        _,
        _,
        strings_at,
        sid_size,
        sid_at,
        *rest,
    ) = _RECORD.unpack_from(record)
    data_size, data_at = rest
    strings = _strings(record, strings_at, min(count, MAX_STRINGS))
    payload: dict[str, Any] = unnamed(strings.values)
    if data_size and data_at + data_size <= size:
        payload["Binary"] = record[data_at : data_at + min(data_size, MAX_BINARY)].hex().upper()
    return LoggedEvent(
        0,
        utc_text(_EPOCH, timedelta(seconds=generated)) if generated else None,
        strings.source,
        channel,
        event_id=event_id & 0xFFFF,
        level=_LEVELS.get(kind, _SEVERITY[event_id >> 30]),
        computer=strings.computer or None,
        data=payload,
        record_id=number,
        qualifiers=event_id >> 16,
        task=category,
        user=_sid(record[sid_at : sid_at + sid_size]) if sid_size and sid_at + sid_size <= size else "",
    )


def _strings(record: bytes, at: int, count: int) -> _Strings:
    source, behind = _string(record, _RECORD.size)
    computer, _ = _string(record, behind)
    values = []
    for _number in range(count):
        if not _RECORD.size <= at < len(record) - 4:
            break
        value, at = _string(record, at)
        values.append(value)
    return _Strings(source, computer, values)


def _string(record: bytes, at: int) -> tuple[str, int]:
    """A string of UTF-16LE that ends with a zero, and where the next begins."""
    end = at
    while (end := record.find(b"\0\0", end)) >= 0 and (end - at) % 2:
        end += 1
    end = end if end >= 0 else len(record)
    return record[at:end].decode("utf-16-le", "replace"), end + 2


def _sid(data: bytes) -> str:
    """``S-1-5-18`` of its bytes ([MS-DTYP] 2.4.2); empty for what is none."""
    if len(data) < 8 or data[0] != 1 or len(data) < 8 + 4 * data[1]:
        return ""
    parts = struct.unpack_from(f"<{data[1]}I", data, 8)
    return "-".join(["S-1", str(int.from_bytes(data[2:8], "big")), *map(str, parts)])


def parse(emit: Emit, artifact: Artifact, number: int) -> Parsed[LogFacts]:
    """Reads the records."""
    unread = UnreadLines()
    state, detail, facts = store_events(
        artifact,
        number,
        events(artifact, unread),
        MAX_BYTES,
        form=LogForm.NUMBERED,
        emit=emit,
        unread=unread,
    )
    if not facts.records and not unread:
        return State.READ, EMPTY, facts
    return state, detail or CONVERT, facts


PARSER = Parser(
    kind=KIND,
    label=text("旧版事件日志（.evt）", "event log of Windows XP or 2003 (.evt)"),
    source="https://learn.microsoft.com/windows/win32/api/winnt/ns-winnt-eventlogrecord",
    yields=Yields.EVENTS,
    recognises=recognises,
    max_bytes=MAX_BYTES,
    parse=parse,
    keep=keep_log,
)
