"""File states, made of what one capture says line by line.

A state belongs to a machine, a path and a moment. Hashes and attributes of one moment are one state; a
second word about the same fact begins another.
"""

from collections.abc import Iterable
from dataclasses import dataclass, field, replace

from engine.parsers.captures import headings
from engine.parsers.captures.facts import Absent, FileFact, Heading, Machine, Moment, Said, Unread
from engine.parsers.file_state import FileState
from engine.parsers.paths import Place, place_of
from engine.text import Text, text

MAX_COMPARED = 50
"""With so many earlier states of the same file and label a repeated one is compared."""

NO_FILE = text("看不出这些数据属于哪个文件。", "Which file these facts belong to is not said.")


@dataclass
class Draft:
    """One state, still without some of its facts; ``said`` names those that were spoken of, be they
    understood or not."""

    label: str
    line: int
    path: str
    machine: str
    taken: str | None
    cut: bool = False
    absent: bool = False
    hashes: dict[str, str] = field(default_factory=dict)
    size: int | None = None
    modified: str | None = None
    version: str | None = None
    said: set[str] = field(default_factory=set)

    @property
    def empty(self) -> bool:
        """Nothing of what was said was understood."""
        facts = (self.size, self.modified, self.version)
        return not self.absent and not self.hashes and all(fact is None for fact in facts)

    def add(self, fact: FileFact) -> None:
        """Takes up what the fact says."""
        self.said |= _spoken_of(fact)
        self.hashes |= fact.hashes
        self.size = self.size if fact.size is None else fact.size
        self.modified = self.modified or fact.modified
        self.version = self.version or fact.version


@dataclass
class _Drafts:
    """The drafts of one capture; ``label``, ``machine`` and ``taken`` hold for what comes next."""

    label: str = ""
    machine: str = ""
    taken: str | None = None
    all: list[Draft] = field(default_factory=list)
    _section: int = 0
    _last: dict[tuple[int, str, str], Draft] = field(default_factory=dict)
    _namesakes: dict[tuple[int, str, str], list[Draft]] = field(default_factory=dict)

    def begin(self, label: str) -> None:
        """What follows is of another moment."""
        self.label = label
        self._section += 1

    def of(self, fact: FileFact) -> Draft:
        """The last draft of this machine, path and moment of which nothing was said that the fact says, or
        a new one.

        A name without its folder (``select Name, Length``) is the one file of that name of which this is
        still to be said; where it could be several, it is none of them.
        """
        machine, place, facts = fact.machine or self.machine, place_of(fact.path), _spoken_of(fact)
        key = (self._section, machine.casefold(), place.key)
        draft = None if fact.cut else self._last.get(key) or self._namesake(machine, place, facts)
        if draft is None or draft.said & facts:
            draft = self._new(machine, place, fact.line, fact.path)
            draft.cut = fact.cut
        elif place.absolute and not place_of(draft.path).absolute:
            draft.path = fact.path
        if not fact.cut:
            self._last[key] = draft
        return draft

    def missing(self, absent: Absent) -> None:
        """A file that was asked for and is not there."""
        place = place_of(absent.path)
        draft = self._new(self.machine, place, absent.line, absent.path)
        draft.absent = True

    def _new(self, machine: str, place: Place, line: int, path: str) -> Draft:
        draft = Draft(self.label, line, path, machine, self.taken)
        self.all.append(draft)
        self._namesakes.setdefault((self._section, machine.casefold(), place.name), []).append(draft)
        return draft

    def _namesake(self, machine: str, place: Place, facts: set[str]) -> Draft | None:
        drafts = self._namesakes.get((self._section, machine.casefold(), place.name), [])
        lacking = [
            draft
            for draft in drafts[-MAX_COMPARED:]
            if not draft.said & facts
            and not draft.cut
            and not draft.absent
            and place.absolute != place_of(draft.path).absolute
        ]
        return lacking[0] if len(lacking) == 1 else None


