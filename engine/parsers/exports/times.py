"""Times as exports of event logs write them: by the user's own format, or as ISO 8601.

``2021/5/7 9:00:00``, ``2021/5/7 上午 9:00:00``, ``5/7/2021 9:00:00 AM``, ``07.05.2021 09:00:00``,
``2021-05-07T09:00:00.0000000Z``, ``/Date(1620349200000)/``. Source: Microsoft, "Standard date and time
format strings"; the JavaScriptSerializer's form of dates. Which of day and month comes first, where
the year is last, is told from all dates of the file together.
"""

import re
from collections.abc import Iterable
from datetime import UTC, datetime, timedelta

MAX_LENGTH = 60
_STAMP = re.compile(
    r"(?P<a>\d{1,4})(?:[-/.年] ?)(?P<b>\d{1,2})(?:[-/.月] ?)(?P<c>\d{1,4})日?(?:\.? |T|, )? ?(?"
    r"P<before>上午|下午|AM|PM)? ?"
    r"(?P<hour>\d{1,2})[:.时](?P<minute>\d{2})(?:[:.分](?P<second>\d{2})秒?(?:[.,:](?P<fraction>\d{1,9}))?)?"
    r" ?(?P<after>[AaPp]\.?[Mm]\.?|上午|下午)?(?P<zone>Z|[+-]\d{2}:?\d{2})?",
)
_TICKS = re.compile(r"/?\\?/?Date\((-?\d{1,14})")
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_WEEKDAY = re.compile(r"^(?:[A-Za-z]{3,9}|星期.|周.),? |(?: ?(?:星期|周)[一二三四五六日天],?)")
_ODD = str.maketrans({"\u200e": "", "\u200f": "", "\u202f": " ", "\u00a0": " "})
"""Marks of direction, and the narrow blank before AM and PM of newer systems."""


class Clock:
    """Reads the times of one file. ``day_first`` holds where the year comes last; ``sure`` is false where no
    date of the file shows which it is."""

    def __init__(self, samples: Iterable[str] = ()) -> None:
        firsts, seconds, halves = 0, 0, False
        for sample in samples:
            stamp = _matched(sample)
            if stamp is None or len(stamp["a"]) == 4:
                continue
            firsts, seconds = max(firsts, int(stamp["a"])), max(seconds, int(stamp["b"]))
            halves = halves or bool(stamp["before"] or stamp["after"]) or "/" in sample
        self.sure = firsts > 12 or seconds > 12 or not firsts
        self.day_first = firsts > 12 or (seconds <= 12 and not halves)

    def read(self, written: str) -> str | None:
        """As the index keeps it, without ``Z`` where no zone is written; ``None`` for what is no time."""
        if ticks := _TICKS.match(written.strip()[:MAX_LENGTH]):
            return utc_text(_EPOCH, timedelta(milliseconds=int(ticks[1])))
        stamp = _matched(written)
        if stamp is None:
            return None
        year, month, day = stamp["a"], stamp["b"], stamp["c"]
        if len(year) != 4:
            year, month, day = (day, month, year) if self.day_first else (day, year, month)
        hour = int(stamp["hour"])
        half = (stamp["before"] or stamp["after"] or "").replace(".", "").upper()
        if half in {"PM", "下午"} and hour < 12:
            hour += 12
        elif half in {"AM", "上午"} and hour == 12:
            hour = 0
        fraction = (stamp["fraction"] or "")[:6].ljust(6, "0")
        try:
            moment = datetime(  # noqa: DTZ001  Its zone stands behind it, or is not known yet.
                int(year),
                int(month),
                int(day),
                hour,
                int(stamp["minute"]),
                int(stamp["second"] or 0),
                int(fraction),
            )
        except ValueError:
            return None
        return _with_zone(moment, stamp["zone"])


def utc_text(start: datetime, after: timedelta) -> str | None:
    """A moment in the index's form; ``None`` beyond the years 1 to 9999."""
    try:
        return (start + after).astimezone(UTC).isoformat(timespec="microseconds").replace("+00:00", "Z")
    except (OverflowError, ValueError):
        return None


def _matched(written: str) -> re.Match[str] | None:
    plain = written[:MAX_LENGTH].translate(_ODD).strip()
    return _STAMP.match(_WEEKDAY.sub(" ", plain).strip())


def _with_zone(moment: datetime, zone: str | None) -> str | None:
    if zone is None:
        return moment.isoformat(timespec="microseconds")
    if zone == "Z":
        return moment.isoformat(timespec="microseconds") + "Z"
    digits = zone[1:].replace(":", "")
    offset = timedelta(hours=int(digits[:2]), minutes=int(digits[2:]))
    return utc_text(moment.replace(tzinfo=UTC), offset if zone[0] == "-" else -offset)
