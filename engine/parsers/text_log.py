"""Text logs as events of the index, for the rules to look at: what their parsers share.

A parser of a text log says only what stands in a line; see docs/parsers.md.
"""

import codecs
import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import count, islice
from typing import Any

from engine.artifacts import Artifact, State
from engine.encodings import PIECE, guess_file
from engine.index.event_record import RENDERING
from engine.index.open_writer import writer
from engine.index.part import EventKind, EventOrigin
from engine.index.values import LogForm
from engine.parsers.contents import Contents
from engine.parsers.evtx.log_facts import LogFacts
from engine.parsers.evtx.ordering import OrderingSoFar
from engine.parsers.parser import Parsed
from engine.parsers.unread import UnreadLines
from engine.sandbox.sandbox import Emit
from engine.text import Text, joined, text

BATCH = 5_000
MAX_MESSAGE_LINES, MAX_VALUES = 400, 500
"""Of one exported event."""
MAX_LINE = 1 << 20
"""Characters of one line; what is behind them is left out of it."""
KEPT = text(
    f"消息只保留前 {MAX_MESSAGE_LINES} 行，值只保留前 {MAX_VALUES} 个",
    f"of a message the first {MAX_MESSAGE_LINES} lines are kept, of values the first {MAX_VALUES}",
)
TOO_LONG = text("文件过大，只读取了开头部分。", "The file is very large; only its beginning was read.")
NOTHING = text("文件中没有可识别的日志行。", "The file holds no line that is understood.")


@dataclass(frozen=True, slots=True)
class LoggedEvent:
    """One entry. ``line`` is where it begins, from 1; ``time`` UTC text as the index keeps it
    (``2020-11-24T01:01:43.123456Z``), the same without ``Z`` where it is the machine's local time, or
    ``None``; ``provider`` who wrote it, ``channel`` the log's name; ``level`` as Windows counts (2 error,
    3 warning, 4 information); ``data`` its values as the index keeps a payload, mostly name → text.
    ``record_id`` is the number that Windows gave it, ``rendering`` the culture and the message of an
    exported event; ``cut`` says that lines or values of it were left out; the rest is as in
    ``EventRecord``."""

    line: int
    time: str | None
    provider: str
    channel: str
    event_id: int | None = None
    level: int | None = None
    computer: str | None = None
    data: Mapping[str, Any] = field(default_factory=dict)
    record_id: int | None = None
    rendering: tuple[str, str] | None = None
    qualifiers: int | None = None
    version: int | None = None
    task: int | None = None
    opcode: int | None = None
    keywords: str | None = None
    user: str = ""
    process_id: int | None = None
    thread_id: int | None = None
    activity_id: str = ""
    cut: bool = False


def text_pieces(artifact: Artifact, max_bytes: int) -> Iterator[str]:
    """The text of the file's first ``max_bytes``, piece by piece."""
    with artifact.file.open("rb") as stream:
        encoding = guess_file(stream)
        stream.seek(0)
        decoder = codecs.getincrementaldecoder(encoding)("replace")
        left = max_bytes
        while left > 0 and (piece := stream.read(min(PIECE, left))):
            left -= len(piece)
            yield decoder.decode(piece)
        yield decoder.decode(b"", final=True)


def numbered_lines(artifact: Artifact, max_bytes: int) -> Iterator[tuple[int, str]]:
    """The lines of the file's first ``max_bytes``, each with its number from 1."""
    # Not splitlines: it ends lines at signs that editors and line numbers pass over.
    number, rest = 0, ""
    for piece in text_pieces(artifact, max_bytes):
        if "\n" not in piece:
            rest = (rest + piece)[:MAX_LINE]
            continue
        first, *lines = piece.split("\n")
        for line in (rest + first, *lines[:-1]):
            number += 1
            yield number, line[:MAX_LINE].rstrip("\r")
        rest = lines[-1]
    yield number + 1, rest[:MAX_LINE].rstrip("\r")


