"""The case pages. Views find the case by ``visible_to``, ask a service, and choose a template."""

import json
import re
from typing import cast

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.db import transaction
from django.db.models import prefetch_related_objects
from django.http import Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.template.loader import render_to_string
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST, require_safe

from accounts.conditional import unless_known
from accounts.errors import NotAllowed, Refusal
from accounts.models import Organisation
from cases.appointments import panel as appointments
from cases.calls.forms import CallForm
from cases.calls.services import KINDS as CALLS
from cases.calls.services import note_call
from cases.canned_replies import services as canned_replies
from cases.canned_replies.models import CannedReply
from cases.desk.progress import prefetched, progress_of, thread_of
from cases.errors import NoReasonGiven
from cases.evidence_requests import services as evidence_requests
from cases.forms import AssignForm, IncidentForm, ReportCaseForm, StatusForm, WriteForm
from cases.lookups import user_of, visible_case
from cases.mentions import services as mentions
from cases.models import Case, CaseEvent, Message
from cases.pauses import panel as pauses
from cases.scopes import panel as scopes
from cases.services import post_message, report_case, set_incident_time
from cases.signals import files_posted

MAX_UNFOLDED = 8
"""Entries of a thread that are not folded."""


def _case(request: HttpRequest, number: str) -> Case:
    return visible_case(request, number, "organisation", "contact", "engineer", "queue")