def states_of(artifact: str, said: Iterable[Said]) -> tuple[list[FileState], list[Unread]]:
    """The states in the order of their lines, and what could not be made one.

    ``artifact`` is the capture's path in the bundle; its file name is the label where no heading names
    the state. A repeated capture is not a second state.
    """
    drafts, machines = _Drafts(), dict[str, str]()
    for entry in said:
        match entry:
            case Heading():
                if name := headings.name_in(entry.text):
                    drafts.begin(name)
                elif headings.parts_moments(entry.text):
                    drafts.begin("")
            case Machine():
                machines.setdefault(entry.name.casefold(), entry.name)
                drafts.machine = entry.name
            case Moment():
                drafts.taken = entry.time
            case Absent():
                drafts.missing(entry)
            case FileFact():
                if entry.machine:
                    machines.setdefault(entry.machine.casefold(), entry.machine)
                drafts.of(entry).add(entry)
    if len(machines) == 1:  # It may say so behind what it shows.
        for draft in drafts.all:
            draft.machine = draft.machine or next(iter(machines.values()))
    return _states(artifact, drafts.all)


def _states(artifact: str, drafts: list[Draft]) -> tuple[list[FileState], list[Unread]]:
    name = artifact.rpartition("/")[2]
    stem = name.rpartition(".")[0] or name
    states: list[FileState] = []
    unread: list[Unread] = []
    known: dict[tuple[str, str, str], list[FileState]] = {}
    for draft in drafts:
        if draft.empty:
            continue
        if not draft.path:
            unread.append(Unread(draft.line, NO_FILE))
            continue
        if draft.cut:
            unread.append(Unread(draft.line, _cut(draft.path)))
        state = _state(draft, artifact, stem)
        earlier = known.setdefault((draft.label, draft.machine.casefold(), place_of(draft.path).key), [])
        if not draft.cut and any(_says_nothing_new(state, other) for other in earlier[-MAX_COMPARED:]):
            continue
        earlier.append(state)
        number = len(earlier)
        states.append(state if number == 1 else replace(state, label=f"{state.label} ({number})"))
    return states, unread


def _state(draft: Draft, artifact: str, stem: str) -> FileState:
    return FileState(
        path=draft.path,
        sha256=draft.hashes.get("SHA256"),
        size=draft.size,
        modified=draft.modified,
        version=draft.version,
        label=draft.label or stem,
        artifact=artifact,
        line=draft.line,
        other_hashes={name: value for name, value in draft.hashes.items() if name != "SHA256"},
        machine=draft.machine,
        taken=draft.taken,
        heading=draft.label,
        absent=draft.absent,
        cut=draft.cut,
    )


def _cut(path: str) -> Text:
    return text(
        f"路径被控制台截断（{path}…），看不出是哪个文件，因此不作比较。"
        "请用 Get-FileHash … | Format-List 重新采集。",
        f"The console cut the path ({path}…), so which file this is cannot be told and it is not compared. "
        "Please capture it again with Get-FileHash … | Format-List.",
    )


def _spoken_of(fact: FileFact) -> set[str]:
    """Names of the facts that are said, understood or not."""
    facts = {"size": fact.size, "modified": fact.modified, "version": fact.version}
    said = {name for name, value in facts.items() if value is not None} | set(fact.hashes)
    return said | {"SHA256"} if fact.bad_hash else said


def _says_nothing_new(state: FileState, earlier: FileState) -> bool:
    """The same command run twice: every fact is already known of the earlier state of that file."""
    pairs = (
        *((value, earlier.other_hashes.get(name)) for name, value in state.other_hashes.items()),
        (state.sha256, earlier.sha256),
        (state.size, earlier.size),
        (state.modified, earlier.modified),
        (state.version, earlier.version),
    )
    return state.absent == earlier.absent and all(mine is None or mine == theirs for mine, theirs in pairs)
