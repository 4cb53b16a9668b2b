"""What an event log says about itself, judged apart from the fast parser: headers, checksums, numbers.

The file header and every chunk header are decoded here, also of chunks that the file header
does not claim: a dirty log's header is out of date. The fast parser passes over what it cannot
read; the record numbers that the headers promise show what that was. Source of facts: libyal,
"Windows XML Event Log (EVTX) format", sections "File header" and "Chunk header".
"""

import struct
import zlib
from collections.abc import Iterable
from dataclasses import dataclass, field
from itertools import pairwise

FILE_HEADER_SIZE = 4096
HEAD_SIZE = FILE_HEADER_SIZE + 8
"""The file header and the mark of the first chunk, by which a log is known whose header is damaged."""
CHUNK_SIZE = 65536
CHUNK_FLAGS = 120
DIRTY, FULL = 0x1, 0x2
"""Flags of a file header."""
NO_CHECKSUMS = 0x4
"""Flag of a file and of a chunk header: Windows computed no checksums, their fields are 0."""
MAX_RECORDS_IN_CHUNK = (CHUNK_SIZE - 512) // 28

Range = tuple[int, int]

_RECORD = struct.Struct("<4sIQ")
_HEADER = struct.Struct("<8sQQQIHHHH")
_CHUNK_HEADER = struct.Struct("<8sQ8xQQ8xII")
_FLAGS_AND_CHECKSUM = struct.Struct("<II")


def sound_header() -> bytes:
    """The header of a log file of no particular content, all its fields well."""
    header = bytearray(FILE_HEADER_SIZE)
    _HEADER.pack_into(header, 0, b"ElfFile\0", 0, 0, 1, 128, 1, 3, FILE_HEADER_SIZE, 1)
    struct.pack_into("<I", header, 124, zlib.crc32(header[:120]))
    return bytes(header)


class NotEvtx(ValueError):
    """The file does not begin as an event log does."""


@dataclass(frozen=True, slots=True)
class ChunkFacts:
    """One chunk: its place and the record numbers its header promises.

    ``number`` counts from 0 in file order; ``first`` and ``last`` are record ids, ``None`` when
    the header is not valid or promises nothing; ``first_number`` counts records in the file.
    ``unlisted`` records, the last ones up to ``last``, stand behind the end that the header
    tells: a running machine writes records first and the header later. ``end`` is their end.
    ``unchecked``: the header says that no checksums were computed, and there are none.
    """

    number: int
    offset: int
    header_valid: bool
    data_valid: bool
    empty: bool
    first: int | None = None
    last: int | None = None
    first_number: int | None = None
    unlisted: int = 0
    end: int = CHUNK_SIZE
    unchecked: bool = False

    @property
    def listed(self) -> int:
        """The last record id that the header itself tells; 0 when it tells none."""
        return (self.last or 0) - self.unlisted

    @property
    def bad(self) -> bool:
        """The header or the data checksum does not hold (and the space was not merely unused)."""
        return not self.empty and not (self.header_valid and self.data_valid)


@dataclass
class Integrity:
    """The log's own words. ``chunks_claimed`` and ``next_record`` are stale in a dirty log.

    ``cut`` is how many bytes of a started chunk stand at the end of the file.
    """

    dirty: bool
    full: bool
    header_valid: bool
    chunks_claimed: int
    next_record: int
    cut: int
    chunks: list[ChunkFacts] = field(default_factory=list)

    @property
    def bad_chunks(self) -> list[int]:
        """Numbers (from 0) of chunks with a bad header or a bad checksum."""
        return [chunk.number for chunk in self.chunks if chunk.bad]


def has_header(head: bytes) -> bool:
    """Whether a file that begins with ``head`` begins with a file header."""
    return len(head) >= FILE_HEADER_SIZE and head.startswith(b"ElfFile\0")


