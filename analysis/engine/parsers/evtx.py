"""Windows event logs: records into the event index, and what the log says about itself.

The Rust parser reads the records; ``evtx_integrity`` judges the file. Nothing a log contains
raises: a damaged log is read as far as it goes, and its facts say what is missing.
"""

import struct
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from io import BytesIO
from itertools import islice
from pathlib import Path
from typing import Any

from evtx import PyEvtxParser

from analysis.engine.artifacts import Artifact, State
from analysis.engine.event_index import EventIndexWriter
from analysis.engine.parsers.evtx_integrity import (
    CHUNK_SIZE,
    FILE_HEADER_SIZE,
    ChunkFacts,
    Integrity,
    NotEvtx,
    Range,
    Seen,
    inspect,
    missing,
)
from analysis.engine.parsers.evtx_rows import Rows
from analysis.engine.phrases import counted
from analysis.engine.text import text

BATCH = 5_000
MAX_ERRORS = 100_000


@dataclass
class LogFacts:
    """What is known of one log. Ranges are inclusive record ids, times UTC text or ``None``.

    ``unreadable`` counts records and chunks that the parser refused; ``duplicates`` records
    whose id came twice; ``unlisted`` records that stand behind the end a stale chunk header
    tells and were read none the less; ``chunks`` where each record range lies in the file.
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
    chunks: list[ChunkFacts] = field(default_factory=list, repr=False)

    @property
    def missing_records(self) -> int:
        """How many records are known to be missing."""
        return sum(last - first + 1 for first, last in self.missing)


def read_log(artifact: Artifact, index: EventIndexWriter, report: Callable[[int], None]) -> LogFacts:
    """Reads one log into the index and sets the artifact's state and detail.

    ``report`` hears the count of records read in this log, every 5,000. It may raise to stop.
    """
    facts = LogFacts(artifact.path)
    try:
        integrity = inspect(artifact.file)
    except NotEvtx:
        artifact.state = State.UNREADABLE
        artifact.detail = text(
            "文件开头不是 Windows 事件日志的格式，无法读取。请重新导出该日志（.evtx）后再上传。",
            "The file does not begin as a Windows event log does and cannot be read. "
            "Please export the log (.evtx) again and upload it.",
        )
        return facts
    seen = Seen()
    rows = Rows(index.add_log(artifact.path, artifact.sha256), index)
    records = _records(artifact.file, integrity, facts)
    while batch := rows.rows(islice(records, BATCH)):
        index.add(batch)
        seen.extend([row[1] for row in batch])
        facts.records += len(batch)
        _span(facts, [row[2] for row in batch if row[2]])
        report(facts.records)
    _conclude(facts, integrity, seen)
    _judge(artifact, facts, integrity)
    return facts


def _records(file: Path, integrity: Integrity, facts: LogFacts) -> Iterator[dict[str, Any]]:
    yield from parsed(str(file), facts)
    for chunk in integrity.chunks:
        if chunk.unlisted:
            # The fast parser stops where the chunk header says; records written since stand behind.
            yield from (
                record
                for record in parsed(_completed(file, chunk), facts)
                if record["event_record_id"] > chunk.listed
            )


def _completed(file: Path, chunk: ChunkFacts) -> BytesIO:
    """A log of this one chunk, its header listing all its records."""
    with file.open("rb") as log:
        header = log.read(FILE_HEADER_SIZE)
        log.seek(chunk.offset)
        data = bytearray(log.read(CHUNK_SIZE))
    struct.pack_into("<Q", data, 32, chunk.last or 0)
    struct.pack_into("<I", data, 48, chunk.end)
    return BytesIO(header + data)


def parsed(source: str | BytesIO, facts: LogFacts) -> Iterator[dict[str, Any]]:
    """The records as the Rust parser gives them; ``facts.unreadable`` counts what it refused."""
    try:
        records = PyEvtxParser(source, number_of_threads=1, indent=False).records_json()
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


def _span(facts: LogFacts, times: list[str]) -> None:
    if times:
        facts.first_time = min(facts.first_time or times[0], *times)
        facts.last_time = max(facts.last_time or times[0], *times)


def _conclude(facts: LogFacts, integrity: Integrity, seen: Seen) -> None:
    ranges = seen.ranges()
    if ranges:
        facts.first_record, facts.last_record = ranges[0][0], ranges[-1][1]
    facts.missing = missing(integrity, ranges)
    facts.duplicates = seen.duplicates
    facts.dirty, facts.full = integrity.dirty, integrity.full
    facts.header_valid, facts.cut = integrity.header_valid, integrity.cut
    facts.bad_chunks, facts.chunks = integrity.bad_chunks, integrity.chunks
    facts.unlisted = sum(chunk.unlisted for chunk in integrity.chunks)


def _judge(artifact: Artifact, facts: LogFacts, integrity: Integrity) -> None:
    """Says in the artifact's state and detail how far the log was read."""
    zh: list[str] = []
    en: list[str] = []
    if facts.missing:
        listed = ranges_text(facts.missing)
        zh.append(f"缺少 {facts.missing_records:,} 条记录（编号 {listed}）")
        verb = "is" if facts.missing_records == 1 else "are"
        en.append(f"{counted(facts.missing_records, 'record')} {verb} missing (numbers {listed})")
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
    if facts.dirty:
        zh.append("日志在写入时被复制（未正常关闭），文件头可能不是最新")
        en.append("the log was copied while in use (not closed), its header may be out of date")
    if zh:
        artifact.detail = text("；".join(zh) + "。", _sentence("; ".join(en)))
    if integrity.chunks and not facts.records and artifact.state is State.PARTLY:
        artifact.state = State.UNREADABLE


def ranges_text(ranges: list[Range], most: int = 5) -> str:
    """``3–7, 12`` for people; of many ranges the first few and an ellipsis."""
    shown = [f"{first}" if first == last else f"{first}–{last}" for first, last in ranges[:most]]
    return ", ".join(shown) + (", …" if len(ranges) > most else "")


def _sentence(words: str) -> str:
    return words[:1].upper() + words[1:] + "."
