"""The first look at an upload, corrected by what its analysis could read: a log that seemed to be there and
came to nothing has not arrived, whichever of the two ends first."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from analysis.runs.models import AnalysisRun
from engine.artifacts import State
from jobs.models import JobState
from uploads.bundles.models import Bundle


def unread_paths(bundle: Bundle) -> set[str]:
    """Files of the bundle that its newest analysis could not read, or that held no event; none while that
    is still to come, which may know the password that an earlier one did not."""
    run = AnalysisRun.objects.filter(bundle=bundle).defer("document").first()
    if run is None or run.state != JobState.DONE:
        return set()
    row = AnalysisRun.objects.filter(pk=run.pk)
    logs = row.values_list("document__events__logs", flat=True).first() or []
    unreadable = run.artifacts.filter(state=State.UNREADABLE).values_list("path", flat=True)
    return {*unreadable, *(log["artifact"] for log in logs if not log.get("records"))}


def corrected(verdicts: Iterable[dict[str, Any]], unread: set[str]) -> list[dict[str, Any]]:
    """The verdicts (``matching.verdict``), of which none says that an unread file is what was asked for."""
    return [
        verdict | {"arrived": False, "flaws": ["unreadable"]}
        if verdict["arrived"] and verdict["found"] in unread
        else verdict
        for verdict in verdicts
    ]
