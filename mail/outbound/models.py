"""The outbox: the sending of a mail as a job; what the portal's mails look like; each case's mail token."""

from __future__ import annotations

from django.core.exceptions import ValidationError
from django.db import models
from django.utils.translation import gettext_lazy as _

from cases.models import Case
from jobs.models import Job
from mail.store.models import MailMessage

SUBJECT_FIELDS = {"label", "number", "title", "stage", "token"}


class Delivery(Job):
    """The sending of one mail: written with the act that it tells of, sent by a worker, tried again until
    the mail server takes or refuses it. ``answer`` is what the server said last."""

    mail = models.OneToOneField(
        MailMessage, on_delete=models.CASCADE, primary_key=True, related_name="delivery"
    )
    answer = models.TextField(_("the mail server's answer"), blank=True)

    class Meta:
        verbose_name = _("delivery")
        verbose_name_plural = _("deliveries")
        indexes = (models.Index(fields=("state", "lease_until"), name="mail_delivery_open"),)

    def __str__(self) -> str:
        return str(self.pk)


def check_subject(template: str) -> None:
    """A template that ``str.format`` fills, with the known places and the case number among them."""
    try:
        template.format(**dict.fromkeys(SUBJECT_FIELDS, ""))
        named = "{number}" in template
    except (KeyError, IndexError, ValueError, AttributeError):
        named = False
    if not named:
        raise ValidationError(
            _("Use the places {label}, {number}, {title}, {stage} and {token} only; {number} must be there.")
        )


class MailSettings(models.Model):
    """How the portal writes and takes mails; one row, changed in the administration."""

    label = models.CharField(_("label of the case number"), max_length=40, default="案例号")
    token_prefix = models.CharField(_("prefix of the mail token"), max_length=20, default="CMIT:")
    subject = models.CharField(
        _("subject"),
        max_length=200,
        default="[{label}: {number}] % {title} % {stage} {token}",
        validators=(check_subject,),
    )
    opens_cases = models.BooleanField(
        _("a mail opens a case"),
        default=True,
        help_text=_("A customer's proven mail that belongs to no case becomes a new one; else it is parked."),
    )
    most_an_hour = models.PositiveIntegerField(
        _("mails of one sender within an hour"),
        default=30,
        help_text=_("More, or four times as many within a day, are parked: programs that answer stop here."),
    )
    new_cases_a_day = models.PositiveIntegerField(
        _("new cases of one sender by mail within a day"),
        default=5,
        help_text=_("Mails that would open more are parked, and a colleague takes them in with one click."),
    )
    attach_up_to_mib = models.PositiveIntegerField(
        _("attach up to MiB"),
        default=8,
        help_text=_("Larger reports, and files of an entry beyond it, are sent as links."),
    )
    signature = models.TextField(_("signature"), blank=True, max_length=2000)

    class Meta:
        verbose_name = _("mail settings")
        verbose_name_plural = _("mail settings")
        constraints = (models.CheckConstraint(condition=models.Q(pk=1), name="mail_settings_once"),)

    def __str__(self) -> str:
        return str(_("Mail"))

    @classmethod
    def load(cls) -> MailSettings:
        """The row, or the defaults where nobody has changed any."""
        return cls._default_manager.filter(pk=1).first() or cls(pk=1)


class CaseMailToken(models.Model):
    """The number by which the mails of a case know it, as in ``CMIT:0001866``; never given twice."""

    case = models.OneToOneField(Case, on_delete=models.PROTECT, primary_key=True, related_name="mail_token")
    number = models.PositiveBigIntegerField(unique=True)

    class Meta:
        verbose_name = _("mail token")
        verbose_name_plural = _("mail tokens")

    def __str__(self) -> str:
        return f"{self.number:07d}"
