"""Mailboxes that cannot be looked into: since when, and what their server says."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.conf import settings
from django.utils import timezone

from engine.text_safety import one_line, storable
from mail.errors import MailServerDown
from mail.inbound.imap import Account, account
from mail.inbound.models import ImapFolder

TOLD_AFTER = timedelta(minutes=5)
"""A server that is started anew is nobody's business."""
FORGOTTEN_AFTER = timedelta(minutes=20)
"""Whoever fetches tries again every few minutes: a mailbox that nobody tries any more is not in use."""


@dataclass(frozen=True)
class Unreached:
    """``answer``: what its server said last (foreign text), or the kind of a fault of ours; empty where no
    process looks at all."""

    address: str
    since: datetime
    answer: str = ""


def note_failure(chosen: Account, error: Exception) -> None:
    """Keeps that it could not be looked into now; the next look that succeeds ends it. Of a fault of ours
    its kind alone: its words may name a path."""
    said = type(error).__name__
    if isinstance(error, MailServerDown):
        said = str(error).removeprefix(f"{chosen.address}: ")
    if chosen.password:  # A server may repeat what it was told.
        said = said.replace(chosen.password, "…")
    now = timezone.now()
    folder, _ = ImapFolder.objects.get_or_create(address=chosen.address)
    folder.failing_since = folder.failing_since or now
    folder.failed_at, folder.answer = now, one_line(storable(said))[:500]
    folder.save(update_fields=["failing_since", "failed_at", "answer"])


def unreached() -> list[Unreached]:
    """Those that could not be looked into for longer than ``TOLD_AFTER``; none where none is configured."""
    now = timezone.now()
    failing = ImapFolder.objects.filter(
        failing_since__lt=now - TOLD_AFTER, failed_at__gt=now - FORGOTTEN_AFTER
    ).order_by("address")
    found = [
        Unreached(folder.address, folder.failing_since, folder.answer)
        for folder in failing
        if folder.failing_since
    ]
    if not settings.IMAP_HOST or account().address in {each.address for each in found}:
        return found
    silent = ImapFolder.objects.filter(address=account().address, looked_at__lt=now - FORGOTTEN_AFTER)
    return found + [Unreached(folder.address, folder.looked_at) for folder in silent]
