"""Closing a case for the time being: the customer by herself, the engineer with her recorded consent."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from accounts.errors import Refusal
from cases.lookups import user_of, visible_case
from cases.pauses import services
from cases.pauses.forms import PauseForm, SuspendForm
from cases.pauses.models import ConsentWay


@require_http_methods(["GET", "HEAD", "POST"])
@login_required
def suspend(request: HttpRequest, number: str) -> HttpResponse:
    """Asks what the case goes on with, the engineer also who agreed, how and when."""
    case = visible_case(request, number, "contact", "organisation")
    user = user_of(request)
    form: PauseForm = (
        SuspendForm(request.POST or None, case=case) if user.is_vendor else PauseForm(request.POST or None)
    )
    status = 200
    if request.method == "POST":
        status = 422
        if form.is_valid():
            facts = dict(form.cleaned_data)
            try:
                if user.is_vendor:
                    facts["way"] = ConsentWay(facts["way"])
                    services.suspend(case, by=user, **facts)
                else:
                    services.pause(case, by=user, **facts)
            except Refusal as refusal:
                form.add_error(None, str(refusal))
                status = refusal.status
            else:
                messages.success(request, _("The case is closed for the time being."))
                return redirect(case)
    context = {"case": case, "form": form, "here": request.path}
    return render(request, "cases/pauses/suspend.html", context, status=status)
