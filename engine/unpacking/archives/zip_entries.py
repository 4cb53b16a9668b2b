"""The entries of a zip file, one after the other, each with a name and its bytes.

Names: UTF-8 flag, else the Info-ZIP Unicode path (0x7075, only while its checksum fits), else
strict UTF-8, else GB18030, as Chinese Windows writes it. What an entry's headers contradict is
noted and its bytes decide (``zip_members``); an archive whose directory is lost (a cut upload) is
read by the headers before the bytes (``zip_without_directory``).
Sources: APPNOTE.TXT 6.3.10 (flags 4.4.4, Info-ZIP Unicode path 4.6.9).
"""

import stat
import struct
import zipfile
from collections.abc import Iterator
from pathlib import Path

from engine.text import Text, text
from engine.unpacking.archives.archive_format import ArchiveFormat
from engine.unpacking.archives.entry import LINK, PART, SPECIAL, ArchiveUnreadable, Entry, locked_entry
from engine.unpacking.archives.zip_end import Window, directory_end
from engine.unpacking.archives.zip_locked import unlocked
from engine.unpacking.archives.zip_members import (
    ENCRYPTED,
    LOCAL_HEADER,
    OVERLAP,
    UTF_8,
    Member,
    local_header,
    name_of,
)
from engine.unpacking.archives.zip_methods import METHODS
from engine.unpacking.archives.zip_without_directory import entries_without_directory

MAX_DIRECTORY_BYTES = 64 * 2**20
"""Bytes of a central directory; a bigger one would only serve to fill the memory."""

MAX_TRIED = 20
"""Entries that may lead nowhere before the whole directory is taken to."""

SPANNED = b"PK\x07\x08"
SIGNS = (b"PK\x03\x04", b"PK\x05\x06", b"PK\x07\x08PK\x03\x04", b"PK00PK\x03\x04")
DOCUMENTS = (b"[Content_Types].xml", b"_rels/", b"docProps/", b"mimetype", b"META-INF/")
"""First entries of office documents, packages and the like: zip files, but not meant as archives."""


def entries(
    form: ArchiveFormat, file: Path, name: str, password: str | None, scratch: Path
) -> Iterator[Entry]:
    """Every file of the archive in the directory's order; folders are left out.

    Raises ``ArchiveUnreadable`` behind the last entry that could be read.
    """
    if _last_of_many(file):
        raise ArchiveUnreadable(PART)
    found = _directory(file)
    if found is None:
        yield from entries_without_directory(file, password)
        return
    listed, directory = found
    bounds, overlapping = _bounds(listed, directory), _overlapping(listed)
    taken: set[int] = set()
    for info in listed:
        member = Member(
            file=file,
            name=_name(info),
            method=info.compress_type,
            checksum=info.CRC,
            packed=info.compress_size,
            size=info.file_size,
            offset=info.header_offset,
            bound=bounds[info.header_offset],
            overlaps=info.header_offset in overlapping,
        )
        if not member.name.endswith(("/", "\\")):
            again = info.header_offset in taken
            taken.add(info.header_offset)
            yield Entry(member.name, _nothing, OVERLAP) if again else _entry(info, member, password)


def _directory(file: Path) -> tuple[list[zipfile.ZipInfo], int] | None:
    """What is listed, and where the list begins; ``None`` where it is lost or leads nowhere."""
    if _directory_size(file) > MAX_DIRECTORY_BYTES:
        return None
    found = _listed(file)
    if found is None:
        end = directory_end(file)  # further from the file's end than the format allows
        found = _listed(Window(file, end)) if end is not None else None
    if found is None:
        return None
    first = found[0][:MAX_TRIED]
    leads_nowhere = bool(first) and all(local_header(file, info.header_offset) is None for info in first)
    return None if leads_nowhere else found


def _listed(file: Path | Window) -> tuple[list[zipfile.ZipInfo], int] | None:
    try:
        with zipfile.ZipFile(file) as archive:
            return archive.infolist(), archive.start_dir
    except (zipfile.BadZipFile, ValueError, OverflowError, NotImplementedError, struct.error, UnicodeError):
        return None
    finally:
        if isinstance(file, Window):
            file.close()


