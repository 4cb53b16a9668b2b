"""The compression methods of zip: packed bytes in, plain bytes out, in pieces of bounded size.

Source: APPNOTE.TXT 6.3.10, 4.4.5 (methods) and 5.8 (LZMA); RFC 1951. Deflate64 (Explorer, above 2 GiB) is
read by ``inflate64``.
"""

import bz2
import lzma
import struct
import zlib
from collections.abc import Iterable, Iterator
from typing import Any

CHUNK = 1 << 18
SMALL_CHUNK = 1 << 14
"""Packed bytes that are given at once to a reader whose output cannot be limited."""

STORED, DEFLATE, DEFLATE64, BZIP2, LZMA, AES = 0, 8, 9, 12, 14, 99
METHODS = {STORED, DEFLATE, DEFLATE64, BZIP2, LZMA}
MAX_LZMA_DICTIONARY = 512 * 2**20


class Inflation:
    """One entry's bytes from ``packed``, which may go on behind the entry's end.

    ``ended`` says whether the method itself told the end; ``left`` counts the bytes given that lie behind
    it (of Deflate64 some more may). Iterating raises ``zlib.error``, ``OSError``, ``EOFError``,
    ``ValueError``, ``lzma.LZMAError`` or ``MemoryError`` where they are no such stream.
    """

    def __init__(self, method: int, packed: Iterable[bytes]) -> None:
        self.method, self.ended, self.left = method, False, 0
        self._packed = packed

    def __iter__(self) -> Iterator[bytes]:
        match self.method:
            case 0:
                yield from self._packed
            case 8:
                yield from self._zlib()
            case 9:
                yield from self._deflate64()
            case 12:
                yield from self._limited(bz2.BZ2Decompressor(), self._packed)
            case _:
                yield from self._lzma()

    def _zlib(self) -> Iterator[bytes]:
        inflate = zlib.decompressobj(-zlib.MAX_WBITS)
        for piece in self._packed:
            while piece and not inflate.eof:
                if plain := inflate.decompress(piece, CHUNK):
                    yield plain
                piece = inflate.unconsumed_tail
            if inflate.eof:
                self.ended, self.left = True, len(inflate.unused_data)
                return
        if plain := inflate.flush():
            yield plain
        self.ended = inflate.eof

    def _deflate64(self) -> Iterator[bytes]:
        from inflate64 import Inflater  # few archives need it

        inflate = Inflater()
        for piece in self._packed:
            for at in range(0, len(piece), SMALL_CHUNK):
                if plain := inflate.inflate(piece[at : at + SMALL_CHUNK]):
                    yield plain
                if inflate.eof:
                    self.ended, self.left = True, len(piece) - at
                    return

    def _lzma(self) -> Iterator[bytes]:
        packed = iter(self._packed)
        head = b""
        while len(head) < 9:
            head += next(packed, None) or _missing()
        size, properties, dictionary = struct.unpack_from("<HBL", head, 2)
        if size != 5 or properties >= 225 or dictionary > MAX_LZMA_DICTIONARY:
            raise ValueError("no such LZMA properties")
        filters = [
            {
                "id": lzma.FILTER_LZMA1,
                "dict_size": max(dictionary, 4096),
                "lc": properties % 9,
                "lp": properties // 9 % 5,
                "pb": properties // 45,
            }
        ]
        reader = lzma.LZMADecompressor(lzma.FORMAT_RAW, filters=filters)
        yield from self._limited(reader, _chained(head[9:], packed))

    def _limited(self, reader: Any, packed: Iterable[bytes]) -> Iterator[bytes]:
        for piece in packed:
            plain = reader.decompress(piece, CHUNK)
            while True:
                if plain:
                    yield plain
                if reader.eof:
                    self.ended, self.left = True, len(reader.unused_data)
                    return
                if reader.needs_input:
                    break
                plain = reader.decompress(b"", CHUNK)


def _chained(first: bytes, rest: Iterator[bytes]) -> Iterator[bytes]:
    if first:
        yield first
    yield from rest


def _missing() -> bytes:
    raise EOFError("it ends before it begins")
