"""Archives made by hand, as honest or as hostile as a test wants them: no other tool would write these.

Sources: the RAR 4 format note (technote.txt), the RAR 5.0 archive format page, [MS-CAB], APPNOTE.TXT,
and D. Fifield, "A better zip bomb" (overlapping entries).
"""

import bz2
import hashlib
import io
import stat
import struct
import tarfile
import zipfile
import zlib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from email.message import EmailMessage
from pathlib import Path
from typing import Any
from unittest.mock import patch

import py7zr
from Crypto.Cipher import AES
from Crypto.Hash import HMAC, SHA1
from Crypto.Util import Counter
from py7zr.helpers import ArchiveTimestamp

Files = Iterable[tuple[str, bytes]]

# -- Mail -------------------------------------------------------------------------------


def mail(files: Files, said: str = "日志见附件。\n", html: str = "") -> bytes:
    """A mail as it is saved: what it says, as HTML too, and what is attached."""
    message = EmailMessage()
    message["From"], message["To"] = "from@example.org", "to@example.org"
    message["Subject"], message["Message-ID"] = "日志", "<1@example.org>"
    message.set_content(said)
    if html:
        message.add_alternative(html, "html")
    for name, content in files:
        message.add_attachment(content, "application", "octet-stream", filename=name)
    return message.as_bytes()


# -- RAR --------------------------------------------------------------------------------


def rar4(files: Files, *, volume: bool = False, locked: bool = False) -> bytes:
    """Stored files, names in UTF-8 as RAR 4 for Linux writes plain ones."""
    out = b"Rar!\x1a\x07\0" + _rar4_block(0x73, 1 if volume else 0, bytes(6))
    for name, data in files:
        raw = name.encode()
        body = struct.pack(
            "<LLBLLBBHL", len(data), len(data), 3, zlib.crc32(data), 0x50000000, 20, 0x30, len(raw), 0o100644
        )
        out += _rar4_block(0x74, 0x8000 | (4 if locked else 0), body + raw) + data
    return out + _rar4_block(0x7B, 0x4000, b"")


def _rar4_block(kind: int, flags: int, body: bytes) -> bytes:
    head = struct.pack("<BHH", kind, flags, 7 + len(body)) + body
    return struct.pack("<H", zlib.crc32(head) & 0xFFFF) + head


def rar5(files: Files, *, volume: bool = False, locked: bool = False) -> bytes:
    """Stored files; ``locked`` adds an encryption record that fits no password."""
    out = b"Rar!\x1a\x07\x01\0" + _rar5_block(1, b"", _vint(1 if volume else 0))
    for name, data in files:
        raw = name.encode()
        record = _vint(1) + _vint(0) + _vint(0) + bytes([15]) + bytes(32)
        extra = _vint(len(record)) + record if locked else b""
        fields = (_vint(4), _vint(len(data)), _vint(0o100644), struct.pack("<L", zlib.crc32(data)))
        body = b"".join(fields) + _vint(0) + _vint(1) + _vint(len(raw)) + raw
        out += _rar5_block(2, data, body, extra)
    return out + _rar5_block(5, b"", _vint(0))


def _rar5_block(kind: int, data: bytes, body: bytes, extra: bytes = b"") -> bytes:
    flags = (1 if extra else 0) | (2 if data else 0)
    head = _vint(kind) + _vint(flags)
    head += (_vint(len(extra)) if extra else b"") + (_vint(len(data)) if data else b"") + body + extra
    head = _vint(len(head)) + head
    return struct.pack("<L", zlib.crc32(head)) + head + data


def _vint(value: int) -> bytes:
    out = b""
    while value > 0x7F:
        out, value = out + bytes([value & 0x7F | 0x80]), value >> 7
    return out + bytes([value])


# -- CAB --------------------------------------------------------------------------------


