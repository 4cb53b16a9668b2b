"""The links in a mail that are its reader's alone: in the outbox they open nothing."""

from __future__ import annotations

from typing import TYPE_CHECKING

from cases.answer_links import links as answer_links
from uploads.links import addresses as upload_links

if TYPE_CHECKING:
    from mail.store.models import MailMessage


def opened(text: str, mail: MailMessage) -> str:
    """A text of the mail with what opens them: it stands in the bytes that are sent, and in no row."""
    return upload_links.with_secrets(answer_links.signed(text, mail.person), mail.person)


def text_of(mail: MailMessage) -> str:
    """What the mail says, as its reader gets it."""
    return opened(str(mail.facts["text"]), mail)
