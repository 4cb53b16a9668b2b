"""The lines of a console capture, and putting back together what the console's width broke.

A console breaks a long line at its width, PowerShell's list view breaks values and indents
the rest, mail programs break at words and eat the indentation. Where the break fell on a
space, the space may be gone.
"""

import re
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass, field

from engine.text_safety import plain_blanks, without_nul

MAX_LINE_LENGTH = 4_000
MAX_LINES = 500_000
"""What lies beyond is not looked at; no console writes so much."""
QUOTED = re.compile(r"^ ?(?:> ?){1,20}")


@dataclass(frozen=True)
class Line:
    """``number`` from 1; ``text`` without its end, tabs as blanks; ``width`` in console cells (Han take
    two); ``raw`` with its tabs."""

    number: int
    text: str
    width: int
    raw: str

    @property
    def blank(self) -> bool:
        return not self.text.strip(" \t`")


@dataclass
class Value:
    """A value as it stands on one or more lines. ``column`` is where its first character stands."""

    line: int
    column: int
    pieces: list[str] = field(default_factory=list)
    widths: list[int] = field(default_factory=list)

    @property
    def whole(self) -> bool:
        """It stands on one line."""
        return len(self.pieces) == 1

    @property
    def length(self) -> int:
        """Characters of all its pieces."""
        return sum(map(len, self.pieces))

    def add(self, line: Line) -> None:
        indent = len(line.text) - len(line.text.lstrip())
        # A console's own cut indents nothing: a blank or two there belong to the value.
        strip = self.column if indent >= self.column else indent if indent > 2 else 0
        self.pieces.append(line.text[strip:])
        self.widths.append(line.width)

    def rank(self, width: int) -> int:
        """How far its blanks can be trusted, best first: whole, broken, broken before a Han character."""
        if self.whole:
            return 1
        return 6 if any(self._wide_next(at, width) for at in range(1, len(self.pieces))) else 5

    def _wide_next(self, position: int, width: int) -> bool:
        """One cell was left and the next character takes two: no telling whether a blank stood there."""
        return self.widths[position - 1] == width - 1 and cells(self.pieces[position][:1]) == 2

    def joined(self, width: int) -> str:
        """One line again. ``width`` is the console's: a line that reaches it was cut, a shorter
        one lost a space at its end."""
        text = ""
        for position, piece in enumerate(self.pieces):
            if position:
                cut = self.widths[position - 1] >= width or self._wide_next(position, width)
                of_path = text[-1:] == "\\" or piece[:1] == "\\"
                if not (cut or of_path) and text and not text[-1].isspace() and not piece[:1].isspace():
                    text += " "
            text += piece
        return " ".join(text.split())


def lines_of(content: str) -> list[Line]:
    """The capture's lines; quoting marks of mails and marks of emphasis are taken away."""
    pieces = re.split(r"\r{0,2}\n|\r", content, maxsplit=MAX_LINES)
    return numbered(enumerate(pieces[:MAX_LINES], start=1))


def numbered(pieces: Iterable[tuple[int, str]]) -> list[Line]:
    """Lines of numbered text; an indentation that all of them share is taken away."""
    lines = []
    for number, piece in pieces:
        raw = plain_blanks(without_nul(piece[:MAX_LINE_LENGTH])).replace("**", "")
        raw = QUOTED.sub("", raw)
        plain = raw.expandtabs(8)
        lines.append(Line(number, plain, cells(plain), raw))
    return lines


def cells(content: str) -> int:
    """The width in console cells."""
    if content.isascii():
        return len(content)
    return sum(2 if unicodedata.east_asian_width(character) in "WF" else 1 for character in content)
