"""The addresses of upload links in mails, each its reader's alone.

A mail of the outbox names such a link by its id. The secret that opens it is made of the portal's key when
the mail is composed, and stands in its bytes alone: no row holds it.
"""

from __future__ import annotations

import re
from base64 import urlsafe_b64encode
from functools import cache
from typing import TYPE_CHECKING
from uuid import UUID

from django.urls import reverse
from django.utils.crypto import salted_hmac

from accounts.tokens import digest_of
from uploads.links.models import UploadLink

if TYPE_CHECKING:
    from accounts.models import User

MAILED = "mail-"
"""What the secrets in mails begin with: what a colleague copies from the portal's page is hers to send."""
ID = r"[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}"


def path_of(link: UploadLink) -> str:
    """What a text of the outbox calls it; the address opens nothing."""
    return reverse("upload-link", args=[link.pk])


def secret_of(link: UploadLink) -> str:
    """What opens it, the same each time: 256 bits."""
    made = salted_hmac("uploads.links.addresses", str(link.pk), algorithm="sha256").digest()
    return MAILED + urlsafe_b64encode(made).decode().rstrip("=")


def with_secrets(text: str, person: User | None) -> str:
    """The text as this reader gets it: her own open links open."""

    def opened(found: re.Match[str]) -> str:
        links = UploadLink.objects.select_related("case", "request", "person")
        link = links.filter(pk=UUID(found[2]), person=person).first() if person else None
        if link is None:
            return found[0]
        secret = secret_of(link)
        # Ended since, or made with a key that the portal has no more: she signs in.
        is_open = link.is_open and link.digest == digest_of(secret)
        return f"{found[1]}{secret}" if is_open else f"{link.case.get_absolute_url()}#upload"

    return re.sub(rf"({re.escape(_before())})({ID})(?![\w-])", opened, text)


@cache
def _before() -> str:
    return reverse("upload-link", args=["SECRET"]).partition("SECRET")[0]