def cab(files: Files, *, packed: bool = True, flags: int = 0) -> bytes:
    """One folder, MSZIP or not at all; ``flags`` may claim cabinets before and after."""
    entries, content, count = b"", b"", 0
    for name, data in files:
        count += 1
        attributes = 0x20 | (0 if name.isascii() else 0x80)
        entries += struct.pack("<LLHHHH", len(data), len(content), 0, 0x5000, 0, attributes)
        entries += name.encode() + b"\0"
        content += data
    blocks, before = [], b""
    for at in range(0, len(content), 32768):
        piece = content[at : at + 32768]
        raw = piece
        if packed:
            deflate = zlib.compressobj(9, zlib.DEFLATED, -15, zdict=before)
            raw, before = b"CK" + deflate.compress(piece) + deflate.flush(), piece
        blocks.append(struct.pack("<LHH", 0, len(raw), len(piece)) + raw)
    first_entry = 36 + 8
    first_block = first_entry + len(entries)
    size = first_block + sum(map(len, blocks))
    head = b"MSCF" + struct.pack("<LLLLLBBHHHHH", 0, size, 0, first_entry, 0, 3, 1, 1, count, flags, 1, 0)
    return head + struct.pack("<LHH", first_block, len(blocks), int(packed)) + entries + b"".join(blocks)


# -- 7z, tar, zip -----------------------------------------------------------------------


def seven_zip(
    files: Files, *, password: str | None = None, hidden: bool = False, method: int | None = None
) -> bytes:
    """As py7zr packs it; ``hidden`` locks the names, too."""
    out = io.BytesIO()
    filters = [{"id": method} if method is not None else {"id": py7zr.FILTER_LZMA2, "preset": 1}]
    if password is not None:
        filters.append({"id": py7zr.FILTER_CRYPTO_AES256_SHA256})
    # The same bytes every time: the mutated files that begin from these are known by number.
    fixed = patch("py7zr.compressor.get_random_bytes", bytes)
    still = patch.object(ArchiveTimestamp, "from_now", return_value=ArchiveTimestamp(0))
    with fixed, still, py7zr.SevenZipFile(out, "w", filters=filters, password=password) as archive:
        if hidden:
            archive.set_encrypted_header(True)
        for name, data in files:
            archive.writestr(data, name)
    return out.getvalue()


def seven_zip_named(files: Files) -> bytes:
    """With names that the packer refuses, put into its header afterwards."""
    files = list(files)
    out = io.BytesIO()
    with py7zr.SevenZipFile(out, "w") as archive:
        archive.set_encoded_header_mode(False)
        for number, (name, data) in enumerate(files):
            archive.writestr(data, _stand_in(number, name))
    whole = bytearray(out.getvalue())
    at = 32 + struct.unpack_from("<Q", whole, 12)[0]
    header = bytes(whole[at:])
    for number, (name, _data) in enumerate(files):
        header = header.replace(_stand_in(number, name).encode("utf-16-le"), name.encode("utf-16-le"))
    whole[at:] = header
    struct.pack_into("<L", whole, 28, zlib.crc32(header))
    struct.pack_into("<L", whole, 8, zlib.crc32(whole[12:32]))
    return bytes(whole)


def _stand_in(number: int, name: str) -> str:
    """A harmless name as long as that one."""
    return chr(0x4E00 + number) * len(name)


def tar(
    files: Files, *more: tarfile.TarInfo, form: int = tarfile.PAX_FORMAT, encoding: str = "utf-8"
) -> bytes:
    """Regular files, then whatever else is given."""
    out = io.BytesIO()
    with tarfile.open(fileobj=out, mode="w", format=form, encoding=encoding) as archive:
        for name, data in files:
            entry = tarfile.TarInfo(name)
            entry.size = len(data)
            archive.addfile(entry, io.BytesIO(data))
        for entry in more:
            archive.addfile(entry)
    return out.getvalue()


def special(name: str, kind: bytes, target: str = "") -> tarfile.TarInfo:
    """A link, a device or a pipe."""
    entry = tarfile.TarInfo(name)
    entry.type, entry.linkname = kind, target
    return entry


