"""The raw source of a mail, in the storage of the bundles: encrypted like them, whole or not at all."""

from __future__ import annotations

import hashlib
import os
from pathlib import Path
from typing import TYPE_CHECKING, Any

from django.core.files.base import ContentFile
from django.core.files.storage import FileSystemStorage, default_storage

from mail.errors import SourceGone
from uploads.transfer.staging import sync_folder

if TYPE_CHECKING:
    from mail.store.models import MailMessage


def put(raw: bytes, folder: str) -> tuple[str, str]:
    """Stores ``raw`` for good; its name in the storage and its SHA-256 (hex).

    The name is made of the hash: the same bytes again are the same file, and one that a crash cut short
    is stored anew. Raises ``OSError`` and what the storage raises.
    """
    sha256 = sha256_of(raw)
    name = f"mails/{folder}/{sha256[:2]}/{sha256}.eml"
    if default_storage.exists(name):
        if default_storage.size(name) == len(raw):
            return name, sha256
        default_storage.delete(name)
    stored = default_storage.save(name, ContentFile(raw))
    if isinstance(default_storage, FileSystemStorage):
        path = Path(default_storage.path(stored))
        with path.open("rb") as written:
            os.fsync(written.fileno())
        sync_folder(path.parent)
    return stored, sha256


def sha256_of(raw: bytes) -> str:
    """By which the same bytes are known (hex)."""
    return hashlib.sha256(raw).hexdigest()


def source_of(mail: MailMessage) -> bytes:
    """The mail as it came or went. Raises ``SourceGone``, ``OSError``."""
    if not mail.source:
        raise SourceGone(str(mail.pk))
    with default_storage.open(mail.source, "rb") as file:
        return bytes(file.read())


def delete(row: Any) -> None:
    """Takes the bytes of a mail, or of another row with a ``source``, away unless a further one still needs
    them; the row stays."""
    rows = type(row)._default_manager
    if row.source and not rows.filter(source=row.source).exclude(pk=row.pk).exists():
        default_storage.delete(row.source)
    rows.filter(pk=row.pk).update(source="")
