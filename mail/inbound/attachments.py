"""The files of a mail: pictures beside its entry, the others bundles by the same door as all."""

from __future__ import annotations

from io import BytesIO
from typing import TYPE_CHECKING

from django.db import transaction
from django.utils import timezone
from django.utils.translation import ngettext

from accounts.errors import Refusal
from accounts.models import User
from engine.text_safety import clean_path
from mail.errors import MovedOn
from mail.inbound.errors import TooManyFiles
from mail.store.models import MailMessage
from uploads.attachments.pictures import HEAD_BYTES, picture_type
from uploads.attachments.services import attach
from uploads.bundles.models import Bundle, BundleState
from uploads.transfer.errors import DiskFull, UploadGone
from uploads.transfer.models import Upload
from uploads.transfer.services import begin_upload, finish
from uploads.transfer.writing import append, settle

if TYPE_CHECKING:
    from cases.models import Message
    from mail.reading.mail import Attachment, Mail

MAX_FILES = 50
"""Of one mail, pictures among them; more come in an archive."""


def take(mail: MailMessage, content: Mail) -> None:
    """Each file in turn; what was dealt with before is left. Raises ``DiskFull``, ``TakenOver``,
    ``MovedOn``."""
    files = [*content.attachments, *content.pictures]
    for place, attachment in enumerate(files[:MAX_FILES]):
        _take(mail, place, attachment)
    if len(files) > MAX_FILES:
        _refuse_the_rest(mail, len(files) - MAX_FILES)


def _refuse_the_rest(mail: MailMessage, count: int) -> None:
    """One word about all of them; they are in the mail's source."""
    with transaction.atomic():
        row = MailMessage.objects.locked().get(pk=mail.pk)
        if len(row.attachments) == MAX_FILES:
            name = ngettext("%(count)d further file", "%(count)d further files", count) % {"count": count}
            row.attachments.append({"name": name, "refused": str(TooManyFiles(most=MAX_FILES))})
            row.save(update_fields=["attachments"])
        mail.attachments = row.attachments


def _take(mail: MailMessage, place: int, attachment: Attachment) -> None:
    with transaction.atomic():
        row = MailMessage.objects.locked().select_related("person", "case", "entry").get(pk=mail.pk)
        if row.entry != mail.entry:
            raise MovedOn(f"mail {mail.pk} went to another case")
        if len(row.attachments) == place:
            row.attachments.append(_begun(row, attachment))
            row.save(update_fields=["attachments"])
        mail.attachments = row.attachments
    if "upload" not in mail.attachments[place]:
        return
    try:
        upload = settle(Upload(pk=mail.attachments[place]["upload"]))
    except UploadGone:
        return  # Cancelled by the person meanwhile.
    append(upload, BytesIO(attachment.content[upload.offset :]), upload.offset)
    finish(upload)


def _begun(mail: MailMessage, attachment: Attachment) -> dict[str, str]:
    assert mail.case is not None and mail.entry is not None
    try:
        if stays_with(mail.entry, attachment):
            picture = attach(
                mail.entry,
                name=attachment.name,
                content=attachment.content,
                content_type=attachment.media_type,
                content_id=attachment.content_id,
                by=mail.entry.author,
            )
            return {"picture": str(picture.pk)}
        size, uploader = len(attachment.content), uploader_of(mail)
        if there := _already_there(mail, clean_path(attachment.name), size, uploader):
            there.message.moves.filter(back_at=None).update(back_at=timezone.now(), back_by=uploader)
            return {"bundle": str(there.pk)}
        upload = begin_upload(user=uploader, case=mail.case, name=attachment.name, size=size)
    except DiskFull:
        raise
    except Refusal as error:
        return {"name": clean_path(attachment.name), "refused": str(error)}
    return {"upload": str(upload.pk)}


def stays_with(entry: Message, file: Attachment) -> bool:
    """Whether a file of a mail is one of its entry, and no upload."""
    # What stands within the text belongs to it, whatever its bytes are; uploads are the customer's too.
    return entry.internal or bool(file.content_id) or bool(picture_type(file.content[:HEAD_BYTES]))


def _already_there(mail: MailMessage, name: str, size: int, uploader: User | None) -> Bundle | None:
    """The bundle that a mail brought when it was in this case before it was moved to and fro."""
    if not mail.facts.get("decided_by"):
        return None
    bundles = Bundle.objects.filter(case=mail.case, name=name, size=size, user=uploader)
    return bundles.exclude(state__in=(BundleState.DELETING, BundleState.DELETED)).first()


def uploader_of(mail: MailMessage) -> User | None:
    """Its proven sender, else the colleague who took it into the case."""
    return mail.person or User.objects.filter(pk=mail.facts.get("decided_by")).first()
