"""Takes the lock off a 7z file: the same archive without its AES layer, for libarchive to read.

libarchive opens every usual 7z except a locked one. Here the packed streams are decrypted, the
AES coders are taken out of the header, and everything else of it is copied as it stands.
Source: 7zFormat.txt and the method list of the LZMA SDK (06F10701: AES-256 in CBC mode, its key
from SHA-256 rounds over salt, password in UTF-16 and a counter).
"""

import hashlib
import io
import lzma
import struct
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from functools import lru_cache, partial
from pathlib import Path
from typing import BinaryIO

from engine.text import text
from engine.unpacking.archives import libarchive
from engine.unpacking.archives.archive_format import ArchiveFormat
from engine.unpacking.archives.entry import BROKEN, WRONG_PASSWORD, ArchiveUnreadable, Damaged, Entry, Locked
from engine.unpacking.archives.seven_zip_header import (
    COPY,
    ENCODED_HEADER,
    HEADER,
    LZMA1,
    LZMA2,
    MAIN_STREAMS,
    SIGNATURE,
    Coder,
    Folder,
    Malformed,
    Reader,
    Streams,
    streams_of,
    written,
)

MAX_HEADER_BYTES = 16 * 2**20
MAX_CYCLES = 24
"""Rounds of the key derivation as a power of two; 7-Zip writes 19."""

PIECE = 1 << 20

NO_ROOM = text(
    "打开带密码的 7z 需要同样大小的临时空间，目前空间不足，未读取。请联系管理员，或把内容分几次上传。",
    "Opening a locked 7z takes as much room again, and there is not enough; it was not read. Ask the "
    "administrator, or upload the content in several archives.",
)


def entries(
    form: ArchiveFormat, file: Path, name: str, password: str | None, scratch: Path
) -> Iterator[Entry]:
    """As ``libarchive.entries``; a locked archive is unlocked into ``scratch`` first."""
    if password is None or not is_locked(file):
        yield from libarchive.entries(form, file, name, password, scratch)
        return
    with unlocked(file, password, scratch) as plain:
        yield from _behind_lock(libarchive.entries(form, plain, name, None, scratch))


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


# -- The lock ---------------------------------------------------------------------------


def is_locked(file: Path) -> bool:
    """Whether its header or any of its folders needs a password; no for what is not understood."""
    try:
        with file.open("rb") as stream:
            header = _header(stream)
            read = Reader(header, 1)
            if header[:1] == bytes([ENCODED_HEADER]):
                streams = streams_of(read)
                if any(folder.lock() is not None for folder in streams.folders):
                    return True
                read = Reader(_decoded(stream, streams, None), 1)
            return any(folder.lock() is not None for folder in _main(read).folders)
    except (Malformed, ArchiveUnreadable, OverflowError):
        return False


@contextmanager
def unlocked(file: Path, password: str, scratch: Path) -> Iterator[Path]:
    """The archive without its lock in ``scratch``, as long as the context lasts.

    Raises ``ArchiveUnreadable``, by ``locked`` where the password is found to be wrong at once;
    a lock on the content alone shows a wrong password in the checksums only.
    """
    try:
        try:
            with file.open("rb") as stream, scratch.open("wb") as out:
                _rewrite(stream, out, password)
        except (Malformed, OverflowError) as error:
            raise ArchiveUnreadable(BROKEN) from error
        except OSError as error:
            raise ArchiveUnreadable(NO_ROOM) from error
        yield scratch
    finally:
        scratch.unlink(missing_ok=True)


def _rewrite(stream: BinaryIO, out: BinaryIO, password: str) -> None:
    header = _header(stream)
    if header[:1] == bytes([ENCODED_HEADER]):
        header = _decoded(stream, streams_of(Reader(header, 1)), password)
    read = Reader(header, 1)
    streams = _main(read)
    out.write(bytes(32))
    packed, folders, at, number = [], [], 32 + streams.position, 0
    for folder in streams.folders:
        locks = {}
        while (lock := folder.lock()) is not None:
            folder, place, size, properties = _without(folder, lock)
            locks[place] = (size, properties)
        for place in range(len(folder.packed)):
            length = streams.packed[number]
            packed.append(_copy(stream, at, length, out, locks.get(place), password))
            at, number = at + length, number + 1
        folders.append(folder)
    new = bytes([HEADER, MAIN_STREAMS]) + written(packed, folders, streams.crcs) + header[read.at :]
    end = out.tell()
    out.write(new)
    start = struct.pack("<QQL", end - 32, len(new), zlib.crc32(new))
    out.seek(0)
    out.write(SIGNATURE + b"\0\x04" + struct.pack("<L", zlib.crc32(start)) + start)


def _without(folder: Folder, lock: int) -> tuple[Folder, int, int, bytes]:
    """The folder without that coder; which packed stream it read, how many bytes it gave, its properties."""
    coder = folder.coders[lock]
    into = sum(before.ins for before in folder.coders[:lock])
    out = sum(before.outs for before in folder.coders[:lock])
    if (coder.ins, coder.outs) != (1, 1) or into not in folder.packed or coder.properties is None:
        raise Malformed
    place, size = folder.packed.index(into), folder.sizes[out]
    if len(folder.coders) == 1:
        return replace(folder, coders=[Coder(COPY, 1, 1, None)]), place, size, coder.properties
    heirs = [bind_in for bind_in, bind_out in folder.binds if bind_out == out]
    if len(heirs) != 1:
        raise Malformed

    def ins(number: int) -> int:
        return number - (number > into)

    packed = [ins(heirs[0] if number == into else number) for number in folder.packed]
    binds = [
        (ins(bind_in), bind_out - (bind_out > out)) for bind_in, bind_out in folder.binds if bind_out != out
    ]
    coders = folder.coders[:lock] + folder.coders[lock + 1 :]
    return (
        Folder(coders, binds, packed, folder.sizes[:out] + folder.sizes[out + 1 :]),
        place,
        size,
        coder.properties,
    )


