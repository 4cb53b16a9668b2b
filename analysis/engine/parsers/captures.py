"""File states from text captures of PowerShell (``Get-FileHash``, ``Get-Item | select *``).

Table and list form, several captures in one file parted by prompts or headings, values broken
by the console's width, English and Chinese Windows. What looks like data and was not
understood is named with its line, never dropped silently.
"""

import re
from dataclasses import dataclass, field, replace

from analysis.engine.artifacts import Artifact
from analysis.engine.encodings import decode
from analysis.engine.parsers import capture_lines, capture_values
from analysis.engine.parsers.capture_lines import Line, Value, key_of, starts_something
from analysis.engine.parsers.capture_values import squeezed
from analysis.engine.parsers.file_state import FileState
from analysis.engine.text import Text, text

LARGEST = 16 * 2**20
"""Bytes of a capture that are read; a longer one is read so far and says so."""

LONGEST_LABEL = 80
BEGINNINGS = frozenset({"algorithm", "pspath"})
"""With these properties PowerShell begins an object."""

NOISE = re.compile(
    r"^(windows powershell|版权所有|copyright|尝试新的跨平台|try the new|install the latest|安装最新"
    r"|microsoft windows|\(c\) |directory:|目录[:：]|certutil:"
    r"|windows powershell transcript|(start|end) time:|username:|运行应用程序用户)",
    re.IGNORECASE,
)


@dataclass(frozen=True)
class Unread:
    """A line that looks like data and was not understood."""

    line: int
    reason: Text


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
        data = stream.read(LARGEST + 1)
    decoded = decode(data[:LARGEST])
    name = artifact.path.rpartition("/")[2]
    reader = _Reader(artifact.path, name.rpartition(".")[0] or name)
    states = reader.read(decoded.text)
    return Capture(artifact.path, decoded.encoding, states, reader.unread, len(data) <= LARGEST)


@dataclass
class _Draft:
    """One state while its facts come together."""

    label: str
    line: int
    path: str
    sha256: str | None = None
    size: int | None = None
    modified: str | None = None
    version: str | None = None
    has_hash: bool = False
    has_item: bool = False


