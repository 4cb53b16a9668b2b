"""A zip whose directory is lost or makes no sense: entry after entry, by the headers before the bytes.

Source: APPNOTE.TXT 6.3.10, 4.3.7 (local file header), 4.3.9 (data descriptor).
"""

import mmap
import zlib
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path

from engine.text import Text, text
from engine.unpacking.archives.entry import LOCKED, ArchiveUnreadable, Entry, locked_entry
from engine.unpacking.archives.zip_locked import unlocked
from engine.unpacking.archives.zip_members import (
    ENCRYPTED,
    FAULTS,
    LOCAL_HEADER,
    LOCAL_SIGN,
    Local,
    Member,
    checked,
    parsed,
    pieces,
)
from engine.unpacking.archives.zip_methods import METHODS, STORED, Inflation

SIGNS = (LOCAL_SIGN, b"PK\x01\x02", b"PK\x05\x06", b"PK\x06\x06", b"PK\x07\x08", b"PK\x06\x08")
"""What may follow an entry's bytes."""

LOST_DIRECTORY = text(
    "压缩包不完整或目录已损坏，只能逐个读到此处为止，其后的文件没有读取。请检查原文件并重新上传。",
    "The archive is incomplete, or its directory is damaged; it could be read only as far as this, and files "
    "behind it were not. Please check the original and upload it again.",
)


def entries_without_directory(file: Path, password: str | None) -> Iterator[Entry]:
    """As far as they go; raises ``ArchiveUnreadable`` behind the last one."""
    locked = False
    with file.open("rb") as stream, mmap.mmap(stream.fileno(), 0, access=mmap.ACCESS_READ) as data:
        at = data.find(LOCAL_SIGN)
        while at >= 0:
            local = parsed(data[at : at + LOCAL_HEADER + 2 * 0xFFFF], at)
            if local is None or local.data_at > len(data):
                break
            whole = _Whole(file, data, local)
            if not local.name.endswith(("/", "\\")):
                locked = locked or bool(local.flags & ENCRYPTED)
                yield _entry(whole, at, password)
            at = data.find(LOCAL_SIGN, whole.end())
    if locked and password is None:
        raise ArchiveUnreadable(LOCKED, locked=True)
    raise ArchiveUnreadable(LOST_DIRECTORY)


@dataclass
class _Whole:
    """An entry of which only the header before it is known."""

    file: Path
    data: mmap.mmap
    local: Local
    notes: list[Text] = field(default_factory=list)
    _end: int | None = None

    def stated_end(self) -> int | None:
        """Where the bytes end as stated, if something of a zip follows there."""
        if self.local.packed is None:
            return None
        end = self.local.data_at + self.local.packed
        return end if end >= len(self.data) or self.data[end : end + 4] in SIGNS else None

    def end(self) -> int:
        """Where the next header is to be looked for."""
        if self._end is None:
            self._end = self.stated_end() or self._end_by_decoding()
        return min(self._end, len(self.data))

    def _end_by_decoding(self) -> int:
        start = self.local.data_at
        if self.local.method not in METHODS or self.local.flags & ENCRYPTED:
            return start
        if self.local.method == STORED:
            return self._next_sign(start)
        counted = _Counted(pieces(self.file, start, len(self.data)))
        inflation = Inflation(self.local.method, counted)
        with suppress(*FAULTS):
            for _ in inflation:
                pass
        return start + counted.bytes - inflation.left if inflation.ended else start

    def _next_sign(self, start: int) -> int:
        """The next sign of a zip; bytes that are stored may hold signs of their own, so that a whole
        descriptor, whose checksum fits, goes before."""
        at, checksum, seen = start, 0, start
        while (at := self.data.find(b"PK\x07\x08", at)) >= 0:
            checksum, seen = zlib.crc32(self.data[seen:at], checksum), at
            if int.from_bytes(self.data[at + 4 : at + 8], "little") == checksum:
                return at
            at += 4
        after = [place for sign in SIGNS[:3] if (place := self.data.find(sign, start)) >= 0]
        return min(after, default=len(self.data))

    def chunks(self) -> Iterator[bytes]:
        """The bytes; raises ``Damaged``."""
        local, stated = self.local, self.stated_end()
        checksums = {local.checksum} - {0} if local.packed is None else {local.checksum}
        sizes = {local.size} if local.size is not None else set()
        end = stated if stated is not None and local.method == STORED else None
        if end is None:
            end = self._next_sign(local.data_at) if local.method == STORED else len(self.data)
        packed = _Counted(pieces(self.file, local.data_at, min(end, len(self.data))))
        yield from checked(local.method, iter(packed), checksums, sizes, self.notes)


class _Counted:
    """Counts the bytes that are handed on."""

    def __init__(self, chunks: Iterator[bytes]) -> None:
        self._chunks, self.bytes = chunks, 0

    def __iter__(self) -> Iterator[bytes]:
        for chunk in self._chunks:
            self.bytes += len(chunk)
            yield chunk


def _entry(whole: _Whole, at: int, password: str | None) -> Entry:
    local = whole.local
    if not local.flags & ENCRYPTED:
        return Entry(local.name, whole.chunks, notes=whole.notes)
    if password is None or local.packed is None:
        return locked_entry(local.name)
    member = Member(
        file=whole.file,
        name=local.name,
        method=local.method,
        checksum=local.checksum,
        packed=local.packed,
        size=local.size or 0,
        offset=at,
        bound=len(whole.data),
        notes=whole.notes,
    )
    return Entry(local.name, lambda: unlocked(member, password), notes=whole.notes)
