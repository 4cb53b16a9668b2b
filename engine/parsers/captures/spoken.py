"""What is said while a capture is read, put together line by line."""

from dataclasses import dataclass, field, replace

from engine.parsers.captures.facts import FileFact, Said, Unread
from engine.parsers.captures.values import squeezed
from engine.text import Text


@dataclass
class Spoken:
    """Collects what is said while a capture is read; ``spell`` remembers how a text that the console
    may have broken is best written."""

    said: list[Said] = field(default_factory=list)
    unread: list[Unread] = field(default_factory=list)
    _spellings: dict[str, tuple[int, str]] = field(default_factory=dict)

    def say(self, entry: Said) -> None:
        self.said.append(entry)

    def miss(self, line: int, reason: Text) -> None:
        """Names a line that was not understood."""
        self.unread.append(Unread(line, reason))

    def spell(self, content: str, rank: int) -> None:
        """Remembers the best spelling (lowest rank)."""
        key = squeezed(content)
        if key not in self._spellings or rank < self._spellings[key][0]:
            self._spellings[key] = (rank, content)

    def well_spelled(self) -> list[Said]:
        """All that was said, its paths and versions in their best spelling."""
        return [self._best(entry) if isinstance(entry, FileFact) else entry for entry in self.said]

    def _best(self, fact: FileFact) -> FileFact:
        path = self._spellings.get(squeezed(fact.path), (0, fact.path))[1]
        version = fact.version and self._spellings.get(squeezed(fact.version), (0, fact.version))[1]
        return replace(fact, path=path, version=version)
