"""The files of a bundle: what each is, its hash and size, and how far it was read."""

from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path

from engine.text import Text


class Kind(StrEnum):
    """What a file is, told from its content, never from its name alone."""

    EVTX = "evtx"
    CAPTURE = "capture"
    PE = "pe"
    MESSAGES = "messages"
    MANIFEST = "manifest"
    ARCHIVE = "archive"
    OTHER = "other"


class State(StrEnum):
    """How far an artifact was read."""

    READ = "read"
    PARTLY = "partly"
    UNREADABLE = "unreadable"
    SKIPPED = "skipped"


@dataclass
class Artifact:
    """One file. ``path`` is its name inside the bundle (hostile text, ``/`` between parts; files of
    an archive inside stand below its name); ``file`` is where its bytes lie on this machine while
    the analysis runs; ``locked`` says that it waits for a password."""

    path: str
    file: Path
    sha256: str
    size: int
    kind: Kind
    state: State = State.READ
    detail: Text | None = None
    locked: bool = False
