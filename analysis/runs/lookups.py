"""The run that an address names, as far as its reader may know of it."""

from django.http import HttpRequest
from django.shortcuts import get_object_or_404

from analysis.runs.models import AnalysisRun
from cases.lookups import vendor_of


def vendors_run(request: HttpRequest, number: str, run: int) -> AnalysisRun:
    """A run of a visible case, with its bundle and case; only for the vendor. Raises ``Http404``."""
    rows = AnalysisRun.objects.visible_to(vendor_of(request)).select_related("bundle__case")
    return get_object_or_404(rows, pk=run, bundle__case__number=number)
