"""Attaching files to an entry of the thread: the same act for the reply form and for mails."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Sequence
from typing import IO, TYPE_CHECKING, Any

from django.conf import settings
from django.core.files import File
from django.core.files.base import ContentFile
from django.db import transaction
from django.utils import timezone

from accounts.errors import NotAllowed
from engine.text_safety import clean_name
from uploads.attachments.errors import (
    AttachmentTooLarge,
    BelongsInAnUpload,
    EmptyAttachment,
    TooManyAttachments,
)
from uploads.attachments.models import MessageAttachment
from uploads.attachments.pictures import HEAD_BYTES, PICTURES, picture_type
from uploads.bundles.models import ScanState
from uploads.bundles.scanning import scan
from uploads.custody.agreements import consent_of
from uploads.transfer.quota import require_disk

if TYPE_CHECKING:
    from accounts.models import User
    from cases.models import Message

MAX_BYTES = 20 * 2**20
"""Of one attachment."""
MAX_ATTACHMENTS = 20
"""Of one entry."""

LOGS_AND_ARCHIVES = (
    *(".evtx", ".evt", ".etl", ".dmp", ".mdmp", ".hdmp", ".log", ".reg", ".wer"),
    *(".zip", ".7z", ".rar", ".tar", ".tgz", ".gz", ".bz2", ".xz", ".cab", ".iso"),
)
_MEDIA_TYPE = re.compile(r"[\w.+-]{1,48}/[\w.+-]{1,48}", re.ASCII)


@transaction.atomic
def attach(
    message: Message,
    *,
    name: str,
    content: bytes | IO[bytes] | File[Any],
    content_type: str,
    content_id: str = "",
    by: User | None,
) -> MessageAttachment:
    """Adds one file to an entry; ``by`` is the entry's author, ``None`` the portal itself.

    ``content_type`` is what the sender declares. Raises ``NotAllowed``, ``AttachmentTooLarge``,
    ``EmptyAttachment``, ``TooManyAttachments``, ``DiskFull`` and what the storage raises.
    """
    if by is not None and by != message.author:
        raise NotAllowed()
    file = ContentFile(content) if isinstance(content, bytes) else File(content)
    name = clean_name(name)
    size, sha256, head = _measured(file, name)
    if MessageAttachment.objects.filter(message=message).count() >= MAX_ATTACHMENTS:
        raise TooManyAttachments(most=MAX_ATTACHMENTS)
    require_disk(size)
    attachment = MessageAttachment(
        message=message,
        attached_by=by,
        attached_at=timezone.now(),
        consent=consent_of(by, message.case) if by is not None else None,
        name=name,
        content_type=_type_of(head, content_type),
        content_id=content_id.strip().strip("<>")[:250],
        size=size,
        sha256=sha256,
        scan_state=ScanState.WAITING if settings.CLAMD else ScanState.NONE,
    )
    file.seek(0)
    attachment.file.save(name, file, save=False)
    try:
        attachment.save(force_insert=True)
    except BaseException:
        attachment.file.delete(save=False)
        raise
    return attachment


def attach_posted(message: Message, files: Sequence[Any], *, by: User) -> None:
    """The files of a reply form, all of them or none. Raises what ``attach`` does, ``BelongsInAnUpload``."""
    if len(files) > MAX_ATTACHMENTS:
        raise TooManyAttachments(most=MAX_ATTACHMENTS)
    for file in files:
        name = clean_name(file.name)
        if name.lower().endswith(LOGS_AND_ARCHIVES):
            raise BelongsInAnUpload(name=name)
        _measured(file, name)
    attached: list[MessageAttachment] = []
    try:
        for file in files:
            attached.append(
                attach(message, name=file.name, content=file, content_type=file.content_type or "", by=by)
            )
    except BaseException:
        for attachment in attached:
            attachment.file.delete(save=False)
        raise


def scan_waiting(attachment: MessageAttachment) -> None:
    """Asks the malware scanner for its verdict. Raises ``OSError`` where there is none: it waits on."""
    with attachment.file.open("rb") as content:
        verdict = scan(content, settings.CLAMD)
    MessageAttachment.objects.filter(pk=attachment.pk).update(scan_state=verdict.state)


def _measured(file: File[Any], name: str) -> tuple[int, str, bytes]:
    """Size, SHA-256 and the first bytes."""
    file.seek(0)
    head, digest, size = b"", hashlib.sha256(), 0
    while block := file.read(1 << 16):
        head = head or block[:HEAD_BYTES]
        digest.update(block)
        size += len(block)
        if size > MAX_BYTES:
            raise AttachmentTooLarge(name=name, limit=MAX_BYTES // 2**20)
    if not size:
        raise EmptyAttachment(name=name)
    return size, digest.hexdigest(), head


def _type_of(head: bytes, declared: str) -> str:
    declared = declared.partition(";")[0].strip().lower()
    if declared in PICTURES or not _MEDIA_TYPE.fullmatch(declared):
        declared = "application/octet-stream"
    return picture_type(head) or declared
