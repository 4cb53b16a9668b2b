"""The files of the entry that a mail tells of: pictures within its page, other files attached, and what may
not go along named, with where it is."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING

from django.conf import settings
from django.db.models import Exists, OuterRef, Q
from django.utils import timezone

from jobs.errors import TryAgain
from mail.outbound.models import MailSettings
from mail.store.models import UNFINISHED, Direction, MailMessage
from uploads.attachments.models import MessageAttachment
from uploads.bundles.models import ScanState

if TYPE_CHECKING:
    from cases.models import Message

MAX_WAIT = timedelta(minutes=10)
"""For files of a received mail that are still being stored, and for the malware scanner."""
MAILED = frozenset({ScanState.NONE, ScanState.CLEAN, ScanState.REFUSED})


@dataclass(frozen=True)
class EntryFile:
    """``goes_along``: with the mail; else ``url`` is where its reader opens it, empty for one without an
    account. ``content_id``: of a picture within the page."""

    attachment: MessageAttachment
    goes_along: bool
    url: str
    content_id: str = ""

    @property
    def media_type(self) -> tuple[str, str]:
        """As it is declared in the mail. What its sender declared may be what mail programs open, cite or
        leave out: a message, a signature, an envelope."""
        declared = self.attachment.content_type
        is_shown = self.attachment.is_picture or declared == "application/pdf"
        main, _, sub = (declared if is_shown else "application/octet-stream").partition("/")
        return main, sub


def files_of(mail: MailMessage) -> list[EntryFile]:
    """What its reader may see of the entry's files, none where she wrote the entry herself; those that go
    along have together as many bytes as the mail settings allow, a report's PDF aside. Raises ``TryAgain``
    while some are on their way."""
    entry = mail.entry
    if entry is None or (entry.author_id is not None and entry.author_id == mail.person_id):
        return []
    attachments = list(_of(entry, mail))
    if timezone.now() - entry.created_at < MAX_WAIT and _are_on_their_way(entry, attachments):
        raise TryAgain("files of the entry are on their way")
    room = 0 if mail.facts.get("linked") else MailSettings.load().attach_up_to_mib * 2**20
    files = []
    for attachment in attachments:
        goes_along = attachment.size <= room and attachment.scan_state in MAILED
        room -= attachment.size if goes_along else 0
        is_within = goes_along and attachment.is_picture
        address = f"{settings.PORTAL_URL}{attachment.get_absolute_url()}"
        can_open = settings.PORTAL_URL and mail.person and attachment.may_open(mail.person)
        files.append(
            EntryFile(
                attachment,
                goes_along,
                url=address if can_open and not goes_along else "",
                content_id=f"{attachment.pk.hex}@attachment" if is_within else "",
            )
        )
    return files


def _of(entry: Message, mail: MailMessage) -> list[MessageAttachment]:
    """A picture within a mail that an earlier entry had already is a logo, or a quoted screenshot."""
    attachments = MessageAttachment.objects.filter(message=entry).kept()
    if mail.person is not None:
        attachments = attachments.visible_to(mail.person)
    else:
        attachments = attachments.filter(message__internal=False)
    earlier = MessageAttachment.objects.filter(
        message__case=entry.case_id, message__lt=entry.pk, sha256=OuterRef("sha256")
    )
    return list(attachments.filter(Q(content_id="") | ~Exists(earlier)))


def _are_on_their_way(entry: Message, attachments: list[MessageAttachment]) -> bool:
    if any(attachment.scan_state == ScanState.WAITING for attachment in attachments):
        return True
    mails = MailMessage.objects.filter(UNFINISHED, direction=Direction.IN, entry=entry)
    return mails.filter(facts__brings_files=True).exists()
