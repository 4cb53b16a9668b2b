"""When customer and engineer talk: times that are proposed, the one that is agreed, and how it ended."""

from __future__ import annotations

import uuid
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Self

from django.conf import settings
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.shared_text import SharedCharField, SharedTextField
from cases import times
from cases.answers.models import Answerable
from cases.models import Case, Message

if TYPE_CHECKING:
    from accounts.models import User


class AppointmentState(models.TextChoices):
    """How far it has come."""

    PROPOSED = "proposed", _("Waiting for the customer's word")
    AGREED = "agreed", _("Agreed")
    DECLINED = "declined", _("None of the times suits")
    MOVED = "moved", _("Replaced by newer times")
    CANCELLED = "cancelled", _("Cancelled")


class Medium(models.TextChoices):
    """By what they talk."""

    PHONE = "phone", _("Phone")
    REMOTE = "remote", _("Remote session")


class AppointmentQuerySet(models.QuerySet["Appointment"]):
    """Look-ups of appointments."""

    def visible_to(self, user: User) -> Self:
        """Those of the cases this person may see."""
        return self.filter(case__in=Case.objects.visible_to(user))


class Appointment(Answerable):
    """Times proposed by one entry of the thread, and what became of them.

    ``uid`` and ``sequence`` are its name and state in calendars (RFC 5545); what is moved keeps the
    ``uid``. ``reason`` is a person's own (hostile text).
    """

    case = models.ForeignKey(Case, on_delete=models.CASCADE, related_name="appointments")
    message = models.OneToOneField(Message, on_delete=models.PROTECT, related_name="appointment")
    made_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    made_at = models.DateTimeField(_("proposed"))
    medium = models.CharField(_("medium"), max_length=10, choices=Medium)
    minutes = models.PositiveSmallIntegerField(_("minutes"))
    note = SharedTextField(_("note"), blank=True)
    state = models.CharField(
        _("state"), max_length=10, choices=AppointmentState, default=AppointmentState.PROPOSED
    )
    uid = models.UUIDField(default=uuid.uuid4, editable=False)
    sequence = models.PositiveIntegerField(default=0, editable=False)
    starts_at = models.DateTimeField(_("agreed time"), null=True)
    ended_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+"
    )
    ended_at = models.DateTimeField(_("moved or cancelled"), null=True)
    reason = SharedCharField(_("reason"), max_length=500, blank=True)

    objects = AppointmentQuerySet.as_manager()

    class Meta:
        verbose_name = _("appointment")
        verbose_name_plural = _("appointments")
        ordering = ("-made_at", "-pk")

    def __str__(self) -> str:
        return times.minute(self.starts_at or self.made_at)

    @property
    def proposed_times(self) -> list[datetime]:
        """The times to choose from, in order."""
        return [time.starts_at for time in self.times.all()]

    @property
    def ends_at(self) -> datetime | None:
        """The end of the agreed time."""
        return self.starts_at + timedelta(minutes=self.minutes) if self.starts_at else None

    @property
    def is_ahead(self) -> bool:
        """Whether it is agreed and not over."""
        ends_at = self.ends_at
        return self.state == AppointmentState.AGREED and ends_at is not None and ends_at > timezone.now()

    @property
    def can_be_chosen(self) -> bool:
        """Whether one of its times is still ahead."""
        return any(start > timezone.now() for start in self.proposed_times)

    @property
    def is_unsettled(self) -> bool:
        """Whether a time may still be agreed to."""
        return self.state in {AppointmentState.PROPOSED, AppointmentState.DECLINED}


class ProposedTime(models.Model):
    """One time to choose from."""

    appointment = models.ForeignKey(Appointment, on_delete=models.CASCADE, related_name="times")
    starts_at = models.DateTimeField()

    class Meta:
        ordering = ("starts_at",)

    def __str__(self) -> str:
        return times.with_zone(self.starts_at)
