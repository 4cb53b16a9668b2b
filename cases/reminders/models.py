"""When customers are reminded of what is waited for, and that they were."""

from __future__ import annotations

from django.contrib.postgres.fields import ArrayField
from django.core.exceptions import ValidationError
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.utils.translation import gettext_lazy as _

from cases.models import Case

AT_MOST = 250
"""Working days: a year."""


def _default_days() -> list[int]:
    return [3, 7, 12]


class ReminderPlan(models.Model):
    """After how many working days of silence a customer is reminded, and when the case is closed for the
    time being. One row; without one the defaults are in force."""

    days = ArrayField(
        models.PositiveSmallIntegerField(validators=(MinValueValidator(1), MaxValueValidator(AT_MOST))),
        verbose_name=_("remind after so many working days"),
        default=_default_days,
        blank=True,
        size=10,
        help_text=_("Rising, with commas between, for example 3,7,12. Empty: nobody is reminded."),
    )
    suspend_after = models.PositiveSmallIntegerField(
        _("working days from the last reminder to the closing for the time being"),
        default=3,
        validators=(MinValueValidator(1), MaxValueValidator(AT_MOST)),
        help_text=_("The last reminder names the day."),
    )

    class Meta:
        verbose_name = _("reminder plan")
        verbose_name_plural = _("reminder plan")

    def __str__(self) -> str:
        return ", ".join(map(str, self.days))

    def clean(self) -> None:
        """Raises ``ValidationError`` unless the days rise."""
        if any(later <= earlier for earlier, later in zip(self.days, self.days[1:], strict=False)):
            raise ValidationError({"days": _("Each day is later than the one before it.")})

    @classmethod
    def in_force(cls) -> ReminderPlan:
        """The one row, or the defaults."""
        return cls.objects.order_by("pk").first() or cls()


class Reminder(models.Model):
    """The ``number``-th reminder since a customer was last heard of, of ``total``; never changed.

    ``suspends_at``: of the last one, when the case will be closed for the time being.
    """

    case = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="reminders")
    since = models.DateTimeField()
    number = models.PositiveSmallIntegerField()
    total = models.PositiveSmallIntegerField()
    at = models.DateTimeField()
    suspends_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        verbose_name = _("reminder")
        verbose_name_plural = _("reminders")
        ordering = ("at", "pk")
        constraints = (
            models.UniqueConstraint(fields=("case", "since", "number"), name="each_reminder_once"),
        )

    def __str__(self) -> str:
        return f"{self.number}/{self.total}"
