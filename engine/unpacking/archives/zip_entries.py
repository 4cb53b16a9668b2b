"""The entries of a zip file, one after the other, each with a name and its bytes.

Names: UTF-8 flag, else the Info-ZIP Unicode path (0x7075, only while its checksum fits), else
strict UTF-8, else GB18030, as Chinese Windows writes it. Deflate64 (Explorer, above 2 GiB)
comes from stream-inflate64, locked entries (ZipCrypto, WinZip's AES) from stream-unzip. An archive
whose directory is lost (a cut upload) is read by its local headers as far as it goes.
Sources: APPNOTE.TXT 6.3.10 (flags 4.4.4, Info-ZIP Unicode path 4.6.9), WinZip's AE-x note.
"""

import lzma
import stat
import struct
import zipfile
import zlib
from collections.abc import Iterator
from functools import partial
from pathlib import Path

from engine.encodings import decode_name
from engine.text import Text, text
from engine.unpacking.archives.archive_format import ArchiveFormat
from engine.unpacking.archives.entry import (
    BAD_CHECKSUM,
    BROKEN,
    LINK,
    LOCKED,
    PART,
    SPECIAL,
    WRONG_PASSWORD,
    ArchiveUnreadable,
    Damaged,
    Entry,
    Locked,
    locked_entry,
)

CHUNK = 1 << 18
MAX_DIRECTORY_BYTES = 64 * 2**20
"""Bytes of a central directory; a bigger one would only serve to fill the memory."""

LOCAL_HEADER = 30
"""Bytes of a local header without its name and extra field."""

DEFLATE64, AES = 9, 99
METHODS = {zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED, zipfile.ZIP_BZIP2, zipfile.ZIP_LZMA, DEFLATE64}

SPANNED = b"PK\x07\x08"
SIGNS = (b"PK\x03\x04", b"PK\x05\x06", b"PK\x07\x08PK\x03\x04", b"PK00PK\x03\x04")
DOCUMENTS = (b"[Content_Types].xml", b"_rels/", b"docProps/", b"mimetype", b"META-INF/")
"""First entries of office documents, packages and the like: zip files, but not meant as archives."""

LOST_DIRECTORY = text(
    "压缩包不完整（目录缺失），只能读到此处为止。请检查原文件并重新上传。",
    "The archive is incomplete (its directory is missing); it could be read only as far as this. "
    "Please check the original and upload it again.",
)
OVERLAP = text(
    "这个条目与压缩包中的其他条目占用相同的数据：要么目录已损坏，要么是压缩炸弹；未读取。",
    "This entry shares its bytes with others of the archive: its directory is damaged, or it is a zip bomb. "
    "It was not read.",
)


def entries(
    form: ArchiveFormat, file: Path, name: str, password: str | None, scratch: Path
) -> Iterator[Entry]:
    """Every file of the archive in the directory's order; folders are left out.

    Raises ``ArchiveUnreadable`` behind the last entry that could be read.
    """
    if _last_of_many(file):
        raise ArchiveUnreadable(PART)
    try:
        if _directory_size(file) > MAX_DIRECTORY_BYTES:
            raise zipfile.BadZipFile("central directory too large")
        archive = zipfile.ZipFile(file)
    except (zipfile.BadZipFile, ValueError, OverflowError, NotImplementedError, struct.error, UnicodeError):
        yield from _by_local_headers(file, password)
        return
    with archive:
        overlapping = _overlapping(archive)
        for info in archive.infolist():
            name = name_of(info)
            if name.endswith(("/", "\\")):
                continue
            if info.header_offset in overlapping:
                yield Entry(name, _nothing, OVERLAP)
            elif info.flag_bits & 0x1:
                yield _locked(file, info, name, password)
            else:
                yield _entry(archive, info, name)


def name_of(info: zipfile.ZipInfo) -> str:
    """The entry's name as its author meant it."""
    if info.flag_bits & 0x800:
        return info.orig_filename
    raw = info.orig_filename.encode("cp437", "replace")
    return _unicode_path(info.extra, raw) or decode_name(raw)


def _entry(archive: zipfile.ZipFile, info: zipfile.ZipInfo, name: str) -> Entry:
    def chunks() -> Iterator[bytes]:
        return _bytes_of(archive, info)

    if info.compress_type not in METHODS:
        return Entry(name, chunks, _unknown_method(info.compress_type), unreadable=True)
    return Entry(name, chunks, _no_file(info))


def _no_file(info: zipfile.ZipInfo) -> Text | None:
    mode = info.external_attr >> 16
    if stat.S_ISLNK(mode):
        return LINK
    if stat.S_IFMT(mode) and not stat.S_ISREG(mode) and not stat.S_ISDIR(mode) and info.create_system == 3:
        return SPECIAL
    return None


def _overlapping(archive: zipfile.ZipFile) -> set[int]:
    """Offsets of the entries whose bytes, as stated, reach into another's (Fifield's "better zip bomb")."""
    overlapping: set[int] = set()
    last, end = -1, 0
    for info in sorted(archive.infolist(), key=lambda entry: entry.header_offset):
        if info.header_offset < end or info.header_offset == last:
            overlapping |= {last, info.header_offset}
        reach = info.header_offset + LOCAL_HEADER + info.compress_size
        if reach > end:
            last, end = info.header_offset, reach
    return overlapping


