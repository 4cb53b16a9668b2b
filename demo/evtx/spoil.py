"""Spoils finished logs the way machines and people do, for tests and demonstrations."""

import struct
import zlib
from pathlib import Path

from demo.evtx.writer import CHUNK_SIZE, FILE_HEADER_SIZE


def chunk_count(log: Path) -> int:
    """How many whole chunks the file holds."""
    return (log.stat().st_size - FILE_HEADER_SIZE) // CHUNK_SIZE


def truncate(log: Path, chunks: int, extra: int = 0) -> None:
    """Cuts the file after so many chunks and ``extra`` bytes of the next, as a broken copy does."""
    with log.open("r+b") as file:
        file.truncate(FILE_HEADER_SIZE + chunks * CHUNK_SIZE + extra)


def overwrite_chunk(log: Path, number: int, content: bytes = b"") -> None:
    """Replaces a chunk (from 0) by ``content``, filled up with zeros."""
    with log.open("r+b") as file:
        file.seek(FILE_HEADER_SIZE + number * CHUNK_SIZE)
        file.write(content[:CHUNK_SIZE].ljust(CHUNK_SIZE, b"\0"))


def tamper(log: Path, old: str, new: str) -> int:
    """Replaces text in record values by text of the same length; no checksum is mended.

    Returns how often. Raises ``ValueError`` when the lengths differ.
    """
    before, after = old.encode("utf-16-le"), new.encode("utf-16-le")
    if len(before) != len(after):
        raise ValueError("a value can only be replaced by one of the same length")
    content = log.read_bytes()
    log.write_bytes(content.replace(before, after))
    return content.count(before)


def set_flags(log: Path, flags: int) -> None:
    """Sets the flags of the file header; its checksum does not cover them."""
    with log.open("r+b") as file:
        file.seek(120)
        file.write(struct.pack("<I", flags))


def without_checksums(log: Path, *, flagged: bool = True) -> None:
    """Takes out all checksums; ``flagged`` says so in the flags, as Windows does that computes none."""
    with log.open("r+b") as file:
        for number in range(-1, chunk_count(log)):
            start = 0 if number < 0 else FILE_HEADER_SIZE + number * CHUNK_SIZE
            file.seek(start + 120)
            file.write(struct.pack("<II", 4 if flagged else 0, 0))
            if number >= 0:
                file.seek(start + 52)
                file.write(bytes(4))


def forget_records(log: Path, number: int, keep: int) -> None:
    """Lets a chunk's header (from 0) list its first ``keep`` records only, checksums right: the
    state between the writing of a record and of the header."""
    with log.open("r+b") as file:
        file.seek(FILE_HEADER_SIZE + number * CHUNK_SIZE)
        chunk = bytearray(file.read(CHUNK_SIZE))
        end = last = 512
        for _ in range(keep):
            last, end = end, end + struct.unpack_from("<I", chunk, end + 4)[0]
        numbers = struct.unpack_from("<4Q", chunk, 8)
        struct.pack_into("<Q", chunk, 16, numbers[0] + keep - 1)
        struct.pack_into("<Q", chunk, 32, numbers[2] + keep - 1)
        struct.pack_into("<III", chunk, 44, last, end, zlib.crc32(chunk[512:end]))
        struct.pack_into("<I", chunk, 124, zlib.crc32(chunk[128:512], zlib.crc32(chunk[:120])))
        file.seek(FILE_HEADER_SIZE + number * CHUNK_SIZE)
        file.write(chunk)


def claim(log: Path, *, next_record_id: int) -> None:
    """Lets the file header promise another next record id, with a right checksum."""
    with log.open("r+b") as file:
        fields = bytearray(file.read(120))
        fields[24:32] = struct.pack("<Q", next_record_id)
        file.seek(0)
        file.write(fields)
        file.seek(124)
        file.write(struct.pack("<I", zlib.crc32(fields)))
