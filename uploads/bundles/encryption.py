"""Files encrypted at rest: a storage around another one, for bundles and reports alike.

Format: ``MAGIC``, the id of the master key (8 bytes of its SHA-256), a nonce (12), the file's own key
wrapped with AES-256-GCM (48), then segments of 64 KiB, each AES-256-GCM under the file's key (16 bytes
more). A segment's nonce is its number and a mark on the last one (the STREAM construction of Hoang,
Reyhanitabar, Rogaway and Vizár, 2015), its additional data the header: a segment that is altered,
moved, left out or cut off is noticed, and any place can be read without the ones before.
"""

from __future__ import annotations

import base64
import binascii
import hashlib
import io
import os
from collections.abc import Iterator, Sequence
from datetime import datetime
from pathlib import Path
from typing import IO, Any

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from django.conf import settings
from django.core.exceptions import ImproperlyConfigured
from django.core.files import File
from django.core.files.storage import FileSystemStorage, Storage
from django.db import ProgrammingError
from django.utils.module_loading import import_string

from uploads.bundles.models import EncryptionKey
from uploads.bundles.random_access import RandomAccess
from uploads.transfer.staging import sync_folder

MAGIC = b"\x93anjuan-enc\x01\r\n\x1a\n"
SEGMENT = 64 * 1024
TAG = 16
HEADER = len(MAGIC) + 8 + 12 + 32 + TAG


class KeyMissing(OSError):
    """No key of those configured has encrypted this file."""


class Altered(OSError):
    """The file is not what was stored: damaged, cut, or put together anew."""


def key_of(text: str) -> bytes:
    """A master key of its base64 text (standard or URL-safe). Raises ``ImproperlyConfigured``."""
    try:
        key = base64.b64decode(text.replace("-", "+").replace("_", "/"), validate=True)
    except binascii.Error:
        key = b""
    if len(key) != 32:
        raise ImproperlyConfigured("ENCRYPTION_KEYS: each key is the base64 text of 32 random bytes.")
    return key


def id_of(key: bytes) -> bytes:
    """Tells keys apart and says nothing of them."""
    return hashlib.sha256(b"anjuan key id" + key).digest()[:8]


def refuse_missing_keys() -> None:
    """Remembers the key that encrypts now. Raises ``ImproperlyConfigured`` where a key is none, or one
    that has encrypted files here is not configured any more."""
    keys = [id_of(key_of(text)).hex() for text in settings.ENCRYPTION_KEYS]
    try:
        missing = EncryptionKey.objects.exclude(key_id__in=keys).order_by("first_used_at").first()
        if missing is not None:
            raise ImproperlyConfigured(
                f"Files here are encrypted with the key {missing.key_id}, which is not in ENCRYPTION_KEYS: "
                "put it back (after the new one, if there is one), or its files cannot be read."
            )
        if keys:
            EncryptionKey.objects.get_or_create(key_id=keys[0])
    except ProgrammingError:
        return  # No tables yet, so no files either.


class EncryptedStorage(Storage):
    """``inner`` (an entry of STORAGES) with encrypted contents. ``keys``: base64 texts; the first one
    encrypts, all of them decrypt. Files from before encryption was switched on are read as they are.

    It tells neither paths nor addresses: whoever followed them would find what cannot be read.
    """

    def __init__(self, inner: dict[str, Any], keys: Sequence[str]) -> None:
        self.inner: Storage = import_string(inner["BACKEND"])(**inner.get("OPTIONS", {}))
        self._first = key_of(keys[0])
        self.keys = {id_of(key): key for key in map(key_of, keys)}

    def _open(self, name: str, mode: str = "rb") -> File[bytes]:
        if mode != "rb":
            raise ValueError("Encrypted files are only read; save() writes them.")
        stored = self.inner.open(name)
        header = stored.read(HEADER)
        if not header.startswith(MAGIC):
            stored.seek(0)
            return stored
        reader = Decrypted(stored, header, self._unwrapped(header), self.inner.size(name))
        return File(io.BufferedReader(reader, SEGMENT), name=name)

    def _save(self, name: str, content: IO[bytes] | File[Any]) -> str:
        key, nonce = AESGCM.generate_key(256), os.urandom(12)
        start = MAGIC + id_of(self._first) + nonce
        header = start + AESGCM(self._first).encrypt(nonce, key, start)
        content.seek(0)
        stored: Any = Encrypted(content, header, key)
        name = self.inner.save(name, File(stored, name=name))
        if isinstance(self.inner, FileSystemStorage):
            path = Path(self.inner.path(name))
            with path.open("rb") as written:
                os.fsync(written.fileno())
            sync_folder(path.parent)
        return name

    def _unwrapped(self, header: bytes) -> bytes:
        start, wrapped = header[: -32 - TAG], header[-32 - TAG :]
        used, nonce = start[len(MAGIC) : len(MAGIC) + 8], start[-12:]
        if used not in self.keys:
            raise KeyMissing(f"the key {used.hex()} is not among ENCRYPTION_KEYS")
        try:
            return AESGCM(self.keys[used]).decrypt(nonce, wrapped, start)
        except InvalidTag:
            raise Altered("the header is altered") from None

    def size(self, name: str) -> int:
        """Bytes of the contents, not of what is stored."""
        stored = self.inner.size(name)
        with self.inner.open(name) as file:
            if not file.read(HEADER).startswith(MAGIC):
                return stored
        return _contents(stored)

    def exists(self, name: str) -> bool:
        """As the inner storage says."""
        return self.inner.exists(name)

    def delete(self, name: str) -> None:
        """From the inner storage."""
        self.inner.delete(name)

    def listdir(self, path: str) -> tuple[list[str], list[str]]:
        """As the inner storage has it."""
        return self.inner.listdir(path)

    def get_modified_time(self, name: str) -> datetime:
        """As the inner storage has it."""
        return self.inner.get_modified_time(name)

    def get_available_name(self, name: str, max_length: int | None = None) -> str:
        """The inner storage chooses."""
        return name


