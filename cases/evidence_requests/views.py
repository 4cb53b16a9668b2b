"""Asking for evidence, and saying what becomes of an item."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from accounts.errors import NotAllowed, Refusal
from cases.evidence_requests import services as evidence_requests
from cases.evidence_requests.forms import CannotSendForm, RequestForm, initial
from cases.evidence_requests.models import EvidenceItem, EvidenceRequest, ItemState
from cases.evidence_requests.presets import PRESETS
from cases.lookups import case_to_move_on, user_of


@require_http_methods(["GET", "HEAD", "POST"])
@login_required
def ask(request: HttpRequest, number: str) -> HttpResponse:
    """The form, filled by a preset or with the open request; POST asks."""
    case = case_to_move_on(request, number, "contact", "engineer")
    former = evidence_requests.open_request(case)
    preset = request.GET.get("preset", "")
    form = RequestForm(request.POST or None, initial=initial(case, preset, former))
    status = 200
    if request.method == "POST":
        status = 422
        if form.is_valid():
            fields = form.cleaned_data
            try:
                evidence_requests.ask(
                    case,
                    by=user_of(request),
                    items=form.items(),
                    since=fields["since"],
                    until=fields["until"],
                    note=fields["note"],
                )
            except Refusal as refusal:
                form.add_error(None, str(refusal))
                status = refusal.status
            else:
                messages.success(request, _("The customer is asked; the case waits for her."))
                return redirect(case)
    context = {
        "case": case,
        "form": form,
        "here": request.path,
        "former": former,
        "presets": PRESETS.items(),
        "preset": preset,
        "needs_path": preset in PRESETS and PRESETS[preset].needs_path,
    }
    return render(request, "cases/evidence_requests/form.html", context, status=status)


@require_POST
@login_required
def withdraw(request: HttpRequest, number: str, request_id: int) -> HttpResponse:
    """Takes an open request back."""
    case = case_to_move_on(request, number, "contact", "engineer")
    asked = get_object_or_404(EvidenceRequest.objects.visible_to(user_of(request)), pk=request_id, case=case)
    try:
        evidence_requests.withdraw(asked, by=user_of(request))
    except Refusal as refusal:
        messages.error(request, str(refusal))
    else:
        messages.success(request, _("Nothing is asked for any more."))
    return redirect(case)


@require_POST
@login_required
def settle(request: HttpRequest, number: str, item_id: int) -> HttpResponse:
    """Says that an item is done, cannot be sent, is not needed, or none of it."""
    items = EvidenceItem.objects.visible_to(user_of(request)).select_related("request__case")
    item = get_object_or_404(items, pk=item_id, request__case__number=number)
    state = request.POST.get("state", "")
    if state not in ItemState.values:
        messages.error(request, _("Choose what has become of the item."))
        return redirect(item.request.case)
    try:
        evidence_requests.settle(
            item, ItemState(state), by=user_of(request), reason=request.POST.get("reason", "")
        )
    except NotAllowed:
        raise
    except Refusal as refusal:
        messages.error(request, str(refusal))
    return redirect(item.request.case)


@require_http_methods(["GET", "HEAD", "POST"])
@login_required
def cannot_send(request: HttpRequest, number: str, item_id: int) -> HttpResponse:
    """Asks the customer whether and why an item cannot be sent."""
    user = user_of(request)
    items = EvidenceItem.objects.visible_to(user).select_related("request__case")
    item = get_object_or_404(items, pk=item_id, request__case__number=number)
    case = item.request.case
    form = CannotSendForm(request.POST or None)
    status = 200
    if request.method == "POST":
        status = 422
        if form.is_valid():
            try:
                reason = form.cleaned_data["reason"]
                evidence_requests.settle(item, ItemState.UNAVAILABLE, by=user, reason=reason)
            except NotAllowed:
                raise
            except Refusal as refusal:
                form.add_error(None, str(refusal))
                status = refusal.status
            else:
                messages.success(request, _("Noted. If you can send it after all, upload it."))
                return redirect(case)
    context = {"case": case, "item": item, "form": form, "here": request.path}
    return render(request, "cases/evidence_requests/cannot_send.html", context, status=status)
