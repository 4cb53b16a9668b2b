"""What a file tells of the machine it is from: typed facts, each with the line it stands in."""

from dataclasses import dataclass, field

from engine.parsers.captures.captures import Capture
from engine.text import Text


@dataclass(frozen=True)
class MachineFact:
    """``key`` is our word for it, ``name`` what readers call it; ``value`` as it is written (hostile text);
    ``line`` from 1; ``about`` the service, adapter or key that it is of, empty for the machine itself."""

    key: str
    name: Text
    value: str
    line: int
    about: str = ""


@dataclass
class MachineFacts:
    """All facts of one file; ``left_out`` counts those that are not kept. ``capture`` is what the same file
    says of files, where several commands wrote into one."""

    artifact: str
    kind: str
    facts: list[MachineFact] = field(default_factory=list)
    left_out: int = 0
    capture: Capture | None = None

    def value(self, key: str) -> str:
        """The first value of that key; empty without one."""
        return next((fact.value for fact in self.facts if fact.key == key), "")