class Encrypted(io.RawIOBase):
    """``content`` as it is stored: header and segments, made as they are read. Goes back to the start
    only, which is what storages ask for."""

    def __init__(self, content: IO[bytes] | File[Any], header: bytes, key: bytes) -> None:
        self._content, self._header, self._cipher = content, header, AESGCM(key)
        self._again()

    def _again(self) -> None:
        self._content.seek(0)
        self._pieces = self._made()
        self._left = memoryview(b"")
        self._at = 0

    def _made(self) -> Iterator[bytes]:
        yield self._header
        number, segment = 0, _filled(self._content)
        while True:
            following = _filled(self._content) if len(segment) == SEGMENT else b""
            yield self._cipher.encrypt(_nonce(number, last=not following), segment, self._header)
            if not following:
                return
            number, segment = number + 1, following

    def readable(self) -> bool:
        """Yes."""
        return True

    def seekable(self) -> bool:
        """To the start."""
        return True

    def tell(self) -> int:
        """Bytes made so far."""
        return self._at

    def seek(self, offset: int, whence: int = io.SEEK_SET) -> int:
        """To the start, or nowhere. Raises ``io.UnsupportedOperation``."""
        if whence != io.SEEK_SET or offset not in (0, self._at):
            raise io.UnsupportedOperation("only to the start")
        if offset == 0 and self._at:
            self._again()
        return self._at

    def readinto(self, buffer: Any) -> int:
        """The next bytes."""
        if not self._left:
            self._left = memoryview(next(self._pieces, b""))
        count = min(len(buffer), len(self._left))
        buffer[:count] = self._left[:count]
        self._left = self._left[count:]
        self._at += count
        return count


class Decrypted(RandomAccess):
    """The contents of an encrypted file, from any place. Raises ``Altered``."""

    def __init__(self, stored: IO[bytes] | File[Any], header: bytes, key: bytes, size: int) -> None:
        self._stored, self._header, self._cipher = stored, header, AESGCM(key)
        super().__init__(_contents(size))
        self._segments = max(-(-self._size // SEGMENT), 1)
        self._number, self._segment = -1, b""
        if size < HEADER + TAG:
            raise Altered("the file is cut")
        # The end first: a file that is cut at the border of a segment tells so before its first byte.
        self._load(self._segments - 1)

    def _load(self, number: int) -> None:
        if number == self._number:
            return
        self._stored.seek(HEADER + number * (SEGMENT + TAG))
        sealed = self._stored.read(SEGMENT + TAG)
        last = number == self._segments - 1
        try:
            self._segment = self._cipher.decrypt(_nonce(number, last=last), sealed, self._header)
        except InvalidTag:
            raise Altered(f"segment {number} is altered") from None
        self._number = number

    def readinto(self, buffer: Any) -> int:
        """The next bytes, of one segment at most."""
        if self._at >= self._size or not len(buffer):
            return 0
        number, within = divmod(self._at, SEGMENT)
        self._load(number)
        part = self._segment[within : within + len(buffer)]
        buffer[: len(part)] = part
        self._at += len(part)
        return len(part)

    def close(self) -> None:
        """Closes the stored file, too."""
        self._stored.close()
        super().close()


def _nonce(number: int, *, last: bool) -> bytes:
    return number.to_bytes(11, "big") + bytes([last])


def _contents(stored: int) -> int:
    """Bytes of the contents of a file of ``stored`` bytes."""
    body = max(stored - HEADER, TAG)
    return body - TAG * max(-(-body // (SEGMENT + TAG)), 1)


def _filled(content: IO[bytes] | File[Any]) -> bytes:
    """A whole segment, however few bytes come at a time; less at the end only."""
    pieces, count = [], 0
    while count < SEGMENT and (piece := content.read(SEGMENT - count)):
        pieces.append(piece)
        count += len(piece)
    return b"".join(pieces)
