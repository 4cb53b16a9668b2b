"""Windows event logs: records into the event index, and what the log says about itself.

The Rust parser reads the records; ``evtx_integrity`` judges the file. Nothing a log contains
raises: a damaged log is read as far as it goes, and its facts say what is missing.
"""

import json
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from evtx import PyEvtxParser

from analysis.engine.artifacts import Artifact, State
from analysis.engine.event_index import EventIndexWriter
from analysis.engine.parsers.evtx_integrity import (
    ChunkFacts,
    Integrity,
    NotEvtx,
    Range,
    Seen,
    inspect,
    missing,
)
from analysis.engine.text import text

BATCH = 5_000
MAX_ERRORS = 100_000

_decode = json.JSONDecoder().raw_decode
_SYSTEM = '"System":{'


@dataclass
class LogFacts:
    """What is known of one log. Ranges are inclusive record ids, times UTC text or ``None``.

    ``unreadable`` counts records and chunks that the parser refused; ``duplicates`` records
    whose id came twice; ``chunks`` where each record range lies in the file.
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
    log = index.add_log(artifact.path, artifact.sha256)
    batch: list[tuple[Any, ...]] = []
    for record in _records(artifact.file, facts):
        try:
            row = _row(log, record)
        except (ValueError, RecursionError):
            facts.unreadable += 1
            continue
        seen.add(row[1])
        batch.append(row)
        if len(batch) == BATCH:
            _flush(batch, index, facts, report)
    _flush(batch, index, facts, report)
    _conclude(facts, integrity, seen)
    _judge(artifact, facts, integrity)
    return facts


def _records(file: Path, facts: LogFacts) -> Iterator[dict[str, Any]]:
    try:
        records = PyEvtxParser(str(file), number_of_threads=1, indent=False).records_json()
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


def _flush(
    batch: list[tuple[Any, ...]], index: EventIndexWriter, facts: LogFacts, report: Callable[[int], None]
) -> None:
    if not batch:
        return
    index.add(batch)
    facts.records += len(batch)
    times = [row[2] for row in batch if row[2]]
    if times:
        facts.first_time = min(times) if facts.first_time is None else min(facts.first_time, *times)
        facts.last_time = max(times) if facts.last_time is None else max(facts.last_time, *times)
    batch.clear()
    report(facts.records)


def _row(log: int, record: dict[str, Any]) -> tuple[Any, ...]:
    """The columns of ``EventRow``. The payload stays the JSON text that the parser wrote."""
    line: str = record["data"]
    record_id: int = record["event_record_id"]
    start = line.find(_SYSTEM)
    if start < 0:
        return (log, record_id, _header_time(record), *(None,) * 14, line, None)
    system, end = _decode(line, start + len(_SYSTEM) - 1)
    payload, binary = _payload(line, end)
    provider = _attributes(system, "Provider")
    execution = _attributes(system, "Execution")
    event_id, qualifiers = system.get("EventID"), None
    if isinstance(event_id, dict):
        qualifiers = event_id.get("#attributes", _EMPTY).get("Qualifiers")
        event_id = event_id.get("#text")
    get = system.get
    time = _attributes(system, "TimeCreated").get("SystemTime")
    return (
        log,
        record_id,
        time if time.__class__ is str else _header_time(record),
        provider.get("Name"),
        event_id,
        qualifiers,
        get("Version"),
        get("Level"),
        get("Task"),
        get("Opcode"),
        get("Keywords"),
        get("Channel"),
        get("Computer"),
        _attributes(system, "Security").get("UserID"),
        execution.get("ProcessID"),
        execution.get("ThreadID"),
        _attributes(system, "Correlation").get("ActivityID"),
        payload,
        binary,
    )


_EMPTY: dict[str, Any] = {}


def _attributes(system: dict[str, Any], name: str) -> dict[str, Any]:
    element = system.get(name)
    return element.get("#attributes", _EMPTY) if element.__class__ is dict else _EMPTY


def _payload(line: str, end: int) -> tuple[str | None, str | None]:
    """The payload behind the ``System`` object that ends at ``end``, and its ``Binary``."""
    if line.startswith(',"EventData":', end):
        payload = line[end + 13 : -2]
    elif line.startswith(',"UserData":', end):
        payload = line[end + 12 : -2]
    else:
        payload = "{" + line[end + 1 : -1] if line[end : end + 1] == "," else ""
    if not payload or payload == "null":
        return None, None
    # A quote inside a value is escaped, so this is the element's name and nothing else.
    at = payload.rfind('"Binary":"')
    return payload, payload[at + 10 : payload.index('"', at + 10)] if at >= 0 else None


def _header_time(record: dict[str, Any]) -> str | None:
    """The time the record was written, ``2020-11-24T01:01:43.1234567Z UTC``, in the index's form."""
    stamp = str(record.get("timestamp") or "").removesuffix(" UTC").removesuffix("Z")
    day, dot, fraction = stamp.partition(".")
    return f"{day}.{fraction[:6]:0<6}Z" if day else None


def _conclude(facts: LogFacts, integrity: Integrity, seen: Seen) -> None:
    ranges = seen.ranges()
    if ranges:
        facts.first_record, facts.last_record = ranges[0][0], ranges[-1][1]
    facts.missing = missing(integrity, ranges)
    facts.duplicates = seen.duplicates
    facts.dirty, facts.full = integrity.dirty, integrity.full
    facts.header_valid, facts.cut = integrity.header_valid, integrity.cut
    facts.bad_chunks, facts.chunks = integrity.bad_chunks, integrity.chunks


def _judge(artifact: Artifact, facts: LogFacts, integrity: Integrity) -> None:
    """Says in the artifact's state and detail how far the log was read."""
    zh: list[str] = []
    en: list[str] = []
    if facts.missing:
        listed = ranges_text(facts.missing)
        zh.append(f"缺少 {facts.missing_records:,} 条记录（编号 {listed}）")
        en.append(f"{facts.missing_records:,} records are missing (numbers {listed})")
    if facts.bad_chunks:
        zh.append(f"{len(facts.bad_chunks):,} 个数据块的文件头或校验和不正确")
        en.append(f"{len(facts.bad_chunks):,} chunks have a bad header or checksum")
    if facts.cut:
        zh.append("文件末尾不完整")
        en.append("the end of the file is cut off")
    if facts.unreadable:
        zh.append(f"{facts.unreadable:,} 处记录或数据块无法读取")
        en.append(f"{facts.unreadable:,} records or chunks could not be read")
    if facts.duplicates:
        zh.append(f"{facts.duplicates:,} 条记录的编号重复")
        en.append(f"{facts.duplicates:,} records carry a number that came before")
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
