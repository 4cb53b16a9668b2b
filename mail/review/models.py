"""What people decided about mails: into which case, put off, set aside, read again, dealt with."""

from __future__ import annotations

from typing import TYPE_CHECKING, Self

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from cases.models import Case
from cases.thread.models import EntryMove
from mail.store.models import MailMessage

if TYPE_CHECKING:
    from accounts.models import User


class Choice(models.TextChoices):
    """What was decided."""

    CASE = "case", _("Into a case")
    NEW_CASE = "new_case", _("A new case")
    PUT_OFF = "put_off", _("Put off")
    SET_ASIDE = "set_aside", _("No action needed")
    READ_AGAIN = "read_again", _("Read again")
    SETTLED = "settled", _("Dealt with")
    SENT_AGAIN = "sent_again", _("Sent again")


class BulkDecisionQuerySet(models.QuerySet["BulkDecision"]):
    """Decisions about all mails of a sender."""

    def visible_to(self, user: User) -> Self:
        """Those that are about nothing but mails that she sees."""
        decisions = MailDecision.objects.filter(bulk=models.OuterRef("pk"))
        unseen = decisions.exclude(mail__in=MailMessage.objects.visible_to(user))
        if not user.is_authenticated or not user.is_vendor:
            return self.none()
        return self.exclude(models.Exists(unseen))


class BulkDecision(models.Model):
    """All waiting mails of one sender's domain set aside at once; each has its ``MailDecision``, too."""

    domain = models.CharField(_("domain"), max_length=320)
    count = models.PositiveIntegerField(_("mails"))
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField(_("at"))
    undone_at = models.DateTimeField(null=True, blank=True)
    undone_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )

    objects = BulkDecisionQuerySet.as_manager()

    class Meta:
        verbose_name = _("decision about all mails of a sender")
        verbose_name_plural = _("decisions about all mails of a sender")
        ordering = ("-at", "-pk")

    def __str__(self) -> str:
        return self.domain


class MailDecision(models.Model):
    """One decision. ``state``, ``reason``, ``matched_by`` and ``put_off_until`` are the mail's before it;
    ``move`` is there where the mail had been in another case."""

    mail = models.ForeignKey(MailMessage, on_delete=models.CASCADE, related_name="decisions")
    choice = models.CharField(_("decision"), max_length=10, choices=Choice)
    case = models.ForeignKey(Case, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField(_("at"))
    state = models.CharField(max_length=10)
    reason = models.CharField(max_length=20, blank=True)
    matched_by = models.CharField(max_length=20, blank=True)
    put_off_until = models.DateTimeField(null=True, blank=True)
    former_case = models.ForeignKey(Case, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    bulk = models.ForeignKey(
        BulkDecision, on_delete=models.PROTECT, null=True, blank=True, related_name="decisions"
    )
    move = models.OneToOneField(EntryMove, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    undone_at = models.DateTimeField(null=True, blank=True)
    undone_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )

    class Meta:
        verbose_name = _("decision about a mail")
        verbose_name_plural = _("decisions about mails")
        ordering = ("-at", "-pk")

    def __str__(self) -> str:
        return self.get_choice_display()
