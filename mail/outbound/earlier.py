"""The thread so far, below the new text of a mail, as mail programs write it and fold it away."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING

from django.utils.translation import gettext as _

from cases import times
from cases.evidence_requests import texts as evidence_texts
from cases.models import Message, MessageKind
from cases.thread.quoting import SegmentKind, segments
from engine.text_safety import one_line, plain
from mail.outbound.addresses import sender
from mail.store.writers import writer_of

if TYPE_CHECKING:
    from mail.store.models import MailMessage

MAX_ENTRIES = 5
MAX_ENTRY_LENGTH = 6000
QUOTED_KINDS = (
    MessageKind.PORTAL,
    MessageKind.MAIL_IN,
    MessageKind.MAIL_OUT,
    MessageKind.PHONE,
    MessageKind.REQUEST,
)
"""What people wrote to each other; what the portal says of itself stands on the page."""


@dataclass(frozen=True)
class EarlierEntry:
    """One entry of the thread: who wrote it, when, and what, without what that had quoted itself."""

    author: str
    at: datetime
    text: str
    to: str = ""

    @property
    def sent(self) -> str:
        """The time as a mail program writes it above a quoted mail."""
        return times.minute(self.at)

    @property
    def introduced(self) -> str:
        """The sentence that mail programs write above a quoted mail."""
        return _("On %(at)s, %(name)s wrote:") % {"at": self.sent, "name": one_line(self.author)}

    @property
    def marked(self) -> str:
        """Its text as it is quoted in plain text."""
        return "\n".join(f"> {line}".rstrip() for line in self.text.split("\n"))


def earlier_entries(mail: MailMessage) -> list[EarlierEntry]:
    """The last entries that everybody on the case may read, without the one that this mail tells; the
    newest first. An internal one is never among them, whoever the mail is for."""
    if mail.case is None:
        return []
    entries = Message.objects.filter(case=mail.case, internal=False, kind__in=QUOTED_KINDS).exclude(body="")
    entries = entries.in_place().filter(created_at__lte=mail.created_at)
    if mail.entry is not None:
        entries = entries.exclude(pk=mail.entry.pk)
    newest = entries.select_related("author", "evidence_request").order_by("-created_at", "-pk")[:MAX_ENTRIES]
    ours, contact = sender().display_name, mail.case.contact.name
    return [
        EarlierEntry(
            writer_of(entry) or ours,
            entry.created_at,
            _text(entry),
            to=contact if _is_ours(entry) else ours,
        )
        for entry in newest
    ]


def _is_ours(entry: Message) -> bool:
    if entry.author is None:
        return entry.kind != MessageKind.MAIL_IN
    return entry.author.is_vendor


def _text(entry: Message) -> str:
    text = plain(entry.body)
    request = getattr(entry, "evidence_request", None)
    if request is not None:
        # The list is ours: it stands in the language of who reads it now.
        items = [(item.kind, item.detail) for item in request.items.all()]
        text = plain(evidence_texts.as_text(items, request.since, request.until, request.note))
    if entry.kind in {MessageKind.MAIL_IN, MessageKind.MAIL_OUT}:
        text = "\n\n".join(part.text for part in segments(text) if part.kind == SegmentKind.WRITTEN)
    text = text.strip()
    return f"{text[:MAX_ENTRY_LENGTH]} […]" if len(text) > MAX_ENTRY_LENGTH else text