def zipped(files: Files, *, symlinks: Iterable[str] = ()) -> bytes:
    """Deflated files, then symbolic links to /etc/passwd."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in files:
            archive.writestr(zipfile.ZipInfo(name), data, zipfile.ZIP_DEFLATED)
        for name in symlinks:
            link = zipfile.ZipInfo(name)
            link.create_system, link.external_attr = 3, (stat.S_IFLNK | 0o777) << 16
            archive.writestr(link, b"/etc/passwd")
    return out.getvalue()


@dataclass(frozen=True)
class Claim:
    """One entry of ``claimed_zip``: what its headers say may be untrue. ``central`` and ``local`` change
    ``name``, ``packed``, ``size`` or ``checksum`` of one header; ``descriptor``: the local header says
    nothing, and sizes stand behind the bytes."""

    name: str
    data: bytes
    method: int = 8
    central: Mapping[str, Any] = field(default_factory=dict)
    local: Mapping[str, Any] = field(default_factory=dict)
    descriptor: bool = False

    def packed(self) -> bytes:
        if self.method == 0:
            return self.data
        if self.method == 9:
            return deflate64_with_stored_block(self.data)
        if self.method == 12:
            return bz2.compress(self.data)
        deflate = zlib.compressobj(9, zlib.DEFLATED, -15)
        return deflate.compress(self.data) + deflate.flush()


def claimed_zip(*entries: Claim) -> bytes:
    """A zip whose headers say what they are told to."""
    body = directory = b""
    for entry in entries:
        packed, at = entry.packed(), len(body)
        told: dict[str, Any] = {
            "name": entry.name,
            "packed": len(packed),
            "size": len(entry.data),
            "checksum": zlib.crc32(entry.data),
        }
        flags = 0x800 | (8 if entry.descriptor else 0)
        unsaid = {"packed": 0, "size": 0, "checksum": 0} if entry.descriptor else {}
        local = {**told, **unsaid, **entry.local}
        body += b"PK\3\4" + _claim(local, flags, entry.method) + local["name"].encode() + packed
        if entry.descriptor:
            body += b"PK\7\x08" + struct.pack("<LLL", told["checksum"], told["packed"], told["size"])
        central = {**told, **entry.central}
        directory += b"PK\1\2\x14\0" + _claim(central, flags, entry.method)
        directory += struct.pack("<HHHLL", 0, 0, 0, 0, at) + central["name"].encode()
    return body + directory + _end(len(entries), len(directory), len(body))


def _claim(told: Mapping[str, Any], flags: int, method: int) -> bytes:
    sizes = told["checksum"], told["packed"], told["size"]
    return struct.pack("<HHHHHLLLHH", 20, flags, method, 0, 0x21, *sizes, len(told["name"].encode()), 0)


def deflate64_with_stored_block(data: bytes) -> bytes:
    """The first bytes in a block of fixed codes, the rest in a stored block: RFC 1951, 3.2.4 and 3.2.6."""
    bits, count, out = 0, 0, bytearray()

    def put(value: int, width: int) -> None:
        nonlocal bits, count
        bits, count = bits | value << count, count + width
        while count >= 8:
            out.append(bits & 0xFF)
            bits, count = bits >> 8, count - 8

    put(0b010, 3)  # not the last, fixed codes
    for byte in data[:20]:
        put(int(f"{0x30 + byte:08b}"[::-1], 2), 8)
    put(0, 7)
    put(0b001, 3)  # the last, stored
    if count:
        put(0, 8 - count)
    rest = data[20:]
    return bytes(out) + struct.pack("<HH", len(rest), len(rest) ^ 0xFFFF) + rest


def locked_zip(files: Files, password: bytes, *, aes: bool) -> bytes:
    """Stored entries behind WinZip's AES-256 (AE-2) or the old ZipCrypto."""
    body = directory = b""
    count = 0
    for name, data in files:
        raw, crc = name.encode(), zlib.crc32(data)
        extra = struct.pack("<HHH2sBH", 0x9901, 7, 2, b"AE", 3, 0) if aes else b""
        packed = _aes(data, password) if aes else _zip_crypto(data, password, crc)
        method, crc = (99, 0) if aes else (0, crc)
        fields = struct.pack(
            "<HHHHHLLLHH", 51, 0x801, method, 0, 0x21, crc, len(packed), len(data), len(raw), len(extra)
        )
        directory += b"PK\x01\x02\x33\0" + fields + struct.pack("<HHHLL", 0, 0, 0, 0, len(body)) + raw + extra
        body += b"PK\x03\x04" + fields + raw + extra + packed
        count += 1
    return body + directory + _end(count, len(directory), len(body))


