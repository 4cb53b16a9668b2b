"""When customers are reminded of what is waited for, who of the vendor's is told that they stay silent, and
that it was done."""

from __future__ import annotations

from typing import Any

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


class Level(models.TextChoices):
    """Who of the vendor's is told that a customer stays silent, in the order of their being told."""

    ENGINEER = "engineer", _("Engineer")
    MANAGER = "manager", _("Manager")


LEVEL: dict[str, Any] = {
    "validators": (MinValueValidator(1), MaxValueValidator(AT_MOST)),
    "help_text": _("Once for each silence. Empty: never."),
}
"""Of the field of a level."""


class ReminderPlan(models.Model):
    """After how many working days of silence a customer is reminded, an engineer and a manager are told, and
    when the case is closed for the time being. One row; without one the defaults are in force."""

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

    engineer_after = models.PositiveSmallIntegerField(
        _("tell the engineer after so many working days"), default=8, null=True, blank=True, **LEVEL
    )
    manager_after = models.PositiveSmallIntegerField(
        _("tell the managers after so many working days"), default=13, null=True, blank=True, **LEVEL
    )

    class Meta:
        verbose_name = _("reminder plan")
        verbose_name_plural = _("reminder plan")

    def __str__(self) -> str:
        return ", ".join(map(str, self.days))

    def clean(self) -> None:
        """Raises ``ValidationError`` unless the days rise, and whoever is told is told before the closing."""
        if any(later <= earlier for earlier, later in zip(self.days, self.days[1:], strict=False)):
            raise ValidationError({"days": _("Each day is later than the one before it.")})
        if self.engineer_after and self.manager_after and self.manager_after < self.engineer_after:
            raise ValidationError({"manager_after": _("The engineer is told first.")})
        closing = self.closing_day
        for level, day in self.levels.items():
            if closing is not None and closing <= day:
                before = _("Say a day before the case is closed for the time being, which is day %(day)s.")
                raise ValidationError({f"{level}_after": before % {"day": closing}})

    @property
    def levels(self) -> dict[Level, int]:
        """After how many working days of silence each level is told, as far as it is."""
        days = {Level.ENGINEER: self.engineer_after, Level.MANAGER: self.manager_after}
        return {level: day for level, day in days.items() if day is not None}

    @property
    def closing_day(self) -> int | None:
        """The working day of silence on which the case is closed for the time being, if it is."""
        return self.days[-1] + self.suspend_after if self.days else None

    @classmethod
    def in_force(cls) -> ReminderPlan:
        """The one row, or the defaults."""
        return cls.objects.order_by("pk").first() or cls()


class Reminder(models.Model):
    """The ``number``-th reminder of a silence that began at ``since``, of ``total``; never changed.

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


class Escalation(models.Model):
    """That somebody of the vendor's was told of a customer's silence since a moment; never changed.

    ``missing``: how many items of an evidence request were waited for then.
    """

    case = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="escalations")
    since = models.DateTimeField()
    level = models.CharField(max_length=10, choices=Level)
    at = models.DateTimeField()
    missing = models.PositiveSmallIntegerField()

    class Meta:
        verbose_name = _("escalation")
        verbose_name_plural = _("escalations")
        ordering = ("at", "pk")
        constraints = (
            models.UniqueConstraint(fields=("case", "since", "level"), name="each_escalation_once"),
        )

    def __str__(self) -> str:
        return f"{self.level} {self.case_id}"
