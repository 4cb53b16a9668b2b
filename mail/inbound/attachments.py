"""The files of a mail: bundles by the same door as all; what is refused is told."""

from __future__ import annotations

from io import BytesIO
from typing import TYPE_CHECKING

from django.conf import settings
from django.db import transaction
from django.utils.translation import gettext as _

from accounts.errors import Refusal
from accounts.models import User
from engine.text_safety import clean_path
from mail.outbound.outbox import enqueue
from mail.store.models import MailMessage
from uploads.transfer.errors import DiskFull, UploadGone
from uploads.transfer.models import Upload
from uploads.transfer.services import begin_upload, finish
from uploads.transfer.writing import append, settle

if TYPE_CHECKING:
    from mail.reading.message import Attachment, Mail


def take(mail: MailMessage, content: Mail) -> None:
    """Each attachment in turn; what was dealt with before is left. Raises ``DiskFull``, ``TakenOver``."""
    for place, attachment in enumerate(content.attachments):
        _upload(mail, place, attachment)


def _upload(mail: MailMessage, place: int, attachment: Attachment) -> None:
    with transaction.atomic():
        row = MailMessage.objects.locked().select_related("person", "case").get(pk=mail.pk)
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
    assert mail.case is not None
    try:
        upload = begin_upload(
            user=_uploader(mail), case=mail.case, name=attachment.name, size=len(attachment.content)
        )
    except DiskFull:
        raise
    except Refusal as error:
        return {"name": clean_path(attachment.name), "refused": str(error)}
    return {"upload": str(upload.pk)}


def _uploader(mail: MailMessage) -> User | None:
    """Its proven sender, else the colleague who took it into the case."""
    return mail.person or User.objects.filter(pk=mail.facts.get("decided_by")).first()


def answer(mail: MailMessage, lines: str) -> None:
    """Tells the sender what was not taken and what to do."""
    assert mail.case is not None and mail.person is not None
    facts = {"number": mail.case.number, "lines": lines}
    body = _(
        "Your mail is in case %(number)s. These attachments were not taken:\n\n%(lines)s\n\n"
        "You can upload them on the page of the case:"
    )
    address = f"{settings.PORTAL_URL}{mail.case.get_absolute_url()}"
    enqueue(
        mail.person.email,
        person=mail.person,
        case=mail.case,
        kind="attachments_refused",
        answers=mail.message_id,
        text=f"{body % facts}\n{address}",
    )
