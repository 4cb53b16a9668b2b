"""Cases that are closed for the time being: who agreed to it, and what they go on with."""

from __future__ import annotations

from typing import TYPE_CHECKING, Self

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from cases.models import Case

if TYPE_CHECKING:
    from accounts.models import User


class ConsentWay(models.TextChoices):
    """How the customer agreed."""

    BUTTON = "button", _("on the portal")
    PHONE = "phone", _("by phone")
    MAIL = "mail", _("by mail")
    SILENCE = "silence", _("no answer to reminders")


RECORDED = (ConsentWay.PHONE, ConsentWay.MAIL)
"""Ways by which a person of the vendor's heard it and writes it down."""


class SuspensionQuerySet(models.QuerySet["Suspension"]):
    """Suspensions of cases."""

    def visible_to(self, user: User) -> Self:
        """Those of the cases this person may see."""
        return self.filter(case__in=Case.objects.visible_to(user))


class Suspension(models.Model):
    """One time that a case was closed for the time being; never changed.

    ``person`` agreed on ``agreed_at``; after silence nobody did, and ``agreed_at`` is when the suspension was
    announced. ``by`` suspended it (``None``: the portal). It goes on with a post or an upload of the
    customer; ``resumes_when`` says in words with what (hostile text), ``resumes_on`` on which day it goes on
    by itself.
    """

    case = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="suspensions")
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    at = models.DateTimeField()
    way = models.CharField(max_length=8, choices=ConsentWay)
    person = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    agreed_at = models.DateTimeField()
    resumes_when = models.CharField(max_length=500)
    resumes_on = models.DateField(null=True, blank=True)

    objects = SuspensionQuerySet.as_manager()

    class Meta:
        verbose_name = _("suspension")
        verbose_name_plural = _("suspensions")
        ordering = ("at", "pk")
        constraints = (
            models.CheckConstraint(
                condition=models.Q(way=ConsentWay.SILENCE, person=None)
                | (~models.Q(way=ConsentWay.SILENCE) & models.Q(person__isnull=False)),
                name="suspended_by_consent_or_after_silence",
            ),
        )

    def __str__(self) -> str:
        return f"{self.case.number} {self.get_way_display()}"
