"""The page of the lab's known files: see, find, add, remove, give away. Customers find nothing here."""

from __future__ import annotations

from urllib.parse import urlencode

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts.errors import Refusal
from analysis.baselines import services
from analysis.baselines.models import Baseline
from analysis.runs.models import AnalysisRun
from cases.lookups import vendor_of
from engine.text_safety import shown
from jobs.models import JobState

PAGE = 100
MAX_WORDS_LENGTH = 200


@require_safe
@login_required
def baselines(request: HttpRequest) -> HttpResponse:
    """The lab's known-good file states; ``?q=`` finds by file, product, version or hash."""
    user = vendor_of(request)
    words = request.GET.get("q", "").strip()[:MAX_WORDS_LENGTH]
    matching = Baseline.objects.matching(words).select_related("added_by").with_source_for(user)
    context = {
        "page": Paginator(matching, PAGE).get_page(request.GET.get("page")),
        "words": words,
        "query": urlencode({"q": words}) if words else "",
        "any": bool(words) or matching.exists(),
    }
    return render(request, "analysis/baselines/baselines.html", context)


@require_POST
@login_required
def add(request: HttpRequest) -> HttpResponse:
    """A known file, or a list of them."""
    user = vendor_of(request)
    upload = request.FILES.get("file")
    if upload is None:
        messages.error(request, _("Choose a file first."))
        return redirect("analysis:baselines")
    try:
        count = services.add_from_file(
            upload.name or "", upload, product=request.POST.get("product", "").strip(), by=user
        )
    except Refusal as refusal:
        messages.error(request, str(refusal))
    else:
        if count:
            notice = ngettext("%(n)s baseline added.", "%(n)s baselines added.", count) % {"n": count}
            messages.success(request, notice)
        else:
            messages.info(request, _("All of it was known already."))
    return redirect("analysis:baselines")


@require_POST
@login_required
def remove(request: HttpRequest, baseline_id: int) -> HttpResponse:
    """A file is no longer known-good; what was analysed with it stays as it is."""
    user = vendor_of(request)
    baseline = get_object_or_404(Baseline, pk=baseline_id)
    services.remove(baseline, by=user)
    messages.success(request, _("%(file)s is no longer a baseline.") % {"file": shown(baseline.path)})
    return redirect("analysis:baselines")


@require_safe
@login_required
def export(request: HttpRequest) -> HttpResponse:
    """All baselines as one JSON file."""
    vendor_of(request)
    response = HttpResponse(services.export(), content_type="application/json")
    response["Content-Disposition"] = 'attachment; filename="baselines.json"'
    return response


@require_http_methods(["GET", "POST"])
@login_required
def add_from_run(request: HttpRequest, number: str, run: int) -> HttpResponse:
    """A file that an analysis has seen becomes known-good, once the engineer has read what is shared."""
    user = vendor_of(request)
    rows = AnalysisRun.objects.visible_to(user).select_related("bundle__case")
    finished = get_object_or_404(rows, pk=run, bundle__case__number=number, state=JobState.DONE)
    try:
        if request.method == "GET":
            proposal = services.proposed_from(finished, request.GET.get("sha256", "")[:64], by=user)
            context = {"proposal": proposal, "case": finished.bundle.case}
            return render(request, "analysis/baselines/confirm.html", context)
        words = {name: request.POST.get(name, "") for name in ("path", "product", "version")}
        sha256 = request.POST.get("sha256", "")[:64]
        baseline, new = services.add_from_run(finished, sha256, by=user, **words)
    except Refusal as refusal:
        messages.error(request, str(refusal))
    else:
        notice = (
            _("%(file)s is a baseline from now on; the next analysis compares with it.")
            if new
            else _("%(file)s was a baseline already.")
        )
        messages.success(request, notice % {"file": shown(baseline.path)})
    return redirect(f"{reverse('case', args=(number,))}#findings-head")
