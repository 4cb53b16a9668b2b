"""Which mails were taken into which case, and how far."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from cases import times
from cases.models import Case


class InboundMail(models.Model):
    """A mail of a proven sender that belongs to a case; a mail server that delivers it again meets this row.

    ``digest``: SHA-256 of sender and Message-ID. ``attachments``: one entry for each attachment that was
    dealt with, in the mail's order: ``{"upload": id}`` or ``{"name": …, "refused": sentence}``.
    ``done_at``: when all of them were, and the refused ones told; from then on a trigger keeps the row.
    """

    digest = models.CharField(max_length=64, unique=True, editable=False)
    case = models.ForeignKey(Case, on_delete=models.CASCADE, related_name="inbound_mails")
    person = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    received_at = models.DateTimeField(_("received"), auto_now_add=True)
    attachments = models.JSONField(default=list)
    done_at = models.DateTimeField(null=True)

    class Meta:
        db_table = "uploads_inboundmail"  # From before mail had a room of its own.
        verbose_name = _("mail received")
        verbose_name_plural = _("mails received")

    def __str__(self) -> str:
        return times.minute(self.received_at)
