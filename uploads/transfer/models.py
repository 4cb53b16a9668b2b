"""The upload under way."""

from __future__ import annotations

import uuid
from pathlib import Path
from typing import Self

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from cases.models import Case
from uploads.custody.models import Consent
from uploads.querysets import OfVisibleCase


class UploadQuerySet(OfVisibleCase["Upload"]):
    """Uploads; each belongs to the person who began it."""

    def unfinished(self) -> Self:
        """Begun, neither complete nor cancelled nor expired."""
        return self.filter(gone_at=None, expires_at__gt=timezone.now(), offset__lt=models.F("size"))

    def pending(self) -> Self:
        """What somebody has announced and what is no bundle yet: unfinished uploads, complete parts."""
        waiting = models.Q(offset__lt=models.F("size")) | models.Q(concat=Concat.PARTIAL)
        # A joined upload is made of parts that count already.
        alive = self.filter(gone_at=None, expires_at__gt=timezone.now()).exclude(concat=Concat.FINAL)
        return alive.filter(waiting)


class Concat(models.TextChoices):
    """What an upload is to tus's concatenation; most are nothing to it."""

    NONE = "", _("whole file")
    PARTIAL = "partial", _("part of a file")
    FINAL = "final", _("joined from parts")


class Upload(models.Model):
    """One tus upload: ``offset`` bytes of ``size`` are safe in ``staged``.

    Bytes reach the disk before ``offset`` tells of them. A finished upload becomes a bundle.
    ``lease`` names the one request that may write now; a newer request replaces it, and the
    older one finds out before its next block. ``file_modified`` is the file's last change in
    the browser (milliseconds since 1970): with name and size it tells the same file again.
    ``gone_at`` is set when the staged bytes are deleted by cancelling or by expiry, or when a
    part is given to a joined upload, whose ``parts`` are the ids of its parts in order: their
    staged files are its bytes until the bundle is sealed.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    case = models.ForeignKey(Case, on_delete=models.CASCADE, related_name="uploads")
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="uploads"
    )
    link = models.ForeignKey("UploadLink", on_delete=models.PROTECT, null=True, related_name="uploads")
    consent = models.ForeignKey(Consent, on_delete=models.PROTECT, null=True, related_name="uploads")
    name = models.CharField(_("file name"), max_length=255)
    size = models.BigIntegerField(_("size"))
    offset = models.BigIntegerField(_("received"), default=0)
    created_at = models.DateTimeField(_("begun"), auto_now_add=True)
    touched_at = models.DateTimeField(_("last bytes"), auto_now_add=True)
    expires_at = models.DateTimeField(_("expires"))
    lease = models.UUIDField(null=True, editable=False)
    file_modified = models.BigIntegerField(_("file last changed"), null=True)
    gone_at = models.DateTimeField(_("bytes deleted"), null=True)
    concat = models.CharField(
        _("part or whole"), max_length=7, choices=Concat, blank=True, default=Concat.NONE
    )
    parts = ArrayField(models.UUIDField(), default=list, blank=True)

    objects = UploadQuerySet.as_manager()

    class Meta:
        verbose_name = _("upload")
        verbose_name_plural = _("uploads")
        constraints = (
            models.CheckConstraint(
                name="upload_offset_within_size",
                condition=models.Q(offset__gte=0, offset__lte=models.F("size")),
            ),
            models.CheckConstraint(
                name="upload_is_somebodys",
                condition=models.Q(user__isnull=False) | models.Q(link__isnull=False),
            ),
        )

    def __str__(self) -> str:
        return self.name

    @property
    def staged(self) -> Path:
        """Where the bytes lie until the bundle is sealed."""
        return Path(settings.UPLOAD_STAGING) / str(self.id)

    @property
    def is_complete(self) -> bool:
        """Whether every byte has arrived."""
        return self.offset == self.size

    @property
    def is_evidence(self) -> bool:
        """Complete and for good: neither expiry nor a cancellation touches it."""
        return self.is_complete and self.concat != Concat.PARTIAL
