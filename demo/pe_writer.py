"""Writes the demo's executables: valid PE32 files of exact sizes, one clean and two changed ones.

The program returns at once and imports nothing. Sizes, version resource and times are those of
the case; the content is made up and deterministic. Source: Microsoft, "PE Format" (headers,
section table, symbol table, .rsrc) and "VS_VERSIONINFO structure".
"""

import hashlib
import struct
from collections.abc import Mapping
from functools import lru_cache

from engine.parsers.pe.facts import checksum

CLEAN_SIZE = 4_562_920
ADDED = 82_381
"""Bytes that the tampered file has more than the clean one."""

VERSION = "Version 6.20 of 2016-Apr-06 (Build 2147)"
STRINGS = {
    "Comments": "Made for the demonstration; contains no vendor code.",
    "FileDescription": "CodeMeter Runtime Server",
    "FileVersion": VERSION,
    "InternalName": "CodeMeter",
    "OriginalFilename": "CodeMeter.exe",
    "ProductName": "CodeMeter",
    "ProductVersion": VERSION,
}
NUMBERS = (6, 20, 2147, 500)
LINKED = 1459916400  # 2016-04-06 04:20:00 UTC

IMAGE_BASE, PAGE, SECTOR, HEADERS = 0x400000, 0x1000, 0x200, 0x400
PE_AT = 0x80
CHECKSUM_AT = PE_AT + 24 + 64
SYMBOLS = 20
TRAILER = 488
"""Bytes of the symbol and string tables behind the sections, as some compilers leave them."""

CODE, INITIALISED, EXECUTE, READ, WRITE = 0x20, 0x40, 0x20000000, 0x40000000, 0x80000000
RETURN_ZERO = b"\x31\xc0\xc3"  # xor eax, eax; ret


@lru_cache(maxsize=1)
def clean() -> bytes:
    """The program as its vendor's lab knows it, ``CLEAN_SIZE`` bytes."""
    resource = _resource_section
    raw = CLEAN_SIZE - HEADERS - TRAILER
    fixed = {".rdata": 0x90000, ".data": 0x18000, ".rsrc": _up(len(resource(0)), SECTOR)}
    text_size = raw - sum(fixed.values())
    data = RETURN_ZERO + _filler(b"text", text_size - len(RETURN_ZERO) - 0x400) + b"\xcc" * 0x400
    layout = [
        (".text", text_size, CODE | EXECUTE | READ),
        (".rdata", fixed[".rdata"], INITIALISED | READ),
        (".data", fixed[".data"], INITIALISED | READ | WRITE),
        (".rsrc", fixed[".rsrc"], INITIALISED | READ),
    ]
    table, address, offset = b"", PAGE, HEADERS
    for name, size, flags in layout:
        table += struct.pack("<8s6I2HI", name.encode(), size, address, size, offset, 0, 0, 0, 0, flags)
        if name == ".rsrc":
            resources = (address, size)
        address, offset = _up(address + size, PAGE), offset + size
    body = data + _filler(b"rdata", fixed[".rdata"]) + _filler(b"data", fixed[".data"])
    body += resource(resources[0]).ljust(resources[1], b"\0")
    headers = _headers(len(layout), text_size, raw - text_size, address, resources, offset) + table
    image = bytearray(headers.ljust(HEADERS, b"\0") + body + _symbols())
    struct.pack_into("<I", image, CHECKSUM_AT, checksum(bytes(image), CHECKSUM_AT))
    assert len(image) == CLEAN_SIZE
    return bytes(image)


@lru_cache(maxsize=1)
def tampered() -> bytes:
    """The clean file after a program patched its start and appended ``ADDED`` bytes; the version
    resource and the checksum in the header still tell of the clean one."""
    return _patched(b"after-restart") + _noise(b"after-restart", ADDED)


@lru_cache(maxsize=1)
def tampered_before() -> bytes:
    """The file as found on the problem machine: changed too, but not in the same way."""
    return _patched(b"as-found") + _noise(b"as-found", 79_872)


def sha256(image: bytes) -> str:
    """Upper-case, as PowerShell writes it."""
    return hashlib.sha256(image).hexdigest().upper()


def _patched(seed: bytes) -> bytes:
    """A jump from the entry point into the padding behind the code, where foreign bytes stand."""
    image = bytearray(clean())
    code_end = HEADERS + struct.unpack_from("<I", image, PE_AT + 24 + 224 + 16)[0]
    hook = code_end - 0x200
    image[HEADERS : HEADERS + 5] = b"\xe9" + struct.pack("<i", hook - HEADERS - 5)
    image[hook : hook + 0x60] = RETURN_ZERO + _noise(seed, 0x60 - len(RETURN_ZERO))
    return bytes(image)


