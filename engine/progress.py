"""What a running analysis tells about itself."""

from collections.abc import Callable
from dataclasses import dataclass, field
from enum import StrEnum

from engine.text import Text


class Stage(StrEnum):
    """Where the run stands, in order."""

    UNPACKING = "unpacking"
    READING = "reading"
    EXAMINING = "examining"
    DONE = "done"


@dataclass
class Progress:
    """A snapshot: which artifact, how many records, what was found so far (titles)."""

    stage: Stage = Stage.UNPACKING
    artifact: str = ""
    artifacts_done: int = 0
    artifacts_total: int = 0
    records: int = 0
    found: list[Text] = field(default_factory=list)


Report = Callable[[Progress], None]
"""Called often (at least every 10,000 records); it may raise to stop the run."""


def silent(progress: Progress) -> None:
    """Reports to nobody."""
