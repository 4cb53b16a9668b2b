"""The case pages. Views find the case by ``visible_to``, ask a service, and choose a template."""

import hashlib
import re
from typing import cast

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.paginator import Paginator
from django.db import transaction
from django.db.models import prefetch_related_objects
from django.http import HttpRequest, HttpResponse, HttpResponseNotModified
from django.shortcuts import get_object_or_404, redirect, render
from django.template.loader import render_to_string
from django.utils.cache import patch_vary_headers
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST, require_safe

from accounts.errors import Refusal
from accounts.models import Organisation, User
from cases import course, evidence, queries, times
from cases.forms import AssignForm, FilterForm, IncidentForm, ReportCaseForm, StatusForm, WriteForm
from cases.models import Case, CaseEvent, CaseQuerySet
from cases.services import post_message, report_case, tell_incident
from cases.status import CHANGES

PER_PAGE = 50
NEWEST = 8
"""Entries of a thread that are not folded."""


def _user(request: HttpRequest) -> User:
    return cast(User, request.user)


def _case(request: HttpRequest, number: str) -> Case:
    cases = Case.objects.visible_to(_user(request))
    return get_object_or_404(
        cases.select_related("organisation", "contact", "engineer", "queue"), number=number
    )


@require_safe
@login_required
def home(request: HttpRequest) -> HttpResponse:
    """The desk of this person's role."""
    user = _user(request)
    if user.is_customer:
        return _customer_home(request, user)
    if user.is_engineer:
        groups = queries.needs_doing_for(user)
        context: dict[str, object] = {"groups": groups, "any_case": any(group.cases for group in groups)}
        return render(request, "cases/home_engineer.html", context)
    figures = queries.overview(user)
    most = max((load.open for load in figures.by_engineer), default=0)
    median = times.span(figures.median_age) if figures.median_age is not None else ""
    context = {"figures": figures, "most": most, "median": median, **_filtered(request, user)}
    return render(request, "cases/home_manager.html", context)


def _customer_home(request: HttpRequest, user: User) -> HttpResponse:
    cases = queries.case_list(user).prefetch_related(*course.prefetched())
    page = Paginator(cases, PER_PAGE).get_page(request.GET.get("page"))
    rows = [(case, course.course(case)) for case in page]
    rows.sort(key=lambda row: not row[1].customers_turn)
    return render(request, "cases/home_customer.html", {"page": page, "rows": rows})


def _filtered(request: HttpRequest, user: User) -> dict[str, object]:
    form = FilterForm(request.GET if "status" in request.GET else {"status": "open"})
    cases = queries.case_list(user)
    if form.is_valid():
        cases = _narrowed(cases, form)
    page = Paginator(cases.order_by("-created_at", "-pk"), PER_PAGE).get_page(request.GET.get("page"))
    query = request.GET.copy()
    query.pop("page", None)
    return {"filter": form, "page": page, "query": query.urlencode()}


def _narrowed(cases: CaseQuerySet, form: FilterForm) -> CaseQuerySet:
    status, engineer = form.cleaned_data["status"], form.cleaned_data["engineer"]
    if status == "open":
        cases = cases.open()
    elif status:
        cases = cases.filter(status=status)
    if engineer:
        cases = cases.filter(engineer=engineer)
    return cases.overdue() if form.cleaned_data["overdue"] else cases


@require_safe
@login_required
def case_list(request: HttpRequest) -> HttpResponse:
    """All cases this person may see, with filters."""
    user = _user(request)
    if user.is_customer:
        return redirect("home")
    return render(request, "cases/list.html", _filtered(request, user))


@require_safe
@login_required
def search(request: HttpRequest) -> HttpResponse:
    """Cases in which every word of ``q`` occurs; a whole case number goes straight to its case."""
    user = _user(request)
    text = request.GET.get("q", "").strip()[:200]
    exact = Case.objects.visible_to(user).filter(number__iexact=text).first()
    if exact is not None:
        return redirect(exact)
    found = queries.case_list(user).filter(pk__in=Case.objects.search(text, user).values("pk"))
    if user.is_customer:
        found = found.prefetch_related(*course.prefetched())
    page = Paginator(found, PER_PAGE).get_page(request.GET.get("page"))
    # A customer reads of her cases what "My cases" says, not the columns of the vendor's desks.
    rows = [(case, course.course(case)) for case in page] if user.is_customer else []
    return render(request, "cases/search.html", {"search_text": text, "page": page, "rows": rows})


@login_required
def case_new(request: HttpRequest) -> HttpResponse:
    """The report of a problem."""
    user = _user(request)
    form = ReportCaseForm(request.POST or None, user=user)
    status = 200
    if request.method == "POST":
        status = 422
        if form.is_valid():
            contact = user if user.is_customer else form.cleaned_data["contact"]
            told = {
                name: form.cleaned_data[name]
                for name in ("title", "product", "edition", "severity", "incident_at")
            }
            try:
                case = report_case(
                    by=user,
                    organisation=cast(Organisation, contact.organisation),
                    contact=contact,
                    description=form.description(),
                    **told,
                )
            except Refusal as refusal:
                form.add_error(None, str(refusal))
                status = refusal.status
            else:
                messages.success(
                    request, _("Your report has arrived. If you have logs already, upload them here.")
                )
                return redirect(case)
    return render(request, "cases/new.html", {"form": form, "here": request.path}, status=status)


@require_safe
@login_required
def case_page(request: HttpRequest, number: str) -> HttpResponse:
    """One case, as its reader's role needs it."""
    return _case_page(request, _case(request, number))


