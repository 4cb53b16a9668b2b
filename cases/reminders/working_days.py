"""Days on which people work: Monday to Friday, where the portal stands."""

from datetime import date, datetime, timedelta

from cases import times


def is_working_day(day: date) -> bool:
    """Whether people work on this day; the one place that would know holidays."""
    return day.weekday() < 5


def after_working_days(moment: datetime, days: int) -> datetime:
    """The moment of the same time of day, so many working days later."""
    passed = 0
    start = times.day_of(moment)
    while days > 0:
        passed += 1
        if is_working_day(start + timedelta(days=passed)):
            days -= 1
    return moment + timedelta(days=passed)
