"""Setting a reminder of one's own, withdrawing it, and taking either back."""

from datetime import datetime

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.dateparse import parse_date
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from accounts.errors import Refusal
from cases import times
from cases.lookups import user_of, visible_case
from cases.own_reminders import services
from cases.own_reminders.errors import NotThen
from cases.own_reminders.models import OwnReminder


@require_POST
@login_required
def remind(request: HttpRequest, number: str) -> HttpResponse:
    """Sets one: ``when`` names a usual time, or is ``day`` with the day beside it."""
    user, case = user_of(request), visible_case(request, number)
    try:
        reminder = services.remind(case, by=user, due_at=_moment(request))
    except NotThen as refusal:
        messages.error(request, str(refusal))
    else:
        _say(request, _("You will be reminded: %(when)s.") % {"when": _when(reminder)}, reminder)
    return _back(request, number)


@require_POST
@login_required
def withdraw(request: HttpRequest, number: str, reminder_id: int) -> HttpResponse:
    """Ends one."""
    reminder = _own(request, number, reminder_id)
    services.withdraw(reminder)
    _say(request, _("You will not be reminded of %(number)s.") % {"number": number}, reminder)
    return _back(request, number)


@require_POST
@login_required
def undo(request: HttpRequest, number: str, reminder_id: int) -> HttpResponse:
    """Takes the last click back."""
    reminder = _own(request, number, reminder_id)
    try:
        services.undo(reminder)
    except Refusal as refusal:
        messages.error(request, str(refusal))
    else:
        in_force = OwnReminder.objects.visible_to(user_of(request)).in_force().filter(case=reminder.case_id)
        said = _("Taken back. You will not be reminded.")
        if (again := in_force.first()) is not None:
            said = _("Taken back. You will be reminded: %(when)s.") % {"when": _when(again)}
        messages.success(request, said)
    return _back(request, number)


def _own(request: HttpRequest, number: str, reminder_id: int) -> OwnReminder:
    own = OwnReminder.objects.visible_to(user_of(request)).select_related("case", "replaced")
    return get_object_or_404(own, pk=reminder_id, case__number=number)


def _moment(request: HttpRequest) -> datetime:
    """Raises ``NotThen`` where nothing was chosen that is a time."""
    chosen = request.POST.get("when", "")
    usual = {preset.name: preset.due_at for preset in services.presets(timezone.now())}
    if chosen in usual:
        return usual[chosen]
    try:
        day = parse_date(request.POST.get("day", "")[:10])
    except ValueError:
        day = None
    if day is None or day.year > 9000:
        raise NotThen()
    return services.on(day)


def _when(reminder: OwnReminder) -> str:
    return times.day_and_clock(reminder.due_at)


def _say(request: HttpRequest, sentence: str, reminder: OwnReminder) -> None:
    """With the button that takes it back."""
    address = reverse("own-reminder-undo", args=[reminder.case.number, reminder.pk])
    messages.success(request, sentence, extra_tags=address)


def _back(request: HttpRequest, number: str) -> HttpResponse:
    """To the page where she clicked."""
    address = request.POST.get("next", "")
    if url_has_allowed_host_and_scheme(address, allowed_hosts=None):
        return redirect(address)
    return redirect("case", number=number)