def _entry(info: zipfile.ZipInfo, member: Member, password: str | None) -> Entry:
    if info.flag_bits & ENCRYPTED:
        if password is None:
            return locked_entry(member.name)
        return Entry(member.name, lambda: unlocked(member, password), _no_file(info), notes=member.notes)
    if member.method not in METHODS:
        return Entry(member.name, member.chunks, _unknown_method(member.method), unreadable=True)
    return Entry(member.name, member.chunks, _no_file(info), notes=member.notes)


def _nothing() -> Iterator[bytes]:
    return iter(())


def _name(info: zipfile.ZipInfo) -> str:
    if info.flag_bits & UTF_8:
        return info.orig_filename
    return name_of(info.orig_filename.encode("cp437", "replace"), info.flag_bits, info.extra)


def _no_file(info: zipfile.ZipInfo) -> Text | None:
    mode = info.external_attr >> 16
    if stat.S_ISLNK(mode):
        return LINK
    if stat.S_IFMT(mode) and not stat.S_ISREG(mode) and not stat.S_ISDIR(mode) and info.create_system == 3:
        return SPECIAL
    return None


def _bounds(listed: list[zipfile.ZipInfo], directory: int) -> dict[int, int]:
    """Where the bytes of the entry at an offset end at the latest: at the next header, or the directory."""
    offsets = sorted({info.header_offset for info in listed})
    ends = [*offsets[1:], max(directory, offsets[-1])] if offsets else []
    return dict(zip(offsets, ends, strict=True))


def _overlapping(listed: list[zipfile.ZipInfo]) -> set[int]:
    """Offsets of the entries whose bytes, as stated, reach into another's (Fifield's "better zip bomb")."""
    overlapping: set[int] = set()
    last, end = -1, 0
    for info in sorted(listed, key=lambda entry: entry.header_offset):
        if info.header_offset < end or info.header_offset == last:
            overlapping |= {last, info.header_offset}
        reach = info.header_offset + LOCAL_HEADER + info.compress_size
        if reach > end:
            last, end = info.header_offset, reach
    return overlapping


def _last_of_many(file: Path) -> bool:
    """Whether the end record says that other parts go before (4.4.19: the number of this disk)."""
    with file.open("rb") as stream:
        stream.seek(max(0, stream.seek(0, 2) - 65_557))
        tail = stream.read()
    at = tail.rfind(b"PK\x05\x06")
    return 0 <= at <= len(tail) - 22 and struct.unpack_from("<H", tail, at + 4)[0] not in {0, 0xFFFF}


def _directory_size(file: Path) -> int:
    """Bytes of the central directory as the end record states; 0 where there is none."""
    with file.open("rb") as stream:
        length = stream.seek(0, 2)
        stream.seek(max(0, length - 65_557 - 20))
        tail = stream.read()
        at = tail.rfind(b"PK\x05\x06")
        if at < 0 or len(tail) < at + 22:
            return 0
        stated = int(struct.unpack_from("<L", tail, at + 12)[0])
        if stated != 0xFFFFFFFF or at < 20 or tail[at - 20 : at - 16] != b"PK\x06\x07":
            return stated
        stream.seek(struct.unpack_from("<Q", tail, at - 12)[0])
        record = stream.read(56)
        return int(struct.unpack_from("<Q", record, 40)[0])


def _unknown_method(method: int) -> Text:
    return text(
        f"压缩方法 {method} 不被支持，无法读取。请用普通 zip 格式重新压缩。",
        f"Compression method {method} is not supported; it cannot be read. Please pack it as an "
        "ordinary zip.",
    )


def _is_document(head: bytes) -> bool:
    return head.startswith(SIGNS[0]) and head[LOCAL_HEADER:].startswith(DOCUMENTS)


ZIP = ArchiveFormat(
    name="zip",
    source="https://pkware.cachefly.net/webdocs/APPNOTE/APPNOTE-6.3.10.TXT",
    entries=entries,
    signs=SIGNS,
    is_document=_is_document,
    has_directory=True,
)
