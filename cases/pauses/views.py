"""Closing a case for the time being: the customer by herself, the engineer with her recorded consent or by
asking her."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from accounts.errors import NotAllowed, Refusal
from cases.lookups import case_to_move_on, user_of, visible_case
from cases.pauses import proposals, services
from cases.pauses.forms import AnswerForm, PauseForm, RecordForm, SuspendForm
from cases.pauses.models import SuspensionProposal


def _proposal(request: HttpRequest, number: str, proposal_id: int) -> SuspensionProposal:
    rows = SuspensionProposal.objects.visible_to(user_of(request)).select_related("case__contact")
    return get_object_or_404(rows, pk=proposal_id, case__number=number)


@require_http_methods(["GET", "HEAD", "POST"])
@login_required
def suspend(request: HttpRequest, number: str) -> HttpResponse:
    """Asks what the case goes on with, the engineer also who agreed, how and when."""
    case = visible_case(request, number, "contact", "organisation")
    user = user_of(request)
    record = SuspendForm(request.POST or None, case=case) if user.is_vendor else None
    form: PauseForm = record or PauseForm(request.POST or None)
    status = 200
    if request.method == "POST":
        status = 422
        if form.is_valid():
            goes_on = {name: form.cleaned_data[name] for name in ("resumes_when", "resumes_on")}
            try:
                if record:
                    services.suspend(case, record.heard(), by=user, **goes_on)
                else:
                    services.pause(case, by=user, **goes_on)
            except Refusal as refusal:
                form.add_error(None, str(refusal))
                status = refusal.status
            else:
                messages.success(request, _("The case is closed for the time being."))
                return redirect(case)
    context = {"case": case, "form": form, "here": request.path}
    return render(request, "cases/pauses/suspend.html", context, status=status)


@require_http_methods(["GET", "HEAD", "POST"])
@login_required
def propose(request: HttpRequest, number: str) -> HttpResponse:
    """Asks the customer; what is proposed replaces a proposal that still waits."""
    user, case = user_of(request), case_to_move_on(request, number, "contact")
    waiting = case.suspension_proposals.awaiting().first()
    first = {"resumes_when": waiting.resumes_when, "resumes_on": waiting.resumes_on} if waiting else {}
    form = PauseForm(request.POST or None, initial=first)
    status = 200
    if request.method == "POST":
        status = 422
        if form.is_valid():
            try:
                proposal = proposals.propose(case, by=user, **form.cleaned_data)
            except Refusal as refusal:
                form.add_error(None, str(refusal))
                status = refusal.status
            else:
                messages.success(request, _("The customer is asked; nothing changes before she agrees."))
                return redirect(f"{case.get_absolute_url()}#entry-{proposal.message_id}")
    context = {"case": case, "form": form, "waiting": waiting, "here": request.path}
    return render(request, "cases/pauses/propose.html", context, status=status)


@require_POST
@login_required
def answer(request: HttpRequest, number: str, proposal_id: int) -> HttpResponse:
    """The customer agrees or asks to go on; an engineer notes down what she said."""
    user, proposal = user_of(request), _proposal(request, number, proposal_id)
    record = RecordForm(request.POST, case=proposal.case) if user.is_vendor else None
    form = record or AnswerForm(request.POST)
    if not form.is_valid():
        messages.error(request, _("Say whether it is agreed to, and whose word it is."))
        return redirect(proposal.case)
    heard, words = record.heard() if record else None, form.cleaned_data["words"]
    try:
        proposals.answer(proposal, agrees=form.agrees(), by=user, words=words, heard=heard)
    except NotAllowed:
        raise
    except Refusal as refusal:
        messages.error(request, str(refusal))
    else:
        messages.success(request, _("Thank you, your word is noted.") if not heard else _("Noted."))
    return redirect(proposal.case)


@require_POST
@login_required
def withdraw(request: HttpRequest, number: str, proposal_id: int) -> HttpResponse:
    """The vendor takes the proposal back."""
    proposal = _proposal(request, number, proposal_id)
    try:
        proposals.withdraw(proposal, by=user_of(request))
    except NotAllowed:
        raise
    except Refusal as refusal:
        messages.error(request, str(refusal))
    else:
        messages.success(request, _("The proposal is withdrawn; the customer is told."))
    return redirect(proposal.case)
