"""What a parser declares of itself; ``registry`` lists them all."""

from collections.abc import Callable
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any, TypeVar

from engine.artifacts import Artifact, State
from engine.parsers.contents import Contents
from engine.parsers.evtx.span import LogSpan
from engine.parsers.sample import Sample
from engine.sandbox.wire import Job
from engine.text import Text

Facts = TypeVar("Facts")
Parsed = tuple[State, Text | None, Facts]
"""What ``parse`` gives back: the artifact's state and detail after reading, and what was read."""


class Yields(StrEnum):
    """What comes of a kind of file."""

    EVENTS = "events"
    MACHINE = "facts of the machine"
    FILE_STATES = "file states"
    EXECUTABLE = "facts of an executable"
    MESSAGES = "messages of events"
    SIGNATURES = "signatures of other files"
    MANIFEST = "the list of what was collected"
    FILES = "further files"


class Unparsable(Exception):
    """A file that its parser refuses: its kind was told too soon. ``sentence`` is for people."""

    def __init__(self, sentence: Text) -> None:
        super().__init__(sentence["en"])
        self.sentence = sentence


@dataclass
class Glimpse:
    """What the check of an upload sees of a file in an instant: what a log covers, or the paths of files
    whose hash or properties it tells."""

    log: LogSpan | None = None
    states: list[str] = field(default_factory=list)


def wants_all(artifact: Artifact, contents: Contents) -> bool:
    """Leaves no file out."""
    return True


@dataclass(frozen=True)
class Parser:
    """One kind of file and all that the engine knows of it.

    ``kind`` is its word in the result document, ``label`` what readers call it, ``source`` where the
    format is described in public. ``recognises`` looks at a file's beginning, in the sandbox.
    ``max_bytes`` of a file are read; ``None``: the sandbox's allowance is the limit.

    ``parse`` is the job that reads a file, in the sandbox: ``parse(emit, artifact) -> Parsed[...]``; of
    one that yields events ``parse(emit, artifact, number)``, with the number of the log in the index
    that is open there. It may raise ``Unparsable``. ``keep`` puts what came of it into the contents,
    outside the sandbox; before, ``wants`` may leave the file out and say why in its detail. A parser
    without ``keep`` is called by whoever needs it, when it is needed. ``preview`` is the job
    ``preview(emit, artifact) -> Glimpse``; it may raise ``Unparsable``.
    """

    kind: str
    label: Text
    source: str
    yields: Yields
    recognises: Callable[[Sample], bool]
    max_bytes: int | None = None
    parse: Job | None = None
    keep: Callable[[Artifact, Any, Contents], None] | None = None
    wants: Callable[[Artifact, Contents], bool] = wants_all
    preview: Job | None = None
