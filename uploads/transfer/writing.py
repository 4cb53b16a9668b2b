"""Appending bytes to an upload: one writer at a time, and the disk before the database.

The row's ``lease`` is a fencing token. Each request that appends takes a new one, and every
block is written while the file is locked (flock, for that block only) and still carries its
own lease. So a newer request takes over at once, and an older one, perhaps waiting for a dead
client, cannot write a byte after that. The file carries the lease in an extended attribute,
because a question to the database for each MiB made uploads half as fast; where the file
system has no such attributes, the row is asked.
"""

import base64
import binascii
import fcntl
import hashlib
import hmac
import os
import time
import uuid
import zlib
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Protocol

from django.conf import settings
from django.db import transaction
from django.utils import timezone

from uploads.transfer import staging
from uploads.transfer.errors import (
    ChecksumMismatch,
    ChecksumUnknown,
    ChunkTooLong,
    ClientSilent,
    DiskFull,
    OffsetMismatch,
    TakenOver,
    UploadGone,
)
from uploads.transfer.models import Upload

CHECKSUMS = ("sha1", "sha256", "crc32")
BLOCK, BLOCK_SECONDS = 256 * 1024, 0.1
"""A block is written when it is full or has been filling for so long: what a slow line brings
reaches the disk soon after it came. Of 1 MiB it took twice the processor's time: its caches are smaller."""

FENCE = "user.anjuan.lease"

SAVE_EVERY_SECONDS = 1.0
"""After this time the offset is saved."""


class Stream(Protocol):
    """Anything with bytes to read: a request's body, an open file."""

    def readinto(self, memory: memoryview, /) -> int:
        """Up to ``len(memory)`` bytes, as soon as any are there; 0 at the end."""
        ...


class Digest(Protocol):
    """A checksum as it grows."""

    @property
    def digest_size(self) -> int:
        """Bytes of the result."""
        ...

    def update(self, block: bytes | memoryview, /) -> None:
        """Takes the next bytes."""
        ...

    def digest(self) -> bytes:
        """The result so far."""
        ...


class Crc32:
    """CRC-32 as in zlib and zip (RFC 1952, section 8), four bytes, the highest first."""

    digest_size = 4

    def __init__(self) -> None:
        self._value = 0

    def update(self, block: bytes | memoryview, /) -> None:
        """Takes the next bytes."""
        self._value = zlib.crc32(block, self._value)

    def digest(self) -> bytes:
        """The result so far."""
        return self._value.to_bytes(4, "big")


def new_digest(algorithm: str) -> Digest:
    """One of ``CHECKSUMS``, of no bytes yet."""
    return Crc32() if algorithm == "crc32" else hashlib.new(algorithm)


@dataclass(frozen=True)
class Checksum:
    """An ``Upload-Checksum`` header."""

    algorithm: str
    digest: bytes

    @classmethod
    def parse(cls, header: str) -> "Checksum":
        """Reads ``sha1 <base64>``. Raises ``ChecksumUnknown``."""
        algorithm, _, encoded = header.strip().partition(" ")
        try:
            digest = base64.b64decode(encoded.strip(), validate=True)
        except (binascii.Error, ValueError):
            digest = b""
        if algorithm not in CHECKSUMS or len(digest) != new_digest(algorithm).digest_size:
            raise ChecksumUnknown(known=", ".join(CHECKSUMS))
        return cls(algorithm, digest)


def expiry(now: datetime | None = None) -> datetime:
    """When an upload that is touched now expires."""
    return (now or timezone.now()) + timedelta(hours=settings.UPLOAD_EXPIRY_HOURS)


def settle(upload: Upload) -> Upload:
    """The row as it is now; the offset falls back to what the disk has, if bytes were lost.

    Raises ``UploadGone``.
    """
    with transaction.atomic():
        row = Upload.objects.select_for_update(no_key=True).filter(pk=upload.pk).first()
        if row is None or row.gone_at or (row.expires_at <= timezone.now() and not row.is_evidence):
            raise UploadGone()
        on_disk = row.offset if row.is_evidence else staging.length(row.staged)
        if on_disk < row.offset:
            row.offset = on_disk
            row.save(update_fields=["offset"])
    return row


def append(
    upload: Upload,
    stream: Stream,
    offset: int,
    checksum: Checksum | None = None,
    *,
    length: int | None = None,
) -> int:
    """Appends what ``stream`` holds at ``offset``; the new offset, safe on disk.

    ``length`` is how many bytes are announced, if that is known. With ``checksum`` the
    bytes count only when all have come and their digest is right. A stream that ends early
    keeps what came. Does not make the bundle: see ``uploads.transfer.services.finish``.

    Raises ``UploadGone``, ``OffsetMismatch``, ``ChunkTooLong``, ``TakenOver``, ``DiskFull``,
    ``ChecksumMismatch``, ``ClientSilent``.
    """
    row = settle(upload)
    if offset != row.offset:
        raise OffsetMismatch(got=offset, expected=row.offset)
    if length is not None and offset + length > row.size:
        raise ChunkTooLong(end=offset + length, size=row.size)
    if row.is_complete:
        return row.offset
    with staging.opened(row.staged) as descriptor:
        writer = _Writer(row, descriptor, offset)
        if checksum is None:
            writer.take(stream)
        else:
            writer.take_checked(stream, checksum, length)
        return writer.saved


