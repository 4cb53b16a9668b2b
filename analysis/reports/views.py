"""The pages of a report: read, edit, send."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts.errors import Refusal
from accounts.languages import current_language
from analysis.reports import services as reports
from analysis.reports import stored_pdfs
from analysis.reports.agreement import sides_of, what_is_apart
from analysis.reports.content import content_of
from analysis.reports.errors import ReportWasEdited
from analysis.reports.forms import ReportForm, parse_seen
from analysis.reports.models import PdfJob, Report
from analysis.reports.page import page_of, run_page
from cases.lookups import user_of, vendor_of
from engine.text import LANGUAGES
from uploads.custody.accesses import record_view
from uploads.custody.models import Act

PDF_SECONDS = 2
"""Until whoever waits for a PDF asks again."""


def _report(request: HttpRequest, number: str, version: int) -> Report:
    rows = Report.objects.visible_to(user_of(request)).select_related(
        *("case__organisation", "case__engineer", "case__contact", "sent_by"),
        *("run__bundle__case__organisation", "run__bundle__case__engineer", "replaces__run"),
    )
    return get_object_or_404(rows, case__number=number, version=version)


def _vendors_report(request: HttpRequest, number: str, version: int) -> Report:
    # To a customer the editor does not exist, not even for a report that she may read.
    vendor_of(request)
    return _report(request, number, version)


def _language(request: HttpRequest) -> str:
    asked = request.GET.get("lang", "")
    return asked if asked in LANGUAGES else current_language()


@require_safe
@login_required
def report(request: HttpRequest, number: str, version: int) -> HttpResponse:
    """The report to read and print: the frozen one, or the draft as the customer will see it."""
    shown_report = _report(request, number, version)
    record_view(request, shown_report.run.bundle, Act.REPORT, f"v{version}")
    language = _language(request)
    context = {
        "report": shown_report,
        "case": shown_report.case,
        "page": page_of(content_of(shown_report), language),
        "language": language,
        "languages": (("zh-hans", "中文"), ("en", "English")),
        "seen": shown_report.edited_at.isoformat() if shown_report.edited_at else "",
        "pdf_job": stored_pdfs.waits_for(shown_report),
        "superseded_by": shown_report.superseded_by if shown_report.is_sent else None,
        "newer": None if shown_report.is_sent else reports.newer_than(shown_report),
    }
    context["confirmations"] = [
        {
            "by": said["by"],
            "at": datetime.fromisoformat(said["at"]),
            "apart": said["apart"][current_language()],
        }
        for said in shown_report.confirmations
    ]
    if not shown_report.is_sent:
        context |= {"sides": sides_of(shown_report), "apart": what_is_apart(shown_report)}
    return render(request, "analysis/reports/report.html", context)


@require_safe
@login_required
def report_pdf(request: HttpRequest, number: str, version: int) -> HttpResponse:
    """The PDF in the language of ``?lang=``; while it is being made, 202 and a page that asks again."""
    shown_report = _report(request, number, version)
    job = stored_pdfs.waits_for(shown_report)
    if job is not None:
        return _pdf_pending(request, shown_report, job)
    record_view(request, shown_report.run.bundle, Act.REPORT, f"v{version} PDF")
    language = _language(request)
    pdf = stored_pdfs.pdf_of(shown_report, language, as_sent="sent" in request.GET)
    response = HttpResponse(pdf, content_type="application/pdf")
    name = f"{shown_report.case.number}-v{shown_report.version}-{language}.pdf"
    response["Content-Disposition"] = f'inline; filename="{name}"'
    response["Cache-Control"] = "private, no-cache"
    return response


def _pdf_pending(request: HttpRequest, report: Report, job: PdfJob) -> HttpResponse:
    context = {"report": report, "case": report.case, "pdf_job": job}
    response = render(request, "analysis/reports/pdf_pending.html", context, status=202)
    response["Refresh"] = response["Retry-After"] = str(PDF_SECONDS)
    response["Cache-Control"] = "no-store"
    return response


@require_http_methods(["GET", "HEAD", "POST"])
@login_required
def report_edit(request: HttpRequest, number: str, version: int) -> HttpResponse:
    """The editor of a draft. A refused save keeps every word in its box."""
    draft = _vendors_report(request, number, version)
    if draft.is_sent:
        messages.info(request, _("This report has been sent and can no longer be changed."))
        return redirect("analysis:report", number, version)
    if "discard" in request.POST:
        return _discard(request, draft)
    record_view(request, draft.run.bundle, Act.FINDINGS)
    form = ReportForm(request.POST or None, report=draft)
    refusal: Refusal | None = None
    if request.method == "POST" and form.is_valid():
        try:
            reports.edit(
                draft,
                user_of(request),
                form.texts("conclusion"),
                form.texts("advice"),
                form.left_out(),
                seen=form.seen_at(),
                change=form.texts("change") if "change_zh" in request.POST else None,
                replaces=form.cleaned_data["replaces"],
                confirmed=form.cleaned_data["confirm"],
            )
        except Refusal as refused:
            refusal = refused
        else:
            if "preview" in request.POST:
                return redirect("analysis:report", number, version)
            messages.success(request, _("The draft is saved."))
            return redirect("analysis:report-edit", number, version)
    return render(
        request, "analysis/reports/edit.html", _editor(draft, form, refusal), status=_status(form, refusal)
    )


def _discard(request: HttpRequest, report: Report) -> HttpResponse:
    try:
        reports.discard(report, user_of(request))
    except Refusal as refusal:
        messages.error(request, str(refusal))
    else:
        messages.success(request, _("Draft v%(version)s is discarded.") % {"version": report.version})
    return redirect("case", report.case.number)


@require_POST
@login_required
def report_discard_older(request: HttpRequest, number: str, version: int) -> HttpResponse:
    """Takes away the drafts that this version replaces."""
    newest = _vendors_report(request, number, version)
    count = reports.discard_older(newest, user_of(request))
    sentence = ngettext("%(n)s older draft is discarded.", "%(n)s older drafts are discarded.", count)
    messages.success(request, sentence % {"n": count})
    return redirect("case", number)


@require_POST
@login_required
def report_revise(request: HttpRequest, number: str, version: int) -> HttpResponse:
    """A draft that is to take the place of a sent report."""
    sent = _vendors_report(request, number, version)
    try:
        draft = reports.revise(sent, user_of(request))
    except Refusal as refusal:
        messages.error(request, str(refusal))
        return redirect("analysis:report", number, version)
    return redirect("analysis:report-edit", number, draft.version)


@require_POST
@login_required
def report_send(request: HttpRequest, number: str, version: int) -> HttpResponse:
    """Sends the report; from then on it is frozen."""
    draft = _vendors_report(request, number, version)
    try:
        reports.send(
            draft,
            user_of(request),
            seen=parse_seen(request.POST.get("seen", "")),
            same_in_both="same" in request.POST,
        )
    except Refusal as refusal:
        messages.error(request, str(refusal))
        return redirect("analysis:report", number, version)
    messages.success(request, _("The report has been sent; the customer sees it in the conversation."))
    return redirect(f"{reverse('case', args=(number,))}#entry-{draft.message_id}")


def _editor(draft: Report, form: ReportForm, refusal: Refusal | None) -> dict[str, Any]:
    conflict = isinstance(refusal, ReportWasEdited)
    saved = Report.objects.get(pk=draft.pk) if conflict else None
    if saved is not None and saved.edited_at is not None:
        # The next save is meant over the text that she has been shown now.
        form.write_over(saved.edited_at)
    keep = form["keep"].value() or []
    kept = {int(position) for position in keep if str(position).isdecimal()}
    page = run_page(draft.run, current_language())
    return {
        "report": draft,
        "case": draft.case,
        "form": form,
        "refusal": refusal,
        "saved": saved,
        "saved_texts": [
            texts.get(language, "")
            for texts in (saved.conclusion, saved.advice, saved.change)
            for language in LANGUAGES
            if texts
        ]
        if saved
        else [],
        "findings": [(finding, finding["position"] in kept) for finding in page["findings"]],
        "newer": reports.newer_than(draft),
        "replaceable": draft.replaces or reports.replaceable(draft.case),
        "is_revision": reports.is_revision(draft),
    }


def _status(form: ReportForm, refusal: Refusal | None) -> int:
    if refusal is not None:
        return refusal.status
    return 422 if form.is_bound else 200
