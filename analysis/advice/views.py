"""Ticking a step."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.views.decorators.http import require_POST

from accounts.errors import Refusal
from analysis.advice import services as advice
from analysis.reports.models import Report, ReportState
from cases.lookups import user_of


@require_POST
@login_required
def step_tick(request: HttpRequest, number: str, version: int, step: int) -> HttpResponse:
    """A step is tried (``done=1``) or not after all (``done=0``)."""
    rows = Report.objects.visible_to(user_of(request)).filter(state=ReportState.SENT).select_related("case")
    report = get_object_or_404(rows, case__number=number, version=version)
    try:
        advice.tick(report, step, user_of(request), done=request.POST.get("done") == "1")
    except Refusal as refusal:
        messages.error(request, str(refusal))
    return redirect(f"{reverse('case', args=(number,))}#report-v{version}")
