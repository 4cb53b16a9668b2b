"""Upload links: a right to upload to one case without signing in."""

from __future__ import annotations

import uuid

from django.conf import settings
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from cases import times
from cases.models import Case
from uploads.querysets import OfVisibleCase


class UploadLinkQuerySet(OfVisibleCase["UploadLink"]):
    """Upload links."""


class UploadLink(models.Model):
    """A right to upload to one case without signing in, for whoever holds its secret address.

    The secret is shown once when the link is made and kept as a SHA-256 only. ``asked`` is what
    its page shows, with ``shows_request`` the items of the case's open evidence request, too;
    nothing else of the case is shown. ``mail``: where a code is sent that opens the page; empty where
    no code is asked for. ``most_bytes`` and ``most_uploads`` count all of its uploads together;
    cancelled and expired ones do not count. ``is_collector``: made for one download of the log
    collector.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    case = models.ForeignKey(Case, on_delete=models.CASCADE, related_name="upload_links")
    digest = models.CharField(max_length=64, unique=True, editable=False)
    asked = models.TextField(_("what is asked for"), max_length=2000, blank=True)
    shows_request = models.BooleanField(_("shows the evidence request"), default=False)
    made_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    made_at = models.DateTimeField(_("made"), auto_now_add=True)
    expires_at = models.DateTimeField(_("expires"))
    most_bytes = models.BigIntegerField(_("bytes in all"))
    most_uploads = models.PositiveIntegerField(_("number of uploads"))
    mail = models.EmailField(_("mail address for a code"), blank=True)
    code_digest = models.CharField(max_length=64, blank=True, editable=False)
    code_until = models.DateTimeField(null=True, editable=False)
    code_tries = models.PositiveSmallIntegerField(default=0, editable=False)
    used_at = models.DateTimeField(_("last used"), null=True)
    revoked_at = models.DateTimeField(_("revoked"), null=True)
    is_collector = models.BooleanField(default=False)

    objects = UploadLinkQuerySet.as_manager()

    class Meta:
        verbose_name = _("upload link")
        verbose_name_plural = _("upload links")
        ordering = ("-made_at",)

    def __str__(self) -> str:
        return times.minute(self.made_at)

    @property
    def is_open(self) -> bool:
        """Neither revoked nor expired, and its case not closed."""
        is_closed = self.case.status_facts.is_closed
        return self.revoked_at is None and self.expires_at > timezone.now() and not is_closed
