"""An agreed appointment as a file for calendars: RFC 5545, and RFC 5546 for REQUEST and CANCEL."""

from __future__ import annotations

from email.utils import parseaddr

from django.conf import settings
from django.utils import translation
from icalendar import Calendar, Event, vCalAddress, vText

from cases.appointments.errors import NotInACalendar
from cases.appointments.models import Appointment, AppointmentState
from engine.text_safety import one_line, plain


def ics_of(appointment: Appointment) -> bytes:
    """The file, in the contact's language: REQUEST while it is agreed, CANCEL once it is moved or called off.

    The same UID throughout, a higher SEQUENCE each time. The portal is the organizer, so that a calendar's
    answer reaches no engineer's own mailbox. Raises ``NotInACalendar`` where no time was ever agreed.
    """
    if appointment.starts_at is None or appointment.ends_at is None:
        raise NotInACalendar()
    case, stands = appointment.case, appointment.state == AppointmentState.AGREED
    calendar, event = Calendar(), Event()
    calendar.add("prodid", "-//Anjuan//Anjuan//EN")
    calendar.add("version", "2.0")
    calendar.add("method", "REQUEST" if stands else "CANCEL")
    event.add("uid", f"{appointment.uid}@{_domain()}")
    event.add("sequence", appointment.sequence)
    event.add("dtstamp", appointment.ended_at or appointment.answered_at or appointment.made_at)
    event.add("dtstart", appointment.starts_at)
    event.add("dtend", appointment.ends_at)
    event.add("status", "CONFIRMED" if stands else "CANCELLED")
    with translation.override(case.contact.language):
        event.add("summary", f"{case.number} {one_line(plain(case.title))}")
        event.add("location", appointment.get_medium_display())
    address = f"{settings.PORTAL_URL}{case.get_absolute_url()}"
    event.add("description", f"{plain(appointment.note)}\n\n{address}".strip())
    event.add("url", address)
    organizer = vCalAddress(f"mailto:{parseaddr(settings.DEFAULT_FROM_EMAIL)[1]}")
    organizer.params["cn"] = vText(_name(appointment.made_by.name))
    event["organizer"] = organizer
    invited = {case.contact_id: case.contact}
    if appointment.answered_by is not None:
        invited[appointment.answered_by.pk] = appointment.answered_by
    for person in invited.values():
        attendee = vCalAddress(f"mailto:{person.email}")
        attendee.params["cn"] = vText(_name(person.name))
        attendee.params["partstat"] = vText("ACCEPTED")
        attendee.params["rsvp"] = vText("FALSE")
        event.add("attendee", attendee, encode=False)
    calendar.add_component(event)
    return bytes(calendar.to_ical())


def _domain() -> str:
    return parseaddr(settings.DEFAULT_FROM_EMAIL)[1].rpartition("@")[2] or "localhost"


def _name(name: str) -> str:
    # A parameter may hold no quotation mark, whatever stands around it.
    return one_line(plain(name)).replace('"', "'")
