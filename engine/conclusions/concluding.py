"""From the findings of all rules to what is told: together what belongs together, in order."""

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime

from engine.conclusions import incidents, ranking
from engine.conclusions.causality import explained, with_causes
from engine.conclusions.incidents import Incident
from engine.conclusions.matters import once
from engine.conclusions.one_offs import faded
from engine.findings import Finding
from engine.material import Material
from engine.service_control import parse_time

BUSY = {"System", "Application", "Security"}
"""Channels that a running machine writes every day: one that ends before the others was saved before them."""


def concluded(
    findings: Sequence[Finding], topics: Mapping[str, str], material: Material
) -> tuple[list[Finding], list[Incident]]:
    """The findings, the most needed first, and the incidents, whose places are those of that order.

    ``topics`` says of what topic a rule is (``ranking.CAUSES``).
    """
    starts = _Starts(material)

    def at_last(finding: Finding) -> Finding:
        topic = topics.get(finding.rule, "")
        return faded(finding, topic, material.incident, starts.reach(finding))

    causes = explained(findings)
    findings = with_causes(findings, causes)
    weighed = [at_last(finding) for finding in findings]
    together = incidents.together(weighed, ranking.leads(weighed, topics), starts.ended)
    ends = {finding.computer: end for finding in findings if (end := starts.end(finding.computer))}
    told, places = once(findings, causes, material.zone)
    # Whether it came again is asked of the matter, not of each of its stages.
    told = [at_last(matter) for matter in told]
    together = [several for one in together if (several := one.of_matters(places)) is not None]
    causes = _of_matters(causes, places)
    order = ranking.ordered(told, topics, together, causes, incident=material.incident, ends=ends)
    return [told[place] for place in order], [incident.moved(order) for incident in together]


def _of_matters(causes: Mapping[int, Sequence[int]], places: Sequence[int]) -> dict[int, list[int]]:
    """The causes of findings as those of the matters that tell them."""
    moved: dict[int, list[int]] = {}
    for place, others in causes.items():
        matter = places[place]
        moved.setdefault(matter, []).extend(places[other] for other in others if places[other] != matter)
    return moved


_LAST = datetime.max.replace(microsecond=0, tzinfo=UTC).timestamp()


class _Starts:
    """When each machine last wrote, and when before a start."""

    def __init__(self, material: Material) -> None:
        self._material = material
        self._boots: dict[str, list[str]] = {}
        self._ends: dict[tuple[str, str | None], datetime | None] = {}

    def end(self, computer: str, channel: str | None = None) -> datetime | None:
        """The time of a machine's newest event, of all or of one channel; ``None`` for what is no machine."""
        if (computer, channel) not in self._ends:
            last = self._material.events.last_before("9999", self._names(computer), channel)
            self._ends[computer, channel] = parse_time(last)
        return self._ends[computer, channel]

    def reach(self, finding: Finding) -> datetime | None:
        """Until when the logs would have told if it had come again."""
        channels = {self._material.channel(piece.artifact) for piece in finding.evidence} & BUSY
        ends = [self.end(finding.computer, channel) for channel in channels or {None}]
        return min(filter(None, ends), default=None)

    def ended(self, computer: str, moment: float) -> float:
        """The last record before the start that ``moment`` follows, else the moment itself."""
        names = self._names(computer)
        if computer not in self._boots:
            self._boots[computer] = self._material.events.boots(computers=names)
        before = [boot for boot in self._boots[computer] if boot <= _utc(moment + 1)][-1:]
        start = parse_time(before[0]) if before else None
        if start is None or moment - start.timestamp() > incidents.MAX_SECONDS_APART:
            return moment
        last = parse_time(self._material.events.last_before(before[0], names))
        return moment if last is None else last.timestamp()

    def _names(self, computer: str) -> tuple[str, ...]:
        machines = self._material.machines
        return machines.computers(computer) if computer in machines.names else (computer,)


def _utc(seconds: float) -> str:
    moment = datetime.fromtimestamp(min(seconds, _LAST), UTC)
    return moment.isoformat(timespec="microseconds").replace("+00:00", "Z")
