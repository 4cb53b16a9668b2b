"""What customer and engineer agree to work on: the problem, what belongs to it and what does not."""

from __future__ import annotations

from typing import TYPE_CHECKING, Self

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from accounts.shared_text import SharedTextField
from cases.answers.models import Answerable
from cases.models import Case, Message

if TYPE_CHECKING:
    from accounts.models import User


class ScopeState(models.TextChoices):
    """How far one version has come."""

    DRAFTED = "drafted", _("Draft")
    SENT = "sent", _("Waiting for the customer's word")
    AGREED = "agreed", _("Agreed")
    OBJECTED = "objected", _("Objected to")
    SUPERSEDED = "superseded", _("Replaced by a newer version")


class ScopeQuerySet(models.QuerySet["Scope"]):
    """Look-ups of scopes."""

    def visible_to(self, user: User) -> Self:
        """Those of the cases this person may see; drafts are the vendor's."""
        scopes = self.filter(case__in=Case.objects.visible_to(user))
        vendor = user.is_authenticated and user.is_vendor
        return scopes if vendor else scopes.exclude(state=ScopeState.DRAFTED)

    def awaiting(self) -> Self:
        """Those that wait for the customer's word."""
        return self.filter(state=ScopeState.SENT)


class Scope(Answerable):
    """One version of the scope; its texts never change once it is sent (``message``)."""

    case = models.ForeignKey(Case, on_delete=models.CASCADE, related_name="scopes")
    version = models.PositiveSmallIntegerField(_("version"))
    state = models.CharField(_("state"), max_length=10, choices=ScopeState, default=ScopeState.DRAFTED)
    problem = SharedTextField(_("problem"))
    included = SharedTextField(_("in scope"), blank=True)
    excluded = SharedTextField(_("out of scope"), blank=True)
    message = models.OneToOneField(Message, on_delete=models.PROTECT, null=True, related_name="scope")
    made_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    sent_at = models.DateTimeField(_("sent"), null=True)

    objects = ScopeQuerySet.as_manager()

    class Meta:
        verbose_name = _("scope")
        verbose_name_plural = _("scopes")
        ordering = ("-version",)
        constraints = (models.UniqueConstraint(fields=("case", "version"), name="scope_version_once"),)

    def __str__(self) -> str:
        return f"{self.version}"

    @property
    def is_open(self) -> bool:
        """Whether the customer may still agree to this version."""
        return self.state in {ScopeState.SENT, ScopeState.OBJECTED}
