"""Bytes in the storage that no row names: of a file whose transaction failed, or was killed, after it was
stored."""

import logging
from collections.abc import Iterator
from datetime import datetime, timedelta

from django.core.files.storage import default_storage
from django.utils import timezone

from uploads.attachments.models import FOLDER, MessageAttachment
from uploads.bundles.storing import listed

logger = logging.getLogger(__name__)

MIN_AGE = timedelta(hours=1)
"""A younger one may be of a transaction under way."""


def remove_orphans() -> None:
    """Deletes them, as far as they are not quite new."""
    old = timezone.now() - MIN_AGE
    for folder in listed(default_storage, FOLDER)[0]:
        for name in _unnamed(folder):
            _remove(name, old)


def _unnamed(folder: str) -> Iterator[str]:
    """The stored files of one case that no row names."""
    stored = [f"{FOLDER}/{folder}/{file}" for file in listed(default_storage, f"{FOLDER}/{folder}")[1]]
    named = set(MessageAttachment.objects.filter(file__in=stored).values_list("file", flat=True))
    yield from (name for name in stored if name not in named)


def _remove(name: str, old: datetime) -> None:
    try:
        if default_storage.get_modified_time(name) < old:
            default_storage.delete(name)
            logger.info("A file that no entry has was deleted: %s", name)
    except FileNotFoundError:
        pass
    except Exception:
        logger.exception("The sweep could not delete %s", name)
