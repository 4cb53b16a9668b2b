"""One entry of a zip: where its bytes lie, and what they are, whatever its headers claim.

The central directory and the header before the bytes tell the same twice. Where they differ, the
directory's name counts, and the bytes decide on size and checksum: an entry is read to its real end, which
its method knows, or its checksum, but never beyond the next entry. Source: APPNOTE.TXT 6.3.10, 4.3.7 (local
file header), 4.3.9 (data descriptor), 4.5.3 (zip64), 4.6.9 (Info-ZIP Unicode path).
"""

import lzma
import struct
import zlib
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

from engine.encodings import decode_name
from engine.text import Text, text
from engine.text_safety import marked
from engine.unpacking.archives.entry import BAD_CHECKSUM, BROKEN, Damaged
from engine.unpacking.archives.zip_methods import CHUNK, LZMA, STORED, Inflation

LOCAL_SIGN, LOCAL_HEADER = b"PK\x03\x04", 30
"""Its bytes without name and extra field."""

ENCRYPTED, END_MARKER, DESCRIPTOR, UTF_8 = 0x1, 0x2, 0x8, 0x800
"""Flags; the second says of LZMA that its stream tells its end."""

DESCRIPTOR_SIZES = (0, 12, 16, 20, 24)
"""Bytes of a data descriptor: none, with and without a sign, of zip64 too."""

MAX_NAME = 120
FAULTS = (
    zlib.error,
    lzma.LZMAError,
    MemoryError,  # an LZMA header may ask for gigabytes at once
    EOFError,
    OSError,
    ValueError,
    RuntimeError,
    struct.error,
)
OVERLAP = text(
    "这个条目与压缩包中的其他条目占用相同的数据：要么目录已损坏，要么是压缩炸弹；未读取。",
    "This entry shares its bytes with others of the archive: its directory is damaged, or it is a zip bomb. "
    "It was not read.",
)


@dataclass(frozen=True)
class Local:
    """The header before an entry's bytes, which begin at ``data_at``. Sizes are as stated; ``None`` where
    they stand behind the bytes or in a field of zip64."""

    raw: bytes
    flags: int
    method: int
    checksum: int
    packed: int | None
    size: int | None
    data_at: int
    extra: bytes = b""

    @property
    def name(self) -> str:
        return name_of(self.raw, self.flags, self.extra)


@dataclass(frozen=True)
class Member:
    """An entry: ``packed``, ``size`` and ``checksum`` as the directory states them, ``bound`` where the
    next entry begins. ``overlaps``: as stated it would reach beyond."""

    file: Path
    name: str
    method: int
    checksum: int
    packed: int
    size: int
    offset: int
    bound: int
    overlaps: bool = False
    notes: list[Text] = field(default_factory=list)

    def chunks(self) -> Iterator[bytes]:
        """The bytes; raises ``Damaged``. ``notes`` grow by what the headers say differently."""
        local = local_header(self.file, self.offset)
        if local is None:
            raise Damaged(BROKEN)
        if local.name.replace("\\", "/") != self.name.replace("\\", "/"):
            self.notes.append(names_differ(self.name, local.name))
        if self.overlaps and not self._ends_before_the_next(local):
            raise Damaged(OVERLAP)
        end = self._end(local)
        if end is None:
            raise Damaged(OVERLAP)
        packed = pieces(self.file, local.data_at, end)
        sizes = {self.size, *([local.size] if local.size is not None else [])}
        yield from checked(
            self.method, packed, {self.checksum, local.checksum} - {0} or {0}, sizes, self.notes
        )

    def _end(self, local: Local) -> int | None:
        """Where the packed bytes end at the latest; ``None`` where none of the sizes stated holds and they
        would reach into another entry."""
        if self.method == LZMA and not local.flags & END_MARKER:
            return min(self.bound, local.data_at + self.packed)
        if self.method != STORED:
            return self.bound
        room = self.bound - local.data_at
        stated = {self.packed, self.size, local.packed, local.size}
        lengths = {length for length in stated if length is not None and 0 <= length <= room}
        if lengths == stated - {None} and len(lengths) == 1 and room - min(lengths) in DESCRIPTOR_SIZES:
            return local.data_at + min(lengths)  # nothing is contradicted
        lengths |= {room - size for size in DESCRIPTOR_SIZES if room >= size}
        length = self._length_that_fits(local, sorted(lengths))
        if length is None and self.overlaps:
            return None
        return local.data_at + (min(self.packed, room) if length is None else length)

    def _length_that_fits(self, local: Local, lengths: list[int]) -> int | None:
        """The one of these lengths (ascending) whose bytes have the checksum."""
        checksum, at = 0, 0
        for length in lengths:
            for piece in pieces(self.file, local.data_at + at, local.data_at + length):
                checksum = zlib.crc32(piece, checksum)
            at = length
            if checksum in {self.checksum, local.checksum} and length:
                return length
        return None

    def _ends_before_the_next(self, local: Local) -> bool:
        """Whether only the stated size reaches into other entries, and not the bytes."""
        if self.method == STORED:
            return self.bound > local.data_at
        inflation = Inflation(self.method, pieces(self.file, local.data_at, self.bound))
        try:
            for _ in inflation:
                pass
        except FAULTS:
            return False
        return inflation.ended


