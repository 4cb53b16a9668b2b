"""What a file is, told from its content; its name is only a claim."""

from pathlib import Path

from engine.artifacts import ARCHIVE, OTHER
from engine.parsers.registry import kind_of
from engine.parsers.sample import Sample
from engine.unpacking.archives.opening import behind_other_bytes


def identify(file: Path) -> str:
    """The kind of ``file``, as ``parsers.registry`` names it; raises ``OSError`` where it cannot be read."""
    with file.open("rb") as stream:
        sample = Sample.of(stream)
        kind = kind_of(sample)
    if kind == OTHER and behind_other_bytes(sample.head, file) is not None:
        return ARCHIVE
    return kind
