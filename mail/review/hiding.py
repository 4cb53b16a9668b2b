"""What a mail holds for its reader alone is shown to nobody else: the links by which she answers
and uploads."""

from __future__ import annotations

from base64 import encodebytes
from email import message_from_bytes
from email.header import Header
from email.message import Message
from email.policy import compat32
from typing import TYPE_CHECKING

from accounts.secret_links import HIDDEN, without_secrets
from mail.outbound.transport import keeps_all_here
from mail.reading.charsets import words
from mail.reading.headers import fields

if TYPE_CHECKING:
    from mail.reading.mail import Attachment

FIELDS = ("Subject", "List-Unsubscribe")


def shown(text: str) -> str:
    """The text as the vendor's people see it. Where nothing leaves the machine (the demo) they are its
    readers."""
    return text if keeps_all_here() else without_secrets(text)


def shown_source(raw: bytes) -> bytes:
    """The source as they may save it: byte for byte, unless a text in it holds such a link."""
    message = message_from_bytes(raw, policy=compat32)
    is_changed = False
    for part in message.walk():
        is_changed = _hide_in_fields(part) or is_changed
        content = part.get_payload(decode=True) if part.get_content_maintype() == "text" else None
        if not isinstance(content, bytes):
            continue
        # One byte is one character: whatever its charset, all else stays as it is.
        text = content.decode("latin-1")
        if (hidden := shown(text)) != text:
            is_changed = True
            del part["Content-Transfer-Encoding"]
            part["Content-Transfer-Encoding"] = "base64"
            part.set_payload(encodebytes(hidden.replace(HIDDEN, "...").encode("latin-1")).decode("ascii"))
    return message.as_bytes() if is_changed else raw


def shown_file(file: Attachment) -> bytes:
    """A file of a mail as they may save it: what they would find in the source as well."""
    if file.media_type == "message/rfc822":
        return shown_source(file.content)
    if not file.media_type.startswith("text/"):
        return file.content
    text = file.content.decode("latin-1")
    return shown(text).replace(HIDDEN, "...").encode("latin-1") if shown(text) != text else file.content


def _hide_in_fields(part: Message) -> bool:
    """Whether one of them had to be changed."""
    is_changed = False
    for name in FIELDS:
        values = [words(value) for value in fields(part, name)]
        if (hidden := [shown(value) for value in values]) != values:
            is_changed = True
            del part[name]
            for value in hidden:
                plain = value.replace(HIDDEN, "...")
                part[name] = plain if plain.isascii() else Header(plain, "utf-8").encode()
    return is_changed
