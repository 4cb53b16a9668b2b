"""The order of findings: the first is the one that the engineer needs.

In this order of weight: how grave a finding is (one step graver when it happened around the
incident); whether it still happens; whether the data or a program was tampered with, on which
every other conclusion rests; how near the incident it lies; causes before consequences, the
machine before what runs on it; how often it happened; last the order of the registry. Whatever explains
another finding (``causality``) stands before it all the same. Equal input gives equal order.
"""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import NamedTuple

from engine.conclusions import incidents as grouping
from engine.conclusions.causality import causes_first
from engine.conclusions.incidents import Incident
from engine.findings import Finding, Severity

CAUSES = (
    *("tampering", "truth", "hardware", "storage", "boot", "drivers", "antivirus", "integrity", "security"),
    *("services", "databases", "servers", "applications", "installer", "updates", "domain", "network"),
    *("profiles", "encryption", "remote", "printing", "time", "activation", "tasks"),
    "unknown",
)
"""Topics, causes before their consequences: what a failing disk breaks stands behind the disk."""
FIRST_OF_ALL = frozenset({"tampering", "truth"})
MACHINE = frozenset({"hardware", "storage", "boot", "drivers"})

NEAR, SAME_DAY, STALE = 3600.0, 86_400.0, 30 * 86_400.0
"""Seconds between a finding and the incident; where that is not known, and the machine's last event."""


class Rank(NamedTuple):
    """A finding's place, the smaller the nearer to the top."""

    gravity: int
    stale: bool
    a_symptom: bool
    distance: int
    cause: int
    seldom: int
    place: int


def ordered(
    findings: Sequence[Finding],
    topics: Mapping[str, str],
    incidents: Sequence[Incident],
    causes: Mapping[int, Sequence[int]],
    *,
    incident: datetime | None,
    ends: Mapping[str, datetime],
) -> list[int]:
    """The places of ``findings``, the most needed first.

    ``topics`` says of what topic a rule is; ``incidents`` are those of ``incidents.together``;
    ``causes`` those of ``causality.explained``; ``ends`` has the time of each machine's newest event.
    """
    ranks = [
        _rank(place, finding, topics, incident, ends.get(finding.computer))
        for place, finding in enumerate(findings)
    ]
    order = sorted(range(len(findings)), key=ranks.__getitem__)
    for candidate in incidents:
        _lead(order, candidate, findings)
    return causes_first(order, causes)


def leads(findings: Sequence[Finding], topics: Mapping[str, str]) -> list[grouping.Rank]:
    """How soon each finding leads an incident; a light trouble of the machine leads none."""
    ranks = []
    for place, finding in enumerate(findings):
        topic, gravity = topics.get(finding.rule, ""), list(Severity).index(finding.severity)
        machine = topic in MACHINE and finding.severity in (Severity.HIGH, Severity.MEDIUM)
        ranks.append(grouping.Rank(not machine, gravity, cause(topic), place))
    return ranks


def cause(topic: str) -> int:
    """The place of a topic among ``CAUSES``; an unknown one is last."""
    return CAUSES.index(topic) if topic in CAUSES else len(CAUSES)


def _rank(
    place: int, finding: Finding, topics: Mapping[str, str], incident: datetime | None, end: datetime | None
) -> Rank:
    topic = topics.get(finding.rule, "")
    moment = incident or end
    away = None if moment is None else _away(finding, moment.timestamp())
    near = incident is not None and away is not None and away <= NEAR
    return Rank(
        gravity=list(Severity).index(finding.severity) - near,
        stale=away is not None and away > STALE,
        a_symptom=topic not in FIRST_OF_ALL,
        distance=0 if incident is None or near else 1 if away is None or away <= SAME_DAY else 2,
        cause=cause(topic),
        seldom=-sum(burst.events for burst in finding.bursts),
        place=place,
    )


def _away(finding: Finding, moment: float) -> float | None:
    """Seconds between the finding's nearest burst and the moment; ``None`` when it has no time."""
    if not finding.bursts:
        return None
    return min(
        0.0 if first <= moment <= last else min(abs(first - moment), abs(last - moment))
        for first, last, _ in finding.bursts
    )


def _lead(order: list[int], incident: Incident, findings: Sequence[Finding]) -> None:
    """The leading finding stands before those that mostly happen in its company."""
    lead = incident.findings[0]
    if findings[lead].severity not in (Severity.HIGH, Severity.MEDIUM):
        return
    led = [place for place in order if place in incident.followers]
    if led and order.index(led[0]) < order.index(lead):
        order.remove(lead)
        order.insert(order.index(led[0]), lead)
