"""The pages of this room. Views find their object by ``visible_to``, ask a service, choose a template."""

from __future__ import annotations

from typing import Any, cast

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseNotModified
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.cache import patch_vary_headers
from django.utils.translation import gettext as _
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_GET, require_http_methods, require_POST, require_safe

from accounts.errors import Refusal
from accounts.models import User
from analysis import passwords, reports, runs
from analysis.artifact_file import open_artifact
from analysis.engine.text import LANGUAGES
from analysis.errors import ReportWasEdited
from analysis.evidence import evidence_of
from analysis.findings_view import page_language
from analysis.forms import ReportForm, parse_seen
from analysis.models import AnalysisRun, Report
from analysis.report_content import content_of, run_content
from analysis.report_page import page_of
from analysis.run_status import run_status
from cases.models import Case
from uploads import serving
from uploads.custody import record_view
from uploads.custody_models import Act
from uploads.panels import may_download

RUN_FINISHED = "run-finished"
"""Told to the page when a run that it was watching has ended; other parts listen to it."""


def _user(request: HttpRequest) -> User:
    return cast(User, request.user)


def _case(request: HttpRequest, number: str) -> Case:
    return get_object_or_404(Case.objects.visible_to(_user(request)), number=number)


def _report(request: HttpRequest, number: str, version: int) -> Report:
    rows = Report.objects.visible_to(_user(request)).select_related(
        "case__organisation", "case__engineer", "case__contact", "run__bundle__case__organisation", "sent_by"
    )
    return get_object_or_404(rows, case__number=number, version=version)


def _vendors_report(request: HttpRequest, number: str, version: int) -> Report:
    # To a customer the editor does not exist, not even for a report that she may read.
    if _user(request).is_customer:
        raise Http404
    return _report(request, number, version)


def _vendors_run(request: HttpRequest, number: str, run: int) -> AnalysisRun:
    if _user(request).is_customer:
        raise Http404
    rows = AnalysisRun.objects.visible_to(_user(request)).select_related("bundle__case")
    return get_object_or_404(rows, pk=run, bundle__case__number=number)


def _language(request: HttpRequest) -> str:
    asked = request.GET.get("lang", "")
    return asked if asked in LANGUAGES else page_language()


# -- The run --------------------------------------------------------------------------


@require_GET
@login_required
def run_panel(request: HttpRequest, number: str) -> HttpResponse:
    """The run panel alone, with an ETag over what it says. ``?working=1`` comes from a page that
    watches an open run: it is told by ``HX-Trigger`` when that run has ended."""
    case, user = _case(request, number), _user(request)
    status = run_status(case, user)
    ended = bool(request.GET.get("working")) and not status.is_working
    etag = status.etag(user)
    response: HttpResponse
    if request.headers.get("If-None-Match", "").removeprefix("W/") == etag and not ended:
        response = HttpResponseNotModified()
    else:
        response = render(request, "analysis/run_panel.html", {"case": case, "run": status})
    response["ETag"] = etag
    response["Cache-Control"] = "private, no-cache"
    patch_vary_headers(response, ("Cookie", "Accept-Language"))
    if ended:
        response["HX-Trigger"] = RUN_FINISHED
    return response


@require_POST
@login_required
def run_again(request: HttpRequest, number: str, run: int) -> HttpResponse:
    """A new run of the same bundle."""
    old = _vendors_run(request, number, run)
    try:
        runs.queue_again(old.bundle)
    except Refusal as refusal:
        messages.error(request, str(refusal))
    else:
        messages.success(request, _("The upload is being analysed again."))
    return redirect("case", number)


@sensitive_post_parameters("password")
@require_POST
@login_required
def run_password(request: HttpRequest, number: str, run: int) -> HttpResponse:
    """A new run of the same bundle with the password of its archives, by whoever sees the case."""
    rows = AnalysisRun.objects.visible_to(_user(request)).select_related("bundle__case")
    locked = get_object_or_404(rows.defer("document"), pk=run, bundle__case__number=number)
    try:
        passwords.analyse_with(locked, request.POST.get("password", ""))
    except Refusal as refusal:
        messages.error(request, str(refusal))
    else:
        messages.success(request, _("The upload is being analysed again, with the password."))
    return redirect(f"{reverse('case', args=(number,))}#entry-{locked.bundle.message_id}")


@require_safe
@login_required
def evidence(request: HttpRequest, number: str, run: int, position: int, index: int) -> HttpResponse:
    """One piece of evidence: the body of the side panel, or a page of its own without scripts."""
    found = _vendors_run(request, number, run)
    shown = evidence_of(found, position, index)
    if shown is None:
        raise Http404
    record_view(request, found.bundle, Act.EVIDENCE, f"{position + 1}.{index + 1}")
    page = page_of(run_content(found), page_language())
    context = {
        "case": found.bundle.case,
        "run": found,
        "evidence": shown,
        "finding": page["findings"][position],
    }
    partial = request.headers.get("HX-Request") == "true"
    context["partial"] = partial
    template = "analysis/evidence.html" if partial else "analysis/evidence_page.html"
    response = render(request, template, context)
    patch_vary_headers(response, ("HX-Request",))
    return response


