"""On which days people work: the week, and single days that differ from it."""

from __future__ import annotations

from django.contrib.postgres.fields import ArrayField
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.utils.translation import gettext_lazy as _


def monday_to_friday() -> list[int]:
    """By ISO 8601."""
    return [1, 2, 3, 4, 5]


class WorkingCalendar(models.Model):
    """The days of the week on which people work, as ISO 8601 counts them: 1 is Monday. One row; without one
    Monday to Friday are in force."""

    weekdays = ArrayField(
        models.PositiveSmallIntegerField(validators=(MinValueValidator(1), MaxValueValidator(7))),
        verbose_name=_("people work on"),
        default=monday_to_friday,
        size=7,
    )

    class Meta:
        verbose_name = _("working days")
        verbose_name_plural = _("working days")
        constraints = (
            # Whoever counts working days would never end.
            models.CheckConstraint(condition=models.Q(weekdays__len__gt=0), name="some_day_is_worked"),
        )

    def __str__(self) -> str:
        return str(_("Working days"))

    @classmethod
    def in_force(cls) -> WorkingCalendar:
        """The one row, or the default."""
        return cls.objects.order_by("pk").first() or cls()


class SpecialDay(models.Model):
    """One day that differs from its weekday: a holiday, or a day that is worked in exchange (调休)."""

    calendar = models.ForeignKey(WorkingCalendar, on_delete=models.CASCADE, related_name="special_days")
    day = models.DateField(_("day"))
    is_worked = models.BooleanField(
        _("what it is"), choices=((False, _("Holiday")), (True, _("Make-up working day"))), default=False
    )
    name = models.CharField(_("name"), max_length=100, blank=True)

    class Meta:
        verbose_name = _("day that differs")
        verbose_name_plural = _("days that differ")
        ordering = ("day",)
        constraints = (models.UniqueConstraint(fields=("calendar", "day"), name="each_special_day_once"),)

    def __str__(self) -> str:
        return f"{self.day.isoformat()} {self.name}".strip()
