"""Opens an archive of any known format."""

from collections.abc import Generator, Iterator
from dataclasses import replace
from functools import partial
from pathlib import Path

from engine.unpacking.archives import libarchive, seven_zip, zip_entries
from engine.unpacking.archives.entry import WRONG_PASSWORD, ArchiveUnreadable, Damaged, Entry, Locked
from engine.unpacking.archives.formats import Format, format_of, part_of_many

HEAD = 4096


def entries(file: Path, name: str, password: str | None, room: Path) -> Generator[Entry, None, None]:
    """The archive's files in its order; each is taken before the next is asked for.

    ``name`` is what people call the file; ``room`` is a path that may be written for the duration.
    Raises ``ArchiveUnreadable`` where reading cannot begin or go on, ``OSError`` of the file itself.
    """
    with file.open("rb") as stream:
        head = stream.read(HEAD)
    part = part_of_many(head, name)
    form = format_of(head)
    if part is not None:
        raise ArchiveUnreadable(part)
    if form is None:
        return
    if form is Format.ZIP:
        yield from zip_entries.entries(file, password)
    elif form is Format.SEVEN_ZIP and password is not None and seven_zip.is_locked(file):
        with seven_zip.unlocked(file, password, room) as plain:
            yield from _behind_lock(libarchive.entries(plain, form, name))
    else:
        yield from libarchive.entries(file, form, name)


def _behind_lock(entries: Iterator[Entry]) -> Iterator[Entry]:
    """Damage behind a lock is most likely a wrong password: the format has no other check of it."""
    try:
        for entry in entries:
            yield replace(entry, chunks=partial(_chunks_behind_lock, entry))
    except ArchiveUnreadable as error:
        raise ArchiveUnreadable(WRONG_PASSWORD, locked=True) from error


def _chunks_behind_lock(entry: Entry) -> Iterator[bytes]:
    try:
        yield from entry.chunks()
    except Damaged as damage:
        raise Locked(WRONG_PASSWORD) from damage


def is_random(file: Path) -> bool:
    """Whether entries can be passed over without decoding them: zip alone has a directory of places."""
    with file.open("rb") as stream:
        return format_of(stream.read(HEAD)) is Format.ZIP
