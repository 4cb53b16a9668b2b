"""``{% run_panel case %}``, ``{% findings_panel case %}``, ``{% report_card report %}`` and
``{% sent_report report %}`` for the case page."""

from django import template
from django.db.models import Func, IntegerField

from accounts.languages import current_language
from analysis.advice.services import Advice, advice_of
from analysis.findings.models import Finding
from analysis.findings.panel import findings_view, finished_runs
from analysis.reports.content import WEIGHTY
from analysis.reports.errors import ReportUnreadable
from analysis.reports.models import Report
from analysis.reports.services import newer_than, older_drafts
from analysis.runs.errors import ResultUnreadable
from analysis.runs.models import AnalysisRun
from analysis.runs.passwords import MAX_LENGTH
from analysis.runs.services import bundle_runs
from analysis.runs.status import run_status
from cases.models import Case
from uploads.bundles.models import Bundle, BundleState
from uploads.custody.accesses import record_view
from uploads.custody.models import Act

register = template.Library()


@register.inclusion_tag("analysis/runs/panel.html", takes_context=True)
def run_panel(context: template.RequestContext, case: Case) -> dict[str, object]:
    """How the newest upload's analysis stands, live; needs ``request`` in the context."""
    request = context["request"]
    return _with(context, case=case, run=run_status(case, request.user))


@register.inclusion_tag("analysis/runs/lock.html", takes_context=True)
def bundle_lock(context: template.RequestContext, bundle: Bundle) -> dict[str, object]:
    """Below the card of a bundle with locked files: where to enter their password."""
    run = bundle_runs(bundle).defer("document").first() if bundle.state == BundleState.SEALED else None
    return _with(context, run=run, number=bundle.case.number, longest=MAX_LENGTH)


@register.inclusion_tag("analysis/findings/panel.html", takes_context=True)
def findings_panel(context: template.RequestContext, case: Case) -> dict[str, object]:
    """The newest finished run's findings with their evidence; for the vendor alone."""
    if not context["request"].user.is_vendor:
        return _with(context, case=case, view=None)
    has_run = AnalysisRun.objects.filter(bundle__case=case).exists()
    try:
        view = findings_view(case, context["request"].user)
    except ResultUnreadable as refusal:
        run = finished_runs(case).only("pk").first()
        return _with(context, case=case, view=None, unreadable=refusal, run=run)
    if view is not None:
        record_view(context["request"], view.run.bundle, Act.FINDINGS)
    return _with(context, case=case, view=view, has_run=has_run)


@register.inclusion_tag("analysis/reports/card.html", takes_context=True)
def report_card(context: template.RequestContext, report: Report) -> dict[str, object]:
    """The report in the thread: a draft to review for the vendor, a sent one to read for all."""
    user = context["request"].user
    visible = report.is_sent or user.is_vendor
    # The thread is asked for often: the result document, which can be long, is not read for it.
    pieces = Func("evidence", function="jsonb_array_length", output_field=IntegerField())
    findings = Finding.objects.filter(run=report.run_id).annotate(pieces=pieces).only("severity")
    shown = list(findings) if visible and not report.is_sent else []
    return _with(
        context,
        report=report if visible else None,
        case=report.case,
        newer=newer_than(report) if visible and not report.is_sent else None,
        older=older_drafts(report).count() if user.is_vendor else 0,
        superseded_by=report.superseded_by if report.is_sent else None,
        change=report.change.get(current_language(), ""),
        advice=_advice(report) if report.is_sent and user.is_vendor else None,
        found=len(shown),
        to_check=sum(finding.severity in WEIGHTY for finding in shown),
        pieces=sum(finding.pieces for finding in shown),
    )


@register.inclusion_tag("analysis/reports/sent.html", takes_context=True)
def sent_report(context: template.RequestContext, report: Report) -> dict[str, object]:
    """What the customer has to read and do: conclusion, figures, the steps to tick. Where the stored content
    cannot be read, the card of the thread."""
    advice = _advice(report)
    if advice is None:
        return report_card(context, report)
    language = current_language()
    return _with(
        context,
        report=report,
        case=report.case,
        advice=advice,
        change=report.change.get(language, ""),
        other=("en", "English") if language == "zh-hans" else ("zh-hans", "中文"),
        sent=True,
    )


def _advice(report: Report) -> Advice | None:
    try:
        return advice_of(report, current_language())
    except ReportUnreadable:
        return None


def _with(context: template.RequestContext, **more: object) -> dict[str, object]:
    request = context["request"]
    return {"request": request, "user": request.user, "csrf_token": context.get("csrf_token"), **more}
