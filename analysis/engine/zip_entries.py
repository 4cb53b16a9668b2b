"""The entries of a zip file, one after the other, each with a name and its bytes.

Names: UTF-8 flag, else the Info-ZIP Unicode path (0x7075, only while its checksum fits), else
strict UTF-8, else GB18030, as Chinese Windows writes it. Deflate64 (Explorer, above 2 GiB)
comes from stream-inflate64. An archive whose directory is lost (a cut upload) is read by its
local headers as far as it goes.
"""

import lzma
import stat
import struct
import zipfile
import zlib
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

from analysis.engine import entry_names
from analysis.engine.encodings import decode_name
from analysis.engine.text import Text, text

CHUNK = 1 << 18
LARGEST_DIRECTORY = 64 * 2**20
"""Bytes of a central directory; a bigger one would only serve to fill the memory."""

DEFLATE64 = 9
METHODS = {zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED, zipfile.ZIP_BZIP2, zipfile.ZIP_LZMA, DEFLATE64}

ENCRYPTED = text(
    "文件有密码保护，无法读取。请上传不带密码的压缩包。",
    "The file is protected by a password and cannot be read. Please upload an archive without one.",
)
LINK = text(
    "这是一个链接；链接不被跟随，未读取。", "This is a link; links are not followed, it was not read."
)
SPECIAL = text("这不是普通文件，未读取。", "This is no regular file; it was not read.")
LOST_DIRECTORY = text(
    "压缩包不完整（目录缺失），只能读到此处为止。请检查原文件并重新上传。",
    "The archive is incomplete (its directory is missing); it could be read only as far as this. "
    "Please check the original and upload it again.",
)


class Damaged(Exception):
    """The bytes of an entry end early or do not fit their checksum."""

    def __init__(self, sentence: Text) -> None:
        super().__init__(sentence["en"])
        self.sentence = sentence


@dataclass(frozen=True)
class Entry:
    """``path`` as shown; ``refusal`` says why it is not read; ``unreadable`` tells a broken or
    locked entry from one that is left out. ``chunks`` yields the bytes and raises ``Damaged``."""

    path: str
    chunks: Callable[[], Iterator[bytes]]
    refusal: Text | None = None
    unreadable: bool = False


def is_zip(file: Path) -> bool:
    """By the first bytes, or by the directory at the end (self-extracting archives are PE)."""
    with file.open("rb") as stream:
        return stream.read(4) in {b"PK\x03\x04", b"PK\x05\x06"}


def entries(file: Path) -> Iterator[Entry]:
    """Every file of the archive in the directory's order; folders are left out."""
    try:
        if _directory_size(file) > LARGEST_DIRECTORY:
            raise zipfile.BadZipFile("central directory too large")
        archive = zipfile.ZipFile(file)
    except (zipfile.BadZipFile, ValueError, OverflowError, NotImplementedError, struct.error, UnicodeError):
        yield from _by_local_headers(file)
        return
    with archive:
        for info in archive.infolist():
            name = name_of(info)
            if name.endswith(("/", "\\")):
                continue
            yield _entry(archive, info, name)


def name_of(info: zipfile.ZipInfo) -> str:
    """The entry's name as its author meant it."""
    if info.flag_bits & 0x800:
        return info.orig_filename
    raw = info.orig_filename.encode("cp437", "replace")
    return _unicode_path(info.extra, raw) or decode_name(raw)


def _entry(archive: zipfile.ZipFile, info: zipfile.ZipInfo, name: str) -> Entry:
    path = entry_names.shown(name)
    mode = info.external_attr >> 16

    def chunks() -> Iterator[bytes]:
        return _bytes_of(archive, info)

    if info.flag_bits & 0x1:
        return Entry(path, chunks, ENCRYPTED, unreadable=True)
    if stat.S_ISLNK(mode):
        return Entry(path, chunks, LINK)
    if stat.S_IFMT(mode) and not stat.S_ISREG(mode) and not stat.S_ISDIR(mode) and info.create_system == 3:
        return Entry(path, chunks, SPECIAL)
    if info.compress_type not in METHODS:
        return Entry(path, chunks, _unknown_method(info.compress_type), unreadable=True)
    return Entry(path, chunks, entry_names.refusal(name))


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
        NotImplementedError,
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


def _by_local_headers(file: Path) -> Iterator[Entry]:
    """As far as a forward reading goes; every entry is taken before the next is asked for."""
    # Few archives need it, and the ciphers that it brings along take longer to import than all else.
    from stream_unzip import UnzipError, stream_unzip

    def blocks() -> Iterator[bytes]:
        with file.open("rb") as stream:
            while block := stream.read(CHUNK):
                yield block

    try:
        for raw, _size, produced in stream_unzip(blocks()):
            name = decode_name(raw)

            def chunks(produced: Iterator[bytes] = produced) -> Iterator[bytes]:
                try:
                    yield from produced
                except (UnzipError, zlib.error, EOFError, ValueError) as error:
                    raise Damaged(_damage(error)) from error

            if name.endswith(("/", "\\")):
                for _ in produced:
                    pass
                continue
            refusal = entry_names.refusal(name)
            yield Entry(entry_names.shown(name), chunks, refusal)
            for _ in produced:  # what a limit or a refusal left over
                pass
    except (UnzipError, zlib.error, EOFError, ValueError):
        pass
    yield Entry("…", lambda: iter(()), LOST_DIRECTORY, unreadable=True)


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
    if "CRC" in str(error):
        return text(
            "内容与压缩包中的校验和不符：数据已损坏，以下内容只供参考。",
            "The content does not fit the archive's checksum: it is damaged; take what follows with care.",
        )
    return text(
        "压缩包中的这一部分已损坏，只能读到损坏处。请检查原文件并重新上传。",
        "This part of the archive is damaged; it could be read only up to the damage. "
        "Please check the original and upload it again.",
    )
