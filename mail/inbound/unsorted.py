"""Mails that earlier versions kept as files in a folder that no page shows: taken over, each once."""

import logging
from pathlib import Path

from django.conf import settings

from mail.errors import NoMail, TooLarge
from mail.inbound.storing import store_raw

logger = logging.getLogger(__name__)

MAX_ADOPTED = 50
"""Files of one sweep."""
REFUSED = ".refused"


def folder() -> Path:
    """``mail-in/unsorted`` in the data folder."""
    return Path(settings.ANJUAN_HOME) / "mail-in" / "unsorted"


def adopt() -> int:
    """Stores the folder's mails like all others, then deletes the files; how many there were. What is none is
    kept under another name, and not looked at again."""
    adopted = looked_at = 0
    for file in sorted(folder().glob("*.eml")) if folder().is_dir() else []:
        if looked_at >= MAX_ADOPTED:
            break
        try:
            store_raw(file.read_bytes(), way="folder")
        except (NoMail, TooLarge) as error:
            logger.error("The mail %s cannot be taken over: %s", file, error)
            file.rename(file.with_name(f"{file.name}{REFUSED}"))
        except OSError as error:
            logger.error("The mail %s cannot be taken over now: %s", file, error)
            continue
        else:
            file.unlink()
            adopted += 1
        looked_at += 1
    return adopted
