"""What all mails of the portal have, whatever they tell: their header, their text and page, how robots know
them."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from email.headerregistry import Address
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import format_datetime
from typing import Any

from django.template.loader import render_to_string

from accounts.languages import current_language
from mail.outbound.addresses import sender
from mail.outbound.models import MailSettings


def framed(page: Mapping[str, Any], *, subject: str, to: Address, dated_at: datetime) -> EmailMessage:
    """A message in the language in force. ``page``: what the templates of text and page show alike."""
    message = EmailMessage(policy=SMTP)
    message["Subject"] = subject
    message["From"] = sender()
    message["To"] = to
    message["Date"] = format_datetime(dated_at)
    page = {"signature": MailSettings.load().signature.strip(), **page}
    message.set_content(render_to_string("mail/outbound/letter.txt", page), cte="base64")
    message.add_alternative(render_to_string("mail/outbound/letter.html", page), subtype="html", cte="base64")
    return message


def mark_automatic(message: EmailMessage, how: str = "auto-generated") -> None:
    """RFC 3834: robots do not answer robots."""
    message["Auto-Submitted"] = how
    message["X-Auto-Response-Suppress"] = "All"


def name_language(message: EmailMessage) -> None:
    """The one in force; after the parts: adding one moves fields of this kind down into it."""
    message["Content-Language"] = "en" if current_language() == "en" else "zh-Hans"
