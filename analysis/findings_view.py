"""The vendor's view of a run: all its findings with evidence, and what was examined."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from django.utils.translation import get_language

from analysis.models import AnalysisRun, RunState
from analysis.report_content import run_content
from analysis.report_page import page_of
from analysis.runs import latest_run

if TYPE_CHECKING:
    from cases.models import Case


@dataclass
class FindingsView:
    """``page`` is ``report_page.page_of`` of the whole run; ``left_out`` are positions that the
    report does not show."""

    run: AnalysisRun
    page: dict[str, Any]
    left_out: list[int]
    is_earlier: bool = False
    """Whether a newer analysis is under way or has failed."""


def findings_view(case: Case) -> FindingsView | None:
    """The newest finished run of the case, in the active language."""
    run = (
        AnalysisRun.objects.filter(bundle__case=case, state=RunState.DONE)
        .select_related("bundle", "bundle__case__organisation", "bundle__case__engineer")
        .first()
    )
    if run is None:
        return None
    report = run.reports.first()
    newest = latest_run(case)
    return FindingsView(
        run,
        page_of(run_content(run), page_language()),
        report.left_out if report else [],
        is_earlier=newest is not None and newest.pk != run.pk,
    )


def page_language() -> str:
    """The active language as the engine's texts name it."""
    return "en" if (get_language() or "").startswith("en") else "zh-hans"
