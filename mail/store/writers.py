"""Who wrote an entry of a thread, as far as that is known."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.utils.translation import gettext as _

from engine.text_safety import one_line, plain
from mail.store.models import Direction

if TYPE_CHECKING:
    from cases.models import Message
    from mail.store.models import MailMessage

MAX_LENGTH = 400


def writer_of(entry: Message) -> str:
    """Her name; of a mail whose sender has none here, what the mail says of itself (hostile text), and that
    it is not proven; empty for what the portal says itself."""
    if entry.author is not None:
        return one_line(plain(entry.author.name))
    imported = getattr(entry, "imported", None)
    if imported is not None:
        return one_line(plain(imported.name or imported.address, MAX_LENGTH)) or _("Writer unknown")
    mail = entry.mails.filter(direction=Direction.IN).first()
    return named_sender(mail) if mail else ""


def named_sender(mail: MailMessage) -> str:
    """Who a received mail says it is from, and whether that is proven."""
    said = one_line(plain(f"{mail.name} <{mail.address}>".strip(), MAX_LENGTH))
    if mail.person:
        return said
    sentence = (
        _("%(name)s, takes no part in the case") if mail.is_proven else _("%(name)s, sender not proven")
    )
    return sentence % {"name": said}
