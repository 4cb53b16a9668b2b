"""Event logs as blocks of ``Name: value``: ``wevtutil qe /f:text``, PowerShell's ``Format-List`` and its
default table, and what Event Viewer's "Copy details as text" puts into a mail.

A block begins with ``Event[0]:``, with the first name of the file again, or behind an empty line; a value
goes on over lines that name nothing. Where an event's XML follows its text, the XML is read.
Sources: Microsoft, ``wevtutil``; Event Viewer; ``Get-WinEvent``.
"""

import re
from collections.abc import Iterator
from dataclasses import replace

from engine.artifacts import Artifact
from engine.index.values import LogForm
from engine.parsers.evtx.log_facts import LogFacts
from engine.parsers.exports.entries import Entries
from engine.parsers.exports.event_xml import END, event_of
from engine.parsers.exports.times import Clock
from engine.parsers.exports.words import column_of
from engine.parsers.parser import Parsed, Parser, Yields
from engine.parsers.sample import Sample
from engine.parsers.text_log import MAX_MESSAGE_LINES, LoggedEvent, keep_log, numbered_lines, store_events
from engine.parsers.unread import UnreadLines
from engine.sandbox.sandbox import Emit
from engine.text import text

KIND = "event-text"
MAX_BYTES = 512 << 20
SAMPLED_LINES = 20_000
NEEDED = {"event_id", "provider", "time"}

HEADING = re.compile(r"Event ?\[[0-9]{1,9}\]:?[ \t]{0,20}$")
PAIR = re.compile(
    r"[ \t]{0,8}(?P<name>[A-Za-z一-鿿][A-Za-z一-鿿 ]{0,30}?)[ \t]{0,30}[:：](?:[ \t]{0,40}(?P<value>.*))$"
)
TABLE = re.compile(r"[ \t]{0,8}ProviderName: (?P<provider>\S.{0,200}?)[ \t]{0,40}$")
ROW = re.compile(
    r"(?P<time>\d{1,4}[-/.]\d{1,2}[-/.]\d{1,4} {1,3}(?:上午 |下午 )?\d{1,2}:\d\d:\d\d(?: [AP]M)?) {1,30}"
    r"(?P<event_id>\d{1,6}) (?P<level>\S{1,20})(?: {1,30}(?P<message>.*))?$"
)
RULER = re.compile(r"-{6,40} {1,30}-- -{4,30} -{4,30}[ \t]{0,200}$")
XML_HEADING = re.compile(r"[ \t]{0,8}(?:Event|事件) ?Xml[:：]", re.IGNORECASE)


def recognises(sample: Sample) -> bool:
    """By id, source and time named within one block, or by the table's ruler."""
    named: set[str] = set()
    pairs = 0
    for number, line in enumerate(sample.text.split("\n", 400)[:400]):
        line = line.rstrip("\r")
        if RULER.match(line) and number:
            return True
        pair = PAIR.match(line[:400])
        if pair and (column := column_of(pair["name"])):
            named.add(column)
            pairs += 1
            if named >= NEEDED:
                return True
        elif number > 60 and pairs < 2:
            return False
    return False


class _Block:
    """The columns gathered of one event, and the value that goes on in the next line."""

    def __init__(self, line: int) -> None:
        self.line = line
        self.columns: dict[str, list[str]] = {}
        self.open: str | None = None
        self.xml: list[str] | None = None
        self.cut = False

    def put(self, column: str, value: str) -> None:
        self.columns[column] = [value]
        self.open = column

    def go_on(self, line: str) -> None:
        """Adds a line to the value that stands open."""
        if not self.open:
            return
        if len(self.columns[self.open]) < MAX_MESSAGE_LINES:
            self.columns[self.open].append(line.strip())
        elif line.strip():
            self.cut = True

    def event(self, entries: Entries) -> LoggedEvent | None:
        if self.xml is not None and (event := event_of(self.line, _whole("\n".join(self.xml)))):
            return event
        return entries.event(
            self.line, {name: "\n".join(lines).strip() for name, lines in self.columns.items()}
        )


def _whole(xml: str) -> str:
    start, end = xml.find("<Event"), xml.find(END)
    return xml[start : end + len(END)] if 0 <= start < end else ""


def blocks(lines: Iterator[tuple[int, str]]) -> Iterator[_Block]:
    """The events' blocks; what stands before the first is nothing to them."""
    block, first, blank, provider = _Block(0), None, True, ""
    for number, line in lines:
        if table := TABLE.match(line[:300]):
            provider = table["provider"]
        if block.xml is not None:
            block.xml.append(line[:20_000])
            if END in line or len(block.xml) > MAX_MESSAGE_LINES:
                yield block
                block, blank = _Block(number + 1), True
            continue
        if XML_HEADING.match(line):
            block.xml = [line.partition(":")[2]]
            continue
        if provider and (row := ROW.match(line)):
            yield from [block] if block.columns else []
            block = _Block(number)
            block.columns = {name: [value or ""] for name, value in row.groupdict().items()}
            block.put("provider", provider)
            block.open = "message"
            continue
        pair, column = PAIR.match(line[:100_000]), None
        if HEADING.match(line):
            yield from [block] if block.columns else []
            block, first = _Block(number), "Event["
        elif pair and (column := column_of(pair["name"])) and _starts(block, first, column, blank):
            if first != "Event[" and (column == first or column in block.columns):
                yield from [block] if block.columns else []
                block = _Block(number)
            first = first or column
            block.line = block.line or number
            block.put(column, pair["value"])
        elif block.open:
            block.go_on(line)
        blank = not line.strip()
    if block.columns:
        yield block


def _starts(block: _Block, first: str | None, column: str, blank: bool) -> bool:
    """Whether a pair of this name is one of the event, and no line of its message."""
    if block.open != "message":
        return True
    if first == "Event[":
        return False  # the message is the last thing in it
    return (blank and column == first) or (column not in block.columns and not blank)


def events(artifact: Artifact, unread: UnreadLines) -> Iterator[LoggedEvent]:
    """One a block."""
    entries = Entries(artifact.path, Clock(_times(artifact)))
    for block in blocks(numbered_lines(artifact, MAX_BYTES)):
        event = block.event(entries)
        if event is not None:
            yield replace(event, cut=True) if block.cut else event
        elif len(block.columns) >= len(NEEDED):
            unread.miss(block.line, "看不出事件 ID 或时间", "its event id or time is not understood")


def _times(artifact: Artifact) -> list[str]:
    times = []
    for number, line in numbered_lines(artifact, MAX_BYTES):
        if number > SAMPLED_LINES:
            break
        if row := ROW.match(line):
            times.append(row["time"])
        elif (pair := PAIR.match(line[:400])) and column_of(pair["name"]) == "time":
            times.append(pair["value"])
    return times


def parse(emit: Emit, artifact: Artifact, number: int) -> Parsed[LogFacts]:
    """Reads the blocks."""
    unread = UnreadLines()
    return store_events(
        artifact, number, events(artifact, unread), MAX_BYTES, form=LogForm.LINES, emit=emit, unread=unread
    )


PARSER = Parser(
    kind=KIND,
    label=text("导出的事件日志（文本）", "exported event log (text)"),
    source="https://learn.microsoft.com/windows-server/administration/windows-commands/wevtutil",
    yields=Yields.EVENTS,
    recognises=recognises,
    max_bytes=MAX_BYTES,
    parse=parse,
    keep=keep_log,
)
