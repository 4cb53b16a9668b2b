"""Mails that no case took: kept as files for the operator, in a folder that cannot grow for ever."""

import hashlib
import logging
import os
from pathlib import Path

from django.conf import settings
from django.utils import timezone

from mail.errors import FolderFull
from uploads.transfer.staging import sync_folder

logger = logging.getLogger(__name__)

MAX_FILES = 2000
MAX_BYTES = 2**30


def folder() -> Path:
    """``mail-in/unsorted`` in the data folder."""
    return Path(settings.ANJUAN_HOME) / "mail-in" / "unsorted"


def keep(raw: bytes, reason: str) -> Path:
    """Keeps a mail as ``<time>-<SHA-256, its first 16 signs>.eml``, once however often it comes.

    Raises ``FolderFull``, ``OSError``.
    """
    place = folder()
    place.mkdir(mode=0o700, parents=True, exist_ok=True)
    digest = hashlib.sha256(raw).hexdigest()[:16]
    there = list(place.glob("*.eml"))
    if same := next((file for file in there if file.stem.endswith(f"-{digest}")), None):
        return same
    if len(there) >= MAX_FILES or sum(file.stat().st_size for file in there) + len(raw) > MAX_BYTES:
        raise FolderFull(f"{place} is full")
    file = place / f"{timezone.now():%Y%m%dT%H%M%SZ}-{digest}.eml"
    half = file.with_suffix(f".{os.getpid()}")
    try:
        descriptor = os.open(
            half, os.O_WRONLY | os.O_CREAT | os.O_TRUNC | os.O_CLOEXEC | os.O_NOFOLLOW, 0o600
        )
        with os.fdopen(descriptor, "wb") as target:
            target.write(raw)
            target.flush()
            os.fsync(descriptor)
        half.rename(file)
    finally:
        half.unlink(missing_ok=True)
    sync_folder(place)
    logger.warning("Mail kept in %s: %s", file, reason)
    return file
