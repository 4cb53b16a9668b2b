"""Event logs that PowerShell wrote with ``Export-Clixml``: objects of its own XML.

Each object of the outermost level is one event; its properties have types as element names and their name
in ``N``. Source: Microsoft, [MS-PSRP] 2.2.5 ("Serialization of PowerShell objects").
"""

import re
from collections.abc import Iterator
from itertools import chain
from typing import Any
from xml.parsers import expat

from engine.artifacts import Artifact
from engine.index.values import LogForm
from engine.parsers.evtx.log_facts import LogFacts
from engine.parsers.exports.entries import Entries
from engine.parsers.exports.times import Clock
from engine.parsers.exports.words import column_of
from engine.parsers.parser import Parsed, Parser, Unparsable, Yields
from engine.parsers.sample import Sample
from engine.parsers.text_log import MAX_VALUES, LoggedEvent, keep_log, store_events, text_pieces
from engine.parsers.unread import UnreadLines
from engine.sandbox.sandbox import Emit
from engine.sandbox.wire import refusing
from engine.text import text

KIND = "event-clixml"
MAX_BYTES = 512 << 20
MAX_DEPTH = 64
MAX_TEXT = 65_536
SIGNS = re.compile(
    r"\s{0,200}<Objs [^>]{0,200}schemas\.microsoft\.com/powershell/2004/04[^\0]{0,4000}?"
    r"(?:EventLogRecord|EventLogEntry|EventLogConfiguration)"
)
HOSTILE = text(
    "文件含有 DTD 或嵌套过深，未读取。", "The file holds a DTD or is nested too deep; it was not read."
)
_ESCAPE = re.compile(r"_x([0-9A-Fa-f]{4})_")


def recognises(sample: Sample) -> bool:
    """By PowerShell's namespace and the type of the first object."""
    return SIGNS.match(sample.text) is not None


class _Objects:
    """Gathers one event after the other while the text is fed in. ``path`` holds, for each open element, the
    name that the property has."""

    def __init__(self) -> None:
        self.done: list[tuple[int, dict[str, Any], list[str]]] = []
        self.path: list[str] = []
        self._columns: dict[str, Any] = {}
        self._values: list[str] = []
        self._text: list[str] = []
        self._length = 0
        self._line = 0
        self._parser = expat.ParserCreate(namespace_separator=" ")
        self._parser.StartElementHandler = self._start
        self._parser.EndElementHandler = self._end
        self._parser.CharacterDataHandler = self._characters
        self._parser.StartDoctypeDeclHandler = self._refuse

    def feed(self, piece: str, final: bool) -> None:
        """Raises ``Unparsable``, ``ExpatError``."""
        self._parser.Parse(piece, final)

    def _refuse(self, *_: Any) -> None:
        raise Unparsable(HOSTILE)

    def _start(self, tag: str, attributes: dict[str, str]) -> None:
        if len(self.path) >= MAX_DEPTH:
            raise Unparsable(HOSTILE)
        if len(self.path) == 1:
            self._columns, self._values, self._line = {}, [], self._parser.CurrentLineNumber
        self.path.append(attributes.get("N", ""))
        self._text, self._length = [], 0

    def _characters(self, content: str) -> None:
        if self._length < MAX_TEXT:
            self._text.append(content)
            self._length += len(content)

    def _end(self, tag: str) -> None:
        content = _ESCAPE.sub(lambda code: chr(int(code[1], 16)), "".join(self._text)[:MAX_TEXT])
        name, self._text, self._length = self.path.pop(), [], 0
        named = [part for part in self.path if part]
        if name and not named:
            column = column_of(name)
            if column and content and column not in self._columns:
                self._columns[column] = content
        elif self._is_value(name, named) and content.strip() and len(self._values) <= MAX_VALUES:
            self._values.append(content)
        if len(self.path) == 1:
            self.done.append((self._line, self._columns, self._values))

    @staticmethod
    def _is_value(name: str, named: list[str]) -> bool:
        return named[:1] in (["Properties"], ["ReplacementStrings"]) and name in {"Value", ""}


def events(artifact: Artifact, unread: UnreadLines) -> Iterator[LoggedEvent]:
    """One an object; a fault in the XML ends the reading there, and is named."""
    gathered, entries = _Objects(), Entries(artifact.path, Clock())
    for piece in chain(text_pieces(artifact, MAX_BYTES), [None]):
        try:
            gathered.feed(piece or "", piece is None)
        except expat.ExpatError as error:
            unread.miss(
                error.lineno,
                "XML 不完整或有错误，其后未读取",
                "the XML is broken; nothing behind it was read",
            )
            piece = None
        for line, columns, values in gathered.done:
            event = entries.event(line, columns, values)
            if event is None:
                unread.miss(line, "看不出事件 ID 或时间", "its event id or time is not understood")
            else:
                yield event
        gathered.done.clear()
        if piece is None:
            return


@refusing(Unparsable)
def parse(emit: Emit, artifact: Artifact, number: int) -> Parsed[LogFacts]:
    """Reads the objects; raises ``Unparsable``."""
    unread = UnreadLines()
    return store_events(
        artifact,
        number,
        events(artifact, unread),
        MAX_BYTES,
        form=LogForm.NUMBERED,
        emit=emit,
        unread=unread,
    )


PARSER = Parser(
    kind=KIND,
    label=text("导出的事件日志（CLIXML）", "exported event log (CLIXML)"),
    source="https://learn.microsoft.com/openspecs/windows_protocols/ms-psrp",
    yields=Yields.EVENTS,
    recognises=recognises,
    max_bytes=MAX_BYTES,
    parse=parse,
    keep=keep_log,
)
