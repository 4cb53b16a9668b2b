"""Whether a day is worked, and which day lies so many working days ahead, where the portal stands."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta

from cases import times
from cases.working_days.models import SpecialDay, WorkingCalendar


@dataclass(frozen=True)
class WorkingDays:
    """A calendar as it was when it was read. ``weekdays``: ISO 8601, 1 is Monday, at least one of them;
    ``special``: whether single days are worked that differ.

    Raises ``ValueError`` where no weekday is worked.
    """

    weekdays: frozenset[int]
    special: Mapping[date, bool] = field(default_factory=dict)

    def __post_init__(self) -> None:
        if not self.weekdays & set(range(1, 8)):
            raise ValueError("no weekday is worked")

    @classmethod
    def in_force(cls) -> WorkingDays:
        """The portal's, in two queries: read it once for all that is counted together."""
        calendar = WorkingCalendar.in_force()
        days = SpecialDay.objects.filter(calendar=calendar.pk).values_list("day", "is_worked")
        return cls(frozenset(calendar.weekdays), dict(days))

    def is_working_day(self, day: date) -> bool:
        """Whether people work on this day."""
        return self.special.get(day, day.isoweekday() in self.weekdays)

    def after(self, moment: datetime, days: int) -> datetime:
        """The moment of the same time of day, so many working days later."""
        passed = 0
        start = times.day_of(moment)
        while days > 0:
            passed += 1
            if self.is_working_day(start + timedelta(days=passed)):
                days -= 1
        return moment + timedelta(days=passed)