def _end(count: int, directory: int, body: int) -> bytes:
    return struct.pack("<4sHHHHLLH", b"PK\x05\x06", 0, 0, count, count, directory, body, 0)


def _aes(data: bytes, password: bytes) -> bytes:
    salt = bytes(16)
    keys = hashlib.pbkdf2_hmac("sha1", password, salt, 1000, 66)
    cipher = AES.new(keys[:32], AES.MODE_CTR, counter=Counter.new(128, little_endian=True))
    locked = cipher.encrypt(data)
    return salt + keys[64:] + locked + HMAC.new(keys[32:64], locked, SHA1).digest()[:10]


def _zip_crypto(data: bytes, password: bytes, checksum: int) -> bytes:
    keys = [0x12345678, 0x23456789, 0x34567890]

    def step(byte: int) -> None:
        keys[0] = ~zlib.crc32(bytes([byte]), ~keys[0] & 0xFFFFFFFF) & 0xFFFFFFFF
        keys[1] = ((keys[1] + (keys[0] & 0xFF)) * 134775813 + 1) & 0xFFFFFFFF
        keys[2] = ~zlib.crc32(bytes([keys[1] >> 24]), ~keys[2] & 0xFFFFFFFF) & 0xFFFFFFFF

    for byte in password:
        step(byte)
    out = bytearray()
    for byte in bytes(11) + bytes([checksum >> 24]) + data:
        mixed = keys[2] | 2
        out.append(byte ^ ((mixed * (mixed ^ 1)) >> 8 & 0xFF))
        step(byte)
    return bytes(out)


def overlapping(count: int, kernel: bytes) -> bytes:
    """``count`` entries whose data is one and the same piece: each quotes the headers behind it."""
    deflate = zlib.compressobj(9, zlib.DEFLATED, -15)
    packed = deflate.compress(kernel) + deflate.flush()
    names = [f"{number:03}.txt".encode() for number in range(count)]
    body, places = b"", list[tuple[bytes, int, int, int, int]]()
    data, whole = packed, kernel
    for name in reversed(names):
        header = _local(name, len(data), len(whole), zlib.crc32(whole))
        body = header + data
        places.insert(0, (name, len(data), len(whole), zlib.crc32(whole), len(body)))
        # The header before this one takes it in as a stored block of deflate.
        data = struct.pack("<BHH", 0, len(header), len(header) ^ 0xFFFF) + header + data
        whole = header + whole
    directory = b""
    for name, length, full, crc, reach in places:
        directory += struct.pack(
            "<4sHHHHHHLLLHHHHHLL",
            b"PK\x01\x02", 20, 20, 0, 8, 0, 0x21, crc, length, full, len(name),
            0, 0, 0, 0, 0, len(body) - reach,
        ) + name  # fmt: skip
    return body + directory + _end(count, len(directory), len(body))


def _local(name: bytes, packed: int, size: int, checksum: int) -> bytes:
    return (
        struct.pack("<4sHHHHHLLLHH", b"PK\x03\x04", 20, 0, 8, 0, 0x21, checksum, packed, size, len(name), 0)
        + name
    )


def nested_bomb(depth: int, width: int, core: bytes) -> bytes:
    """A zip of ``width`` equal zips, and so on ``depth`` times, as 42.zip is built."""
    data = core
    for level in range(depth):
        data = zipped(
            (f"{level}-{number}.zip" if level else f"{number}.bin", data) for number in range(width)
        )
    return data


def save(folder: Path, name: str, data: bytes) -> Path:
    """The archive as a file."""
    file = folder / name
    file.write_bytes(data)
    return file
