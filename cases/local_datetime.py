"""A moment as a person says it: by her own clock, about, in the time zone of her computer."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo

from django import forms
from django.forms.utils import to_current_timezone
from django.utils import timezone
from django.utils.dateparse import parse_datetime
from django.utils.translation import gettext_lazy as _

if TYPE_CHECKING:
    from datetime import tzinfo

MIN_MOMENT = datetime(1995, 1, 1, tzinfo=ZoneInfo("UTC"))
MAX_AHEAD = timedelta(minutes=10)
"""Clocks differ a little; a moment further ahead is a slip of the pen."""


class LocalDateTimeInput(forms.DateTimeInput):
    """Day and clock, beside them (hidden, filled by the browser) the time zone that they are meant in."""

    input_type = "datetime-local"
    template_name = "cases/local_datetime.html"

    def value_from_datadict(self, data: Any, files: Any, name: str) -> tuple[str, str]:
        """What was typed and the name of the zone; either may be empty."""
        return data.get(name) or "", data.get(f"{name}_zone") or ""

    def value_omitted_from_data(self, data: Any, files: Any, name: str) -> bool:
        """Whether the form had no such field."""
        return name not in data

    def get_context(self, name: str, value: Any, attrs: dict[str, Any] | None) -> dict[str, Any]:
        """Without a script the portal's own zone counts, and is named."""
        at = value if isinstance(value, datetime) else None
        typed = value[0] if isinstance(value, tuple) else ""
        shown = to_current_timezone(at).isoformat(timespec="minutes") if at else typed
        context = super().get_context(name, shown, attrs)
        context["widget"] |= {
            "value": shown,
            "at": at.isoformat() if at else "",
            "zone": timezone.get_current_timezone_name(),
        }
        return context


class LocalDateTimeField(forms.Field):
    """A moment, aware; ``None`` where nothing was said."""

    widget = LocalDateTimeInput

    def __init__(self, *, may_lie_ahead: bool = False, **kwargs: Any) -> None:
        self.may_lie_ahead = may_lie_ahead
        super().__init__(**kwargs)

    def to_python(self, value: Any) -> datetime | None:
        """Raises ``ValidationError`` with what to write."""
        typed, zone = value if isinstance(value, tuple) else (value, "")
        if not typed or isinstance(typed, datetime):
            return typed or None
        try:
            at = parse_datetime(str(typed).strip()[:40])
        except ValueError:
            at = None
        if at is None:
            raise forms.ValidationError(_("Write day and time, for example 2026-03-09 09:30."))
        try:
            at = at if at.tzinfo else at.replace(tzinfo=_zone(zone))
            ahead = not self.may_lie_ahead and at > timezone.now() + MAX_AHEAD
            if at < MIN_MOMENT:
                raise OverflowError
        except (OverflowError, ValueError):
            raise forms.ValidationError(_("This time lies too far back. Is the year right?")) from None
        if ahead:
            raise forms.ValidationError(_("This time is still to come. Are day and time right?"))
        return at.astimezone(ZoneInfo("UTC"))


def _zone(name: str) -> tzinfo:
    try:
        return ZoneInfo(name) if name else timezone.get_current_timezone()
    except (KeyError, ValueError, OSError):  # Of a name that is none, ZoneInfo raises any of these.
        return timezone.get_current_timezone()
