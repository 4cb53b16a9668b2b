"""Files that belong to one entry of the thread: pasted screenshots, small documents, pictures of a mail."""

from __future__ import annotations

import uuid
from typing import TYPE_CHECKING, Self

from django.conf import settings
from django.db import models
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from cases.models import Message
from uploads.attachments.pictures import PICTURES
from uploads.bundles.models import ScanState
from uploads.custody.models import Consent, Deletion

if TYPE_CHECKING:
    from accounts.models import User


FOLDER = "attachments"
"""Of the storage."""


def attachment_path(attachment: MessageAttachment, filename: str) -> str:
    """``attachments/<case number>/<id>``: no part of it comes from the sender's file name."""
    return f"{FOLDER}/{attachment.message.case.number}/{attachment.pk}"


class MessageAttachmentQuerySet(models.QuerySet["MessageAttachment"]):
    """Look-ups of attachments."""

    def visible_to(self, user: User) -> Self:
        """Those of the entries that this person may read."""
        return self.filter(message__in=Message.objects.visible_to(user))

    def kept(self) -> Self:
        """Those whose bytes are there and not about to be deleted."""
        return self.filter(deletion=None)


class MessageAttachment(models.Model):
    """One file of an entry; whoever reads the entry may open it. Never analysed, never changed.

    ``content_type`` is a picture's own type (see ``pictures``), else what the sender declared;
    ``content_id`` names it within a mail. ``deletion`` with an empty ``file``: its bytes are gone.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    message = models.ForeignKey(Message, on_delete=models.PROTECT, related_name="attachments")
    attached_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+"
    )
    attached_at = models.DateTimeField(_("attached"))
    consent = models.ForeignKey(Consent, on_delete=models.PROTECT, null=True, related_name="attachments")
    name = models.CharField(_("file name"), max_length=255)
    content_type = models.CharField(_("media type"), max_length=100)
    content_id = models.CharField(max_length=250, blank=True)
    size = models.PositiveIntegerField(_("size"))
    sha256 = models.CharField("SHA-256", max_length=64)
    file = models.FileField(_("file"), upload_to=attachment_path, max_length=300, blank=True)
    scan_state = models.CharField(_("malware scan"), max_length=10, choices=ScanState, blank=True, default="")
    deletion = models.ForeignKey(Deletion, on_delete=models.PROTECT, null=True, related_name="attachments")

    objects = MessageAttachmentQuerySet.as_manager()

    class Meta:
        verbose_name = _("attachment")
        verbose_name_plural = _("attachments")
        ordering = ("attached_at", "pk")

    def __str__(self) -> str:
        return self.name

    def get_absolute_url(self) -> str:
        """Where its bytes are."""
        return reverse("attachment", args=[self.pk])

    @property
    def is_picture(self) -> bool:
        """Whether a browser may show it as a picture."""
        return self.content_type in PICTURES

    def may_open(self, user: User) -> bool:
        """Of those who read the entry: everybody, or the vendor alone while it holds malware or may."""
        if self.deletion_id is not None:
            return False
        return user.is_vendor or self.scan_state not in {ScanState.WAITING, ScanState.INFECTED}
