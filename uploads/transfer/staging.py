"""The staged file: where the bytes of an upload lie until the bundle is sealed."""

import errno
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from uploads.transfer.errors import DiskFull

NO_ROOM = {errno.ENOSPC, errno.EDQUOT, errno.EFBIG}


def create(file: Path) -> None:
    """An empty staged file, safe on disk by name. Raises ``DiskFull``."""
    try:
        file.parent.mkdir(parents=True, exist_ok=True)
        os.close(os.open(file, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_CLOEXEC, 0o600))
        sync_folder(file.parent)
    except OSError as error:
        raise (DiskFull() if error.errno in NO_ROOM else error) from error


@contextmanager
def opened(file: Path) -> Iterator[int]:
    """A descriptor for writing; the file is made if it was lost."""
    descriptor = os.open(file, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC | os.O_NOFOLLOW, 0o600)
    try:
        yield descriptor
    finally:
        os.close(descriptor)


def length(file: Path) -> int:
    """Bytes in the file; 0 if it is lost."""
    try:
        return file.stat().st_size
    except FileNotFoundError:
        return 0


def write(descriptor: int, block: bytes | memoryview, position: int) -> int:
    """Writes ``block`` at ``position``; how many bytes the disk took.

    Fewer than ``len(block)`` means that the disk is full.
    """
    view = memoryview(block)
    done = 0
    while done < len(view):
        try:
            done += os.pwrite(descriptor, view[done:], position + done)
        except OSError as error:
            if error.errno in NO_ROOM:
                return done
            raise
    return done


def sync_folder(folder: Path) -> None:
    """Makes a new or renamed name in ``folder`` outlive a power cut."""
    descriptor = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
