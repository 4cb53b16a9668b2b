"""The files of a bundle: what each is, its hash and size, and how far it was read."""

from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path

from engine.text import Text

ARCHIVE, OTHER = "archive", "other"
"""Kinds of their own: a file that holds others, and one that no parser knows. The rest are in
``parsers.registry``."""


class State(StrEnum):
    """How far an artifact was read."""

    READ = "read"
    PARTLY = "partly"
    UNREADABLE = "unreadable"
    SKIPPED = "skipped"


@dataclass
class Artifact:
    """One file. ``path`` is its name inside the bundle (hostile text, ``/`` between parts; files of
    an archive inside stand below its name); ``kind`` is told from its content, never from its name
    alone; ``file`` is where its bytes lie on this machine while
    the analysis runs; ``locked`` says that it waits for a password. ``note``: what its archive claims of it
    and is not so, or what lies in it besides; nothing of the file is lost by that. ``form`` says what a file
    is that no parser reads (``unpacking.unanalysed``), empty where that cannot be told."""

    path: str
    file: Path
    sha256: str
    size: int
    kind: str
    state: State = State.READ
    detail: Text | None = None
    locked: bool = False
    note: Text | None = None
    form: str = ""