def header_of(head: bytes) -> bytes:
    """The file header of a file that begins with ``head`` (``HEAD_SIZE`` bytes): its own, or a sound
    one of no particular content where only its own is damaged. Raises ``NotEvtx``."""
    if has_header(head):
        return head[:FILE_HEADER_SIZE]
    if head[FILE_HEADER_SIZE:HEAD_SIZE] == b"ElfChnk\0":
        return sound_header()
    raise NotEvtx


def inspect(head: bytes, body: bytes, size: int, first_chunk: int = 0) -> Integrity:
    """Reads the headers and checksums of a log of ``size`` bytes: its file header (``HEAD_SIZE`` bytes)
    and, from the chunk of that number on, the chunks in ``body``. Raises ``NotEvtx``."""
    header = header_of(head)
    *_, next_record, _size, _minor, _major, _block, claimed = _HEADER.unpack_from(header)
    flags, checksum = _FLAGS_AND_CHECKSUM.unpack_from(header, CHUNK_FLAGS)
    unchecked = _is_unchecked(flags, checksum)
    return Integrity(
        dirty=bool(flags & DIRTY),
        full=bool(flags & FULL),
        header_valid=has_header(head) and (unchecked or checksum == zlib.crc32(header[:CHUNK_FLAGS])),
        chunks_claimed=claimed,
        next_record=next_record,
        cut=(size - FILE_HEADER_SIZE) % CHUNK_SIZE,
        chunks=[
            _chunk(body[start : start + CHUNK_SIZE], number)
            for number, start in enumerate(range(0, len(body) - CHUNK_SIZE + 1, CHUNK_SIZE), first_chunk)
        ],
    )


def _chunk(data: bytes, number: int) -> ChunkFacts:
    offset = FILE_HEADER_SIZE + number * CHUNK_SIZE
    if not data.startswith(b"ElfChnk\0"):
        empty = data.count(0) == CHUNK_SIZE
        return ChunkFacts(number, offset, header_valid=False, data_valid=False, empty=empty)
    _magic, first_number, first, last, end_listed, data_checksum = _CHUNK_HEADER.unpack_from(data)
    flags, checksum = _FLAGS_AND_CHECKSUM.unpack_from(data, CHUNK_FLAGS)
    unchecked = _is_unchecked(flags, checksum, data_checksum)
    header_valid = unchecked or checksum == zlib.crc32(data[128:512], zlib.crc32(data[:CHUNK_FLAGS]))
    data_valid = 512 <= end_listed <= CHUNK_SIZE and (
        unchecked or data_checksum == zlib.crc32(data[512:end_listed])
    )
    # An unused chunk claims the ids 2**64-1 to 0; a broken one may claim anything.
    credible = header_valid and 0 < first <= last < 2**63 and last - first < MAX_RECORDS_IN_CHUNK
    if not credible:
        return ChunkFacts(number, offset, header_valid, data_valid, empty=False, unchecked=unchecked)
    unlisted, end = _behind(data, end_listed, last)
    return ChunkFacts(
        number,
        offset,
        header_valid,
        data_valid,
        empty=False,
        first=first,
        last=last + unlisted,
        first_number=first_number,
        unlisted=unlisted,
        end=end,
        unchecked=unchecked,
    )


def _is_unchecked(flags: int, *checksums: int) -> bool:
    return bool(flags & NO_CHECKSUMS) and not any(checksums)


def _behind(data: bytes, end: int, last: int) -> tuple[int, int]:
    """How many whole records follow ``end`` with the next ids, and where they end."""
    count = 0
    while 512 <= end <= CHUNK_SIZE - _RECORD.size:
        magic, size, record_id = _RECORD.unpack_from(data, end)
        if magic != b"**\0\0" or record_id != last + count + 1 or not 28 <= size <= CHUNK_SIZE - end:
            break
        if data[end + size - 4 : end + size] != data[end + 4 : end + 8]:
            break
        count, end = count + 1, end + size
    return count, end


