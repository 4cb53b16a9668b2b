"""What entries and mails say of an appointment, in the language in force; people's own words as they are."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import TYPE_CHECKING

from django.utils.translation import gettext as _

from cases import times
from cases.answers.services import said
from cases.appointments.models import AppointmentState

if TYPE_CHECKING:
    from cases.appointments.models import Appointment


def proposed(appointment: Appointment, starts: Sequence[datetime]) -> str:
    """By what, how long, and the times to choose from."""
    heading = _("%(medium)s, %(minutes)s min. Which of these times suits you?") % _facts(appointment)
    lines = [f"{number}. {times.with_zone(start)}" for number, start in enumerate(starts, 1)]
    return "\n".join([heading, *lines, "", appointment.note]).strip()


def settled(appointment: Appointment) -> str:
    """What has become of it: agreed, declined or called off, with whose word it is."""
    facts = _facts(appointment)
    if appointment.state == AppointmentState.CANCELLED:
        body = _("The appointment is cancelled.")
        if appointment.starts_at:
            body = _("The appointment is cancelled: %(medium)s on %(start)s.") % facts
        return f"{body}\n\n{appointment.reason}".strip()
    if appointment.state == AppointmentState.AGREED:
        body = _("Agreed: %(medium)s on %(start)s, %(minutes)s min.") % facts
    else:
        body = _("None of the proposed times suits.")
    if appointment.recorded_by is not None:
        body = _("%(name)s said %(way)s on %(at)s: %(what)s") % {**said(appointment), "what": body}
    return f"{body}\n\n{appointment.words}".strip()


def _facts(appointment: Appointment) -> dict[str, object]:
    start = times.with_zone(appointment.starts_at) if appointment.starts_at else ""
    return {"medium": appointment.get_medium_display(), "minutes": appointment.minutes, "start": start}
