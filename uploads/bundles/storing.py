"""Staged bytes into the storage: hashed, and under a name of the attempt's own until the seal.

A file system gets a second name of the same file (a hard link), or a copy where that cannot be, which
``Stored.put_in_place`` renames. Other storages cannot rename: there the bundle keeps the attempt's name.
"""

from __future__ import annotations

import errno
import hashlib
import io
import os
from collections.abc import Callable, Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from django.core.files import File
from django.core.files.storage import FileSystemStorage, Storage

from uploads.bundles.random_access import RandomAccess
from uploads.transfer import staging

BLOCK = 1 << 20

Report = Callable[[str, int], None]
"""Hears the stage (``hash``, ``store``) and how many bytes of it are done; may raise to stop the work."""


@dataclass(frozen=True)
class Stored:
    """Bytes that lie safe: ``sha256`` as 64 hex digits, ``name`` in the storage once ``put_in_place`` ran."""

    sha256: str
    name: str
    put_in_place: Callable[[], None] = lambda: None
    drop: Callable[[], None] = lambda: None
    """Takes the attempt's own file away; what is in place stays."""


def store(pieces: Sequence[Path], storage: Storage, name: str, attempt: int, report: Report) -> Stored:
    """Hashes the files, one after the other, and brings them into the storage in flat memory.

    What earlier attempts left is deleted. Raises ``OSError`` and what the storage raises; then nothing of
    this attempt is left.
    """
    delete_leftovers(storage, name, before=attempt)
    if isinstance(storage, FileSystemStorage):
        return _in_file_system(pieces, storage, name, attempt, report)
    digest = _hashed(pieces, lambda done: report("hash", done))
    own = attempt_name(name, attempt)
    try:
        with Pieces(pieces, lambda done: report("store", done)) as content:
            # A storage may read piece by piece, and counts on getting all that it asks for.
            own = storage.save(own, File(io.BufferedReader(content, BLOCK)))
    except BaseException:
        with suppress(Exception):
            storage.delete(own)
        raise
    return Stored(digest, own, drop=lambda: storage.delete(own))


def recover(storage: Storage, name: str, size: int, report: Report) -> Stored | None:
    """The whole file that an attempt had put in place when it was stopped; none if there is no such file."""
    if not storage.exists(name) or storage.size(name) != size:
        return None
    with storage.open(name) as file:
        digest = _digest_of(file, lambda done: report("hash", done))
    return Stored(digest, name)


def attempt_name(name: str, attempt: int) -> str:
    """``<name>.<attempt>``: no two workers write one file."""
    return f"{name}.{attempt}"


def delete_leftovers(storage: Storage, name: str, *, before: int | None = None) -> None:
    """Deletes what attempts (those ``before`` one) left of ``name``, whole or half; never ``name`` itself."""
    folder, _, last = name.rpartition("/")
    for file in listed(storage, folder)[1]:
        base, _, attempt = file.rpartition(".")
        # ``part``: as earlier versions named it.
        older = attempt == "part" or (attempt.isdecimal() and (before is None or int(attempt) < before))
        if base == last and older:
            storage.delete(f"{folder}/{file}")


def listed(storage: Storage, folder: str) -> tuple[list[str], list[str]]:
    """The names of the folders and of the files in it; none where it is not, or the storage names none."""
    try:
        return storage.listdir(folder)
    except (FileNotFoundError, NotImplementedError):
        return [], []


class Pieces(RandomAccess):
    """Several files as one, to be read from any place; ``report`` hears the position after each read."""

    def __init__(self, files: Sequence[Path], report: Callable[[int], None] = lambda done: None) -> None:
        self._files = [file.open("rb", buffering=0) for file in files]
        sizes = [os.fstat(file.fileno()).st_size for file in self._files]
        self._ends = [sum(sizes[: number + 1]) for number in range(len(sizes))]
        super().__init__(sum(sizes))
        self._report = report

    def readinto(self, buffer: Any) -> int:
        """The next bytes, of one file at most."""
        begin = 0
        for file, end in zip(self._files, self._ends, strict=True):
            if self._at < end:
                file.seek(self._at - begin)
                count = file.readinto(memoryview(buffer)[: end - self._at])
                self._at += count
                self._report(self._at)
                return count
            begin = end
        return 0

    def close(self) -> None:
        """Closes the files, too."""
        for file in self._files:
            file.close()
        super().close()


# -- The pieces -------------------------------------------------------------------------


def _in_file_system(
    pieces: Sequence[Path], storage: FileSystemStorage, name: str, attempt: int, report: Report
) -> Stored:
    target = Path(storage.path(name))
    target.parent.mkdir(parents=True, exist_ok=True)
    own = Path(storage.path(attempt_name(name, attempt)))
    try:
        source = _linked(pieces[0], own) if len(pieces) == 1 else None
        if source is not None:
            digest = _hashed(pieces, lambda done: report("hash", done))
        else:
            source, digest = own, _copied(pieces, own, lambda done: report("store", done))
    except BaseException:
        own.unlink(missing_ok=True)
        raise

    def put_in_place() -> None:
        if storage.file_permissions_mode is not None:
            source.chmod(storage.file_permissions_mode)
        source.replace(target)
        staging.sync_folder(target.parent)

    return Stored(digest, name, put_in_place, drop=lambda: own.unlink(missing_ok=True))


def _linked(staged: Path, own: Path) -> Path | None:
    """What to rename: the second name of the same file, or the only one where the file system has no
    links; none where the storage lies on another one."""
    try:
        os.link(staged, own)
    except OSError as error:
        if error.errno == errno.EXDEV:
            return None
        if error.errno not in {errno.EPERM, errno.EOPNOTSUPP, errno.ENOSYS, errno.EMLINK}:
            raise
        return staged if staged.stat().st_dev == own.parent.stat().st_dev else None
    return own


def _copied(pieces: Sequence[Path], target: Path, report: Callable[[int], None]) -> str:
    digest, done = hashlib.sha256(), 0
    with Pieces(pieces) as content, target.open("xb", buffering=0) as file:
        for block in _blocks(content):
            digest.update(block)
            written = 0
            while written < len(block):
                written += file.write(block[written:])
            done += len(block)
            report(done)
        os.fsync(file.fileno())
    return digest.hexdigest()


def _hashed(pieces: Sequence[Path], report: Callable[[int], None]) -> str:
    with Pieces(pieces) as content:
        return _digest_of(content, report)


def _digest_of(content: Any, report: Callable[[int], None]) -> str:
    digest, done = hashlib.sha256(), 0
    for block in _blocks(content):
        digest.update(block)
        done += len(block)
        report(done)
    return digest.hexdigest()


def _blocks(content: Any) -> Iterator[memoryview]:
    while block := content.read(BLOCK):
        yield memoryview(block)
