"""File states while their facts come together from the blocks of one capture."""

from dataclasses import dataclass, field, replace

from engine.parsers.captures.values import squeezed
from engine.parsers.file_state import FileState
from engine.text import Text, text

MAX_COMPARED = 50
"""With so many earlier states of the same file and label a repeated one is compared."""


@dataclass(frozen=True)
class Unread:
    """A line that looks like data and was not understood."""

    line: int
    reason: Text


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
class Gathered:
    """What the blocks of a capture said so far."""

    artifact: str
    unread: list[Unread] = field(default_factory=list)
    _drafts: list[Draft] = field(default_factory=list)
    _last: dict[tuple[str, str], Draft] = field(default_factory=dict)
    _spellings: dict[str, tuple[int, str]] = field(default_factory=dict)

    def miss(self, line: int, reason: Text) -> None:
        """Names a line that was not understood."""
        self.unread.append(Unread(line, reason))

    def spell(self, content: str, rank: int) -> None:
        """Remembers the best spelling (lowest rank) of a text that may stand broken elsewhere."""
        key = squeezed(content)
        if key not in self._spellings or rank < self._spellings[key][0]:
            self._spellings[key] = (rank, content)

    def draft_with_hash(self, label: str, path: str, line: int) -> Draft:
        """The last draft of this label and path that lacks a hash, or a new one."""
        draft = self._last.get((label, squeezed(path)))
        if draft is None or draft.has_hash:
            draft = self._new(label, path, line)
        draft.has_hash = True
        return draft

    def draft_with_item(self, label: str, path: str, line: int) -> Draft:
        """The last draft of this label and path that lacks size, time and version, or a new one."""
        draft = self._last.get((label, squeezed(path)))
        if draft is None or draft.has_item:
            draft = self._new(label, path, line)
        draft.has_item = True
        return draft

    def states(self) -> list[FileState]:
        """The states in the order of their lines; a repeated capture is not a second state."""
        states: list[FileState] = []
        known: dict[tuple[str, str], list[FileState]] = {}
        for draft in self._drafts:
            if all(fact is None for fact in (draft.sha256, draft.size, draft.modified, draft.version)):
                continue
            if not draft.path:
                reason = text("看不出这些数据属于哪个文件。", "Which file these facts belong to is not said.")
                self.miss(draft.line, reason)
                continue
            state = self._state(draft)
            earlier = known.setdefault((draft.label, squeezed(draft.path)), [])
            if any(_says_nothing_new(state, other) for other in earlier[-MAX_COMPARED:]):
                continue
            earlier.append(state)
            number = len(earlier)
            states.append(state if number == 1 else replace(state, label=f"{state.label} ({number})"))
        return states

    def _new(self, label: str, path: str, line: int) -> Draft:
        draft = self._last[label, squeezed(path)] = Draft(label, line, path)
        self._drafts.append(draft)
        return draft

    def _state(self, draft: Draft) -> FileState:
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
        return self._spellings.get(squeezed(content), (0, content))[1]


def _says_nothing_new(state: FileState, earlier: FileState) -> bool:
    """The same command run twice: every fact is already known of the earlier state of that file."""
    pairs = (
        (state.sha256, earlier.sha256),
        (state.size, earlier.size),
        (state.modified, earlier.modified),
        (state.version, earlier.version),
    )
    return all(mine is None or mine == theirs for mine, theirs in pairs)
