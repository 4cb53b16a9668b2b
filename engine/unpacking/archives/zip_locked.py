"""Entries of a zip behind a password: ZipCrypto, and WinZip's AES.

``stream-unzip`` takes the lock off; it is told that the bytes are stored, and what they are packed by is
undone like that of every other entry. Source: APPNOTE.TXT 6.3.10, 6.1 (traditional encryption); WinZip's
AE-x note (extra field 0x9901).
"""

import struct
import zlib
from collections.abc import Iterator

from engine.unpacking.archives.entry import BROKEN, WRONG_PASSWORD, Damaged, Locked
from engine.unpacking.archives.zip_members import (
    DESCRIPTOR,
    LOCAL_HEADER,
    Local,
    Member,
    checked,
    extra_field,
    local_header,
    pieces,
)
from engine.unpacking.archives.zip_methods import AES, METHODS, STORED

AES_FIELD = 0x9901
CRYPTO_HEADER = 12
"""Bytes before the content, by which ZipCrypto knows its password (one byte of them)."""


AES_SEALS = {b"\1": 20, b"\2": 24, b"\3": 28}
"""Bytes around the content (salt, two of the password, ten of the seal) by the key's strength."""


def unlocked(member: Member, password: str) -> Iterator[bytes]:
    """The entry's bytes; the password is tried as UTF-8 and as Chinese Windows codes it. Raises
    ``Damaged``, and ``Locked`` where it is wrong."""
    local = local_header(member.file, member.offset)
    if local is None:
        raise Damaged(BROKEN)
    method, checksums = member.method, {member.checksum}
    if method == AES:
        body = extra_field(local.extra, AES_FIELD) or b""
        method = struct.unpack_from("<H", body, 5)[0] if len(body) >= 7 else -1
        checksums = {member.checksum} - {0}  # of AE-2 the bytes' own seal counts
    if method not in METHODS:
        raise Damaged(BROKEN)
    for coded in dict.fromkeys((password.encode("utf-8"), password.encode("gb18030", "replace"))):
        try:
            yield from checked(
                method, _without_lock(member, local, coded), checksums, {member.size}, member.notes
            )
            return
        except _WrongPassword:
            continue
        except Damaged as error:
            # One byte alone is checked by ZipCrypto: a wrong password may pass it and end in nonsense.
            raise error if member.method == AES else Locked(WRONG_PASSWORD) from error
    raise Locked(WRONG_PASSWORD)


class _WrongPassword(Exception):
    pass


def _without_lock(member: Member, local: Local, password: bytes) -> Iterator[bytes]:
    from stream_unzip import CRC32IntegrityError, IncorrectPasswordError, UnzipError, stream_unzip

    sealed = pieces(member.file, local.data_at, min(member.bound, local.data_at + member.packed))

    def archive() -> Iterator[bytes]:
        yield _as_stored(member, local)
        yield from sealed

    try:
        for _name, _size, produced in stream_unzip(archive(), password=password):
            yield from produced
            return
    except IncorrectPasswordError as error:
        raise _WrongPassword from error
    except CRC32IntegrityError:
        return  # that of the packed bytes is not known; the plain ones are held against theirs
    except (UnzipError, zlib.error) as error:
        raise EOFError(str(error)) from error


def _as_stored(member: Member, local: Local) -> bytes:
    """The entry's header as if its bytes were only locked and not packed."""
    extra, method, size = b"", STORED, max(member.packed - CRYPTO_HEADER, 0)
    if member.method == AES:
        body = extra_field(local.extra, AES_FIELD) or b""
        method, size = AES, max(member.packed - AES_SEALS.get(body[4:5], 0), 0)
        extra = struct.pack("<HH", AES_FIELD, 7) + body[:5] + struct.pack("<H", STORED)
    with member.file.open("rb") as stream:
        stream.seek(member.offset)
        head = bytearray(stream.read(LOCAL_HEADER))
    # With a descriptor the time stands where the checksum would: its bits tell the password's byte.
    check = struct.unpack_from("<H", head, 10)[0] << 16 if local.flags & DESCRIPTOR else member.checksum
    struct.pack_into("<HH", head, 6, local.flags & ~DESCRIPTOR, method)
    struct.pack_into(
        "<LLLHH", head, 14, check, min(member.packed, 0xFFFFFFFE), min(size, 0xFFFFFFFE), 1, len(extra)
    )
    return bytes(head) + b"x" + extra
