"""When a person wants to be reminded of a case: hers alone."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING, Self

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from cases import rights, times
from cases.models import Case
from cases.status import Turn

if TYPE_CHECKING:
    from accounts.models import User


class OwnReminderQuerySet(models.QuerySet["OwnReminder"]):
    """Look-ups of reminders."""

    def visible_to(self, user: User) -> Self:
        """This person's own, of cases that she sees."""
        return self.filter(person=user.pk, case__in=Case.objects.visible_to(user))

    def in_force(self) -> Self:
        """Those that nothing has ended."""
        return self.filter(ended_at=None)

    def due(self, now: datetime) -> Self:
        """Those in force whose time has come."""
        return self.in_force().filter(due_at__lte=now)


class OwnReminder(models.Model):
    """One reminder; a person has one in force of a case at most. ``told_at``: when she was reminded.
    ``ended_at``: when she withdrew it, a customer was told, or a colleague's customer answered. ``replaced``:
    the one that it took the place of."""

    person = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="own_reminders"
    )
    case = models.ForeignKey(Case, on_delete=models.CASCADE, related_name="own_reminders")
    due_at = models.DateTimeField(_("due"))
    made_at = models.DateTimeField(_("made"))
    told_at = models.DateTimeField(_("told"), null=True, blank=True)
    ended_at = models.DateTimeField(_("ended"), null=True, blank=True)
    replaced = models.OneToOneField(
        "self", on_delete=models.SET_NULL, null=True, blank=True, related_name="replaced_by"
    )

    objects = OwnReminderQuerySet.as_manager()

    class Meta:
        verbose_name = _("own reminder")
        verbose_name_plural = _("own reminders")
        ordering = ("due_at", "pk")
        constraints = (
            models.UniqueConstraint(
                fields=("person", "case"), condition=models.Q(ended_at=None), name="one_own_reminder_a_case"
            ),
        )
        indexes = (
            models.Index(fields=("due_at",), condition=models.Q(ended_at=None), name="own_reminder_due"),
        )

    def __str__(self) -> str:
        return times.minute(self.due_at)

    @property
    def is_of_use(self) -> bool:
        """Whether she still sees the case and, where she is a customer, something is still asked of her."""
        asked = self.person.is_vendor or self.case.status_facts.turn is Turn.CUSTOMER
        return asked and rights.may_be_reminded(self.person, self.case)
