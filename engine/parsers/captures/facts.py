"""What a capture says, line by line: what the readers of forms give and the states are made of.

Readers say what stands there and judge nothing: which facts are one state, what it is called, on
which machine and in which order, is for ``states``.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field

from engine.text import Text


@dataclass(frozen=True)
class FileFact:
    """Facts of one file that stand together at ``line`` (from 1); ``None`` is "not said".

    ``path`` as written: a whole path, a bare name, or empty where no file is named; with ``cut`` only
    its beginning stood there (``C:\\Progr...``; the dots are left out), so it is never compared.
    ``hashes`` by algorithm (``SHA256``, ``SHA1``, ``MD5``, ``SHA384``, ``SHA512``), upper-case digits of
    the right number. ``size`` in bytes. ``modified`` is local time without zone,
    ``2021-05-07T09:08:07``, or ``2021-05-07T09:08`` where the form has no seconds. ``machine`` is the
    computer that this very entry names (``PSComputerName``).
    """

    line: int
    path: str
    cut: bool = False
    hashes: Mapping[str, str] = field(default_factory=dict)
    size: int | None = None
    modified: str | None = None
    version: str | None = None
    machine: str | None = None
    bad_hash: bool = False
    """A hash stood there that cannot be used; why is said elsewhere."""


@dataclass(frozen=True)
class Heading:
    """Free text between captures, one paragraph: a title, a greeting, a sentence of a mail."""

    line: int
    text: str


@dataclass(frozen=True)
class Prompt:
    """A command as typed at a prompt, without the prompt; ``folder`` is where it stood, empty where the
    prompt shows none."""

    line: int
    folder: str
    command: str


@dataclass(frozen=True)
class Machine:
    """From here on the text is of the computer ``name``: the answer of ``hostname``, the head of a
    transcript, the prompt of a remote session."""

    line: int
    name: str


@dataclass(frozen=True)
class Moment:
    """The capture was made at ``time``, local, without zone: a transcript's head, ``Get-Date``."""

    line: int
    time: str


@dataclass(frozen=True)
class Absent:
    """A command said that there is no file ``path``."""

    line: int
    path: str


Said = FileFact | Heading | Prompt | Machine | Moment | Absent


@dataclass(frozen=True)
class Unread:
    """A line that looks like data and was not understood, or something to know of a line."""

    line: int
    reason: Text
