"""How times are told to people: near ones by day and distance, all in the portal's time zone.

Moments are aware and stored in UTC; which day one of them is, is asked here alone.
"""

from datetime import date, datetime, timedelta

from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

WEEKDAYS = (
    gettext_lazy("Mon %(clock)s"),
    gettext_lazy("Tue %(clock)s"),
    gettext_lazy("Wed %(clock)s"),
    gettext_lazy("Thu %(clock)s"),
    gettext_lazy("Fri %(clock)s"),
    gettext_lazy("Sat %(clock)s"),
    gettext_lazy("Sun %(clock)s"),
)


def span(length: timedelta, *, roughly: bool = False) -> str:
    """A length in its two largest units: “12 min”, “1 h 52 min”, “2 d 4 h”; never negative.

    ``roughly``: in its largest one.
    """
    minutes = max(0, int(length.total_seconds() // 60))
    hours, days = minutes // 60, minutes // 1440
    if days and (roughly or days >= 3):
        return _("%(days)s d") % {"days": days}
    if days:
        return _("%(days)s d %(hours)s h") % {"days": days, "hours": hours % 24}
    if hours and roughly:
        return _("%(hours)s h") % {"hours": hours}
    if hours:
        return _("%(hours)s h %(minutes)s min") % {"hours": hours, "minutes": minutes % 60}
    return _("%(minutes)s min") % {"minutes": minutes}


def ago(moment: datetime, now: datetime | None = None) -> str:
    """A past time for lists: “5 min ago”, “3 h ago”, then the day."""
    now = now or timezone.now()
    minutes = int((now - moment).total_seconds() // 60)
    if minutes < 1:
        return _("just now")
    if minutes < 60:
        return _("%(minutes)s min ago") % {"minutes": minutes}
    if minutes < 12 * 60:
        return _("%(hours)s h ago") % {"hours": minutes // 60}
    return day_and_clock(moment, now)


def day_and_clock(moment: datetime, now: datetime | None = None) -> str:
    """A time by its day as people say it: “today 16:00”, “Mon 18:36”, “11-27 10:18”."""
    local, here = timezone.localtime(moment), timezone.localtime(now)
    clock = f"{local:%H:%M}"
    days = (local.date() - here.date()).days
    if days == 0:
        return _("today %(clock)s") % {"clock": clock}
    if days == 1:
        return _("tomorrow %(clock)s") % {"clock": clock}
    if days == -1:
        return _("yesterday %(clock)s") % {"clock": clock}
    if -6 < days < 7:
        return str(WEEKDAYS[local.weekday()] % {"clock": clock})
    if local.year == here.year:
        return f"{local:%m-%d} {clock}"
    return f"{local:%Y-%m-%d} {clock}"


def day_of(moment: datetime) -> date:
    """The day that it is then where the portal stands."""
    return timezone.localtime(moment).date()


def day(moment: datetime) -> str:
    """The day in figures: “2020-11-27”."""
    return f"{timezone.localtime(moment):%Y-%m-%d}"


def minute(moment: datetime) -> str:
    """Day and clock in figures: “2020-11-27 10:18”."""
    return f"{timezone.localtime(moment):%Y-%m-%d %H:%M}"


def short_day(moment: datetime, now: datetime | None = None) -> str:
    """The day in figures, with its year where that is another one: “11-27”, “2019-12-31”."""
    local, here = timezone.localtime(moment), timezone.localtime(now)
    return f"{local:%m-%d}" if local.year == here.year else f"{local:%Y-%m-%d}"


def with_zone(moment: datetime) -> str:
    """Day, clock and distance from UTC, for times that people of several zones compare."""
    local = timezone.localtime(moment)
    away = f"{local:%z}"
    return f"{local:%Y-%m-%d %H:%M} (UTC{away[:3]}:{away[3:5]})"


def exact(moment: datetime) -> str:
    """The whole time with its zone, for hovering."""
    return f"{timezone.localtime(moment):%Y-%m-%d %H:%M:%S (UTC%z)}"
