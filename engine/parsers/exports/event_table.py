"""Event logs saved as a table: Event Viewer's CSV and tab-separated text, PowerShell's ``Export-Csv``.

The first line names the columns; Event Viewer leaves the last one, the message, without a name. A message
may run over several lines between quotes. Sources: Microsoft, Event Viewer ("Save all events as");
``Get-WinEvent``, ``Get-EventLog`` and ``Export-Csv``; EvtxECmd's ``--csv``.
"""

import csv
import json
from collections.abc import Iterator
from itertools import chain, islice
from typing import Any

from engine.artifacts import Artifact
from engine.index.values import LogForm
from engine.parsers.evtx.log_facts import LogFacts
from engine.parsers.exports.entries import Entries
from engine.parsers.exports.times import Clock
from engine.parsers.exports.words import column_of
from engine.parsers.parser import Parsed, Parser, Yields
from engine.parsers.sample import Sample
from engine.parsers.text_log import LoggedEvent, keep_log, numbered_lines, store_events
from engine.parsers.unread import UnreadLines
from engine.sandbox.sandbox import Emit
from engine.text import text

KIND = "event-table"
MAX_BYTES = 512 << 20
MAX_FIELD = 1 << 20
MAX_HEAD = 5
"""Lines before the one that names the columns."""
MAX_COLUMNS = 100
MAX_OPEN_QUOTES = 100
SAMPLED = 2_000
NEEDED = {"event_id", "provider", "time"}


class Heading:
    """The line that names the columns: ``columns`` by their place, ``None`` for one that says nothing here;
    ``line`` is its number from 1."""

    def __init__(self, line: int, names: list[str], delimiter: str) -> None:
        self.line, self.delimiter = line, delimiter
        self.columns: list[str | None] = []
        for name in names[:MAX_COLUMNS]:
            column = column_of(name)
            self.columns.append(None if column in self.columns else column)

    @property
    def fits(self) -> bool:
        """Whether events can be told by these columns."""
        return set(self.columns) >= NEEDED

    def named(self, row: list[str]) -> dict[str, str]:
        """The row by the names of its columns; one value more than there are names is the message."""
        columns = {name: value for name, value in zip(self.columns, row, strict=False) if name}
        if len(row) > len(self.columns) and "message" not in columns:
            columns["message"] = self.delimiter.join(row[len(self.columns) :])
        return columns


def heading_of(lines: Iterator[tuple[int, str]]) -> Heading | None:
    """The heading among the first lines, ``None`` where they are of no such table."""
    for number, line in islice(lines, MAX_HEAD):
        for delimiter in ",\t;":
            try:
                names = next(csv.reader([line[:4096]], delimiter=delimiter), [])
            except csv.Error:
                continue
            if (heading := Heading(number, names, delimiter)).fits:
                return heading
    return None


def recognises(sample: Sample) -> bool:
    """By columns for id, source and time of events."""
    lines = sample.text[:20_000].split("\n")[:MAX_HEAD]
    return heading_of(iter(enumerate((line.rstrip("\r") for line in lines), 1))) is not None


def rows(
    lines: Iterator[tuple[int, str]], heading: Heading, unread: UnreadLines
) -> Iterator[tuple[int, list[str]]]:
    """The rows below the heading, each with the number of its first line; a broken one is noted."""
    taken: list[tuple[int, str]] = []
    open_quotes = 0

    def counted(source: Iterator[tuple[int, str]]) -> Iterator[str]:
        for number, line in source:
            taken.append((number, line))
            yield line + "\n"

    csv.field_size_limit(MAX_FIELD)
    reader = csv.reader(counted(lines), delimiter=heading.delimiter)
    while True:
        taken.clear()
        try:
            row = next(reader, None)
        except csv.Error:
            row = []
        if row is None:
            return
        if row and not (len(taken) > 1 and any(_is_row(line, heading) for _number, line in taken[1:])):
            if any(row):
                yield taken[0][0], row
            continue
        if not taken or not any(line for _number, line in taken):
            continue
        # The quote swallowed events: the line is read by itself, and what follows again.
        (begins, first), *again = taken
        open_quotes += 1
        if open_quotes > MAX_OPEN_QUOTES:  # each may have been read to the field's largest size
            unread.miss(
                begins, "未闭合的引号过多，其后未读取", "too many open quotes; nothing behind was read"
            )
            return
        unread.miss(begins, "引号没有闭合或字段过长", "a quote is not closed, or a field is too long")
        yield from ((begins, row) for row in _alone(first, heading) if any(row))
        lines = chain(again, lines)
        reader = csv.reader(counted(lines), delimiter=heading.delimiter)


def _alone(line: str, heading: Heading) -> list[list[str]]:
    try:
        return list(csv.reader([line], delimiter=heading.delimiter))
    except csv.Error:
        return []


def _is_row(line: str, heading: Heading) -> bool:
    """Whether a line of a message is an event of its own."""
    if line.count(heading.delimiter) < len(heading.columns) - 1:
        return False
    return any(
        (columns := heading.named(row)).get("event_id", "").isdecimal()
        and Clock().read(columns.get("time", "")) is not None
        for row in _alone(line, heading)
    )


def events(artifact: Artifact, unread: UnreadLines) -> Iterator[LoggedEvent]:
    """One a row."""
    heading = heading_of(numbered_lines(artifact, MAX_BYTES))
    if heading is None:
        return
    entries = Entries(artifact.path, Clock(_times(artifact, heading)))
    for line, row in rows(_below(artifact, heading), heading, unread):
        columns = heading.named(row)
        event = entries.event(line, columns, _values(columns))
        if event is None:
            unread.miss(line, "看不出事件 ID 或时间", "its event id or time is not understood")
        else:
            yield event


def _below(artifact: Artifact, heading: Heading) -> Iterator[tuple[int, str]]:
    return islice(numbered_lines(artifact, MAX_BYTES), heading.line, None)


def _times(artifact: Artifact, heading: Heading) -> list[str]:
    """The first times, by which the order of day and month is told."""
    sampled = islice(rows(_below(artifact, heading), heading, UnreadLines()), SAMPLED)
    return [heading.named(row).get("time", "") for _line, row in sampled]


def _values(columns: dict[str, str]) -> dict[str, Any] | list[str]:
    """The event's own values where the table has them: EvtxECmd's ``Payload`` is their JSON."""
    payload = columns.get("payload", "")
    if not payload.startswith("{"):
        return []
    try:
        data = json.loads(payload)["EventData"]["Data"]
        named = data if isinstance(data, list) else [data]
        return {str(value["@Name"]): str(value.get("#text", "")) for value in named}
    except (ValueError, LookupError, TypeError, AttributeError, RecursionError):
        return []


def parse(emit: Emit, artifact: Artifact, number: int) -> Parsed[LogFacts]:
    """Reads the table."""
    heading = heading_of(numbered_lines(artifact, MAX_BYTES))
    numbered = heading is not None and "record_id" in heading.columns
    form = LogForm.NUMBERED if numbered else LogForm.LINES
    unread = UnreadLines()
    return store_events(
        artifact, number, events(artifact, unread), MAX_BYTES, form=form, emit=emit, unread=unread
    )


PARSER = Parser(
    kind=KIND,
    label=text("导出的事件日志（表格）", "exported event log (table)"),
    source="https://learn.microsoft.com/powershell/module/microsoft.powershell.diagnostics/get-winevent",
    yields=Yields.EVENTS,
    recognises=recognises,
    max_bytes=MAX_BYTES,
    parse=parse,
    keep=keep_log,
)
