"""File states from text captures of PowerShell (``Get-FileHash``, ``Get-Item | select *``).

Table and list form, several captures in one file parted by prompts or headings, values broken
by the console's width, English and Chinese Windows. What looks like data and was not
understood is named with its line, never dropped silently.
"""

import re
from dataclasses import dataclass, field, replace

from engine.artifacts import Artifact
from engine.encodings import decode
from engine.parsers.captures import lines as capture_lines
from engine.parsers.captures import machines as capture_machines
from engine.parsers.captures import values as capture_values
from engine.parsers.captures.blocks import Block
from engine.parsers.captures.facts import Heading, Machine, Moment, Prompt, Said, Unread
from engine.parsers.captures.lines import Line, Value, key_of, starts_something
from engine.parsers.captures.spoken import Spoken
from engine.parsers.captures.states import states_of
from engine.parsers.captures.values import squeezed
from engine.parsers.file_state import FileState
from engine.text import text

MAX_BYTES = 16 * 2**20
"""Bytes of a capture that are read; a longer one is read so far and says so."""

MAX_HEADING_LENGTH = 600
MAX_HEADING_LINES = 3
MAX_PIECES = 40
"""Lines of one value; no console is that narrow."""

WHOLE_PATH = re.compile(r"[A-Za-z]:\\.*\.\w{2,4}$")
PATH_REST = re.compile(r"\\|^\s*[A-Za-z0-9._-]{1,6}\s*$|\.\w{2,4}\s*$")
BEGINNINGS = frozenset({"algorithm", "pspath"})
"""With these properties PowerShell begins an object."""

NOISE = re.compile(
    r"^(windows powershell|版权所有|copyright|尝试新的跨平台|try the new|install the latest|安装最新"
    r"|microsoft windows|\(c\) |directory:|目录[:：]|certutil:"
    r"|windows powershell transcript|(start|end) time:|username:|运行应用程序用户)",
    re.IGNORECASE,
)


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
    reader = _Reader()
    states, unplaced = states_of(artifact.path, reader.read(decoded.text))
    unread = sorted([*reader.spoken.unread, *unplaced], key=lambda unread: unread.line)
    return Capture(artifact.path, decoded.encoding, states, unread, len(data) <= MAX_BYTES)


