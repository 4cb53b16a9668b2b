"""File states from captures: text in which PowerShell, the command prompt and tools told of files.

Each form of it is read in ``forms``; several may follow each other in one file, parted by prompts,
headings or the words of a mail. What looks like data and was not understood is named with its line, never
dropped silently.
"""

from dataclasses import dataclass, field

from engine.artifacts import Artifact
from engine.encodings import decode
from engine.parsers.captures.facts import Unread
from engine.parsers.captures.html_text import lines_of_html, looks_like_html
from engine.parsers.captures.lines import lines_of
from engine.parsers.captures.reader import read_lines
from engine.parsers.captures.spoken import Spoken
from engine.parsers.captures.states import states_of
from engine.parsers.file_state import FileState

MAX_BYTES = 16 * 2**20
"""Bytes of a capture that are read; a longer one is read so far and says so."""


@dataclass
class Capture:
    """What one capture says. ``encoding`` is Python's name of it; ``whole`` is false where the
    file was longer than is read."""

    artifact: str
    encoding: str
    states: list[FileState] = field(default_factory=list)
    unreadable: list[Unread] = field(default_factory=list)
    whole: bool = True


def read_capture(artifact: Artifact) -> Capture:
    """The file states of a text capture; raises ``OSError`` only."""
    with artifact.file.open("rb") as stream:
        data = stream.read(MAX_BYTES + 1)
    decoded = decode(data[:MAX_BYTES])
    spoken = read_text(decoded.text)
    said = spoken.well_spelled()
    states, unplaced = states_of(artifact.path, said)
    unread = sorted([*spoken.unread, *unplaced], key=lambda unread: unread.line)
    return Capture(artifact.path, decoded.encoding, states, unread, len(data) <= MAX_BYTES)


def read_text(content: str) -> Spoken:
    """All that a capture's text says."""
    return read_lines(lines_of_html(content) if looks_like_html(content) else lines_of(content))
