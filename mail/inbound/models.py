"""The reading of a received mail, as a job."""

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
