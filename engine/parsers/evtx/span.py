"""What an event log covers, read in an instant: from chunk headers, and one record in full.

No record but the first is parsed: each chunk header tells where its last record begins, and each
record's own header tells when it was written. Source of facts: libyal, "Windows XML Event Log
(EVTX) format", sections "File header", "Chunk header" and "Event record".
"""

import json
import struct
import zlib
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import BinaryIO

from engine.parsers.evtx.integrity import (
    CHUNK_FLAGS,
    CHUNK_SIZE,
    FILE_HEADER_SIZE,
    HEAD_SIZE,
    NO_CHECKSUMS,
    header_of,
)
from engine.parsers.evtx.log_facts import PartFacts
from engine.parsers.evtx.records import parsed

CHUNK_HEADER = 512
DIRTY = 1
MAX_NAME_LENGTH = 200

_RECORD = struct.Struct("<4sIQQ")
_EPOCH = datetime(1601, 1, 1, tzinfo=UTC)
_EARLIEST, _LATEST = datetime(1995, 1, 1, tzinfo=UTC), datetime(2100, 1, 1, tzinfo=UTC)


@dataclass
class LogSpan:
    """``records`` as the chunk headers count them; times of the earliest and the latest record that
    begin or end a chunk, UTC text. ``channel`` and ``computer`` are the first record's (hostile text).
    ``cut``: the file ends in the middle of a chunk, or before chunks that its header counts; ``bad``
    chunks have no valid header. ``dirty``: copied while Windows had it open."""

    records: int = 0
    first_time: str | None = None
    last_time: str | None = None
    channel: str = ""
    computer: str = ""
    dirty: bool = False
    cut: bool = False
    bad: int = 0


def read_span(file: Path) -> LogSpan:
    """The span of one log; raises ``NotEvtx``."""
    size = file.stat().st_size
    with file.open("rb") as log:
        head = header_of(log.read(HEAD_SIZE))
        span = LogSpan(dirty=bool(struct.unpack_from("<I", head, 120)[0] & DIRTY))
        whole, rest = divmod(size - FILE_HEADER_SIZE, CHUNK_SIZE)
        # A dirty header is stale: its count may only be too small.
        span.cut = rest > 0 or whole < struct.unpack_from("<H", head, 42)[0]
        _read_chunks(log, whole, span)
    if span.records:
        span.channel, span.computer = _first_names(file)
    return span


def _read_chunks(log: BinaryIO, whole: int, span: LogSpan) -> None:
    times: list[datetime] = []
    newest = (0, 0, 0)
    for number in range(whole):
        offset = FILE_HEADER_SIZE + number * CHUNK_SIZE
        log.seek(offset)
        head = log.read(CHUNK_HEADER + _RECORD.size)
        if not head.startswith(b"ElfChnk\0"):
            span.bad += any(head)  # Space that is not used yet is all zeros.
            continue
        checksum = zlib.crc32(head[128:512], zlib.crc32(head[:120]))
        first, last = struct.unpack_from("<QQ", head, 24)
        end = struct.unpack_from("<I", head, 44)[0]
        flags, stated = struct.unpack_from("<II", head, CHUNK_FLAGS)
        if checksum != stated and not (flags & NO_CHECKSUMS and not stated):
            span.bad += 1
            continue
        if not 0 < first <= last < 2**63 or last - first > CHUNK_SIZE:
            continue  # Its header is in order and lists nothing yet.
        span.records += last - first + 1
        times += _written(head[CHUNK_HEADER:])
        if CHUNK_HEADER <= end <= CHUNK_SIZE - _RECORD.size:
            log.seek(offset + end)
            times += _written(log.read(_RECORD.size))
            newest = max(newest, (last, offset, end))
    times += _behind(log, *newest, span)
    if times:
        span.first_time, span.last_time = _text(min(times)), _text(max(times))


def _behind(log: BinaryIO, last: int, offset: int, end: int, span: LogSpan) -> list[datetime]:
    """Records that a running machine had written behind the end that the newest chunk's header tells."""
    if not last:
        return []
    log.seek(offset)
    data = log.read(CHUNK_SIZE)
    times: list[datetime] = []
    while end <= len(data) - _RECORD.size:
        magic, size, record_id, _time = _RECORD.unpack_from(data, end)
        if magic != b"**\0\0" or record_id < last or not 28 <= size <= len(data) - end:
            break
        if record_id > last:
            span.records += 1
            times += _written(data[end : end + _RECORD.size])
        end += size
    return times


def _written(record: bytes) -> list[datetime]:
    if len(record) < _RECORD.size or not record.startswith(b"**\0\0"):
        return []
    try:
        at = _EPOCH + timedelta(microseconds=_RECORD.unpack(record[: _RECORD.size])[3] // 10)
    except OverflowError:
        return []
    return [at] if _EARLIEST < at < _LATEST else []


def _text(at: datetime) -> str:
    return at.isoformat(timespec="seconds").replace("+00:00", "Z")


def _first_names(file: Path) -> tuple[str, str]:
    """Channel and computer of the first record that can be read."""
    record = next(parsed(str(file), PartFacts(None)), None)
    try:
        system = json.loads(record["data"])["Event"]["System"] if record else {}
    except (ValueError, KeyError, TypeError):
        return "", ""
    channel, computer = (str(system.get(name) or "")[:MAX_NAME_LENGTH] for name in ("Channel", "Computer"))
    return channel, computer