def _headers(
    sections: int, code: int, data: int, image: int, resources: tuple[int, int], symbols: int
) -> bytes:
    stub = b"\x0e\x1f\xba\x0e\x00\xb4\x09\xcd\x21\xb8\x01\x4c\xcd\x21This program needs Windows.\r\r\n$"
    dos = b"MZ" + struct.pack("<13H", 0x90, 3, 0, 4, 0, 0xFFFF, 0, 0xB8, 0, 0, 0, 0x40, 0)
    dos = dos.ljust(0x3C, b"\0") + struct.pack("<I", PE_AT) + stub
    # i386, no relocations, executable, large address aware, 32-bit
    coff = b"PE\0\0" + struct.pack("<2H3I2H", 0x14C, sections, LINKED, symbols, SYMBOLS, 224, 0x0123)
    optional = struct.pack(
        "<H2B9I6H4I2H6I",
        0x10B, 14, 0, code, data, 0, PAGE, PAGE, _up(PAGE + code, PAGE), IMAGE_BASE, PAGE, SECTOR,
        6, 0, 6, 20, 6, 0, 0, image, HEADERS, 0,
        2, 0x8100, 0x100000, 0x1000, 0x100000, 0x1000, 0, 16,
    )  # fmt: skip
    directories = [(0, 0)] * 16
    directories[2] = resources
    return dos.ljust(PE_AT, b"\0") + coff + optional + b"".join(struct.pack("<2I", *d) for d in directories)


def _symbols() -> bytes:
    """COFF symbols and their string table, ``TRAILER`` bytes."""
    records = b"".join(
        struct.pack("<8sIhHBB", f"fn{number:04d}".encode(), number * 0x100, 1, 0x20, 2, 0)
        for number in range(SYMBOLS)
    )
    size = TRAILER - len(records)
    return records + struct.pack("<I", size) + b"CodeMeterRuntimeServer\0".ljust(size - 4, b"\0")


def _resource_section(address: int) -> bytes:
    """Type 16 (version) → id 1 → US English → the data, which begins behind the directories."""
    info = version_info(STRINGS, NUMBERS)
    directory = struct.pack("<2I4H", 0, 0, 0, 0, 0, 1)
    tree = directory + struct.pack("<2I", 16, 0x80000000 | 24)
    tree += directory + struct.pack("<2I", 1, 0x80000000 | 48)
    tree += directory + struct.pack("<2I", 0x409, 72)
    tree += struct.pack("<4I", address + 88, len(info), 0, 0)
    return tree + info


def version_info(strings: Mapping[str, str], numbers: tuple[int, int, int, int]) -> bytes:
    """A VS_VERSIONINFO with one string table (US English, Unicode)."""
    high, low = numbers[0] << 16 | numbers[1], numbers[2] << 16 | numbers[3]
    fixed = struct.pack("<13I", 0xFEEF04BD, 0x10000, high, low, high, low, 0x3F, 0, 0x40004, 1, 0, 0, 0)
    entries = [
        _node(name, (value + "\0").encode("utf-16-le"), [], text=True) for name, value in strings.items()
    ]
    table = _node("040904B0", b"", entries, text=True)
    translation = _node("Translation", struct.pack("<2H", 0x409, 0x4B0), [], text=False)
    children = [
        _node("StringFileInfo", b"", [table], text=True),
        _node("VarFileInfo", b"", [translation], text=True),
    ]
    return _node("VS_VERSION_INFO", fixed, children, text=False)


def _node(key: str, value: bytes, children: list[bytes], *, text: bool) -> bytes:
    """Length, value length (of text in characters), type, key, value, children, each on 4 bytes."""
    body = (key + "\0").encode("utf-16-le")
    body += b"\0" * (-(6 + len(body)) % 4) + value
    for child in children:
        body += b"\0" * (-(6 + len(body)) % 4) + child
    return struct.pack("<3H", 6 + len(body), len(value) // 2 if text else len(value), int(text)) + body


def _filler(seed: bytes, size: int) -> bytes:
    """Bytes as uneven as a program's, that pack to a tenth: blocks of a small pool."""
    pool = [_noise(seed + bytes([number]), 24 + number % 40).translate(_UNEVEN) for number in range(256)]
    choices = _noise(seed + b"order", size // 24 + 1)
    return b"".join(pool[choice] for choice in choices)[:size]


_UNEVEN = bytes(number * number // 256 for number in range(256))
"""Makes small values frequent, as zeros and small numbers are in code and data."""


def _noise(seed: bytes, size: int) -> bytes:
    """Deterministic bytes without any pattern."""
    return hashlib.shake_256(b"anjuan demo " + seed).digest(size)


def _up(value: int, step: int) -> int:
    return (value + step - 1) // step * step