def _bytes_of(archive: zipfile.ZipFile, info: zipfile.ZipInfo) -> Iterator[bytes]:
    try:
        if info.compress_type == DEFLATE64:
            yield from _inflate64(archive, info)
            return
        with archive.open(info) as stream:
            while chunk := stream.read(CHUNK):
                yield chunk
    except (
        zipfile.BadZipFile,
        zlib.error,
        lzma.LZMAError,
        MemoryError,  # an LZMA header may ask for gigabytes at once
        EOFError,
        OSError,
        ValueError,
        RuntimeError,
        struct.error,
        UnicodeError,
    ) as error:
        raise Damaged(_damage(error)) from error


def _inflate64(archive: zipfile.ZipFile, info: zipfile.ZipInfo) -> Iterator[bytes]:
    from stream_inflate import stream_inflate64  # few archives need it

    # zipfile opens the entry only under a method that it knows.
    raw = zipfile.ZipInfo(info.filename)
    raw.orig_filename, raw.header_offset, raw.flag_bits = (
        info.orig_filename,
        info.header_offset,
        info.flag_bits,
    )
    raw.compress_size = raw.file_size = info.compress_size
    inflate, is_done, _ = stream_inflate64()
    checksum, size = 0, 0
    with archive.open(raw) as stream:
        stream._expected_crc = None  # type: ignore[attr-defined]  # of the packed bytes nothing is known
        for chunk in inflate(iter(lambda: stream.read(CHUNK), b"")):
            checksum, size = zlib.crc32(chunk, checksum), size + len(chunk)
            yield chunk
    if not is_done() or checksum != info.CRC or size != info.file_size:
        raise zipfile.BadZipFile("Bad CRC-32")


def _locked(file: Path, info: zipfile.ZipInfo, name: str, password: str | None) -> Entry:
    if password is None:
        return locked_entry(name)

    def chunks() -> Iterator[bytes]:
        return _unlocked(file, info, password)

    return Entry(name, chunks, _no_file(info))


def _unlocked(file: Path, info: zipfile.ZipInfo, password: str) -> Iterator[bytes]:
    """The bytes of a locked entry; the password is tried as UTF-8 and as Chinese Windows codes it."""
    from stream_unzip import IncorrectPasswordError, UnzipError, stream_unzip

    first: Exception | None = None
    for coded in _codings(password):
        try:
            with file.open("rb") as stream:
                stream.seek(info.header_offset)
                blocks = iter(partial(stream.read, CHUNK), b"")
                for _name, _size, produced in stream_unzip(blocks, password=coded):
                    yield from produced
                    return
        except IncorrectPasswordError as error:
            first = first or error
        except (UnzipError, zlib.error, EOFError, ValueError, MemoryError) as error:
            # One byte alone is checked by ZipCrypto: a wrong password may pass it and end in nonsense.
            if info.compress_type != AES:
                raise Locked(WRONG_PASSWORD) from error
            raise Damaged(_damage(error)) from error
    raise Locked(WRONG_PASSWORD) from first


def _codings(password: str) -> list[bytes]:
    return list(dict.fromkeys((password.encode("utf-8"), password.encode("gb18030"))))


def _by_local_headers(file: Path, password: str | None) -> Iterator[Entry]:
    """As far as a forward reading goes; every entry is taken before the next is asked for."""
    # Few archives need it, and the ciphers that it brings along take longer to import than all else.
    from stream_unzip import IncorrectPasswordError, MissingPasswordError, UnzipError, stream_unzip

    def blocks() -> Iterator[bytes]:
        with file.open("rb") as stream:
            while block := stream.read(CHUNK):
                yield block

    try:
        for raw, _size, produced in stream_unzip(blocks(), password=(password or "").encode() or None):
            name = decode_name(raw)

            def chunks(produced: Iterator[bytes] = produced) -> Iterator[bytes]:
                try:
                    yield from produced
                except IncorrectPasswordError as error:
                    raise Locked(WRONG_PASSWORD) from error
                except (UnzipError, zlib.error, EOFError, ValueError) as error:
                    raise Damaged(_damage(error)) from error

            if not name.endswith(("/", "\\")):
                yield Entry(name, chunks)
            for _ in produced:  # what a limit or a refusal left over
                pass
    except MissingPasswordError as error:
        raise ArchiveUnreadable(LOCKED, locked=True) from error
    except (UnzipError, zlib.error, EOFError, ValueError):
        pass
    raise ArchiveUnreadable(LOST_DIRECTORY)


def _nothing() -> Iterator[bytes]:
    return iter(())


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


def _unicode_path(extra: bytes, raw: bytes) -> str | None:
    while len(extra) >= 4:
        kind, size = struct.unpack_from("<HH", extra)
        field, extra = extra[4 : 4 + size], extra[4 + size :]
        if kind == 0x7075 and len(field) > 5 and field[0] == 1:
            if struct.unpack_from("<L", field, 1)[0] != zlib.crc32(raw):
                return None  # the name was changed by a tool that does not know the field
            try:
                return field[5:].decode("utf-8")
            except UnicodeDecodeError:
                return None
    return None


def _unknown_method(method: int) -> Text:
    return text(
        f"压缩方法 {method} 不被支持，无法读取。请用普通 zip 格式重新压缩。",
        f"Compression method {method} is not supported; it cannot be read. Please pack it as an "
        "ordinary zip.",
    )


def _damage(error: Exception) -> Text:
    return BAD_CHECKSUM if "CRC" in str(error) + type(error).__name__ else BROKEN


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
