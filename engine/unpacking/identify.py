"""What a file is, told from its content; its name is only a claim."""

from pathlib import Path

from engine.parsers.registry import kind_of
from engine.parsers.sample import Sample


def identify(file: Path) -> str:
    """The kind of ``file``, as ``parsers.registry`` names it; raises ``OSError`` where it cannot be read."""
    with file.open("rb") as stream:
        return kind_of(Sample.of(stream))
