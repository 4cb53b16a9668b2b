"""Windows event logs: records into the event index, and what the log says about itself.

A log is read in parts of some dozen chunks, which need nothing of each other: several processes
may read one log. How it is cut depends on its size alone, so that the outcome does not depend on
who reads. The Rust parser reads the records; ``integrity`` judges the file. Nothing a log
contains raises: a damaged log is read as far as it goes, and its facts say what is missing.
"""

import os
import struct
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from io import BytesIO
from itertools import islice
from typing import Any

from evtx import PyEvtxParser

from engine.artifacts import Artifact, State
from engine.index.values import LogForm
from engine.index.writer import EventIndexWriter
from engine.parsers.evtx.integrity import (
    CHUNK_SIZE,
    FILE_HEADER_SIZE,
    HEAD_SIZE,
    ChunkFacts,
    Integrity,
    NotEvtx,
    Range,
    Seen,
    inspect,
    merge,
    missing,
    sound_header,
)
from engine.parsers.evtx.numbering import Numbering, named, together
from engine.parsers.evtx.ordering import OrderingSoFar
from engine.parsers.evtx.rows import Rows
from engine.phrases import counted
from engine.schema.logs import LogKind
from engine.text import Text, text

BATCH = 5_000
MAX_ERRORS = 100_000
PART_CHUNKS = 64
FEW = 0.05
HEADER = sound_header()


@dataclass
class LogFacts:
    """What is known of one log. Ranges are inclusive ``EventRecordID``s, times UTC text or ``None``.

    ``missing`` are the numbers within which records are missing that the file should hold, as far as they
    are known; ``lost`` is how many that are, where it is another number. ``kind`` says how the records came
    into the file, ``left_out`` how many numbers a filter left out; ``computers`` and ``channels`` count
    whose they are. ``first_record`` and ``last_record`` are ``None`` where each channel has its own numbers.
    ``unreadable`` counts records and chunks that the parser refused; ``duplicates`` records whose number in
    the header came twice; ``no_time`` records that bear no time; ``checksums`` is whether the log carries
    any; ``unlisted`` records that stand behind the end a stale chunk header
    tells and were read none the less; ``form`` what the records are numbered by; ``local``: times stand as
    the machine's local time, without a zone, until ``engine.local_times`` settles them; ``chunks`` where
    each record range lies in the file.
    """

    artifact: str
    records: int = 0
    first_record: int | None = None
    last_record: int | None = None
    first_time: str | None = None
    last_time: str | None = None
    missing: list[Range] = field(default_factory=list)
    dirty: bool = False
    full: bool = False
    header_valid: bool = True
    bad_chunks: list[int] = field(default_factory=list)
    cut: int = 0
    unreadable: int = 0
    unlisted: int = 0
    duplicates: int = 0
    form: LogForm = LogForm.EVTX
    local: bool = False
    chunks: list[ChunkFacts] = field(default_factory=list, repr=False)
    kind: LogKind = LogKind.OWN
    lost: int | None = None
    left_out: int = 0
    computers: int = 1
    channels: int = 1
    no_time: int = 0
    checksums: bool = True

    @property
    def few_left_out(self) -> bool:
        """Whether so few numbers are not in a filtered log that records may have gone before it was saved."""
        return self.left_out < FEW * self.records

    @property
    def missing_records(self) -> int:
        """How many records are known to be missing."""
        return sum(last - first + 1 for first, last in self.missing) if self.lost is None else self.lost


@dataclass(frozen=True)
class Place:
    """Where a part of a log lies: its first chunk (from 0) and how many bytes it has, a cut-off
    chunk at the end of the file included."""

    chunk: int
    size: int


