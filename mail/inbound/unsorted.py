"""Mails that earlier versions kept as files in a folder that no page shows: taken over, each once."""

import logging
from pathlib import Path

from django.conf import settings

from mail.inbound.storing import keep

logger = logging.getLogger(__name__)

MAX_ADOPTED = 50
"""Files of one sweep."""


def folder() -> Path:
    """``mail-in/unsorted`` in the data folder."""
    return Path(settings.ANJUAN_HOME) / "mail-in" / "unsorted"


def adopt() -> int:
    """Stores the folder's mails like all others, then deletes the files; how many there were. Among them what
    an earlier version found to be no mail, or too large, and left there as ``.refused``."""
    adopted = 0
    for file in [*sorted(folder().glob("*.eml")), *sorted(folder().glob("*.eml.refused"))]:
        if adopted >= MAX_ADOPTED:
            break
        try:
            keep(file.read_bytes(), way="folder")
        except OSError as error:
            logger.error("The mail %s cannot be taken over now: %s", file, error)
            continue
        file.unlink()
        adopted += 1
    return adopted