@login_required
def case_new(request: HttpRequest) -> HttpResponse:
    """The report of a problem."""
    user = user_of(request)
    if not (user.is_customer or user.is_vendor):
        raise Http404
    form = ReportCaseForm(request.POST or None, user=user)
    status = 200
    if request.method == "POST":
        status = 422
        if form.is_valid():
            contact = form.cleaned_data["contact"] if user.is_vendor else user
            facts = {
                name: form.cleaned_data[name]
                for name in ("title", "product", "edition", "severity", "incident_at")
            }
            try:
                case = report_case(
                    by=user,
                    organisation=cast(Organisation, contact.organisation),
                    contact=contact,
                    description=form.description(),
                    **facts,
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
    """One case, as its reader's role needs it; ``?canned=`` fills the box with a canned reply."""
    user, case = user_of(request), _case(request, number)
    first = {"kind": "reply"}
    if (
        canned := CannedReply.objects.visible_to(user)
        .filter(pk=_number(request.GET.get("canned", "")))
        .first()
    ):
        first["body"] = canned_replies.filled(canned, case, user)
    page = _case_page(request, case, WriteForm(user=user, case=case, initial=first))
    if request.method == "GET":
        mentions.mark_read(case, user)
    return page


def _number(text: str) -> int:
    return int(text) if text.isascii() and text.isdecimal() and len(text) < 10 else 0


def _case_page(
    request: HttpRequest, case: Case, write: WriteForm, call: CallForm | None = None, status: int = 200
) -> HttpResponse:
    user = user_of(request)
    context = _case_context(request, case)
    context["write"] = write
    if user.is_vendor:
        context["call_form"] = call or CallForm()
        context["canned"] = canned_replies.offered(case, user)
        names = [person.name for person in mentions.colleagues(case) if person != user]
        context["colleagues"] = json.dumps(names, ensure_ascii=False)
    template = "cases/case_engineer.html" if user.is_vendor else "cases/case_customer.html"
    return render(request, template, context, status=status)


def _case_context(request: HttpRequest, case: Case) -> dict[str, object]:
    user = user_of(request)
    prefetch_related_objects([case], *prefetched())
    entries = thread_of(case, user)
    return {
        "case": case,
        "here": case.get_absolute_url(),
        "progress": progress_of(case),
        "evidence": evidence_requests.open_request(case),
        "entries": entries[:MAX_UNFOLDED],
        "older": entries[MAX_UNFOLDED:],
        "report": next((entry for entry in entries if entry.kind == "report" and not entry.internal), None),
        "history": CaseEvent.objects.visible_to(user).filter(case=case).select_related("actor", "assignee"),
        **scopes.context(case, user),
        **appointments.context(case, user),
        **pauses.context(case, user),
        "status_form": StatusForm(case=case),
        "assign_form": AssignForm(initial={"engineer": case.engineer_id}),
    }


@require_GET
@login_required
def case_live(request: HttpRequest, number: str) -> HttpResponseBase:
    """The parts of the case page that change by themselves, for htmx."""
    case = _case(request, number)
    return _live(request, "cases/live.html", _case_context(request, case))


def _live(request: HttpRequest, template: str, context: dict[str, object]) -> HttpResponseBase:
    html = render_to_string(template, context, request)
    # Of the text itself: whatever a part shows, it cannot forget to count it. Every rendering masks the
    # form token anew.
    essence = re.sub(r'(name="csrfmiddlewaretoken" value=")[^"]*', r"\1", html)
    return unless_known(request, essence, lambda: HttpResponse(html))


@require_GET
@login_required
def case_findings(request: HttpRequest, number: str) -> HttpResponseBase:
    """The vendor's findings panel alone; nothing for customers."""
    case = _case(request, number)
    template = "cases/findings.html" if user_of(request).is_vendor else "cases/nothing.html"
    return _live(request, template, {"case": case})


@require_POST
@login_required
def case_reply(request: HttpRequest, number: str) -> HttpResponse:
    """A new entry of the thread; a refused one stays in its box."""
    user, case = user_of(request), _case(request, number)
    form = WriteForm(request.POST, request.FILES, user=user, case=case)
    call = CallForm(request.POST if request.POST.get("kind") in CALLS else {})
    if not (form.is_valid() and call.is_valid()):
        form.files_are_gone()
        return _case_page(request, case, form, call, status=422)
    kind, internal = form.entry()
    body = form.cleaned_data["body"]
    try:
        with transaction.atomic():
            message = post_message(
                case, by=user, body=body, kind=kind, internal=internal, result=form.is_result()
            )
            note_call(message, **call.cleaned_data)
            mentions.record(message, by=user)
            if form.waits():
                case.wait_for_customer(by=user, reason=body)
            # The last: bytes that are stored do not go away with what is refused behind them.
            if files := form.cleaned_data["attachments"]:
                files_posted.send(sender=Message, message=message, files=files, by=user)
    except Refusal as refusal:
        form.add_error("body", str(refusal))
        form.files_are_gone()
        return _case_page(request, _case(request, number), form, call, status=refusal.status)
    return redirect(f"{message.case.get_absolute_url()}#entry-{message.pk}")


@require_POST
@login_required
def case_status(request: HttpRequest, number: str) -> HttpResponse:
    """A change of status by hand."""
    user, case = user_of(request), _case(request, number)
    form = StatusForm(request.POST, case=case)
    status = 422
    if form.is_valid():
        try:
            case.change(form.cleaned_data["change"], by=user, reason=form.cleaned_data["reason"])
        except NotAllowed:
            raise
        except Refusal as refusal:
            form.add_error("reason" if isinstance(refusal, NoReasonGiven) else None, str(refusal))
            status = refusal.status
        else:
            now = case.get_status_display()
            messages.success(request, _("The case is now: %(status)s.") % {"status": now})
            return redirect(case)
    form.offer_what_is_possible()
    context = {"case": case, "form": form, "here": request.path}
    return render(request, "cases/status.html", context, status=status)


@require_POST
@login_required
def case_assign(request: HttpRequest, number: str) -> HttpResponse:
    """Gives the case to an engineer."""
    user, case = user_of(request), _case(request, number)
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
    user, case = user_of(request), _case(request, number)
    form = IncidentForm(request.POST or None, initial={"incident_at": case.incident_at})
    if request.method == "POST" and form.is_valid():
        set_incident_time(case, form.cleaned_data["incident_at"], by=user)
        messages.success(request, _("Thank you, the time is noted."))
        return redirect(case)
    context = {"case": case, "form": form, "here": request.path}
    return render(request, "cases/incident.html", context, status=422 if form.is_bound else 200)
