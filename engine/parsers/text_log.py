"""Text logs as events of the index, for the rules to look at: what their parsers share.

A parser of a text log says only what stands in a line; see docs/parsers.md.
"""

import json
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from itertools import count, islice

from engine.artifacts import Artifact, State
from engine.encodings import decode
from engine.index.open_writer import writer
from engine.index.writer import EventKind
from engine.parsers.contents import Contents
from engine.parsers.evtx.ordering import OrderingSoFar
from engine.parsers.evtx.records import LogFacts
from engine.parsers.parser import Parsed
from engine.text import text

BATCH = 5_000
TOO_LONG = text("文件过大，只读取了开头部分。", "The file is very large; only its beginning was read.")
NOTHING = text("文件中没有可识别的日志行。", "The file holds no line that is understood.")


@dataclass(frozen=True)
class LoggedEvent:
    """One entry. ``line`` is where it begins, from 1; ``time`` UTC text as the index keeps it
    (``2020-11-24T01:01:43.123456Z``) or ``None``; ``provider`` who wrote it, ``channel`` the log's name;
    ``level`` as Windows counts (2 error, 3 warning, 4 information); ``data`` its named values."""

    line: int
    time: str | None
    provider: str
    channel: str
    event_id: int | None = None
    level: int | None = None
    computer: str | None = None
    data: Mapping[str, str] = field(default_factory=dict)


def numbered_lines(artifact: Artifact, max_bytes: int) -> Iterator[tuple[int, str]]:
    """The lines of the file's first ``max_bytes``, each with its number from 1."""
    with artifact.file.open("rb") as stream:
        content = decode(stream.read(max_bytes)).text
    # Not splitlines: it ends lines at signs that editors and line numbers pass over.
    return ((number, line.rstrip("\r")) for number, line in enumerate(content.split("\n"), start=1))


def store_events(
    artifact: Artifact, number: int, events: Iterable[LoggedEvent], max_bytes: int
) -> Parsed[LogFacts]:
    """Writes the events as the log of that number, whole or not at all; for the parser's ``parse``."""
    facts, ordering = LogFacts(artifact.path), OrderingSoFar()
    events = iter(events)
    with writer().whole():
        part = writer().part(artifact.path, artifact.sha256, log=number)
        ids = count(part.first)
        while batch := list(islice(events, BATCH)):
            part.add([_row(next(ids), number, part.kind(_kind(event)), event) for event in batch])
            ordering.extend([event.line for event in batch], [event.time for event in batch])
            facts.records += len(batch)
            facts.first_record = facts.first_record or batch[0].line
            facts.last_record = batch[-1].line
        part.close(ordering.as_ordering())
    facts.first_time, facts.last_time = ordering.first_time, ordering.last_time
    if artifact.size > max_bytes:
        return State.PARTLY, TOO_LONG, facts
    if not facts.records:
        return State.SKIPPED, NOTHING, facts
    return artifact.state, artifact.detail, facts


def keep_log(artifact: Artifact, facts: LogFacts, contents: Contents) -> None:
    """Adds the log to the bundle's; for the parser's ``keep``."""
    contents.logs.append(facts)


def _kind(event: LoggedEvent) -> EventKind:
    return EventKind(
        provider=event.provider,
        event_id=event.event_id,
        qualifiers=None,
        version=None,
        level=event.level,
        task=None,
        opcode=None,
        keywords=None,
        channel=event.channel,
        computer=event.computer,
    )


def _row(row_id: int, log: int, kind: int, event: LoggedEvent) -> tuple[object, ...]:
    data = json.dumps(dict(event.data), ensure_ascii=False)
    return (row_id, log, event.line, event.time, kind, "", None, None, "", data)