@require_safe
@login_required
def artifact_file(request: HttpRequest, number: str, run: int, artifact: int) -> HttpResponseBase:
    """One file out of the upload, as a download."""
    found = get_object_or_404(_vendors_run(request, number, run).artifacts, pk=artifact)
    if not may_download(_user(request), found.run.bundle) or not found.sha256:
        raise Http404
    try:
        content = open_artifact(found)
    except FileNotFoundError:
        raise Http404 from None
    name = found.path.rpartition("/")[2]
    answer = serving.serve(request, content, name=name, size=found.size, sha256=found.sha256)
    if serving.begins_a_download(request) and answer.status_code < 400:
        record_view(request, found.run.bundle, Act.FILE, found.sha256)
    return answer


# -- The report -----------------------------------------------------------------------


@require_safe
@login_required
def report(request: HttpRequest, number: str, version: int) -> HttpResponse:
    """The report to read and print: the frozen one, or the draft as the customer will see it."""
    found = _report(request, number, version)
    record_view(request, found.run.bundle, Act.REPORT, f"v{version}")
    language = _language(request)
    context = {
        "report": found,
        "case": found.case,
        "page": page_of(content_of(found), language),
        "language": language,
        "languages": (("zh-hans", "中文"), ("en", "English")),
        "versions": Report.objects.visible_to(_user(request))
        .filter(case=found.case)
        .defer("content")
        .order_by("-version"),
        "seen": found.edited_at.isoformat() if found.edited_at else "",
    }
    return render(request, "analysis/report.html", context)


@require_safe
@login_required
def report_pdf(request: HttpRequest, number: str, version: int) -> HttpResponse:
    """The PDF in the language of ``?lang=``."""
    found = _report(request, number, version)
    record_view(request, found.run.bundle, Act.REPORT, f"v{version} PDF")
    language = _language(request)
    response = HttpResponse(reports.pdf_of(found, language), content_type="application/pdf")
    name = f"{found.case.number}-v{found.version}-{language}.pdf"
    response["Content-Disposition"] = f'inline; filename="{name}"'
    response["Cache-Control"] = "private, no-cache"
    return response


@require_http_methods(["GET", "HEAD", "POST"])
@login_required
def report_edit(request: HttpRequest, number: str, version: int) -> HttpResponse:
    """The editor of a draft. A refused save keeps every word in its box."""
    found = _vendors_report(request, number, version)
    if found.is_sent:
        messages.info(request, _("This report has been sent and can no longer be changed."))
        return redirect("analysis:report", number, version)
    if "discard" in request.POST:
        return _discard(request, found)
    record_view(request, found.run.bundle, Act.FINDINGS)
    form = ReportForm(request.POST or None, report=found)
    refusal: Refusal | None = None
    if request.method == "POST" and form.is_valid():
        try:
            reports.edit(
                found,
                _user(request),
                form.texts("conclusion"),
                form.texts("advice"),
                form.left_out(),
                seen=form.seen_at(),
            )
        except Refusal as refused:
            refusal = refused
        else:
            if "preview" in request.POST:
                return redirect("analysis:report", number, version)
            messages.success(request, _("The draft is saved."))
            return redirect("analysis:report-edit", number, version)
    return render(
        request, "analysis/report_edit.html", _editor(found, form, refusal), status=_status(form, refusal)
    )


def _discard(request: HttpRequest, report: Report) -> HttpResponse:
    try:
        reports.discard(report, _user(request))
    except Refusal as refusal:
        messages.error(request, str(refusal))
    else:
        messages.success(request, _("Draft v%(version)s is discarded.") % {"version": report.version})
    return redirect("case", report.case.number)


@require_POST
@login_required
def report_send(request: HttpRequest, number: str, version: int) -> HttpResponse:
    """Sends the report; from then on it is frozen."""
    found = _vendors_report(request, number, version)
    try:
        reports.send(found, _user(request), seen=parse_seen(request.POST.get("seen", "")))
    except Refusal as refusal:
        messages.error(request, str(refusal))
        return redirect("analysis:report", number, version)
    messages.success(request, _("The report has been sent; the customer sees it in the conversation."))
    return redirect(f"{reverse('case', args=(number,))}#entry-{found.message_id}")


def _editor(found: Report, form: ReportForm, refusal: Refusal | None) -> dict[str, Any]:
    conflict = isinstance(refusal, ReportWasEdited)
    saved = Report.objects.get(pk=found.pk) if conflict else None
    if saved is not None and saved.edited_at is not None:
        # The next save is meant over the text that she has been shown now.
        form.write_over(saved.edited_at)
    keep = form["keep"].value() or []
    kept = {int(position) for position in keep if str(position).isdecimal()}
    page = page_of(run_content(found.run), page_language())
    return {
        "report": found,
        "case": found.case,
        "form": form,
        "refusal": refusal,
        "saved": saved,
        "saved_texts": [
            texts.get(language, "") for texts in (saved.conclusion, saved.advice) for language in LANGUAGES
        ]
        if saved
        else [],
        "findings": [(one, one["position"] in kept) for one in page["findings"]],
        "newer": reports.newer_than(found),
    }


def _status(form: ReportForm, refusal: Refusal | None) -> int:
    if refusal is not None:
        return refusal.status
    return 422 if form.is_bound else 200
