"""The text under the eyes of the readers: its lines, and what the lines above have settled."""

from collections.abc import Callable
from dataclasses import dataclass, field

from engine.parsers.captures.lines import Line
from engine.parsers.captures.spoken import Spoken
from engine.text import Text

MAX_REMEMBERED = 200


@dataclass
class Page:
    """``width`` is the console's, in cells. Of the last prompt: ``folder`` where it stood, ``command`` as
    typed, ``target`` the file that it asked for, ``listed`` the folder whose files follow. ``variables``
    of PowerShell by the file they hold."""

    lines: list[Line]
    width: int
    spoken: Spoken = field(default_factory=Spoken)
    folder: str = ""
    command: str = ""
    target: str = ""
    listed: str = ""
    unknown_command: bool = False
    variables: dict[str, str] = field(default_factory=dict)
    tried_json: int = 0
    _told: set[object] = field(default_factory=set)

    def miss(self, line: int, reason: Text) -> None:
        """Names a line that was not understood."""
        self.spoken.miss(line, reason)

    def miss_once(self, subject: object, line: int, reason: Text) -> None:
        """Names the first of many lines that are not understood for the same reason."""
        if subject not in self._told and len(self._told) < MAX_REMEMBERED:
            self._told.add(subject)
            self.spoken.miss(line, reason)

    def next_written(self, at: int, within: int = 3) -> int:
        """The place of the next line that is not blank, ``within`` so many; ``len(lines)`` for none."""
        for place in range(at, min(at + within, len(self.lines))):
            if not self.lines[place].blank:
                return place
        return len(self.lines)


Form = Callable[[Page, int], int]
"""Reads what begins at a line if it is of its form: the place behind it; else the same place."""
