"""Files as Outlook packs them, built by hand."""

import struct
from zlib import crc32

from mail.reading.mime.tnef import SIGNATURE


def winmail(*attributes: bytes) -> bytes:
    """A winmail.dat of these attributes."""
    return SIGNATURE + b"\x01\x00" + b"".join(attributes)


def attribute(name: int, data: bytes, level: int = 1) -> bytes:
    """One attribute; its checksum is right."""
    return struct.pack("<BHHI", level, name, 6, len(data)) + data + struct.pack("<H", sum(data) & 0xFFFF)


def properties(*entries: bytes) -> bytes:
    """A list of MAPI properties."""
    return struct.pack("<I", len(entries)) + b"".join(entries)


def text_property(identifier: int, text: str) -> bytes:
    """One of Unicode."""
    data = text.encode("utf-16-le") + b"\0\0"
    return struct.pack("<HHII", 0x1F, identifier, 1, len(data)) + data + b"\0" * (-len(data) % 4)


def binary_property(identifier: int, data: bytes, kind: int = 0x102) -> bytes:
    """One of bytes."""
    return struct.pack("<HHII", kind, identifier, 1, len(data)) + data + b"\0" * (-len(data) % 4)


def number_property(identifier: int, number: int) -> bytes:
    """One of 32 bits."""
    return struct.pack("<HHI", 3, identifier, number)


def named_property(text: str) -> bytes:
    """One whose id is of no meaning without its name."""
    name = "Keywords".encode("utf-16-le")
    data = text.encode("utf-16-le")
    head = struct.pack("<HH", 0x1F, 0x8001) + bytes(16) + struct.pack("<II", 1, len(name)) + name
    return head + struct.pack("<II", 1, len(data)) + data + b"\0" * (-len(data) % 4)


def compressed(rtf: bytes) -> bytes:
    """RTF in the form of PR_RTF_COMPRESSED (MS-OXRTFCP), literals alone."""
    whole = len(rtf) // 8 * 8
    out = b"".join(b"\0" + rtf[place : place + 8] for place in range(0, whole, 8))
    end = struct.pack(">H", (207 + len(rtf)) % 4096 << 4)
    out += bytes([1 << (len(rtf) - whole)]) + rtf[whole:] + end
    checksum = crc32(out, 0xFFFFFFFF) ^ 0xFFFFFFFF
    return struct.pack("<IIII", len(out) + 12, len(rtf), 0x75465A4C, checksum) + out
