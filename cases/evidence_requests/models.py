"""What a customer is asked to collect: one request of named items, and what has become of each."""

from __future__ import annotations

from typing import TYPE_CHECKING, Self

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from accounts.shared_text import SharedCharField, SharedTextField
from cases import times
from cases.evidence_requests import kinds
from cases.models import Case, Message

if TYPE_CHECKING:
    from accounts.models import User


class ItemState(models.TextChoices):
    """Whether an item is still waited for."""

    OPEN = "open", _("Still missing")
    ARRIVED = "arrived", _("Arrived")
    UNAVAILABLE = "unavailable", _("Cannot be sent")
    WAIVED = "waived", _("Not needed any more")


class Closing(models.TextChoices):
    """How a request ended; an open one has none."""

    FULFILLED = "fulfilled", _("Complete")
    REPLACED = "replaced", _("Replaced by a newer one")
    WITHDRAWN = "withdrawn", _("Withdrawn")


class EvidenceRequestQuerySet(models.QuerySet["EvidenceRequest"]):
    """Requests of cases."""

    def visible_to(self, user: User) -> Self:
        """Those of the cases this person may see."""
        return self.filter(case__in=Case.objects.visible_to(user))

    def open(self) -> Self:
        """Those that something is still waited for by."""
        return self.filter(closed_at=None)


class EvidenceRequest(models.Model):
    """What was asked for at one time; a case has one open request at most.

    ``since`` and ``until`` are the time that the material should cover, either may be open.
    ``note`` is the engineer's own words to the customer.
    """

    case = models.ForeignKey(Case, on_delete=models.CASCADE, related_name="evidence_requests")
    message = models.OneToOneField(Message, on_delete=models.PROTECT, related_name="evidence_request")
    made_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, verbose_name=_("by"), on_delete=models.PROTECT, related_name="+"
    )
    made_at = models.DateTimeField(_("asked"))
    since = models.DateTimeField(_("from"), null=True, blank=True)
    until = models.DateTimeField(_("until"), null=True, blank=True)
    note = SharedTextField(_("note"), blank=True)
    closed_at = models.DateTimeField(_("closed"), null=True, blank=True)
    closing = models.CharField(_("how it ended"), max_length=10, choices=Closing, blank=True)

    objects = EvidenceRequestQuerySet.as_manager()

    class Meta:
        verbose_name = _("evidence request")
        verbose_name_plural = _("evidence requests")
        ordering = ("-made_at",)
        constraints = (
            models.UniqueConstraint(
                fields=("case",), condition=models.Q(closed_at=None), name="one_open_request_a_case"
            ),
        )

    def __str__(self) -> str:
        return times.minute(self.made_at)

    @property
    def missing(self) -> list[EvidenceItem]:
        """The items that are still waited for, in order."""
        return [item for item in self.items.all() if item.state == ItemState.OPEN]

    @property
    def settled(self) -> int:
        """How many items are not waited for any more."""
        return len(self.items.all()) - len(self.missing)


class EvidenceItemQuerySet(models.QuerySet["EvidenceItem"]):
    """Items of requests."""

    def visible_to(self, user: User) -> Self:
        """Those of the cases this person may see."""
        return self.filter(request__in=EvidenceRequest.objects.visible_to(user))


class EvidenceItem(models.Model):
    """One thing asked for. ``detail``: the log's name, the file's path, or the words of "something
    else". ``found``: what brought it, as far as the portal saw; ``reason``: why it cannot be sent. Both
    are hostile text."""

    request = models.ForeignKey(EvidenceRequest, on_delete=models.CASCADE, related_name="items")
    position = models.PositiveSmallIntegerField()
    kind = models.CharField(_("kind"), max_length=10, choices=kinds.choices)
    detail = SharedCharField(_("which"), max_length=400, blank=True)
    state = models.CharField(_("state"), max_length=12, choices=ItemState, default=ItemState.OPEN)
    settled_at = models.DateTimeField(null=True, blank=True)
    settled_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    found = models.CharField(max_length=500, blank=True)
    reason = SharedCharField(max_length=500, blank=True)

    objects = EvidenceItemQuerySet.as_manager()

    class Meta:
        ordering = ("position",)

    def __str__(self) -> str:
        return f"{self.kind} {self.detail}".strip()