def store_events(
    artifact: Artifact,
    number: int,
    events: Iterable[LoggedEvent],
    max_bytes: int,
    *,
    form: LogForm = LogForm.LINES,
    emit: Emit = lambda word: None,
    unread: UnreadLines | None = None,
    kept: Text = KEPT,
) -> Parsed[LogFacts]:
    """Writes the events as the log of that number, whole or not at all; for the parser's ``parse``.

    ``form`` says whether records are numbered by Windows (``record_id``) or by their line; ``emit`` hears the
    count of events now and then; ``unread`` are the lines that ``events`` notes as not understood;
    ``kept`` says what is kept of an event that is cut.
    """
    facts, ordering = LogFacts(artifact.path, form=form), OrderingSoFar()
    events, cut = iter(events), list[int]()
    with writer().whole():
        part = writer().part(artifact.path, artifact.sha256, log=number, form=form)
        ids = count(part.first)
        while batch := list(islice(events, BATCH)):
            numbers = [_number(event, form) for event in batch]
            times = [event.time for event in batch]
            rows = zip(ids, numbers, batch, strict=False)
            part.add(
                [
                    (
                        row_id,
                        number,
                        own,
                        event.time,
                        part.kind(_kind(event)),
                        part.origin(_origin(event)),
                        _data(event),
                        own,
                    )
                    for row_id, own, event in rows
                ]
            )
            ordering.extend(numbers, times)
            facts.local = facts.local or any(time and not time.endswith("Z") for time in times)
            cut += [event.line for event in batch if event.cut]
            facts.records += len(batch)
            facts.first_record = min(facts.first_record or numbers[0], *numbers)
            facts.last_record = max(facts.last_record or 0, *numbers)
            emit(facts.records)
        part.close(ordering.as_ordering())
    facts.first_time, facts.last_time = ordering.first_time, ordering.last_time
    facts.unreadable = unread.count if unread else 0
    if artifact.size > max_bytes:
        return State.PARTLY, TOO_LONG, facts
    if unread or cut:
        sentences = [unread.sentence()] if unread else []
        sentences += [_cut_short(cut, kept)] if cut else []
        return State.PARTLY if facts.records else State.UNREADABLE, joined(*sentences), facts
    if not facts.records:
        return State.SKIPPED, NOTHING, facts
    return artifact.state, artifact.detail, facts


def _cut_short(lines: Sequence[int], kept: Text) -> Text:
    """Which events were not kept whole."""
    first, more = lines[0], len(lines) - 1
    return text(
        f"第 {first:,} 行{f'等 {more + 1:,} 处' if more else ''}的事件过长：{kept['zh-hans']}。",
        f"The event of line {first:,}{f' and {more:,} more' if more else ''} is too long: {kept['en']}.",
    )


def keep_log(artifact: Artifact, facts: LogFacts, contents: Contents) -> None:
    """Adds the log to the bundle's; for the parser's ``keep``."""
    contents.logs.append(facts)


def _number(event: LoggedEvent, form: LogForm) -> int:
    return event.line if form is LogForm.LINES or event.record_id is None else event.record_id


def _kind(event: LoggedEvent) -> EventKind:
    return EventKind(
        provider=event.provider,
        event_id=event.event_id,
        qualifiers=event.qualifiers,
        version=event.version,
        level=event.level,
        task=event.task,
        opcode=event.opcode,
        keywords=event.keywords,
        channel=event.channel,
        computer=event.computer,
    )


def _origin(event: LoggedEvent) -> EventOrigin:
    return EventOrigin(event.user or None, event.process_id, event.thread_id, event.activity_id or None)


def _data(event: LoggedEvent) -> str:
    payload = dict(event.data)
    if event.rendering:
        payload[RENDERING] = list(event.rendering)
    return json.dumps(payload, ensure_ascii=False)
