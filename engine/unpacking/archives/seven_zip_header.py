"""The header of a 7z file, as far as it says how streams are packed: read and written.

Source: 7zFormat.txt of the LZMA SDK (PackInfo, UnPackInfo, Folder; NUMBER; property ids).
"""

import struct
from dataclasses import dataclass, replace

SIGNATURE = b"7z\xbc\xaf\x27\x1c"
HEADER, MAIN_STREAMS, PACK_INFO, UNPACK_INFO = 0x01, 0x04, 0x06, 0x07
SIZE, CRC, FOLDER, CODER_SIZES, ENCODED_HEADER = 0x09, 0x0A, 0x0B, 0x0C, 0x17
AES, LZMA1, LZMA2, COPY = b"\x06\xf1\x07\x01", b"\x03\x01\x01", b"\x21", b"\x00"


class Malformed(Exception):
    """The header is not what the format says, or larger than anybody's."""


@dataclass(frozen=True)
class Coder:
    method: bytes
    ins: int
    outs: int
    properties: bytes | None


@dataclass(frozen=True)
class Folder:
    """``binds`` are (input, output); ``packed`` the inputs that come from the file; ``sizes`` by output."""

    coders: list[Coder]
    binds: list[tuple[int, int]]
    packed: list[int]
    sizes: list[int]

    def lock(self) -> int | None:
        """The position of an AES coder."""
        return next((n for n, coder in enumerate(self.coders) if coder.method == AES), None)


@dataclass(frozen=True)
class Streams:
    """``position`` counts from the end of the signature header; ``crcs`` of folders, ``None`` unknown."""

    position: int
    packed: list[int]
    folders: list[Folder]
    crcs: list[int | None]


class Reader:
    """The header's bytes from a place on; raises ``Malformed`` at their end."""

    def __init__(self, data: bytes, at: int = 0) -> None:
        self.data, self.at = data, at

    def take(self, count: int) -> bytes:
        taken = self.data[self.at : self.at + count]
        if count < 0 or len(taken) < count:
            raise Malformed
        self.at += count
        return taken

    def byte(self) -> int:
        return self.take(1)[0]

    def number(self) -> int:
        """NUMBER: as many leading ones as bytes that follow."""
        first, mask, value = self.byte(), 0x80, 0
        for place in range(8):
            if not first & mask:
                return value | (first & (mask - 1)) << (8 * place)
            value |= self.byte() << (8 * place)
            mask >>= 1
        return value

    def count(self) -> int:
        """A number of things, each of which takes a byte of header at least."""
        value = self.number()
        if value > len(self.data):
            raise Malformed
        return value

    def crcs(self, count: int) -> list[int | None]:
        defined = [True] * count
        if not self.byte():
            bits = self.take((count + 7) // 8)
            defined = [bool(bits[n // 8] & 0x80 >> n % 8) for n in range(count)]
        return [struct.unpack("<L", self.take(4))[0] if known else None for known in defined]

    def expect(self, mark: int) -> None:
        if self.byte() != mark:
            raise Malformed


# -- What the header says ---------------------------------------------------------------


def streams_of(read: Reader) -> Streams:
    """PackInfo and UnpackInfo; the reader stands behind them afterwards."""
    read.expect(PACK_INFO)
    position, count = read.number(), read.count()
    packed: list[int] = []
    while (mark := read.byte()) != 0:
        if mark == SIZE:
            packed = [read.number() for _ in range(count)]
        elif mark == CRC:
            read.crcs(count)
        else:
            raise Malformed
    read.expect(UNPACK_INFO)
    read.expect(FOLDER)
    folders = [None] * read.count()
    if read.byte():
        raise Malformed  # the folders lie elsewhere; nobody writes that
    bare = [_folder(read) for _ in folders]
    read.expect(CODER_SIZES)
    whole = [
        replace(folder, sizes=[read.number() for _ in range(sum(c.outs for c in folder.coders))])
        for folder in bare
    ]
    crcs: list[int | None] = [None] * len(whole)
    while (mark := read.byte()) != 0:
        if mark != CRC:
            raise Malformed
        crcs = read.crcs(len(whole))
    if len(packed) != count or sum(len(folder.packed) for folder in whole) != count:
        raise Malformed
    return Streams(position, packed, whole, crcs)


def _folder(read: Reader) -> Folder:
    coders = []
    for _ in range(_few(read.number())):
        flags = read.byte()
        method = read.take(flags & 0x0F)
        ins, outs = (_few(read.number()), _few(read.number())) if flags & 0x10 else (1, 1)
        coders.append(Coder(method, ins, outs, read.take(read.number()) if flags & 0x20 else None))
    ins, outs = sum(coder.ins for coder in coders), sum(coder.outs for coder in coders)
    binds = [(read.number(), read.number()) for _ in range(outs - 1)]
    bound = {into for into, _out in binds}
    free = [n for n in range(ins) if n not in bound]
    packed = [read.number() for _ in range(ins - len(binds))] if ins - len(binds) > 1 else free
    if not set(packed) <= set(range(ins)):
        raise Malformed
    return Folder(coders, binds, packed, [])


def _few(count: int) -> int:
    if not 0 < count <= 32:
        raise Malformed
    return count


# -- And written ------------------------------------------------------------------------


def written(packed: list[int], folders: list[Folder], crcs: list[int | None]) -> bytes:
    """PackInfo and UnpackInfo, the packed streams one behind the other from the first byte on."""
    out = bytes([PACK_INFO]) + _number(0) + _number(len(packed)) + bytes([SIZE])
    out += b"".join(map(_number, packed)) + b"\0"
    out += bytes([UNPACK_INFO, FOLDER]) + _number(len(folders)) + b"\0"
    for folder in folders:
        out += _number(len(folder.coders))
        for coder in folder.coders:
            plain = (coder.ins, coder.outs) == (1, 1)
            flags = len(coder.method) | (0 if plain else 0x10) | (0x20 if coder.properties is not None else 0)
            out += bytes([flags]) + coder.method
            out += b"" if plain else _number(coder.ins) + _number(coder.outs)
            if coder.properties is not None:
                out += _number(len(coder.properties)) + coder.properties
        out += b"".join(_number(bind_in) + _number(bind_out) for bind_in, bind_out in folder.binds)
        if len(folder.packed) > 1:
            out += b"".join(map(_number, folder.packed))
    out += bytes([CODER_SIZES]) + b"".join(_number(size) for folder in folders for size in folder.sizes)
    if any(crc is not None for crc in crcs):
        bits = "".join("1" if crc is not None else "0" for crc in crcs)
        known = int(bits.ljust(-len(bits) % 8 + len(bits), "0"), 2).to_bytes((len(bits) + 7) // 8, "big")
        out += bytes([CRC, 0]) + known
        out += b"".join(struct.pack("<L", crc) for crc in crcs if crc is not None)
    return out + b"\0"


def _number(value: int) -> bytes:
    for extra in range(8):
        if value < 1 << (7 * (extra + 1)):
            first = (0xFF00 >> extra & 0xFF) | value >> (8 * extra)
            return bytes([first]) + (value & (1 << 8 * extra) - 1).to_bytes(extra, "little")
    return b"\xff" + value.to_bytes(8, "little")
