"""Text of unknown encoding, as Windows tools write it.

The order matters: BOM, then the pattern of NUL bytes (UTF-16 without a BOM), then strict
UTF-8, then strict GB18030, then cp1252. Statistical detectors are not used: on the short
texts of consoles they take GBK for Western encodings.

One file may hold two encodings: ``>>`` of Windows PowerShell writes UTF-16 behind whatever stands there,
``>>`` of the command prompt the console's code page behind UTF-16 (``mixed_encodings``).
"""

import codecs
from dataclasses import dataclass
from typing import BinaryIO

from engine import mixed_encodings

BOMS = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)

STRICT = ("utf-8", "gb18030")
"""Tried in this order; one without an error is it."""
PIECE = 1 << 20


@dataclass(frozen=True)
class Decoded:
    """``text`` without a BOM; ``encoding`` is Python's name, those of a mixture joined by ``+``; ``damaged``
    counts the characters that could not be decoded."""

    text: str
    encoding: str
    damaged: int


def decode(data: bytes) -> Decoded:
    """The text of ``data``; never raises: what cannot be decoded becomes U+FFFD and is counted."""
    encoding = guess(data)
    parts = mixed_encodings.parts_of(data, encoding)
    if len(parts) > 1:
        text = "".join(part.text for part in parts)
        named = dict.fromkeys(part.encoding for part in parts)
        return Decoded(text, "+".join(named), text.count("\ufffd"))
    try:
        return Decoded(data.decode(encoding), _plain_name(data, encoding), 0)
    except UnicodeDecodeError:
        text = data.decode(encoding, "replace")
        return Decoded(text, _plain_name(data, encoding), text.count("\ufffd"))


def guess(data: bytes) -> str:
    """The encoding's Python name."""
    for bom, encoding in BOMS:
        if data.startswith(bom):
            return encoding
    if wide := _by_nul_pattern(data):
        return wide
    for encoding in STRICT:
        if _is_strictly(data, encoding):
            return encoding
    return "cp1252"


def guess_file(stream: BinaryIO) -> str:
    """The encoding of a whole file, however large; it is read once, piece by piece."""
    head = stream.read(PIECE)
    encoding = guess(head)
    if encoding not in STRICT:
        return encoding
    decoders = {name: codecs.getincrementaldecoder(name)() for name in STRICT[STRICT.index(encoding) :]}
    piece = head
    while piece and decoders:
        for name in list(decoders):
            try:
                decoders[name].decode(piece)
            except UnicodeDecodeError:
                del decoders[name]
        piece = stream.read(PIECE)
    return next(iter(decoders), encoding)


def decode_name(raw: bytes) -> str:
    """A file name of an archive without a declared encoding: UTF-8, else GB18030, else cp437."""
    for encoding in ("utf-8", "gb18030"):
        try:
            return raw.decode(encoding)
        except UnicodeDecodeError:
            continue
    return raw.decode("cp437")


def _plain_name(data: bytes, encoding: str) -> str:
    if encoding == "utf-16":
        return "utf-16-le" if data.startswith(codecs.BOM_UTF16_LE) else "utf-16-be"
    return "utf-8" if encoding == "utf-8-sig" else encoding


def _by_nul_pattern(data: bytes) -> str | None:
    """UTF-16 without BOM: line ends and ASCII put a NUL on one side of each pair."""
    sample = data[: min(len(data), 65536) & ~1]
    if len(sample) < 4:
        return None
    even, odd = sample[::2].count(0), sample[1::2].count(0)
    pairs = len(sample) // 2
    if odd > pairs * 0.2 and even < pairs * 0.02:
        return "utf-16-le"
    if even > pairs * 0.2 and odd < pairs * 0.02:
        return "utf-16-be"
    return None


def _is_strictly(data: bytes, encoding: str) -> bool:
    decoder = codecs.getincrementaldecoder(encoding)()
    try:
        decoder.decode(data, final=False)  # a text cut in mid-character is still of its encoding
    except UnicodeDecodeError:
        return False
    return True
