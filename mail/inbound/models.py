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
    2.3.1.1), which is 0 while the folder was never opened; ``since``, ``looked_at``: when it was looked into
    first, and last. ``failing_since``: of the attempts that have failed since, the first; ``failed_at``,
    ``answer``: when the last one did, and what was said.
    """

    address = models.CharField(max_length=1000, unique=True)
    uidvalidity = models.PositiveBigIntegerField(default=0)
    last_uid = models.PositiveBigIntegerField(default=0)
    since = models.DateTimeField(auto_now_add=True)
    looked_at = models.DateTimeField(auto_now_add=True)
    failing_since = models.DateTimeField(null=True)
    failed_at = models.DateTimeField(null=True)
    answer = models.CharField(max_length=500, blank=True)

    class Meta:
        verbose_name = _("mailbox folder")
        verbose_name_plural = _("mailbox folders")

    def __str__(self) -> str:
        return self.address
