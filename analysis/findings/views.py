"""One piece of evidence, and the file that it lies in; the vendor's alone."""

from __future__ import annotations

from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, render
from django.utils.cache import patch_vary_headers
from django.views.decorators.http import require_safe

from accounts.languages import current_language
from analysis.findings.artifact_file import open_artifact
from analysis.findings.evidence import evidence_of
from analysis.reports.page import run_page
from analysis.runs.lookups import vendors_run
from cases.lookups import user_of
from uploads.bundles import serving
from uploads.bundles.cards import may_download
from uploads.custody.accesses import record_view
from uploads.custody.models import Act


@require_safe
@login_required
def evidence(request: HttpRequest, number: str, run: int, position: int, index: int) -> HttpResponse:
    """One piece of evidence: the body of the side panel, or a page of its own without scripts."""
    vendors = vendors_run(request, number, run)
    shown = evidence_of(vendors, position, index)
    if shown is None:
        raise Http404
    record_view(request, vendors.bundle, Act.EVIDENCE, f"{position + 1}.{index + 1}")
    page = run_page(vendors, current_language())
    context = {
        "case": vendors.bundle.case,
        "run": vendors,
        "evidence": shown,
        "finding": page["findings"][position],
    }
    partial = request.headers.get("HX-Request") == "true"
    context["partial"] = partial
    template = "analysis/findings/evidence.html" if partial else "analysis/findings/evidence_page.html"
    response = render(request, template, context)
    patch_vary_headers(response, ("HX-Request",))
    return response


@require_safe
@login_required
def artifact_file(request: HttpRequest, number: str, run: int, artifact: int) -> HttpResponseBase:
    """One file out of the upload, as a download."""
    wanted = get_object_or_404(vendors_run(request, number, run).artifacts, pk=artifact)
    if not may_download(user_of(request), wanted.run.bundle) or not wanted.sha256:
        raise Http404
    try:
        content = open_artifact(wanted)
    except FileNotFoundError:
        raise Http404 from None
    name = wanted.path.rpartition("/")[2]
    answer = serving.serve(request, content, name=name, size=wanted.size, sha256=wanted.sha256)
    if serving.begins_a_download(request) and answer.status_code < 400:
        record_view(request, wanted.run.bundle, Act.FILE, wanted.sha256)
    return answer
