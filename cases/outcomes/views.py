"""Whether it is solved: on the portal, by the link in a mail, and written down after a call."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from accounts.errors import NotAllowed, Refusal
from cases import rights
from cases.lookups import case_to_move_on, user_of, visible_case
from cases.outcomes import services
from cases.outcomes.forms import AgainForm, AnswerForm, RatingForm, RecordForm
from cases.status import Status

ANSWERS = ["GET", "HEAD", "POST"]


@require_http_methods(ANSWERS)
@login_required
def answer(request: HttpRequest, number: str) -> HttpResponse:
    """The customer's answer to a result; the page asks what still does not work."""
    case = visible_case(request, number, "contact")
    user = user_of(request)
    rights.require(rights.may_answer, user, case)
    form = AnswerForm(request.POST or None, initial={"solved": "no"})
    status = 200 if case.result_asked_at else 409
    if request.method == "POST":
        status = 422
        if form.is_valid():
            solved, shown = form.is_solved(), form.cleaned_data["shown"]
            words = form.cleaned_data["words"]
            if services.has_said(case, by=user, solved=solved):
                messages.success(request, services.thanks(solved))
                return redirect(case)
            try:
                services.answer(case, by=user, solved=solved, words=words, shown=shown)
            except Refusal as refusal:
                form.add_error(None, str(refusal))
                status = refusal.status
            else:
                messages.success(request, services.thanks(solved))
                return redirect(case)
    case.refresh_from_db()
    form.shows(case)
    context = {"case": case, "form": form, "here": request.path, "asks": case.result_asked_at}
    return render(request, "cases/outcomes/answer.html", context, status=status)


@require_http_methods(ANSWERS)
@login_required
def record(request: HttpRequest, number: str) -> HttpResponse:
    """Writes down what a customer said by phone or mail."""
    case = case_to_move_on(request, number, "contact", "organisation")
    form = RecordForm(request.POST or None, case=case)
    status = 200
    if request.method == "POST":
        status = 422
        if form.is_valid():
            solved, words = form.cleaned_data["solved"] == "yes", form.cleaned_data["words"]
            shown = form.cleaned_data["shown"]
            try:
                services.record(
                    case, form.heard(), by=user_of(request), solved=solved, words=words, shown=shown
                )
            except Refusal as refusal:
                form.add_error(None, str(refusal))
                status = refusal.status
            else:
                messages.success(request, _("It is written down, with whose word it is."))
                return redirect(case)
    case.refresh_from_db()
    form.shows(case)
    context = {"case": case, "form": form, "here": request.path}
    return render(request, "cases/outcomes/record.html", context, status=status)


@require_POST
@login_required
def said(request: HttpRequest, number: str) -> HttpResponse:
    """What an entry reads like is written down as its writer's answer."""
    case = case_to_move_on(request, number, "contact", "organisation")
    entry = request.POST.get("entry", "")
    key = int(entry) if entry.isascii() and entry.isdecimal() and len(entry) < 19 else 0
    try:
        services.record_reading(case, key, by=user_of(request), solved=request.POST.get("solved") == "yes")
    except Refusal as refusal:
        messages.error(request, str(refusal))
    else:
        messages.success(request, _("It is written down, with whose word it is."))
    return redirect(case)


@require_http_methods(ANSWERS)
@login_required
def again(request: HttpRequest, number: str) -> HttpResponse:
    """The trouble of a closed case came back."""
    case = visible_case(request, number, "contact", "organisation", "engineer", "queue")
    user = user_of(request)
    rights.require(rights.may_answer, user, case)
    form = AgainForm(request.POST or None)
    status = 200
    if request.method == "POST":
        status = 422
        if form.is_valid():
            try:
                entry = services.came_back(case, by=user, words=form.cleaned_data["words"])
            except Refusal as refusal:
                form.add_error(None, str(refusal))
                status = refusal.status
            else:
                case.refresh_from_db()
                if entry.case_id != case.pk:
                    messages.success(request, _("Thank you. It goes on in this case, and is written here."))
                    return redirect(entry.case)
                if case.status == Status.CLOSED:
                    messages.success(request, _("Thank you. It goes on in a follow-up case, named below."))
                else:
                    messages.success(request, _("Thank you. The case is open again."))
                return redirect(case)
    context = {"case": case, "form": form, "here": request.path}
    return render(request, "cases/outcomes/again.html", context, status=status)


@require_POST
@login_required
def rate(request: HttpRequest, number: str) -> HttpResponse:
    """How the customer found the service."""
    case = visible_case(request, number)
    user = user_of(request)
    rights.require(rights.may_answer, user, case)
    form = RatingForm(request.POST)
    status = 422
    if form.is_valid():
        try:
            services.rate(case, by=user, stars=form.cleaned_data["stars"], words=form.cleaned_data["words"])
        except NotAllowed:
            raise
        except Refusal as refusal:
            form.add_error(None, str(refusal))
            status = refusal.status
        else:
            messages.success(request, _("Thank you for telling us."))
            return redirect(case)
    context = {"case": case, "form": form, "here": request.path}
    return render(request, "cases/outcomes/rate.html", context, status=status)