def _copy(
    stream: BinaryIO, at: int, length: int, out: BinaryIO, lock: tuple[int, bytes] | None, password: str
) -> int:
    """Copies a packed stream, without its lock if it has one; how many bytes it has now."""
    # Few archives need it.
    from cryptography.hazmat.primitives.ciphers import Cipher, algorithms, modes

    _go(stream, at)
    size, decrypt = length, None
    if lock is not None:
        size, (key, iv) = lock[0], _key_and_iv(lock[1], password)
        decrypt = Cipher(algorithms.AES(key), modes.CBC(iv)).decryptor()
    unread, unwritten = length, size
    while unread > 0:
        piece = stream.read(min(unread, PIECE))
        if not piece:
            raise Malformed
        unread -= len(piece)
        plain = decrypt.update(piece) if decrypt is not None else piece
        out.write(plain[:unwritten])
        unwritten = max(0, unwritten - len(plain))
    if unwritten:
        raise Malformed
    return size


def _key_and_iv(properties: bytes, password: str) -> tuple[bytes, bytes]:
    first = properties[0] if properties else 0
    second = properties[1] if first & 0xC0 and len(properties) > 1 else 0
    salted = (first >> 7 & 1) + (second >> 4)
    length = (first >> 6 & 1) + (second & 0x0F)
    salt, iv = properties[2 : 2 + salted], properties[2 + salted : 2 + salted + length]
    return _key(first & 0x3F, salt, password), iv.ljust(16, b"\0")


@lru_cache(maxsize=4)
def _key(cycles: int, salt: bytes, password: str) -> bytes:
    secret = salt + password.encode("utf-16-le")
    if cycles == 0x3F:
        return secret[:32].ljust(32, b"\0")
    if cycles > MAX_CYCLES:
        raise Malformed
    digest = hashlib.sha256()
    for number in range(1 << cycles):
        digest.update(secret + number.to_bytes(8, "little"))
    return digest.digest()


# -- Headers in and out -----------------------------------------------------------------


def _header(stream: BinaryIO) -> bytes:
    start = stream.read(32)
    if len(start) < 32 or not start.startswith(SIGNATURE):
        raise Malformed
    offset, size, crc = struct.unpack_from("<QQL", start, 12)
    if not 0 < size <= MAX_HEADER_BYTES:
        raise Malformed
    _go(stream, 32 + offset)
    header = stream.read(size)
    if zlib.crc32(header) != crc:
        raise Malformed
    return header


def _go(stream: BinaryIO, at: int) -> None:
    if at > stream.seek(0, io.SEEK_END):
        raise Malformed
    stream.seek(at)


def _main(read: Reader) -> Streams:
    read.expect(MAIN_STREAMS)
    return streams_of(read)


def _decoded(stream: BinaryIO, streams: Streams, password: str | None) -> bytes:
    """The header that another one packs: one folder of LZMA or nothing, below AES or not."""
    if len(streams.folders) != 1 or len(streams.packed) != 1:
        raise Malformed
    folder, lock = streams.folders[0], None
    while (locked := folder.lock()) is not None:
        folder, _place, size, properties = _without(folder, locked)
        lock = (size, properties)
    if len(folder.coders) != 1 or not folder.sizes or folder.sizes[0] > MAX_HEADER_BYTES:
        raise Malformed
    if streams.packed[0] > MAX_HEADER_BYTES:
        raise Malformed
    packed = io.BytesIO()
    _copy(stream, 32 + streams.position, streams.packed[0], packed, lock, password or "")
    header = _unpacked(folder.coders[0], packed.getvalue(), folder.sizes[0])
    if header is None or header[:1] != bytes([HEADER]) or streams.crcs[0] not in {None, zlib.crc32(header)}:
        if lock is not None:
            raise ArchiveUnreadable(WRONG_PASSWORD, locked=True)
        raise Malformed
    return header


def _unpacked(coder: Coder, data: bytes, size: int) -> bytes | None:
    filters = {LZMA1: lzma.FILTER_LZMA1, LZMA2: lzma.FILTER_LZMA2}
    if coder.method == COPY:
        return data[:size]
    if coder.method not in filters or coder.properties is None:
        raise Malformed
    try:
        chosen = [_lzma_filter(filters[coder.method], coder.properties)]
        return lzma.LZMADecompressor(lzma.FORMAT_RAW, filters=chosen).decompress(data, max_length=size)
    except (lzma.LZMAError, ValueError, EOFError, MemoryError):
        return None


def _lzma_filter(which: int, properties: bytes) -> dict[str, int]:
    """The properties as the LZMA SDK packs them: lc, lp, pb and the dictionary, or its size alone."""
    if which == lzma.FILTER_LZMA2:
        bits = properties[0] if properties else 0
        return {"id": which, "dict_size": min((2 | bits & 1) << (bits // 2 + 11), MAX_HEADER_BYTES)}
    if len(properties) < 5:
        raise ValueError("too short")
    rest, size = properties[0], struct.unpack_from("<L", properties, 1)[0]
    return {
        "id": which,
        "lc": rest % 9,
        "lp": rest // 9 % 5,
        "pb": rest // 45,
        "dict_size": min(max(size, 4096), MAX_HEADER_BYTES),
    }


SEVEN_ZIP = ArchiveFormat(
    name="7z",
    source="https://www.7-zip.org/sdk.html",
    entries=entries,
    signs=(SIGNATURE,),
    switches=("format_7zip",),
)
