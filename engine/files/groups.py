"""The states of one file, put together: by the place that their paths mean, never by a cut path."""

from collections.abc import Iterable
from dataclasses import dataclass, field

from engine.files.agreement import version_key
from engine.parsers.file_state import FileState
from engine.parsers.paths import Place, place_of
from engine.parsers.pe.facts import PeFacts

Joined = tuple[FileState, PeFacts | None]
"""A state, and the file itself where the bundle holds it."""


def grouped(states: Iterable[FileState], executables: Iterable[PeFacts]) -> list[tuple[str, list[Joined]]]:
    """Path and states of each file, in the order of the first capture of each.

    A bare name is the one file of that name whose folder is known, unless their versions contradict; where
    there are several it is a file of its own. A program in the bundle is the captured state of its hash, or
    a state of its own.
    """
    groups = _Groups()
    numbered = list(enumerate(states))
    for number, state in numbered:
        if state.cut:
            groups.new(state.path).states.append((number, state, None))
        elif place_of(state.path).absolute:
            groups.of(state.path).states.append((number, state, None))
    for number, state in numbered:
        if not state.cut and not place_of(state.path).absolute:
            groups.of(state.path, state.version).states.append((number, state, None))
    for position, executable in enumerate(executables, start=len(numbered)):
        if not executable.cut:
            groups.join(executable, position)
    return [
        (group.path, [(state, executable) for _number, state, executable in group.in_order()])
        for group in sorted(groups.all, key=lambda group: min(number for number, *_rest in group.states))
    ]


@dataclass
class _Group:
    path: str
    states: list[tuple[int, FileState, PeFacts | None]] = field(default_factory=list)

    def in_order(self) -> list[tuple[int, FileState, PeFacts | None]]:
        return sorted(self.states, key=lambda entry: entry[0])

    def contradicts(self, version: str | None) -> bool:
        known = {version_key(state.version) for _number, state, _executable in self.states if state.version}
        return bool(version and known and version_key(version) not in known)


class _Groups:
    """Groups by place, found without walking them all: captures may list a whole system folder."""

    def __init__(self) -> None:
        self.all: list[_Group] = []
        self._by_key: dict[str, _Group] = {}
        self._by_name: dict[str, list[tuple[Place, _Group]]] = {}
        self._by_hash: dict[str, list[tuple[_Group, int]]] | None = None

    def new(self, path: str) -> _Group:
        group = _Group(path)
        self.all.append(group)
        return group

    def of(self, path: str, version: str | None = None) -> _Group:
        """The group of that path; a bare name joins the only group of its name."""
        place = place_of(path)
        group = self._by_key.get(place.key)
        if group is None and not place.absolute:
            group = self._namesake(place, version)
        if group is None:
            group = self.new(path)
            self._by_name.setdefault(place.name, []).append((place, group))
            self._by_key[place.key] = group
        return group

    def join(self, executable: PeFacts, number: int) -> None:
        """The file takes its place beside every state of its hash."""
        name, sha256 = executable.artifact.rpartition("/")[2], executable.sha256.upper()
        if self._by_hash is None:
            self._by_hash = {}
            for group in self.all:
                for position, (_number, state, _executable) in enumerate(group.states):
                    if state.sha256:
                        self._by_hash.setdefault(state.sha256, []).append((group, position))
        known = self._by_hash.get(sha256, [])
        for group, position in known:
            at, state, _executable = group.states[position]
            group.states[position] = (at, state, executable)
        if known:
            return
        state = FileState(
            path=name,
            sha256=sha256,
            size=executable.size,
            modified=None,
            version=executable.file_version,
            label=executable.artifact,
            artifact=executable.artifact,
        )
        group = self.of(name)
        group.states.append((number, state, executable))
        self._by_hash[sha256] = [(group, len(group.states) - 1)]

    def _namesake(self, place: Place, version: str | None) -> _Group | None:
        namesakes = [
            group
            for other, group in self._by_name.get(place.name, [])
            if other.absolute and other.key.endswith("\\" + place.key)
        ]
        if len(namesakes) != 1 or namesakes[0].contradicts(version):
            return None
        return namesakes[0]
