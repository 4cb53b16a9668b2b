"""What the case page shows of appointments."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.db.models import Prefetch

from cases.appointments.forms import RecordForm
from cases.appointments.models import Appointment, AppointmentState

if TYPE_CHECKING:
    from accounts.models import User
    from cases.models import Case


def prefetched() -> Prefetch[Any]:
    """What ``times_asked`` and ``context`` read of many cases."""
    rows = Appointment.objects.select_related("made_by", "answered_by", "recorded_by", "ended_by")
    return Prefetch("appointments", rows.prefetch_related("times"))


def times_asked(case: Case) -> Appointment | None:
    """The appointment whose times wait for the customer's choice; none on a closed case, nor where all of
    them are over."""
    if case.status_facts.is_closed:
        return None
    proposed = (row for row in case.appointments.all() if row.state == AppointmentState.PROPOSED)
    return next((row for row in proposed if row.can_be_chosen), None)


def context(case: Case, user: User) -> dict[str, object]:
    """The variables of templates/cases/appointments/panel.html and turn.html."""
    newest = next(iter(case.appointments.all()), None)
    if newest is not None and not (newest.is_ahead or (user.is_vendor and newest.is_unsettled)):
        newest = None
    form = None
    if newest is not None and newest.is_unsettled and user.is_vendor:
        form = RecordForm(appointment=newest)
    return {"appointment": newest, "appointment_answer": form, "times_asked": times_asked(case)}
