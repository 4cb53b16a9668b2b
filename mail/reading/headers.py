"""The header fields of a message, unfolded and as text."""

import re
from email.message import Message

from mail.errors import Unreadable
from mail.reading.charsets import decoded

MAX_FIELD_LENGTH = 64 * 1024
"""Characters of one header field; RFC 5322 has no limit, mail servers end far below."""


def field(message: Message, name: str) -> str:
    """The topmost field of this name; empty where there is none. Raises ``Unreadable``."""
    return next(iter(fields(message, name)), "")


def fields(message: Message, name: str) -> list[str]:
    """The fields of this name, unfolded, the topmost first. Raises ``Unreadable``."""
    values = [value for key, value in message.raw_items() if key.lower() == name.lower()]
    if any(len(value) > MAX_FIELD_LENGTH for value in values):
        raise Unreadable(f"{name} has more than {MAX_FIELD_LENGTH} characters")
    unfolded = [re.sub(r"\r?\n[ \t]*|\r", " ", value) for value in values]
    return [decoded(value.encode("utf-8", "surrogateescape"), "") for value in unfolded]