def _case_page(
    request: HttpRequest, case: Case, write: WriteForm | None = None, status: int = 200
) -> HttpResponse:
    user = _user(request)
    context = _case_context(request, case)
    context["write"] = write or WriteForm(user=user, case=case, initial={"kind": "reply"})
    template = "cases/case_customer.html" if user.is_customer else "cases/case_engineer.html"
    return render(request, template, context, status=status)


def _case_context(request: HttpRequest, case: Case) -> dict[str, object]:
    user = _user(request)
    prefetch_related_objects([case], *course.prefetched())
    entries = course.thread_of(case, user)
    return {
        "case": case,
        "here": case.get_absolute_url(),
        "course": course.course(case),
        "evidence": evidence.open_request(case),
        "entries": entries[:NEWEST],
        "older": entries[NEWEST:],
        "report": next((entry for entry in entries if entry.kind == "report" and not entry.internal), None),
        "history": CaseEvent.objects.visible_to(user).filter(case=case).select_related("actor", "assignee"),
        "status_form": StatusForm(case=case),
        "assign_form": AssignForm(initial={"engineer": case.engineer_id}),
    }


@require_GET
@login_required
def case_live(request: HttpRequest, number: str) -> HttpResponse:
    """The parts of the case page that change by themselves, for htmx."""
    case = _case(request, number)
    return _unless_known(request, render_to_string("cases/live.html", _case_context(request, case), request))


def _unless_known(request: HttpRequest, html: str) -> HttpResponse:
    """``html``, or 304 where the browser has it already.

    The ETag is made of the text itself: whatever a part shows, it cannot forget to count it.
    """
    # Every rendering masks the form token anew.
    essence = re.sub(r'(name="csrfmiddlewaretoken" value=")[^"]*', r"\1", html)
    etag = f'"{hashlib.sha256(f"{get_language()} {essence}".encode()).hexdigest()[:32]}"'
    known = request.headers.get("If-None-Match", "").removeprefix("W/")
    response: HttpResponse = HttpResponseNotModified() if known == etag else HttpResponse(html)
    response["ETag"] = etag
    response["Cache-Control"] = "private, no-cache"
    patch_vary_headers(response, ("Cookie", "Accept-Language"))
    return response


@require_GET
@login_required
def case_findings(request: HttpRequest, number: str) -> HttpResponse:
    """The vendor's findings panel alone; nothing for customers."""
    case = _case(request, number)
    template = "cases/nothing.html" if _user(request).is_customer else "cases/findings.html"
    return _unless_known(request, render_to_string(template, {"case": case}, request))


@require_POST
@login_required
def case_reply(request: HttpRequest, number: str) -> HttpResponse:
    """A new entry of the thread; a refused one stays in its box."""
    user, case = _user(request), _case(request, number)
    form = WriteForm(request.POST, user=user, case=case)
    if not form.is_valid():
        return _case_page(request, case, form, status=422)
    kind, internal = form.entry()
    body = form.cleaned_data["body"]
    try:
        with transaction.atomic():
            message = post_message(case, by=user, body=body, kind=kind, internal=internal)
            if form.waits():
                case.wait_for_customer(by=user, reason=body)
    except Refusal as refusal:
        form.add_error("body", str(refusal))
        return _case_page(request, _case(request, number), form, status=refusal.status)
    return redirect(f"{case.get_absolute_url()}#entry-{message.pk}")


@require_POST
@login_required
def case_status(request: HttpRequest, number: str) -> HttpResponse:
    """A change of status by hand."""
    user, case = _user(request), _case(request, number)
    form = StatusForm(request.POST, case=case)
    if not form.is_valid():
        messages.error(request, _("Choose what to change; the reason has at most 500 characters."))
        return redirect(case)
    change = CHANGES[form.cleaned_data["change"]]
    try:
        getattr(case, change.name)(by=user, reason=form.cleaned_data["reason"])
    except Refusal as refusal:
        messages.error(request, str(refusal))
    else:
        messages.success(request, _("The case is now: %(status)s.") % {"status": case.get_status_display()})
    return redirect(case)


@require_POST
@login_required
def case_assign(request: HttpRequest, number: str) -> HttpResponse:
    """Gives the case to an engineer."""
    user, case = _user(request), _case(request, number)
    form = AssignForm(request.POST)
    if not form.is_valid():
        messages.error(request, _("Choose an engineer from the list."))
        return redirect(case)
    try:
        case.assign(form.cleaned_data["engineer"], by=user)
    except Refusal as refusal:
        messages.error(request, str(refusal))
    else:
        messages.success(request, _("The case goes to %(name)s.") % {"name": form.cleaned_data["engineer"]})
    if not Case.objects.visible_to(user).filter(pk=case.pk).exists():
        return redirect("home")
    return redirect(case)


@require_http_methods(["GET", "HEAD", "POST"])
@login_required
def case_incident(request: HttpRequest, number: str) -> HttpResponse:
    """When the trouble happened, to say or to correct."""
    user, case = _user(request), _case(request, number)
    form = IncidentForm(request.POST or None, initial={"incident_at": case.incident_at})
    if request.method == "POST" and form.is_valid():
        tell_incident(case, form.cleaned_data["incident_at"], by=user)
        messages.success(request, _("Thank you, the time is noted."))
        return redirect(case)
    context = {"case": case, "form": form, "here": request.path}
    return render(request, "cases/incident.html", context, status=422 if form.is_bound else 200)
