"""Correcting what a case says of itself."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from accounts.errors import Refusal
from cases.corrections.forms import CorrectionForm
from cases.corrections.services import correct
from cases.lookups import case_to_move_on, user_of


@require_http_methods(["GET", "HEAD", "POST"])
@login_required
def edit(request: HttpRequest, number: str) -> HttpResponse:
    """Title, severity, product and edition, contact and queue."""
    case = case_to_move_on(request, number, "contact", "organisation", "queue")
    user = user_of(request)
    form = CorrectionForm(request.POST or None, case=case)
    status = 200
    if request.method == "POST":
        status = 422
        if form.is_valid():
            try:
                # What she has not touched may have been corrected by somebody else meanwhile.
                facts = {field: form.cleaned_data[field] for field in form.changed_data}
                changed = correct(case, by=user, **facts)
            except Refusal as refusal:
                form.add_error(None, str(refusal))
                status = refusal.status
            else:
                if changed:
                    messages.success(request, _("Corrected; the history keeps what it was."))
                return redirect(case if case.is_visible_to(user) else "home")
    context = {"case": case, "form": form, "here": request.path}
    return render(request, "cases/corrections/edit.html", context, status=status)
