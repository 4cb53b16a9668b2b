"""Cases that are closed for the time being: who agreed to it, and what they go on with."""

from __future__ import annotations

from typing import TYPE_CHECKING, Self

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from accounts.shared_text import SharedCharField
from cases import times
from cases.answers.models import Answerable, Way, ways
from cases.models import Case, Message

if TYPE_CHECKING:
    from accounts.models import User


class ProposalState(models.TextChoices):
    """What has become of a proposal."""

    PROPOSED = "proposed", _("Waiting for the customer's word")
    AGREED = "agreed", _("Agreed")
    DECLINED = "declined", _("The case is to go on")
    WITHDRAWN = "withdrawn", _("Withdrawn")
    SUPERSEDED = "superseded", _("Replaced by a newer one")
    LAPSED = "lapsed", _("Lapsed: the case has gone on or ended")


class ProposalQuerySet(models.QuerySet["SuspensionProposal"]):
    """Proposals to close a case for the time being."""

    def visible_to(self, user: User) -> Self:
        """Those of the cases this person may see."""
        return self.filter(case__in=Case.objects.visible_to(user))

    def awaiting(self) -> Self:
        """Those that wait for the customer's word."""
        return self.filter(state=ProposalState.PROPOSED)


class SuspensionProposal(Answerable):
    """That a case be closed for the time being: what an engineer asks, by one entry of the thread.

    ``resumes_when`` says in words with what it goes on (hostile text), ``resumes_on`` on which day by itself.
    ``ended_by`` took it back or replaced it (``None``: it lapsed).
    """

    case = models.ForeignKey(Case, on_delete=models.CASCADE, related_name="suspension_proposals")
    message = models.OneToOneField(Message, on_delete=models.PROTECT, related_name="suspension_proposal")
    made_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    made_at = models.DateTimeField(_("proposed"))
    resumes_when = SharedCharField(max_length=500)
    resumes_on = models.DateField(null=True, blank=True)
    state = models.CharField(_("state"), max_length=10, choices=ProposalState, default=ProposalState.PROPOSED)
    ended_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+"
    )
    ended_at = models.DateTimeField(_("ended"), null=True)

    objects = ProposalQuerySet.as_manager()

    class Meta:
        verbose_name = _("proposal of a suspension")
        verbose_name_plural = _("proposals of suspensions")
        ordering = ("-made_at", "-pk")
        constraints = (
            models.UniqueConstraint(
                fields=("case",), condition=models.Q(state=ProposalState.PROPOSED), name="one_open_proposal"
            ),
        )

    def __str__(self) -> str:
        return f"{self.case.number} {times.minute(self.made_at)}"


class SuspensionQuerySet(models.QuerySet["Suspension"]):
    """Suspensions of cases."""

    def visible_to(self, user: User) -> Self:
        """Those of the cases this person may see."""
        return self.filter(case__in=Case.objects.visible_to(user))


class Suspension(models.Model):
    """One time that a case was closed for the time being; never changed.

    ``person`` agreed on ``agreed_at``, to ``proposal`` where an engineer had asked her; after silence nobody
    did, and ``agreed_at`` is when the suspension was announced. ``by`` suspended it (``None``: the portal).
    It goes on with a post or an upload of the customer; ``resumes_when`` says in words with what (hostile
    text), ``resumes_on`` on which day it goes on by itself.
    """

    case = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="suspensions")
    proposal = models.OneToOneField(
        SuspensionProposal, on_delete=models.PROTECT, null=True, blank=True, related_name="suspension"
    )
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    at = models.DateTimeField()
    way = models.CharField(max_length=8, choices=ways)
    person = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    agreed_at = models.DateTimeField()
    resumes_when = SharedCharField(max_length=500)
    resumes_on = models.DateField(null=True, blank=True)

    objects = SuspensionQuerySet.as_manager()

    class Meta:
        verbose_name = _("suspension")
        verbose_name_plural = _("suspensions")
        ordering = ("at", "pk")
        constraints = (
            models.CheckConstraint(
                condition=models.Q(way=Way.SILENCE, person=None)
                | (~models.Q(way=Way.SILENCE) & models.Q(person__isnull=False)),
                name="suspended_by_consent_or_after_silence",
            ),
        )

    def __str__(self) -> str:
        return f"{self.case.number} {self.get_way_display()}"
