"""The vendor's view of a run: all its findings with evidence, and what was examined."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import groupby
from typing import TYPE_CHECKING, Any

from django.utils.translation import ngettext

from accounts.languages import current_language
from analysis.findings.earlier_cases import earlier_cases
from analysis.reports.page import run_page
from analysis.runs.models import AnalysisRun, RunQuerySet
from analysis.runs.services import latest_run
from jobs.models import JobState

if TYPE_CHECKING:
    from accounts.models import User
    from cases.models import Case

MAX_ALIKE = 4
"""Findings of one rule in a row that stand open; what follows is folded."""


@dataclass
class FindingsView:
    """``page`` is ``reports.page.run_page`` of it; ``groups`` are its findings in order,
    each with ``shown`` and ``folded`` ones of one rule and what to ``say`` of the folded, information last;
    ``left_out`` are positions that the report does not show. Each finding has ``earlier``
    (``earlier_cases.Seen`` or None) and ``earlier_in_full``."""

    run: AnalysisRun
    page: dict[str, Any]
    groups: list[dict[str, Any]]
    left_out: list[int]
    is_earlier: bool = False
    """Whether a newer analysis is under way or has failed."""


def finished_runs(case: Case) -> RunQuerySet:
    """The finished runs of the case, newest first."""
    return AnalysisRun.objects.filter(bundle__case=case, state=JobState.DONE)


def findings_view(case: Case, user: User) -> FindingsView | None:
    """The newest finished run of the case, in the active language, for a person of the vendor.

    Raises ``ResultUnreadable``.
    """
    run = (
        finished_runs(case)
        .select_related("bundle", "bundle__case__organisation", "bundle__case__engineer")
        .first()
    )
    if run is None:
        return None
    report = run.reports.defer("content").order_by("-version").first()
    newest = latest_run(case)
    page = run_page(run, current_language())
    # That all is in order here says nothing about where else it was.
    telling = [finding for finding in page["findings"] if finding["severity"] != "info"]
    earlier = earlier_cases(case, [finding["fingerprint"] for finding in telling], user)
    described: set[int] = set()
    for finding in page["findings"]:
        seen = finding["earlier"] = (
            earlier.get(finding["fingerprint"]) if finding["severity"] != "info" else None
        )
        cases = {case.case.pk for case in seen.cases} if seen else set()
        # What was said of a case above need not be said of it again.
        finding["earlier_in_full"] = not cases <= described
        described |= cases
    return FindingsView(
        run,
        page,
        _groups(page["findings"]),
        report.left_out if report else [],
        is_earlier=newest is not None and newest.pk != run.pk,
    )


def _groups(findings: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Information at the end is folded, unless there is nothing else."""
    end = len(findings)
    while end and findings[end - 1]["severity"] == "info":
        end -= 1
    told, background = (findings[:end], findings[end:]) if end else (findings, [])
    groups = [_group(list(group)) for _rule, group in groupby(told, key=_kind)]
    if background:
        label = ngettext(
            "%(n)s more for your information", "%(n)s more for your information", len(background)
        )
        groups.append({"shown": [], "folded": background, "say": label % {"n": len(background)}})
    return groups


def _kind(finding: dict[str, Any]) -> tuple[str, str]:
    return finding["rule"], finding["severity"]


def _group(alike: list[dict[str, Any]]) -> dict[str, Any]:
    # One that would be folded alone may as well be seen.
    at = len(alike) if len(alike) <= MAX_ALIKE + 1 else MAX_ALIKE
    folded = alike[at:]
    label = ngettext("%(n)s more finding of this kind", "%(n)s more findings of this kind", len(folded))
    return {"shown": alike[:at], "folded": folded, "say": label % {"n": len(folded)}}
