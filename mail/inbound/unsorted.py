"""Mails that earlier versions kept as files in a folder that no page shows: taken over, each once."""

import logging
from pathlib import Path

from django.conf import settings

from mail.errors import NoMail, TooLarge
from mail.inbound.storing import store_raw

logger = logging.getLogger(__name__)

MAX_ADOPTED = 50
"""Files of one sweep."""


def folder() -> Path:
    """``mail-in/unsorted`` in the data folder."""
    return Path(settings.ANJUAN_HOME) / "mail-in" / "unsorted"


def adopt() -> int:
    """Stores the folder's mails like all others, then deletes the files; how many there were."""
    adopted = 0
    for file in sorted(folder().glob("*.eml"))[:MAX_ADOPTED] if folder().is_dir() else []:
        try:
            store_raw(file.read_bytes(), way="folder")
        except (NoMail, TooLarge, OSError) as error:
            logger.error("The mail %s cannot be taken over: %s", file, error)
            continue
        file.unlink()
        adopted += 1
    return adopted
