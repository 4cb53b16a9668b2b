"""The pages of runs."""

from __future__ import annotations

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_GET, require_POST

from accounts.conditional import unless_known
from accounts.errors import Refusal
from analysis.runs import passwords
from analysis.runs import services as runs
from analysis.runs.lookups import vendors_run
from analysis.runs.models import AnalysisRun
from analysis.runs.status import run_status
from cases.lookups import user_of, visible_case

RUN_FINISHED = "run-finished"
"""Told to the page when a run that it was watching has ended; other parts listen to it."""


@require_GET
@login_required
def run_panel(request: HttpRequest, number: str) -> HttpResponseBase:
    """The run panel alone, with an ETag over what it says. ``?working=1`` comes from a page that
    watches an open run: it is told by ``HX-Trigger`` when that run has ended."""
    case, user = visible_case(request, number), user_of(request)
    status = run_status(case, user)
    ended = bool(request.GET.get("working")) and not status.is_working
    response = unless_known(
        request,
        status.essence(user),
        lambda: render(request, "analysis/runs/panel.html", {"case": case, "run": status}),
        anyway=ended,
    )
    if ended:
        response["HX-Trigger"] = RUN_FINISHED
    return response


@require_POST
@login_required
def run_again(request: HttpRequest, number: str, run: int) -> HttpResponse:
    """A new run of the same bundle."""
    old = vendors_run(request, number, run)
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
    rows = AnalysisRun.objects.visible_to(user_of(request)).select_related("bundle__case")
    locked = get_object_or_404(rows.defer("document"), pk=run, bundle__case__number=number)
    try:
        passwords.analyse_with(locked, request.POST.get("password", ""))
    except Refusal as refusal:
        messages.error(request, str(refusal))
    else:
        messages.success(request, _("The upload is being analysed again, with the password."))
    return redirect(f"{reverse('case', args=(number,))}#entry-{locked.bundle.message_id}")
