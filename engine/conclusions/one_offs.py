"""An error that came once and not again until the trouble is background: told, but as information."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime
from typing import Final

from engine.conclusions.coverage import MAX_ROUNDING
from engine.findings import Finding, Severity
from engine.phrases import joined
from engine.text import text

DAY = 86_400.0
LONG_BEFORE_INCIDENT, LONG_BEFORE_END = 7 * DAY, 14 * DAY
"""Seconds of log without it until the incident; where that is not known, until the log's end."""
MAX_EVENTS, MAX_BURSTS = 3, 2

PASSING: Final = frozenset(
    {
        *("boot", "drivers", "services", "applications", "installer", "updates", "network", "domain"),
        *("profiles", "remote", "printing", "time", "activation", "tasks"),
    }
)
"""Topics of what passes by itself; a bad block or a threat that was found once is still there."""

FADED: Mapping[Severity, Severity] = {Severity.HIGH: Severity.LOW}


def faded(finding: Finding, topic: str, incident: datetime | None, end: datetime | None) -> Finding:
    """The finding as it weighs at the ``incident``, or at the ``end`` of the log that would tell of it."""
    if end is None or topic not in PASSING or finding.severity is Severity.INFO or not finding.bursts:
        return finding
    if len(finding.bursts) > MAX_BURSTS or sum(burst.events for burst in finding.bursts) > MAX_EVENTS:
        return finding
    reached = incident is not None and incident <= end + MAX_ROUNDING
    moment = incident if incident is not None and reached else end
    away = moment.timestamp() - max(burst.last for burst in finding.bursts)
    if away < (LONG_BEFORE_END if incident is None else LONG_BEFORE_INCIDENT):
        return finding
    days = int(away // DAY)
    until_zh, until_en = ("案发", "the incident") if reached else ("日志结束", "the log ends")
    said = text(
        f"此后到{until_zh}的 {days} 天里没有再出现，很可能与本次问题无关。",
        f"It did not come again in the {days} days until {until_en}; probably it has nothing to do with it.",
    )
    return replace(
        finding,
        severity=FADED.get(finding.severity, Severity.INFO),
        summary=joined([finding.summary, said]),
    )
