"""The reading of a received mail, as a job; how far a mailbox has been fetched."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _

from jobs.models import Job
from mail.store.models import MailMessage


class Reading(Job):
    """One mail that is read and taken into its case, or parked; again whenever somebody asks for it."""

    mail = models.OneToOneField(
        MailMessage, on_delete=models.CASCADE, primary_key=True, related_name="reading"
    )

    class Meta:
        verbose_name = _("reading of a mail")
        verbose_name_plural = _("readings of mails")
        indexes = (models.Index(fields=("state", "lease_until"), name="mail_reading_open"),)

    def __str__(self) -> str:
        return str(self.pk)


class ImapFolder(models.Model):
    """How far a folder of a mailbox has been fetched.

    ``address``: ``imap://user@host:port/folder``; ``last_uid`` counts within ``uidvalidity`` (RFC 9051,
    2.3.1.1); ``since``, ``looked_at``: when it was looked into first, and last.
    """

    address = models.CharField(max_length=1000, unique=True)
    uidvalidity = models.PositiveBigIntegerField()
    last_uid = models.PositiveBigIntegerField(default=0)
    since = models.DateTimeField(auto_now_add=True)
    looked_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        verbose_name = _("mailbox folder")
        verbose_name_plural = _("mailbox folders")

    def __str__(self) -> str:
        return self.address
