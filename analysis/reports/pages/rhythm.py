"""When a service ended, start by start of its machine, as the event analyzer found it."""

from __future__ import annotations

from typing import Any
from zoneinfo import ZoneInfo

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from analysis.display import local_time
from engine.schema.document import FindingText
from engine.schema.facts import ServiceEnd, ServiceRun

MAX_STARTS = 20
MAX_TIMES = 24
WIDTH = 1000
"""The drawing's own units from the start of the machine to the latest end after any start."""


def rhythm_of(finding: FindingText, zone: ZoneInfo) -> dict[str, Any] | None:
    """A group for each start of the machine; ``None`` for a finding that is not about services.

    A group's ``dots`` are places on a line of ``WIDTH`` units that all groups share, so that a rhythm
    is seen.
    """
    runs = finding.data.runs
    if not runs:
        return None
    delays = [end.seconds_after_boot for run in runs for end in run.ends]
    longest = max((delay for delay in delays if delay is not None), default=0) or 1
    groups = [_group(run, zone, longest) for run in runs[:MAX_STARTS]]
    more = len(runs) - MAX_STARTS
    return {
        "groups": groups,
        "more": _("and %(count)s more") % {"count": f"{more:,}"} if more > 0 else "",
        "width": WIDTH,
        "scale": _span(longest) if any(group["dots"] for group in groups) else "",
    }


def _group(run: ServiceRun, zone: ZoneInfo, longest: float) -> dict[str, Any]:
    boot, ends = run.boot, run.ends
    label = _("Start %(time)s") % {"time": local_time(boot, zone)} if boot else _("Start not in the log")
    times = [_time(end, zone, with_day=boot is None) for end in ends[:MAX_TIMES]]
    if run.count > len(times):
        times.append("…")
    return {
        "label": label,
        "times": times,
        "count": ngettext("%(n)s time", "%(n)s times", run.count) % {"n": f"{run.count:,}"},
        "dots": [
            round(end.seconds_after_boot / longest * WIDTH)
            for end in ends
            if end.seconds_after_boot is not None
        ]
        if boot
        else [],
    }


def _time(end: ServiceEnd, zone: ZoneInfo, *, with_day: bool) -> str:
    local = local_time(end.time, zone)
    clock = local if with_day else local.rpartition(" ")[2]
    delay = end.seconds_after_boot
    return clock if delay is None else f"{clock} (+{_span(delay)})"


def _span(seconds: float) -> str:
    if seconds < 90:
        return f"{seconds:.0f} s"
    minutes, rest = divmod(round(seconds), 60)
    if minutes < 90:
        return f"{minutes}:{rest:02} min"
    return f"{minutes // 60}:{minutes % 60:02} h"
