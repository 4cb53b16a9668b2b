"""Whether the logs reach the time of the incident: what no log holds, no analysis can find."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from engine.index.event_index import EventIndex
from engine.parsers.evtx.log_facts import LogFacts
from engine.schema.logs import IncidentReach, LogReach, Reach
from engine.service_control import parse_time

MAX_DISTANCE = timedelta(hours=1)
"""Missing records that may be of this time before or after the incident are told."""
MAX_ROUNDING = timedelta(minutes=15)
"""People tell by the quarter of an hour when it happened: a log that ends so shortly before it covers it."""


@dataclass(frozen=True)
class LogCoverage:
    """One log. ``gaps`` are the ranges of missing record numbers near the incident."""

    artifact: str
    channel: str
    reach: Reach
    first: datetime | None
    last: datetime | None
    gaps: tuple[tuple[int, int], ...] = ()


@dataclass(frozen=True)
class Coverage:
    """All logs against the incident."""

    incident: datetime
    logs: tuple[LogCoverage, ...]

    @property
    def covered(self) -> bool:
        """Whether at least one log has records before and after the incident."""
        return any(log.reach is Reach.COVERS for log in self.logs)

    def of(self, reach: Reach) -> list[LogCoverage]:
        return [log for log in self.logs if log.reach is reach]

    def as_entry(self) -> IncidentReach:
        """As the result document has it."""
        logs = [
            LogReach(
                artifact=log.artifact,
                reach=log.reach,
                first_time=_utc(log.first) if log.first else None,
                last_time=_utc(log.last) if log.last else None,
                gaps=list(log.gaps),
            )
            for log in self.logs
        ]
        return IncidentReach(time=_utc(self.incident), covered=self.covered, logs=logs)


def coverage(
    incident: datetime, logs: Iterable[LogFacts], events: EventIndex, channels: Mapping[str, str | None]
) -> Coverage:
    """Holds each log's time span against the incident; ``channels`` is each log's main channel."""
    statements = (_log(incident, log, events, channels.get(log.artifact) or "") for log in logs)
    return Coverage(incident, tuple(statements))


def _log(incident: datetime, log: LogFacts, events: EventIndex, channel: str) -> LogCoverage:
    first, last = parse_time(log.first_time), parse_time(log.last_time)
    if first is None or last is None:
        return LogCoverage(log.artifact, channel, Reach.EMPTY, None, None)
    ends_before = last + MAX_ROUNDING < incident
    reach = Reach.BEGINS_AFTER if first > incident else Reach.ENDS_BEFORE if ends_before else Reach.COVERS
    gaps = tuple(gap for gap in log.missing if _is_near(incident, log, gap, events))
    return LogCoverage(log.artifact, channel, reach, first, last, gaps)


def _is_near(incident: datetime, log: LogFacts, gap: tuple[int, int], events: EventIndex) -> bool:
    """Whether the missing records may be of the time around the incident, by their neighbours' times."""
    before, after = (events.numbered(log.artifact, number) for number in (gap[0] - 1, gap[1] + 1))
    since = parse_time(before.time) if before else None
    until = parse_time(after.time) if after else None
    if since is None and until is None:
        return False
    return (since is None or since - incident <= MAX_DISTANCE) and (
        until is None or incident - until <= MAX_DISTANCE
    )


def _utc(moment: datetime) -> str:
    return moment.isoformat(timespec="seconds").replace("+00:00", "Z")
