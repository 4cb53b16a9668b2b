"""A mail's way into the portal, whichever it is: first its bytes are safe, then a worker reads them."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.conf import settings
from django.db import IntegrityError, transaction
from django.utils import timezone

from mail.errors import NoMail, TooLarge
from mail.inbound.jobs import read_on
from mail.store import sources
from mail.store.models import Direction, MailMessage, MailState

MAX_HEAD = 64 * 1024


def store_raw(
    raw: bytes,
    *,
    way: str,
    envelope_sender: str = "",
    envelope_recipients: Sequence[str] = (),
    left: int = 0,
) -> MailMessage:
    """Keeps a mail as it came; once this returns it cannot be lost, and a worker reads it.

    ``way``: ``pipe``, ``imap``, ``lmtp``, ``smtp``, ``folder``. ``left``: how many bytes a mail has that was
    left where it was, and of which this is what was fetched. The same bytes again are the same row.

    Raises ``NoMail`` (no header field at all), ``TooLarge``, ``OSError`` and what the database raises: then
    whoever brought it keeps it and brings it again.
    """
    if len(raw) > settings.MAIL_MAX_SIZE:
        raise TooLarge(f"{len(raw)} bytes, MAIL_MAX_SIZE is {settings.MAIL_MAX_SIZE}")
    if not has_header(raw):
        raise NoMail
    envelope = {"sender": envelope_sender[:320], "recipients": [to[:320] for to in envelope_recipients[:100]]}
    has_envelope = bool(envelope_sender or envelope_recipients)
    facts = {"left": left} if left else {}
    return keep(raw, way=way, envelope=envelope if has_envelope else {}, facts=facts)


def keep(raw: bytes, *, way: str, **values: Any) -> MailMessage:
    """As ``store_raw``, whatever the bytes are: what nobody would find elsewhere waits for a person, even if
    it is no mail. ``values``: further ones of its row."""
    came_before = MailMessage.objects.filter(direction=Direction.IN, sha256=sources.sha256_of(raw))
    if mail := came_before.first():
        if mail.source:  # Bytes that are deleted do not come back.
            sources.put(raw, "in")
        return mail
    name, sha256 = sources.put(raw, "in")
    try:
        with transaction.atomic():
            mail = MailMessage.objects.create(
                direction=Direction.IN,
                state=MailState.RECEIVED,
                created_at=timezone.now(),
                source=name,
                sha256=sha256,
                size=len(raw),
                way=way,
                **values,
            )
            read_on(mail)
    except IntegrityError:  # Two ways brought it at the same moment.
        return came_before.get()
    return mail


def told_too_large() -> str:
    """What a mail server passes on to whoever sent a mail that is too large; ASCII, as SMTP asks."""
    where = settings.PORTAL_URL or "the portal"
    most = settings.MAIL_MAX_SIZE / 2**20
    return f"Mails of up to {most:.1f} MB are taken: please upload large files on {where} instead"


def has_header(raw: bytes) -> bool:
    """Whether there is a header field at all; what has none is no mail."""
    for line in raw[:MAX_HEAD].splitlines():
        name, colon, _ = line.partition(b":")
        if not line.strip():
            return False
        # The envelope line of a mailbox file may stand above the header.
        if colon and name and not any(sign <= 32 or sign >= 127 for sign in name.rstrip()):
            return True
        if not line.startswith((b"From ", b">From ")):
            return False
    return False