class _Writer:
    """One request's right to write, until a newer one takes it away."""

    def __init__(self, row: Upload, descriptor: int, offset: int) -> None:
        self.row = row
        self.descriptor = descriptor
        self.position = self.saved = offset
        self.lease = uuid.uuid4()
        with self.locked(), transaction.atomic():
            now = Upload.objects.select_for_update(no_key=True).get(pk=row.pk)
            if now.offset != offset:
                raise OffsetMismatch(got=offset, expected=now.offset)
            os.ftruncate(descriptor, offset)
            with suppress(OSError):
                os.setxattr(descriptor, FENCE, self.lease.bytes)
            now.lease = self.lease
            now.save(update_fields=["lease"])

    def take(self, stream: Stream) -> None:
        """Writes all of the stream and saves the offset as it goes."""
        saved_at = time.monotonic()
        for block in _blocks(stream):
            complete = self.write(block)
            if time.monotonic() - saved_at > SAVE_EVERY_SECONDS or not complete:
                self.save_offset()
                saved_at = time.monotonic()
            if not complete:
                raise DiskFull()
        self.save_offset()
        if getattr(stream, "silent", False):
            raise ClientSilent()

    def take_checked(self, stream: Stream, checksum: Checksum, length: int | None) -> None:
        """Writes all of the stream past the offset, and saves it only if the digest is right."""
        digest = new_digest(checksum.algorithm)
        start = self.position
        for block in _blocks(stream):
            if not self.write(block):
                self.forget()
                raise DiskFull()
            digest.update(block)
        came = self.position - start
        if getattr(stream, "silent", False):
            self.forget()
            raise ClientSilent()
        if (length is not None and came < length) or not hmac.compare_digest(
            digest.digest(), checksum.digest
        ):
            self.forget()
            raise ChecksumMismatch()
        self.save_offset()

    def write(self, block: memoryview) -> bool:
        """Writes a block under the lease; false if the disk had no room for all of it."""
        if self.position + len(block) > self.row.size:
            raise ChunkTooLong(end=self.position + len(block), size=self.row.size)
        with self.leased():
            done = staging.write(self.descriptor, block, self.position)
        self.position += done
        return done == len(block)

    @contextmanager
    def locked(self) -> Iterator[None]:
        """Alone with the file, among all processes that write to it."""
        fcntl.flock(self.descriptor, fcntl.LOCK_EX)
        try:
            yield
        finally:
            fcntl.flock(self.descriptor, fcntl.LOCK_UN)

    @contextmanager
    def leased(self) -> Iterator[None]:
        """Alone with the file while the lease is ours. Raises ``TakenOver``."""
        with self.locked():
            if not self.holds():
                raise TakenOver()
            yield

    def holds(self) -> bool:
        """Whether the file's lease is ours."""
        try:
            return os.getxattr(self.descriptor, FENCE) == self.lease.bytes
        except OSError:
            return Upload.objects.filter(pk=self.row.pk, lease=self.lease).exists()

    def save_offset(self) -> None:
        """Makes the bytes safe on disk, then saves their offset in the database."""
        if self.position == self.saved:
            return
        try:
            os.fdatasync(self.descriptor)
        except OSError as error:
            self.forget()
            raise (DiskFull() if error.errno in staging.NO_ROOM else error) from error
        now = timezone.now()
        changed = Upload.objects.filter(pk=self.row.pk, lease=self.lease).update(
            offset=self.position, touched_at=now, expires_at=expiry(now)
        )
        if not changed:
            raise TakenOver()
        self.saved = self.position

    def forget(self) -> None:
        """Drops the bytes whose offset is not saved."""
        with self.leased():
            os.ftruncate(self.descriptor, self.saved)
        self.position = self.saved


def _blocks(stream: Stream) -> Iterator[memoryview]:
    """The stream's bytes in blocks, each in the memory of the one before."""
    memory = memoryview(bytearray(BLOCK))
    filled, begun = 0, time.monotonic()
    while count := stream.readinto(memory[filled:]):
        filled += count
        if filled == BLOCK or time.monotonic() - begun > BLOCK_SECONDS:
            yield memory[:filled]
            filled, begun = 0, time.monotonic()
    if filled:
        yield memory[:filled]
