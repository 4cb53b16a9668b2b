"""Whether it is solved: on the portal, by the link in a mail, and written down after a call."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import translation
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST

from accounts.errors import NotAllowed, Refusal
from cases import rights
from cases.lookups import user_of, visible_case
from cases.models import Case
from cases.outcomes import links, services
from cases.outcomes.forms import AgainForm, AnswerForm, RatingForm, RecordForm
from cases.outcomes.models import Way
from cases.status import Status

ANSWERS = ["GET", "HEAD", "POST"]


def _thanks(solved: bool) -> str:
    if solved:
        return _("Thank you. The case is closed; should it come back, one click opens it again.")
    return _("Thank you. The case goes on, and your engineer reads what you wrote.")


@require_http_methods(ANSWERS)
@login_required
def answer(request: HttpRequest, number: str) -> HttpResponse:
    """The customer's answer to a result; the page asks what still does not work."""
    case = visible_case(request, number, "contact")
    user = user_of(request)
    rights.require(rights.may_answer, user, case)
    form = AnswerForm(request.POST or None, initial={"solved": "no"})
    status = 200 if case.status == Status.RESULT_SENT else 409
    if request.method == "POST":
        status = 422
        if form.is_valid():
            solved = form.is_solved()
            try:
                services.answer(case, by=user, solved=solved, words=form.cleaned_data["words"])
            except Refusal as refusal:
                form.add_error(None, str(refusal))
                status = refusal.status
            else:
                messages.success(request, _thanks(solved))
                return redirect(case)
    context = {"case": case, "form": form, "here": request.path, "asks": case.status == Status.RESULT_SENT}
    return render(request, "cases/outcomes/answer.html", context, status=status)


@never_cache
@require_http_methods(ANSWERS)
def answer_by_link(request: HttpRequest, token: str) -> HttpResponse:
    """The page that a mail's link opens, signed in or not: it asks; only sending its form answers."""
    asked = links.read(token)
    if asked is not None and request.user.is_authenticated and request.user != asked.person:
        # Mails are quoted and passed on: an engineer must not answer in the customer's name.
        raise Http404
    if asked is None:
        return render(request, "cases/outcomes/link.html", {"state": "void"}, status=410)
    with translation.override(asked.person.language):
        form = AnswerForm(request.POST or None, initial={"solved": "no"})
        state, status = "asks", 200
        if request.method == "POST":
            status = 422
            if form.is_valid():
                solved = form.is_solved()
                words = form.cleaned_data["words"]
                try:
                    services.answer(asked.case, by=asked.person, solved=solved, words=words, way=Way.LINK)
                except Refusal as refusal:
                    form.add_error(None, str(refusal))
                    status = refusal.status
                else:
                    state, status = "solved" if solved else "goes_on", 200
        context = {"asked": asked, "form": form, "state": state, "here": request.path}
        return render(request, "cases/outcomes/link.html", context, status=status)


def _vendors_case(request: HttpRequest, number: str) -> Case:
    case = visible_case(request, number, "contact", "organisation")
    if not rights.may_change_status(user_of(request), case):
        raise NotAllowed()
    return case


@require_http_methods(ANSWERS)
@login_required
def record(request: HttpRequest, number: str) -> HttpResponse:
    """Writes down what a customer said by phone or mail."""
    case = _vendors_case(request, number)
    form = RecordForm(request.POST or None, case=case)
    status = 200
    if request.method == "POST":
        status = 422
        if form.is_valid():
            facts = dict(form.cleaned_data)
            facts["solved"] = facts["solved"] == "yes"
            facts["way"] = Way(facts["way"])
            try:
                services.record(case, by=user_of(request), **facts)
            except Refusal as refusal:
                form.add_error(None, str(refusal))
                status = refusal.status
            else:
                messages.success(request, _("It is written down, with whose word it is."))
                return redirect(case)
    context = {"case": case, "form": form, "here": request.path}
    return render(request, "cases/outcomes/record.html", context, status=status)


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
    if not form.is_valid():
        messages.error(request, _("Choose one of the five answers."))
        return redirect(case)
    try:
        services.rate(case, by=user, stars=form.cleaned_data["stars"], words=form.cleaned_data["words"])
    except Refusal as refusal:
        messages.error(request, str(refusal))
    else:
        messages.success(request, _("Thank you for telling us."))
    return redirect(case)