class _Reader:
    """Walks the lines once; a block is one hash row, or one run of ``Name : value`` lines."""

    def __init__(self, artifact: str, name: str) -> None:
        self.artifact = artifact
        self.label = name
        self.unread: list[Unread] = []
        self.drafts: list[_Draft] = []
        self.last: dict[tuple[str, str], _Draft] = {}
        self.folder = ""
        self.target = ""
        self.width = 0
        self.values: dict[str, Value] = {}
        self.row: Value | None = None
        self.open: Value | None = None
        self.heading: list[str] = []
        self.spellings: dict[str, tuple[int, str]] = {}

    def read(self, content: str) -> list[FileState]:
        lines = capture_lines.lines_of(content)
        self.width = max((line.width for line in lines if self._console(line)), default=0)
        position = 0
        while position < len(lines):
            position = self._step(lines, position)
        self._close()
        return self._states()

    # -- One line ---------------------------------------------------------------------

    def _step(self, lines: list[Line], at: int) -> int:
        line = lines[at]
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
        elif certutil := capture_lines.CERTUTIL.match(line.text):
            self._close()
            self.values["algorithm"] = Value(line.number, 0, [certutil["algorithm"]], [0])
            path = capture_values.resolve(self.folder, certutil["path"])
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
        elif self.open is not None and not starts_something(line) and not self._complete():
            self.open.add(line)
        elif not self._rest_of_language(lines, at):
            self._free(line)
        return at + 1

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
        self.folder = capture_values.plain_path(folder)
        if command.startswith("#"):
            self._label(command)
        target = capture_values.target_of(command)
        self.target = capture_values.plain_path(capture_values.resolve(self.folder, target)) if target else ""
        if self.target:
            self._spell(self.target, 2 if value.whole else value.rank(self.width))
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
            self.unread.append(
                Unread(
                    line.number,
                    text(
                        "像是哈希值，但看不出属于哪个文件。",
                        "This looks like a hash, but of which file is not said.",
                    ),
                )
            )
            return
        if NOISE.match(content):
            return
        if self.values or self.row is not None:
            self._close()
        self.heading.append(content)

    def _settle_heading(self) -> None:
        if self.heading:
            self._label(" ".join(self.heading))
            self.heading = []

    def _label(self, content: str) -> None:
        plain = content.strip(" \t#=-*/`<>【】[]:：")
        if plain:
            self.label = plain if len(plain) <= LONGEST_LABEL else plain[: LONGEST_LABEL - 1] + "…"
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

    def _complete(self) -> bool:
        """The open row ends with the file that the prompt asked for."""
        if self.row is None or self.row is not self.open or not self.target:
            return False
        return squeezed(self.row.joined(self.width)).endswith(squeezed(self.target))

    # -- One block --------------------------------------------------------------------

    def _close(self) -> None:
        values, row = self.values, self.row
        self.values, self.row, self.open = {}, None, None
        self._settle_heading()
        if row is not None:
            self._hash_block(row, values, row.joined(self.width), None)
        elif "hash" in values:
            path = values.get("path")
            self._hash_block(values["hash"], values, values["hash"].joined(self.width), path)
        if row is None and values:
            self._item_block(values)

    def _hash_block(self, value: Value, values: dict[str, Value], content: str, path: Value | None) -> None:
        algorithm = values["algorithm"].pieces[0].strip().upper() if "algorithm" in values else "SHA256"
        if algorithm != "SHA256":
            self.unread.append(
                Unread(
                    value.line,
                    text(
                        f"{algorithm} 哈希不用于比较，请用 SHA-256 采集。",
                        f"A {algorithm} hash is not compared; please capture SHA-256.",
                    ),
                )
            )
            return
        taken = capture_values.take_hash(content)
        if taken.sha256 is None:
            self.unread.append(
                Unread(
                    value.line,
                    text(
                        f"SHA-256 应为 64 位十六进制数字，此处读到 {taken.digits} 个字符，无法使用。",
                        f"A SHA-256 has 64 hex digits; {taken.digits} characters stand here, it "
                        "cannot be used.",
                    ),
                )
            )
        where = path.joined(self.width) if path is not None else taken.rest
        found = self._path(where, path or value)
        draft = self._draft(found, value.line, "hash")
        draft.sha256, draft.has_hash = taken.sha256, True

    def _item_block(self, values: dict[str, Value]) -> None:
        facts = {"length", "lastwritetime", "fileversion", "productversion"} & set(values)
        if not facts:
            return
        first = min(value.line for value in values.values())
        draft = self._draft(self._item_path(values), first, "item")
        draft.has_item = True
        if "length" in values:
            draft.size = capture_values.read_size(values["length"].joined(self.width))
            if draft.size is None:
                self._not_understood(values["length"], "Length")
        if "lastwritetime" in values:
            draft.modified = capture_values.read_date(values["lastwritetime"].joined(self.width))
            if draft.modified is None:
                self._not_understood(values["lastwritetime"], "LastWriteTime")
        draft.version = self._version(values)

    def _version(self, values: dict[str, Value]) -> str | None:
        stated = [values[name] for name in ("fileversion", "productversion") if name in values]
        if not stated or not stated[0].joined(self.width):
            return None
        same = [
            value
            for value in stated
            if squeezed(value.joined(self.width)) == squeezed(stated[0].joined(self.width))
        ]
        best = min(same, key=lambda value: value.rank(self.width))
        version = best.joined(self.width)
        self._spell(version, best.rank(self.width))
        return version

    def _not_understood(self, value: Value, name: str) -> None:
        self.unread.append(
            Unread(value.line, text(f"{name} 的值无法识别。", f"The value of {name} was not understood."))
        )

    # -- Paths ------------------------------------------------------------------------

    def _path(self, written: str, value: Value) -> str:
        """A row's path; one cut off by the table ("…") or left out comes from the prompt."""
        path = capture_values.plain_path(written)
        cut = re.sub(r"(\.\.\.|…)$", "", path)
        if not path or cut != path:
            fits = squeezed(self.target).startswith(squeezed(cut))
            return self.target if self.target and fits else path
        self._spell(path, value.rank(self.width))
        return path

    def _item_path(self, values: dict[str, Value]) -> str:
        for rank, name in enumerate(("fullname", "pspath", "file", "filename")):
            value = values.get(name)
            if value is None:
                continue
            path = capture_values.plain_path(value.joined(self.width))
            if capture_values.is_absolute(path):
                self._spell(path, 0 if value.whole and not rank else value.rank(self.width))
                return path
        name = values["name"].joined(self.width) if "name" in values else ""
        folder = values["directoryname"].joined(self.width) if "directoryname" in values else self.folder
        if name:
            return capture_values.resolve(folder, name)
        return self.target

    def _spell(self, content: str, rank: int) -> None:
        """Remembers the best spelling of a text that may stand broken elsewhere."""
        key = squeezed(content)
        if key not in self.spellings or rank < self.spellings[key][0]:
            self.spellings[key] = (rank, content)

    # -- States -----------------------------------------------------------------------

    def _draft(self, path: str, line: int, facet: str) -> _Draft:
        """The draft that these facts belong to: the last of this path and label that lacks them."""
        key = (self.label, squeezed(path))
        draft = self.last.get(key)
        if draft is not None and not getattr(draft, f"has_{facet}"):
            return draft
        draft = self.last[key] = _Draft(self.label, line, path)
        self.drafts.append(draft)
        return draft

    def _states(self) -> list[FileState]:
        states: list[FileState] = []
        known: dict[tuple[str, str], list[FileState]] = {}
        for draft in self.drafts:
            if all(fact is None for fact in (draft.sha256, draft.size, draft.modified, draft.version)):
                continue
            if not draft.path:
                reason = text("看不出这些数据属于哪个文件。", "Which file these facts belong to is not said.")
                self.unread.append(Unread(draft.line, reason))
                continue
            state = self._state(draft)
            earlier = known.setdefault((draft.label, squeezed(draft.path)), [])
            if any(_says_nothing_new(state, other) for other in earlier[-50:]):
                continue
            earlier.append(state)
            number = len(earlier)
            states.append(state if number == 1 else replace(state, label=f"{state.label} ({number})"))
        return states

    def _state(self, draft: _Draft) -> FileState:
        return FileState(
            path=self._best(draft.path),
            sha256=draft.sha256,
            size=draft.size,
            modified=draft.modified,
            version=self._best(draft.version) if draft.version else None,
            label=draft.label,
            artifact=self.artifact,
            line=draft.line,
        )

    def _best(self, content: str) -> str:
        return self.spellings.get(squeezed(content), (0, content))[1]


def _says_nothing_new(state: FileState, earlier: FileState) -> bool:
    """The same command run twice: every fact is already known of the earlier state of that file."""
    pairs = (
        (state.sha256, earlier.sha256),
        (state.size, earlier.size),
        (state.modified, earlier.modified),
        (state.version, earlier.version),
    )
    return all(mine is None or mine == theirs for mine, theirs in pairs)
