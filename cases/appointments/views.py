"""Proposing times, answering, calling off, and the file for calendars."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts.errors import NotAllowed, Refusal
from cases.appointments import services as appointments
from cases.appointments.calendar_file import ics_of
from cases.appointments.errors import NotInACalendar, NotProposed
from cases.appointments.forms import AnswerForm, CancelForm, ProposeForm, RecordForm
from cases.appointments.models import Appointment, Medium
from cases.lookups import case_to_move_on, user_of


def _appointment(request: HttpRequest, number: str, appointment_id: int) -> Appointment:
    rows = Appointment.objects.visible_to(user_of(request)).select_related(
        "case__contact", "made_by", "answered_by"
    )
    return get_object_or_404(rows, pk=appointment_id, case__number=number)


@require_http_methods(["GET", "HEAD", "POST"])
@login_required
def propose(request: HttpRequest, number: str) -> HttpResponse:
    """The form; what it proposes replaces an appointment that is still open or ahead."""
    user, case = user_of(request), case_to_move_on(request, number, "contact")
    form = ProposeForm(request.POST or None)
    status = 200
    if request.method == "POST":
        status = 422
        if form.is_valid():
            facts = form.cleaned_data
            try:
                appointment = appointments.propose(
                    case,
                    by=user,
                    starts=form.starts(),
                    minutes=facts["minutes"],
                    medium=Medium(facts["medium"]),
                    note=facts["note"],
                )
            except Refusal as refusal:
                form.add_error(None, str(refusal))
                status = refusal.status
            else:
                messages.success(request, _("The times are proposed; the customer is asked to choose one."))
                return redirect(f"{case.get_absolute_url()}#entry-{appointment.message_id}")
    context = {"case": case, "form": form, "current": appointments.current(case), "here": request.path}
    return render(request, "cases/appointments/form.html", context, status=status)


@require_POST
@login_required
def answer(request: HttpRequest, number: str, appointment_id: int) -> HttpResponse:
    """The customer chooses a time or says when it suits; an engineer notes down what she said."""
    user, appointment = user_of(request), _appointment(request, number, appointment_id)
    record = RecordForm(request.POST, appointment=appointment) if user.is_vendor else None
    form = record or AnswerForm(request.POST, appointment=appointment)
    status = 422
    if form.is_valid():
        heard = record.heard() if record else None
        try:
            if form.declines():
                appointments.decline(appointment, form.cleaned_data["words"], by=user, heard=heard)
            else:
                start = form.start()
                if start is None:
                    raise NotProposed()
                appointments.agree(appointment, start, by=user, words=form.cleaned_data["words"], heard=heard)
        except NotAllowed:
            raise
        except Refusal as refusal:
            form.add_error(None, str(refusal))
            status = refusal.status
        else:
            messages.success(request, _("Thank you, your word is noted.") if not heard else _("Noted."))
            return redirect(appointment.case)
    context = {"case": appointment.case, "appointment": appointment, "form": form, "here": request.path}
    return render(request, "cases/appointments/answer.html", context, status=status)


@require_POST
@login_required
def cancel(request: HttpRequest, number: str, appointment_id: int) -> HttpResponse:
    """Calls it off."""
    appointment = _appointment(request, number, appointment_id)
    form = CancelForm(request.POST)
    status = 422
    if form.is_valid():
        try:
            appointments.cancel(appointment, by=user_of(request), reason=form.cleaned_data["reason"])
        except NotAllowed:
            raise
        except Refusal as refusal:
            form.add_error(None, str(refusal))
            status = refusal.status
        else:
            messages.success(request, _("The appointment is cancelled."))
            return redirect(appointment.case)
    context = {"case": appointment.case, "appointment": appointment, "form": form, "here": request.path}
    return render(request, "cases/appointments/cancel.html", context, status=status)


@require_safe
@login_required
def calendar(request: HttpRequest, number: str, appointment_id: int) -> HttpResponse:
    """The agreed time for a calendar; nothing where none is agreed."""
    appointment = _appointment(request, number, appointment_id)
    try:
        body = ics_of(appointment)
    except NotInACalendar as refusal:
        raise Http404 from refusal
    response = HttpResponse(body, content_type="text/calendar; charset=utf-8")
    response["Content-Disposition"] = f'attachment; filename="{appointment.case.number}.ics"'
    response["Cache-Control"] = "private, no-store"
    return response
