"""Entries of text logs: a line that begins with a time, and the lines below it that do not.

Shared by the parsers beside it, which say what the time looks like and what stands behind it.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import NamedTuple

from engine.artifacts import Artifact
from engine.parsers.evtx.log_facts import LogFacts
from engine.parsers.parser import Parsed
from engine.parsers.text_log import LoggedEvent, numbered_lines, store_events
from engine.sandbox.sandbox import Emit
from engine.text import text

MAX_BYTES = 256 << 20
MAX_LINE = 8_000
MAX_CONTINUED = 40
"""Lines that are kept below the first of an entry."""
KEPT = text(
    f"每行只保留前 {MAX_LINE:,} 个字符，首行之后只保留 {MAX_CONTINUED} 行",
    f"of a line the first {MAX_LINE:,} characters are kept, of the lines below the first {MAX_CONTINUED}",
)
HRESULT = re.compile(r"(?<![0-9A-Za-z])(?:0x)?(?P<code>[8c][0-9a-f]{7})(?![0-9A-Za-z])", re.IGNORECASE)
_ERROR = re.compile(
    r"(?<![A-Za-z])(?:error|err|fatal|critical|severe|exception|failed|failure|panic)(?![A-Za-z])"
    r"|错误|失败|异常|致命",
    re.IGNORECASE,
)
_WARNING = re.compile(r"(?<![A-Za-z])(?:warn|warning)(?![A-Za-z])|警告", re.IGNORECASE)
_NONE_WRONG = re.compile(
    r"(?<![0-9A-Za-z])(?:0|no|without) {1,4}(?:error|failure|exception|warning)s?(?![A-Za-z])"
    r"|(?:error|failure|exception|warning)s? ?[:=] ?(?:0|none|false)(?![0-9A-Za-zx.])"
    r"|(?:没有|无|0 ?个)(?:错误|异常|警告)",
    re.IGNORECASE,
)


class LogEntry(NamedTuple):
    """``line`` is the number of its first line, from 1; ``start`` the match that began it; ``text`` what
    stands behind the match, with the lines below; ``cut`` says that some of it was left out."""

    line: int
    start: re.Match[str]
    text: str
    cut: bool


def entries(artifact: Artifact, beginning: re.Pattern[str], max_bytes: int = MAX_BYTES) -> Iterator[LogEntry]:
    """The entries of a log whose first lines match ``beginning``; what stands before the first is
    left out."""
    current: _Gathered | None = None
    for number, line in numbered_lines(artifact, max_bytes):
        start = beginning.match(line[:MAX_LINE])
        if start is not None:
            if current is not None:
                yield current.entry()
            current = _Gathered(number, start)
            current.put(line, start.end())
        elif current is not None and line.strip():
            current.put(line)
    if current is not None:
        yield current.entry()


@dataclass
class _Gathered:
    """What was read of an entry so far."""

    line: int
    start: re.Match[str]
    lines: list[str] = field(default_factory=list)
    cut: bool = False

    def put(self, line: str, behind: int = 0) -> None:
        """Adds a line, as far as there is room."""
        room = len(self.lines) <= MAX_CONTINUED
        if room:
            self.lines.append(line[behind:MAX_LINE])
        self.cut = self.cut or not room or len(line) > MAX_LINE

    def entry(self) -> LogEntry:
        return LogEntry(self.line, self.start, "\n".join(self.lines).strip(), self.cut)


def level_of_text(line: str) -> int:
    """How grave a line without a level of its own sounds: 2 error, 3 warning, 4 information."""
    said = _NONE_WRONG.sub("", line[:1_000])
    return 2 if _ERROR.search(said) else 3 if _WARNING.search(said) else 4


def hresult_of(line: str) -> str:
    """The first HRESULT of a line as ``0x800f081f``; empty where there is none."""
    found = HRESULT.search(line[:4_000])
    return f"0x{found['code'].lower()}" if found else ""


def stored(
    emit: Emit, artifact: Artifact, number: int, events: Iterator[LoggedEvent], max_bytes: int = MAX_BYTES
) -> Parsed[LogFacts]:
    """Writes the events of a text log, numbered by their lines."""
    return store_events(artifact, number, events, max_bytes, emit=emit, kept=KEPT)
