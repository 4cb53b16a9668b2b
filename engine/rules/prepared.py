"""Rules read and compiled, for the life of a process, and on disk between two.

``prepare`` takes what an earlier process kept in ``KEPT`` of a folder of ours, and keeps what is new. A rule
is known by the SHA-256 of its bytes, and only while the files that read and compile it are the same. What is
kept is data (JSON of known types). It holds SQL, so it is believed only where nobody else can write it: a
plain file of our own user. It is put in place at once, so that of two processes one wins and none reads half.
"""

import hashlib
import os
import stat
import tempfile
from collections.abc import Iterable
from contextlib import suppress
from dataclasses import dataclass, field, replace
from functools import lru_cache
from pathlib import Path

import msgspec

from engine import index
from engine.rules.compiled import Compiled
from engine.rules.compiler import NotCompiled, compile_rule
from engine.rules.rule_files import MAX_SIZE, Rule, RuleUnreadable, read_foreign, read_own

KEPT = "sigma-rules.json"
MAX_KEPT_BYTES = 256 << 20
_MADE_BY = (Path(__file__).parent, *map(Path, index.__path__))


@dataclass(frozen=True)
class Prepared:
    """A rule and what it was compiled to, or the ``error`` that kept it from being read or compiled."""

    rule: Rule | None = None
    compiled: Compiled | None = None
    error: str = ""


@dataclass
class _Kept:
    """What the file on disk holds."""

    version: str
    rules: dict[str, Prepared] = field(default_factory=dict)


_OPENED = os.O_RDONLY | getattr(os, "O_NOFOLLOW", 0) | getattr(os, "O_NONBLOCK", 0)
"""No link is followed, and no pipe waited for."""

_ready: dict[tuple[Path, bool], tuple[int, Prepared]] = {}
_MOST = 20_000


def prepared(file: Path, own: bool) -> Prepared:
    """The rule in ``file``, made ready when it was not, or was written anew. Raises ``OSError``."""
    return _prepared(file, own, {})[1]


def prepare(rules: Iterable[tuple[Path, bool]], folder: Path | None = None) -> None:
    """Makes rules ready ahead, by what an earlier process kept in ``folder`` where there is one (created);
    what is wrong with a rule is said when it is used."""
    kept = _load(folder) if folder is not None else {}
    used: dict[str, Prepared] = {}
    new = False
    for file, own in rules:
        with suppress(OSError):
            key, ready = _prepared(file, own, kept, folder is not None)
            used[key] = ready
            new = new or key not in kept
    if folder is not None and new:
        with suppress(OSError, ValueError):  # a full disk is no reason not to analyse
            _save(folder, used)


def _prepared(file: Path, own: bool, kept: dict[str, Prepared], keyed: bool = False) -> tuple[str, Prepared]:
    written = file.stat().st_mtime_ns
    known = _ready.get((file, own))
    if known is not None and known[0] == written and not keyed:
        return "", known[1]
    key = _key(file, own) if keyed else ""
    if known is not None and known[0] == written:
        return key, known[1]
    ready = kept.get(key) or _made(file, own)
    if len(_ready) >= _MOST:
        _ready.clear()
    _ready[file, own] = written, ready
    return key, ready


def _made(file: Path, own: bool) -> Prepared:
    try:
        rule = read_own(file) if own else read_foreign(file)
    except RuleUnreadable as error:
        return Prepared(error=str(error))
    except Exception as error:  # One rule, whatever is in it, never stops the others.
        return Prepared(error=f"{type(error).__name__}: {error}")
    try:
        return Prepared(rule, compile_rule(rule.documents, rule.identity))
    except NotCompiled as error:
        return Prepared(rule, error=str(error))
    except Exception as error:  # One rule, whatever is in it, never stops the others.
        return Prepared(rule, error=f"{type(error).__name__}: {error}")


def _key(file: Path, own: bool) -> str:
    """A rule's name is part of what it becomes."""
    with file.open("rb") as stream:
        content = stream.read(MAX_SIZE + 1)
    name = f"{'own' if own else 'foreign'} {file.stem}\0".encode("utf-8", "replace")
    return hashlib.sha256(name + content).hexdigest()


@lru_cache(maxsize=1)
def _version() -> str:
    """The files that read and compile rules, and those that answer what they ask."""
    digest = hashlib.sha256()
    for folder in _MADE_BY:
        for file in sorted(folder.glob("*.py")):
            digest.update(file.read_bytes())
    return digest.hexdigest()


def _load(folder: Path) -> dict[str, Prepared]:
    """What is kept and may be believed; nothing of anything else."""
    try:
        descriptor = os.open(folder / KEPT, _OPENED)
        with os.fdopen(descriptor, "rb") as stream:
            state = os.fstat(descriptor)
            if not stat.S_ISREG(state.st_mode) or state.st_size > MAX_KEPT_BYTES or not _is_ours(state):
                return {}
            kept = msgspec.json.decode(stream.read(), type=_Kept)
    except (OSError, ValueError, RecursionError):  # msgspec's own errors are ValueErrors
        return {}
    return kept.rules if kept.version == _version() else {}


def _is_ours(state: os.stat_result) -> bool:
    owner = getattr(os, "geteuid", lambda: state.st_uid)()
    return state.st_uid == owner and not state.st_mode & (stat.S_IWGRP | stat.S_IWOTH)


def _save(folder: Path, rules: dict[str, Prepared]) -> None:
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    bare = {key: replace(ready, rule=ready.rule and ready.rule.bare()) for key, ready in rules.items()}
    descriptor, name = tempfile.mkstemp(dir=folder, prefix=f".{KEPT}-")  # of mode 0600
    try:
        with os.fdopen(descriptor, "wb") as stream:
            stream.write(msgspec.json.encode(_Kept(_version(), bare)))
        Path(name).replace(folder / KEPT)
    except BaseException:
        Path(name).unlink(missing_ok=True)
        raise
