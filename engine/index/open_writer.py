"""The file of an index that this process reads logs into; one job of the sandbox opens it for the others."""

from pathlib import Path

from engine.index.writer import EventIndexWriter
from engine.sandbox.sandbox import Emit

_writers: list[EventIndexWriter] = []


def open_index(emit: Emit, file: Path) -> None:
    """The half-built index that logs are read into."""
    _writers.append(EventIndexWriter(file, resume=True))


def close_index(emit: Emit) -> None:
    """Lets go of it."""
    while _writers:
        _writers.pop().leave()


def writer() -> EventIndexWriter:
    """The index that is open."""
    return _writers[-1]
