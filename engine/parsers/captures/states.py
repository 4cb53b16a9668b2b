"""File states, made of what one capture says line by line."""

from collections.abc import Iterable
from dataclasses import dataclass, field, replace

from engine.parsers.captures.facts import FileFact, Heading, Said, Unread
from engine.parsers.captures.values import squeezed
from engine.parsers.file_state import FileState
from engine.text import text

MAX_COMPARED = 50
"""With so many earlier states of the same file and label a repeated one is compared."""


@dataclass
class Draft:
    """One state, still without some of its facts. A hash and an item are its two facets."""

    label: str
    line: int
    path: str
    sha256: str | None = None
    size: int | None = None
    modified: str | None = None
    version: str | None = None
    has_hash: bool = False
    has_item: bool = False


@dataclass
class _Drafts:
    all: list[Draft] = field(default_factory=list)
    _last: dict[tuple[str, str], Draft] = field(default_factory=dict)

    def of(self, label: str, fact: FileFact) -> Draft:
        """The last draft of this label and path that lacks what the fact says, or a new one."""
        key = (label, squeezed(fact.path))
        draft = self._last.get(key)
        has_hash = bool(fact.hashes) or fact.bad_hash
        is_item = any(value is not None for value in (fact.size, fact.modified, fact.version))
        if draft is None or (draft.has_hash and has_hash) or (draft.has_item and is_item):
            draft = self._last[key] = Draft(label, fact.line, fact.path)
            self.all.append(draft)
        draft.has_hash = draft.has_hash or has_hash
        draft.has_item = draft.has_item or is_item
        return draft


def states_of(artifact: str, said: Iterable[Said]) -> tuple[list[FileState], list[Unread]]:
    """The states in the order of their lines, and what could not be made one.

    ``artifact`` is the capture's path in the bundle; its file name is the label before the first
    heading. A repeated capture is not a second state.
    """
    name = artifact.rpartition("/")[2]
    label, drafts = name.rpartition(".")[0] or name, _Drafts()
    for entry in said:
        if isinstance(entry, Heading):
            label = entry.text
        elif isinstance(entry, FileFact):
            draft = drafts.of(label, entry)
            draft.sha256 = entry.hashes.get("SHA256", draft.sha256)
            draft.size = draft.size if entry.size is None else entry.size
            draft.modified = entry.modified or draft.modified
            draft.version = entry.version or draft.version
    return _states(artifact, drafts.all)


def _states(artifact: str, drafts: list[Draft]) -> tuple[list[FileState], list[Unread]]:
    states: list[FileState] = []
    unread: list[Unread] = []
    known: dict[tuple[str, str], list[FileState]] = {}
    for draft in drafts:
        if all(fact is None for fact in (draft.sha256, draft.size, draft.modified, draft.version)):
            continue
        if not draft.path:
            reason = text("看不出这些数据属于哪个文件。", "Which file these facts belong to is not said.")
            unread.append(Unread(draft.line, reason))
            continue
        state = FileState(
            path=draft.path,
            sha256=draft.sha256,
            size=draft.size,
            modified=draft.modified,
            version=draft.version,
            label=draft.label,
            artifact=artifact,
            line=draft.line,
        )
        earlier = known.setdefault((draft.label, squeezed(draft.path)), [])
        if any(_says_nothing_new(state, other) for other in earlier[-MAX_COMPARED:]):
            continue
        earlier.append(state)
        number = len(earlier)
        states.append(state if number == 1 else replace(state, label=f"{state.label} ({number})"))
    return states, unread


def _says_nothing_new(state: FileState, earlier: FileState) -> bool:
    """The same command run twice: every fact is already known of the earlier state of that file."""
    pairs = (
        (state.sha256, earlier.sha256),
        (state.size, earlier.size),
        (state.modified, earlier.modified),
        (state.version, earlier.version),
    )
    return all(mine is None or mine == theirs for mine, theirs in pairs)