@dataclass
class PartFacts:
    """What is known of one part of a log: ``read`` are the numbers in the headers of its records, ``ends``
    as ``Seen`` tells them, the rest is as in ``LogFacts``; no ``integrity`` means that it is no event log."""

    integrity: Integrity | None
    records: int = 0
    read: list[Range] = field(default_factory=list)
    ends: dict[int, int] = field(default_factory=dict)
    numbering: Numbering = field(default_factory=Numbering)
    first_time: str | None = None
    last_time: str | None = None
    no_time: int = 0
    unreadable: int = 0


def places(size: int) -> list[Place]:
    """The parts that a log of ``size`` bytes is read in."""
    body, step = max(0, size - FILE_HEADER_SIZE), PART_CHUNKS * CHUNK_SIZE
    starts = range(0, max(body, 1), step)
    return [Place(start // CHUNK_SIZE, min(step, body - start)) for start in starts]


def read_log(artifact: Artifact, index: EventIndexWriter, report: Callable[[int], None]) -> LogFacts:
    """Reads one log into the index and sets the artifact's state and detail.

    ``report`` hears the count of records read in this log, every 5,000. It may raise to stop.
    """
    log, parts, before = index.next_log(), [], 0

    def report_all(records: int) -> None:
        report(before + records)

    for place in places(artifact.file.stat().st_size):
        parts.append(read_part(artifact, place, log, index, report_all))
        before += parts[-1].records
    return concluded(artifact, parts)


def read_part(
    artifact: Artifact, place: Place, log: int, index: EventIndexWriter, report: Callable[[int], None]
) -> PartFacts:
    """Reads one part of the log of that number; ``report`` hears the count of records read in it."""
    with artifact.file.open("rb") as file:
        head = file.read(HEAD_SIZE)
        file.seek(FILE_HEADER_SIZE + place.chunk * CHUNK_SIZE)
        body = file.read(place.size)
        size = file.seek(0, os.SEEK_END)
    try:
        facts = PartFacts(inspect(head, body, size, place.chunk))
    except NotEvtx:
        return PartFacts(None)
    part = index.part(artifact.path, artifact.sha256, log=log, offset=place.chunk * CHUNK_SIZE)
    rows, seen, ordering = Rows(part), Seen(), OrderingSoFar()
    records = _records(body, facts)
    while batch := rows.rows(islice(records, BATCH)):
        part.add(batch)
        numbers, ids, times = [row[-1] for row in batch], [row[2] for row in batch], [row[3] for row in batch]
        seen.extend(numbers, ids)
        facts.numbering.extend(numbers, ids, batch, part.sources)
        ordering.extend(numbers, times)
        facts.no_time += times.count(None)
        facts.records += len(batch)
        report(facts.records)
    part.close(ordering.as_ordering())
    facts.read, facts.ends = seen.ranges(), seen.ends()
    facts.first_time, facts.last_time = ordering.first_time, ordering.last_time
    return facts


def concluded(artifact: Artifact, parts: Sequence[PartFacts]) -> LogFacts:
    """What the parts of a log say together; sets the artifact's state and detail."""
    facts = LogFacts(artifact.path)
    integrities = [part.integrity for part in parts if part.integrity is not None]
    if not integrities:
        artifact.state = State.UNREADABLE
        artifact.detail = text(
            "文件开头不是 Windows 事件日志的格式，无法读取。请重新导出该日志（.evtx）后再上传。",
            "The file does not begin as a Windows event log does and cannot be read. "
            "Please export the log (.evtx) again and upload it.",
        )
        return facts
    integrity = integrities[0]
    integrity.chunks = [chunk for integrity_of_part in integrities for chunk in integrity_of_part.chunks]
    ranges = merge(numbers for part in parts for numbers in part.read)
    facts.records = sum(part.records for part in parts)
    facts.first_time = min((part.first_time for part in parts if part.first_time), default=None)
    facts.last_time = max((part.last_time for part in parts if part.last_time), default=None)
    _count_numbers(
        facts, together(part.numbering for part in parts), ranges, missing(integrity, ranges), parts
    )
    facts.no_time = sum(part.no_time for part in parts)
    facts.checksums = not integrity.chunks or not all(chunk.unchecked for chunk in integrity.chunks)
    facts.duplicates = facts.records - sum(last - first + 1 for first, last in ranges)
    facts.unreadable = sum(part.unreadable for part in parts)
    facts.dirty, facts.full = integrity.dirty, integrity.full
    facts.header_valid, facts.cut = integrity.header_valid, integrity.cut
    facts.bad_chunks, facts.chunks = integrity.bad_chunks, integrity.chunks
    facts.unlisted = sum(chunk.unlisted for chunk in integrity.chunks)
    _judge(artifact, facts, integrity)
    return facts


def _count_numbers(
    facts: LogFacts,
    numbering: Numbering,
    read: list[Range],
    lost: list[Range],
    parts: Sequence[PartFacts],
) -> None:
    """Says by ``EventRecordID`` what the log holds and what is missing, of which ``read`` and ``lost`` are
    the numbers in the headers."""
    facts.kind = numbering.kind(read[0][0] if read else 1, facts.artifact.rpartition("/")[2])
    facts.computers, facts.channels = len(numbering.computers), len(numbering.runs)
    if facts.kind is LogKind.OWN:
        facts.missing = lost
        if read:
            facts.first_record, facts.last_record = read[0][0], read[-1][1]
        return
    facts.lost = sum(last - first + 1 for first, last in lost)
    if facts.kind in {LogKind.SAVED, LogKind.FILTERED}:
        (run,) = numbering.runs.values()
        facts.first_record, facts.last_record = run.low, run.high
        ends = {number: record_id for part in parts for number, record_id in part.ends.items()}
        facts.missing = merge(named(lost, ends, numbering.shift))
        facts.left_out = max(0, numbering.left_out - facts.lost)


def _records(body: bytes, facts: PartFacts) -> Iterator[dict[str, Any]]:
    # A header that is sound, whatever the log's own says: its damage is told, and costs no record.
    yield from parsed(BytesIO(HEADER + body), facts)
    chunks = facts.integrity.chunks if facts.integrity else []
    for chunk in chunks:
        if chunk.unlisted:
            # The fast parser stops where the chunk header says; records written since stand behind.
            start = chunk.offset - chunks[0].offset
            completed = bytearray(body[start : start + CHUNK_SIZE])
            struct.pack_into("<Q", completed, 32, chunk.last or 0)
            struct.pack_into("<I", completed, 48, chunk.end)
            yield from (
                record
                for record in parsed(BytesIO(HEADER + completed), facts)
                if record["event_record_id"] > chunk.listed
            )


def parsed(log: str | BytesIO, facts: PartFacts) -> Iterator[dict[str, Any]]:
    """The records as the Rust parser gives them; ``facts.unreadable`` counts what it refused."""
    try:
        records = PyEvtxParser(log, number_of_threads=1, indent=False).records_json()
    except (RuntimeError, OSError, ValueError):
        facts.unreadable += 1
        return
    while facts.unreadable < MAX_ERRORS:
        try:
            for record in records:
                if record is not None:
                    yield record
            return
        except RuntimeError:
            # The iterator goes on behind the record or chunk that it could not read.
            facts.unreadable += 1
        except BaseException as error:
            # A panic inside the Rust library arrives as a BaseException of its own.
            if type(error).__name__ != "PanicException":
                raise
            facts.unreadable += 1


def _judge(artifact: Artifact, facts: LogFacts, integrity: Integrity) -> None:
    """Says in the artifact's state and detail how far the log was read."""
    zh: list[str] = []
    en: list[str] = []
    if facts.missing_records:
        zh_numbers, en_numbers = missing_numbers(facts)
        zh.append(f"缺少 {facts.missing_records:,} 条记录{zh_numbers}")
        verb = "is" if facts.missing_records == 1 else "are"
        en.append(f"{counted(facts.missing_records, 'record')} {verb} missing{en_numbers}")
    if facts.bad_chunks:
        zh.append(f"{len(facts.bad_chunks):,} 个数据块的文件头或校验和不正确")
        en.append(f"bad header or checksum in {counted(len(facts.bad_chunks), 'chunk')}")
    if facts.cut:
        zh.append("文件末尾不完整")
        en.append("the end of the file is cut off")
    if facts.unreadable:
        zh.append(f"{facts.unreadable:,} 处记录或数据块无法读取")
        en.append(f"unreadable in {counted(facts.unreadable, 'place')}")
    if facts.duplicates:
        zh.append(f"{facts.duplicates:,} 条记录的编号重复")
        en.append(f"a number that came before in {counted(facts.duplicates, 'record')}")
    if not facts.header_valid:
        zh.append("文件头校验和不正确")
        en.append("the checksum of the file header is wrong")
    if zh:
        artifact.state = State.PARTLY
    for note in notes(facts):
        zh.append(note["zh-hans"])
        en.append(note["en"])
    if facts.dirty:
        zh.append("日志在写入时被复制（未正常关闭），文件头可能不是最新")
        en.append("the log was copied while in use (not closed), its header may be out of date")
    if zh:
        artifact.detail = text("；".join(zh) + "。", _sentence("; ".join(en)))
    if integrity.chunks and not facts.records and artifact.state is State.PARTLY:
        artifact.state = State.UNREADABLE


def missing_numbers(facts: LogFacts) -> tuple[str, str]:
    """The numbers of missing records in brackets, Chinese and English; nothing where they are not known."""
    if not facts.missing:
        return "", ""
    listed = ranges_text(facts.missing)
    if facts.missing_records == sum(last - first + 1 for first, last in facts.missing):
        return f"（编号 {listed}）", f" (numbers {listed})"
    return f"（编号在 {listed} 之内）", f" (their numbers lie within {listed})"


def notes(facts: LogFacts) -> list[Text]:
    """What kind of log it is where that is to be known, and what it does not carry: no damage."""
    said: list[Text] = []
    if facts.kind is LogKind.FILTERED:
        span = f"{facts.first_record}–{facts.last_record}"
        zh_else, en_else = (
            ("，或导出前已有记录缺失", ", or after records had gone") if facts.few_left_out else ("", "")
        )
        said.append(
            text(
                f"导出时使用了筛选{zh_else}：编号 {span} 中有 {facts.left_out:,} 个不在文件中",
                f"exported with a filter{en_else}: {facts.left_out:,} of the numbers {span} "
                f"{'is' if facts.left_out == 1 else 'are'} not in it",
            )
        )
    elif facts.kind is LogKind.MERGED:
        said.append(
            text(
                "由多个日志或多次导出合并而成，各自沿用原来的记录编号",
                "put together from several logs or exports, whose records keep their own numbers",
            )
        )
    elif facts.kind is LogKind.COLLECTED:
        several = facts.computers > 1
        zh_from = f" {facts.computers:,} 台电脑" if several else "另一个日志"
        en_from = counted(facts.computers, "computer") if several else "another log"
        said.append(
            text(
                f"收集自{zh_from}，记录沿用原日志中的编号",
                f"collected from {en_from}, records keep the numbers of the log they were written to",
            )
        )
    if facts.no_time:
        said.append(
            text(
                f"{facts.no_time:,} 条记录没有时间",
                f"{counted(facts.no_time, 'record')} {'bears' if facts.no_time == 1 else 'bear'} no time",
            )
        )
    if not facts.checksums:
        said.append(text("该日志不带校验和", "this log carries no checksums"))
    return said


def ranges_text(ranges: list[Range], most: int = 5) -> str:
    """``3–7, 12`` for people; of many ranges the first few and an ellipsis."""
    shown = [f"{first}" if first == last else f"{first}–{last}" for first, last in ranges[:most]]
    return ", ".join(shown) + (", …" if len(ranges) > most else "")


def _sentence(words: str) -> str:
    return words[:1].upper() + words[1:] + "."
