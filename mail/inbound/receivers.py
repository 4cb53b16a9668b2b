"""What becomes of a mail's bytes when a file that it brought is deleted: they hold the same file."""

from __future__ import annotations

from typing import Any

from django.dispatch import receiver

from mail.store import sources
from mail.store.models import Direction, MailMessage
from uploads.attachments.models import MessageAttachment
from uploads.bundles.models import Bundle
from uploads.signals import attachment_deleted, bundle_deleted


@receiver(bundle_deleted, dispatch_uid="mail-forgets-the-bundle")
def forget_bundle(sender: Any, bundle: Bundle, **_: Any) -> None:
    """The mail that brought it loses its source before the bundle's bytes go."""
    _forget({"upload": str(bundle.upload_id)})
    _forget({"bundle": str(bundle.pk)})


@receiver(attachment_deleted, dispatch_uid="mail-forgets-the-attachment")
def forget_attachment(sender: Any, attachment: MessageAttachment, **_: Any) -> None:
    """As for bundles; also where the entry was made anew when the mail was read again, and the bytes of all
    mails of ours that told of the entry."""
    _forget({"picture": str(attachment.pk)})
    for mail in MailMessage.objects.filter(entry=attachment.message):
        sources.delete(mail)


def _forget(file: dict[str, str]) -> None:
    for mail in MailMessage.objects.filter(direction=Direction.IN, attachments__contains=[file]):
        sources.delete(mail)