class Seen:
    """Numbers in the headers of records that were read, kept as ranges: a hundred million in a few bytes."""

    def __init__(self) -> None:
        self._runs: list[list[int]] = []

    def extend(self, numbers: list[int], ids: list[int]) -> None:
        """Notes records in the order they were read, with their ``EventRecordID``s; an unbroken ascent
        costs next to nothing."""
        if numbers and numbers == list(range(numbers[0], numbers[0] + len(numbers))):
            self._note(numbers[0], numbers[-1], ids[0], ids[-1])
            return
        for number, record_id in zip(numbers, ids, strict=True):
            self._note(number, number, record_id, record_id)

    def _note(self, first: int, last: int, first_id: int, last_id: int) -> None:
        if self._runs and self._runs[-1][1] + 1 == first:
            self._runs[-1][1], self._runs[-1][3] = last, last_id
        else:
            self._runs.append([first, last, first_id, last_id])

    def ranges(self) -> list[Range]:
        """The numbers as disjoint inclusive ranges, ascending."""
        return merge((first, last) for first, last, *_ in self._runs)

    def ends(self) -> dict[int, int]:
        """The ``EventRecordID`` by the number of each record at the end of a range, where they differ."""
        ends = (
            (number, record_id)
            for run in self._runs
            for number, record_id in zip(run[:2], run[2:], strict=True)
        )
        return {number: record_id for number, record_id in ends if number != record_id}


def merge(ranges: Iterable[Range]) -> list[Range]:
    """Overlapping and adjoining inclusive ranges made one, ascending."""
    merged: list[Range] = []
    for first, last in sorted(ranges):
        if merged and first <= merged[-1][1] + 1:
            merged[-1] = (merged[-1][0], max(merged[-1][1], last))
        else:
            merged.append((first, last))
    return merged


def subtract(ranges: Iterable[Range], taken: list[Range]) -> list[Range]:
    """What of ``ranges`` is not in ``taken`` (both disjoint and ascending)."""
    left: list[Range] = []
    place = 0
    for first, last in ranges:
        at = first
        while place < len(taken) and taken[place][0] <= last:
            start, end = taken[place]
            if start > at:
                left.append((at, start - 1))
            at = max(at, end + 1)
            if end > last:
                break  # it may reach into the next range, too
            place += 1
        if at <= last:
            left.append((at, last))
    return left


def missing(integrity: Integrity, seen: list[Range]) -> list[Range]:
    """Record ids that the log promises, or that must lie between read ones, and were not read.

    Sources: each chunk header's first and last id; the file header's next id (a dirty header is
    stale but never promises too much); gaps between read ids; and, when the log's first chunks
    are lost, the count of earlier records that the first good chunk tells.
    """
    promised: list[Range] = [
        (chunk.first, chunk.last)
        for chunk in integrity.chunks
        if chunk.first is not None and chunk.last is not None
    ]
    known = merge([*seen, *promised])
    if not known:
        return [(1, integrity.next_record - 1)] if _believable_end(integrity, 0) else []
    wanted = [*promised, *((left[1] + 1, right[0] - 1) for left, right in pairwise(known))]
    if _believable_end(integrity, known[-1][1]):
        wanted.append((known[-1][1] + 1, integrity.next_record - 1))
    wanted.extend(_lost_head(integrity))
    return subtract(merge(wanted), seen)


def _believable_end(integrity: Integrity, last: int) -> bool:
    """Whether the file header's next id may be taken for the end of the log."""
    most_unwritten = (integrity.chunks_claimed + 1) * MAX_RECORDS_IN_CHUNK
    return integrity.header_valid and last + 1 < integrity.next_record <= last + 1 + most_unwritten


def _lost_head(integrity: Integrity) -> list[Range]:
    good = next((chunk for chunk in integrity.chunks if chunk.first is not None), None)
    if good is None or good.first is None or not good.number or not good.first_number:
        return []
    before = min(good.first_number - 1, good.first - 1, good.number * MAX_RECORDS_IN_CHUNK)
    return [(good.first - before, good.first - 1)] if before > 0 else []