class _Reader:
    """Walks the lines once; a block is one hash row, or one run of ``Name : value`` lines."""

    def __init__(self) -> None:
        self.spoken = Spoken()
        self.console = capture_machines.Said()
        self.folder = ""
        self.target = ""
        self.width = 0
        self.values: dict[str, Value] = {}
        self.row: Value | None = None
        self.open: Value | None = None
        self.heading: list[str] = []
        self.heading_line = 0

    def read(self, content: str) -> list[Said]:
        lines = capture_lines.lines_of(content)
        self.console = capture_machines.said_in(lines)
        lines = [replace(line, text=capture_machines.without_machine(line.text)) for line in lines]
        self.width = max((line.width for line in lines if self._console(line)), default=0)
        position = 0
        while position < len(lines):
            position = self._step(lines, position)
        self._close()
        return self.spoken.well_spelled()

    # -- One line ---------------------------------------------------------------------

    def _step(self, lines: list[Line], at: int) -> int:
        line = lines[at]
        if self._of_console(line):
            return at + 1
        if line.blank:
            if not self._wants_more(lines, at):
                self.open = None
            self._settle_heading()
            return at + 1
        if capture_lines.PROMPT_START.match(line.text) or capture_lines.PROMPT.match(line.text):
            return self._prompt(lines, at)
        if row := capture_lines.ROW.match(line.text):
            self._close()
            self.row = self.open = Value(line.number, row.start("rest"), [row["rest"]], [line.width])
            self.values["algorithm"] = Value(line.number, 0, [row["algorithm"]], [0])
        elif certutil := capture_lines.certutil_of(line.text):
            self._close()
            self.values["algorithm"] = Value(line.number, 0, [certutil[0]], [0])
            path = capture_values.resolve(self.folder, certutil[1])
            self.values["path"] = Value(line.number, 0, [path], [0])
            self.values["hash"] = self.open = Value(line.number, 0)
        elif row := capture_lines.DEFAULT_TABLE.match(line.text):
            self._close()
            self.values["name"] = Value(line.number, 0, [row["name"]], [0])
            self.values["length"] = Value(line.number, 0, [row["size"]], [0])
        elif key := key_of(line.text):
            self._key(line, key)
        elif capture_lines.is_header(line.text):
            self.open = None
        elif self.open is not None and not starts_something(line) and not self._complete(line.text):
            self.open.add(line)
        elif not self._rest_of_language(lines, at):
            self._free(line)
        return at + 1

    def _of_console(self, line: Line) -> bool:
        """Says which machine and when the line tells of; true where it tells nothing else."""
        name, time = self.console.names.get(line.number), self.console.times.get(line.number)
        if name or time:
            self._close()
        if name:
            self.spoken.say(Machine(line.number, name))
        if time:
            self.spoken.say(Moment(line.number, time))
        return line.number in self.console.spent

    def _console(self, line: Line) -> bool:
        """A line whose length tells of the console's width (a heading's does not)."""
        return bool(
            line.text[:1].isspace() or starts_something(line) or re.search(r"\\|^[0-9A-F]{8}", line.text)
        )

    def _prompt(self, lines: list[Line], at: int) -> int:
        self._close()
        value = Value(lines[at].number, 0, [lines[at].text], [lines[at].width])
        at += 1
        while at < len(lines) and not lines[at].blank and not starts_something(lines[at]):
            ended = ">" in "".join(value.pieces) and value.widths[-1] < self.width - 2
            if ended or capture_lines.is_header(lines[at].text) or len(value.pieces) > 8:
                break
            value.add(lines[at])
            at += 1
        whole = value.joined(self.width)
        match = capture_lines.PROMPT.match(whole)
        if match is None:
            return at
        folder = match["folder"] if match["folder"] is not None else (match["cmd"] or "")
        command = ((match["command"] if match["command"] is not None else match["rest"]) or "").strip()
        self.folder = capture_values.plain_path(folder) if capture_values.is_absolute(folder) else ""
        if command.startswith("#"):
            self._label(command, lines[at - 1].number)
        elif command:
            self.spoken.say(Prompt(value.line, self.folder, command))
        target = capture_values.target_of(command)
        self.target = capture_values.plain_path(capture_values.resolve(self.folder, target)) if target else ""
        if self.target:
            self.spoken.spell(self.target, 2 if value.whole else value.rank(self.width))
        return at

    def _key(self, line: Line, key: re.Match[str]) -> None:
        name, content, column = key["key"].lower(), key["value"], key.start("value")
        if key["indent"]:
            column = len(key["indent"])  # a broken value goes on below the name
        top = not key["indent"] and name not in capture_lines.SUB_KEYS
        if self.row is not None or (top and name in self.values) or name in BEGINNINGS:
            self._close()
        if (
            name == "versioninfo"
            and (sub := key_of(content))
            and sub["key"].lower() in capture_lines.SUB_KEYS
        ):
            name, content = sub["key"].lower(), sub["value"]
        self._settle_heading()
        if name in self.values and name in capture_lines.SUB_KEYS:
            self._close()
        self.values[name] = self.open = Value(line.number, column, [content], [line.width])

    def _free(self, line: Line) -> None:
        """Text between captures: the heading of what follows."""
        content = line.text.strip()
        if capture_lines.SHA256_RUN.search(content):
            zh, en = (
                "像是哈希值，但看不出属于哪个文件。",
                "This looks like a hash, but of which file is not said.",
            )
            self.spoken.miss(line.number, text(zh, en))
            return
        if NOISE.match(content):
            return
        if self.values or self.row is not None:
            self._close()
        if len(self.heading) < MAX_HEADING_LINES:
            self.heading_line = self.heading_line if self.heading else line.number
            self.heading.append(content)

    def _settle_heading(self) -> None:
        if self.heading:
            self._label("\n".join(self.heading), self.heading_line)
            self.heading = []

    def _label(self, content: str, line: int) -> None:
        if content.strip():
            self.spoken.say(Heading(line, content[:MAX_HEADING_LENGTH]))
            self.target = ""

    # -- Broken values ----------------------------------------------------------------

    def _wants_more(self, lines: list[Line], at: int) -> bool:
        """A value cut in two by an empty line, as mail programs do: its rest must fit exactly."""
        if self.open is None or self.row is not self.open:
            return False
        following = next((line for line in lines[at + 1 : at + 3] if not line.blank), None)
        if following is None or starts_something(following) or capture_lines.is_header(following.text):
            return False
        taken = capture_values.take_hash(self.open.joined(self.width))
        if taken.digits < capture_values.SHA256_DIGITS:
            return following.text.strip()[:1] in capture_values.HEX
        whole = squeezed(taken.rest + following.text)
        return bool(taken.rest) and squeezed(self.target).startswith(whole)

    def _rest_of_language(self, lines: list[Line], at: int) -> bool:
        """``英语(美国)`` comes broken by empty lines too; the properties go on behind it."""
        if list(self.values)[-1:] != ["language"]:
            return False
        following = next((key for line in lines[at + 1 : at + 5] if (key := key_of(line.text))), None)
        return following is not None and following["key"].lower() in {"basename", "target"} - set(self.values)

    def _complete(self, following: str) -> bool:
        """The open value is a whole path and the next line no rest of it, but a heading."""
        assert self.open is not None
        if len(self.open.pieces) >= MAX_PIECES:
            return True
        path = self.open.joined(self.width)
        if self.open is self.row and self.target and squeezed(path).endswith(squeezed(self.target)):
            return True
        return WHOLE_PATH.search(path) is not None and PATH_REST.search(following) is None

    def _close(self) -> None:
        values, row = self.values, self.row
        self.values, self.row, self.open = {}, None, None
        self._settle_heading()
        if values:
            Block(self.folder, self.target, self.width, values, row).read_into(self.spoken)