def checked(
    method: int, packed: Iterator[bytes], checksums: set[int], sizes: set[int], notes: list[Text]
) -> Iterator[bytes]:
    """The plain bytes. Raises ``Damaged`` where they end too soon or have none of the ``checksums``; a size
    that is none of the ``sizes`` stated, or where two are stated, is noted."""
    inflation, checksum, size = Inflation(method, packed), 0, 0
    try:
        for chunk in inflation:
            checksum, size = zlib.crc32(chunk, checksum), size + len(chunk)
            yield chunk
    except FAULTS as error:
        raise Damaged(BROKEN) from error
    if checksums and checksum not in checksums:
        cut = method != STORED and not inflation.ended and size not in sizes
        raise Damaged(BROKEN if cut else BAD_CHECKSUM)
    if sizes - {size}:
        notes.append(size_differs(sorted(sizes - {size})[0], size))


def local_header(file: Path, offset: int) -> Local | None:
    """The header at ``offset``; ``None`` where none is."""
    try:
        with file.open("rb") as stream:
            stream.seek(offset)
            return parsed(stream.read(LOCAL_HEADER + 2 * 0xFFFF), offset)
    except (OSError, ValueError, OverflowError):  # a forged offset
        return None


def parsed(head: bytes, offset: int) -> Local | None:
    """The header that these bytes begin with."""
    if len(head) < LOCAL_HEADER or not head.startswith(LOCAL_SIGN):
        return None
    _version, flags, method, _time, _date, checksum, packed, size, name, extra = struct.unpack_from(
        "<5H3L2H", head, 4
    )
    later = bool(flags & DESCRIPTOR) and not (packed and checksum)
    raw = head[LOCAL_HEADER : LOCAL_HEADER + name]
    fields = head[LOCAL_HEADER + name : LOCAL_HEADER + name + extra]
    wide = zip64_sizes(fields, [value == 0xFFFFFFFF for value in (size, packed)])
    sizes = [
        None if later else other if value == 0xFFFFFFFF else value
        for value, other in zip((size, packed), wide, strict=True)
    ]
    if later:
        checksum = 0
    return Local(
        raw, flags, method, checksum, sizes[1], sizes[0], offset + LOCAL_HEADER + name + extra, fields
    )


def zip64_sizes(extra: bytes, wanted: list[bool]) -> list[int | None]:
    """Of the fields wanted, in the order of zip64's, the values that its extra field has."""
    body = extra_field(extra, 0x0001) or b""
    values: list[int | None] = []
    for want in wanted:
        values.append(struct.unpack_from("<Q", body)[0] if want and len(body) >= 8 else None)
        body = body[8:] if want else body
    return values


def extra_field(extra: bytes, wanted: int) -> bytes | None:
    """The body of the first extra field of that id."""
    at = 0
    while at + 4 <= len(extra):
        kind, size = struct.unpack_from("<HH", extra, at)
        if kind == wanted:
            return extra[at + 4 : at + 4 + size]
        at += 4 + size
    return None


def name_of(raw: bytes, flags: int, extra: bytes) -> str:
    """The name as its author meant it: UTF-8 flag, else the Info-ZIP Unicode path while its checksum fits
    (a tool that does not know the field may have changed the name), else as Chinese Windows codes it."""
    if flags & UTF_8:
        return raw.decode("utf-8", "replace")
    body = extra_field(extra, 0x7075)
    if body is not None and len(body) > 5 and body[0] == 1:
        try:
            if struct.unpack_from("<L", body, 1)[0] == zlib.crc32(raw):
                return body[5:].decode("utf-8")
        except UnicodeDecodeError:
            pass
    return decode_name(raw)


def pieces(file: Path, start: int, end: int) -> Iterator[bytes]:
    """The file's bytes from ``start`` to ``end``."""
    with file.open("rb") as stream:
        stream.seek(start)
        left = end - start
        while left > 0 and (piece := stream.read(min(CHUNK, left))):
            left -= len(piece)
            yield piece


def names_differ(central: str, local: str) -> Text:
    """Two names of one entry: hostile text."""
    first, second = marked(central)[:MAX_NAME], marked(local)[:MAX_NAME]
    return text(
        f"压缩包中此文件有两个不同的名称：目录中是“{first}”，数据前是“{second}”；按目录中的名称读取。",
        f"The archive names this file twice and differently: “{first}” in its directory, “{second}” before "
        "its bytes. It was read under the name of the directory.",
    )


def size_differs(stated: int, real: int) -> Text:
    """A size that is not what was unpacked."""
    return text(
        f"压缩包中登记的大小是 {stated:,} 字节，实际解压出 {real:,} 字节；已按实际内容读取，校验和相符。",
        f"The archive states a size of {stated:,} bytes; unpacked there are {real:,}, whose checksum fits. "
        "All of them were read.",
    )
