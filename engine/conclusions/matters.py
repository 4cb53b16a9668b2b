"""One matter once: the findings of several rules on one thing, told as one finding with its stages.

Findings of one machine are one matter where ``matters.yaml`` says so (an update by its number, the records of
one restart), or where they rest on the same records. The one that explains the others tells it, else the
gravest; it keeps everybody's evidence, and what the others say stands below it in order of time.
"""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cache
from itertools import combinations
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from msgspec import structs

from engine.conclusions.stages import and_more, told
from engine.findings import SPELL, Burst, Finding, Severity
from engine.messages.data_files import read_yaml
from engine.schema.document import FindingText
from engine.schema.evidence import Evidence, Locator

FILE = Path(__file__).with_name("matters.yaml")
APART = frozenset({"clock-moved-back", "event-log-damaged"})
"""Rules that cite records for their place in the log, whatever these say."""
UNEXPLAINED = "new-error"
"""Says that no rule explains a record; here one does."""

MIN_ALIKE, ALIKE_SECONDS = 3, 300.0
"""Findings of one rule that came together each time, by so many seconds, are one matter."""

MAX_CITING = 200
"""Findings on one record that are held against each other."""

Record = tuple[str, int]


@dataclass(frozen=True)
class Kind:
    """A kind of matter: of each rule its place and the fields that name what it is about; ``within`` seconds
    (None: whenever), in which what names nothing belongs to the only one that is named; ``named_by`` takes
    the name out of a value."""

    name: str
    rules: Mapping[str, tuple[int, Sequence[str]]]
    within: float | None
    named_by: re.Pattern[str] | None

    def names(self, finding: Finding) -> set[str]:
        """What a finding is about."""
        names = set()
        for field in self.rules[finding.rule][1]:
            for value in finding.values.get(field, "").casefold().splitlines():
                found = self.named_by.match(value.strip()) if self.named_by else None
                name = next(filter(None, found.groups()), "") if found else value if not self.named_by else ""
                names.add(name.strip())
        return names - {"", "-", "?"}


@cache
def kinds() -> tuple[Kind, ...]:
    """As the file has them."""
    known: dict[str, Any] = read_yaml(FILE)
    return tuple(
        Kind(
            name,
            {rule: (place, fields) for place, (rule, fields) in enumerate(kind["rules"].items())},
            kind.get("within"),
            re.compile(kind["named_by"]) if "named_by" in kind else None,
        )
        for name, kind in known.items()
    )


def once(
    findings: Sequence[Finding], causes: Mapping[int, Sequence[int]], zone: ZoneInfo
) -> tuple[list[Finding], list[int]]:
    """The findings with each matter told once, and for each of ``findings`` the place of what tells it.

    ``causes`` are those of ``causality.explained``.
    """
    groups = _Groups(len(findings))
    for kind in kinds():
        _by_kind(kind, findings, groups)
    _by_records(findings, groups)
    _alike(findings, groups)
    matters: list[Finding] = []
    places = [0] * len(findings)
    for members in groups.all():
        for member in members:
            places[member] = len(matters)
        matters.append(_one(findings, members, causes, zone) if len(members) > 1 else findings[members[0]])
    return matters, places


class _Groups:
    """Places that belong together."""

    def __init__(self, many: int) -> None:
        self._parents = list(range(many))

    def join(self, one: int, other: int) -> None:
        first, second = sorted((self._first(one), self._first(other)))
        self._parents[second] = first

    def all(self) -> list[list[int]]:
        """By the first of each."""
        groups: dict[int, list[int]] = {}
        for place in range(len(self._parents)):
            groups.setdefault(self._first(place), []).append(place)
        return list(groups.values())

    def _first(self, place: int) -> int:
        while self._parents[place] != place:
            self._parents[place] = place = self._parents[self._parents[place]]
        return place


def _by_kind(kind: Kind, findings: Sequence[Finding], groups: _Groups) -> None:
    """Joins what is about the same; of ``within`` what came together."""
    together: dict[tuple[str, str], list[int]] = {}
    nameless: list[int] = []
    for place, finding in enumerate(findings):
        if finding.rule in kind.rules:
            names = kind.names(finding) if kind.rules[finding.rule][1] else {""}
            for name in names:
                together.setdefault((finding.computer, name), []).append(place)
            if not names:
                nameless.append(place)
    for (_, name), places in together.items():
        places.sort(key=lambda place: kind.rules[findings[place].rule][0])
        for other, place in combinations(places, 2):
            one, another, within = findings[other].spells, findings[place].spells, kind.within
            # Of equal names either may have come without the other; without a name the lesser never.
            if within is None or _beside(another, one, within) or (name and _beside(one, another, within)):
                groups.join(other, place)
    if kind.within is not None:
        for place in nameless:
            _to_its_only_name(findings, place, together, kind.within, groups)


def _to_its_only_name(
    findings: Sequence[Finding],
    place: int,
    named: Mapping[tuple[str, str], Sequence[int]],
    within: float,
    groups: _Groups,
) -> None:
    """Joins a finding whose records name nothing to what alone was in trouble whenever it came."""
    finding = findings[place]
    fitting = [
        beside[0]
        for (computer, _), others in named.items()
        if computer == finding.computer
        and (beside := [it for it in others if _beside(finding.spells, findings[it].spells, within)])
    ]
    if len(fitting) == 1:
        groups.join(fitting[0], place)


def _alike(findings: Sequence[Finding], groups: _Groups) -> None:
    """Joins what one rule says of many things of a machine whenever it says it: services that all hang,
    threats of one scan. Two may be so by chance."""
    of_rule: dict[tuple[str, str], list[int]] = {}
    for place, finding in enumerate(findings):
        if finding.rule != UNEXPLAINED and not finding.rule.startswith("sigma-"):
            of_rule.setdefault((finding.computer, finding.rule), []).append(place)
    for places in of_rule.values():
        while len(places) >= MIN_ALIKE:
            first = findings[places[0]].spells
            alike = [
                place
                for place in places
                if _beside(first, findings[place].spells, ALIKE_SECONDS)
                and _beside(findings[place].spells, first, ALIKE_SECONDS)
            ]
            if len(alike) >= MIN_ALIKE:
                for place in alike:
                    groups.join(alike[0], place)
            places = [place for place in places[1:] if place not in alike]


def _beside(spells: Sequence[Burst], others: Sequence[Burst], within: float) -> bool:
    """Whether each spell is so near to one of the others; both are in order of time."""
    at = 0
    for spell in spells:
        while at < len(others) and others[at].last < spell.first - within:
            at += 1
        if at == len(others) or others[at].first > spell.last + within:
            return False
    return bool(spells)


def _by_records(findings: Sequence[Finding], groups: _Groups) -> None:
    """Joins findings of one machine that share more than half of the records that one of them cites; rules of
    somebody else, of which nobody knows what they look for, only where all are the same."""
    cited = [records(finding) if finding.rule not in APART else set() for finding in findings]
    by_record: dict[tuple[str, Record], list[int]] = {}
    for place, finding in enumerate(findings):
        for record in cited[place]:
            by_record.setdefault((finding.computer, record), []).append(place)
    pairs = {pair for places in by_record.values() for pair in combinations(places[:MAX_CITING], 2)}
    for one, other in pairs:
        shared = len(cited[one] & cited[other])
        foreign = any(findings[place].rule.startswith("sigma-") for place in (one, other))
        same = cited[one] == cited[other] and findings[one].data.count == findings[other].data.count
        if same or (not foreign and 2 * shared > min(len(cited[one]), len(cited[other]))):
            groups.join(one, other)


def records(finding: Finding | FindingText) -> set[Record]:
    """The records of logs that a finding cites."""
    return {
        (piece.artifact, number)
        for piece in finding.evidence
        if (number := piece.locator.event_number) is not None
    }


def _one(
    findings: Sequence[Finding], members: Sequence[int], causes: Mapping[int, Sequence[int]], zone: ZoneInfo
) -> Finding:
    """The matter, as the one of its members tells it that explains the rest."""
    order = {rule: place for kind in kinds() for rule, (place, _) in kind.rules.items()}
    gravity = list(Severity).index

    def leads(place: int) -> tuple[Any, ...]:
        finding = findings[place]
        explained = any(cause in members for cause in causes.get(place, ()))
        # A known rule knows more of the matter than one of somebody else.
        return (
            explained,
            gravity(finding.severity),
            finding.rule.startswith("sigma-"),
            order.get(finding.rule, len(order)),
            -(finding.data.count or 0),
            place,
        )

    lead = findings[min(members, key=leads)]
    rest = [findings[place] for place in members if findings[place] is not lead]
    severity = min((findings[place].severity for place in members), key=gravity)
    stages, summary = told(lead, [one for one in rest if one.rule != UNEXPLAINED], zone)
    weighing = [one for one in (lead, *rest) if one is lead or one.severity is not Severity.INFO]
    more = sum(one.rule == lead.rule for one in rest)
    return replace(
        lead,
        severity=severity,
        title=lead.title if more + 1 < MIN_ALIKE else and_more(lead.title, more),
        summary=summary,
        evidence=_evidence((lead, *rest)),
        data=structs.replace(lead.data, stages=stages),
        bursts=_bursts(burst for one in weighing for burst in one.bursts),
        spells=_bursts(spell for one in weighing for spell in one.spells),
    )


def _evidence(findings: Iterable[Finding]) -> tuple[Evidence, ...]:
    """Each place once, those of the first finding first."""
    pieces: dict[tuple[str, Locator], Evidence] = {}
    for piece in (piece for finding in findings for piece in finding.evidence):
        pieces.setdefault((piece.artifact, piece.locator), piece)
    return tuple(pieces.values())


def _bursts(bursts: Iterable[Burst]) -> tuple[Burst, ...]:
    """Those that came together as one, in order of time; what two tell of one thing counts once."""
    merged: list[Burst] = []
    for burst in sorted(bursts):
        if merged and burst.first <= merged[-1].last + SPELL:
            before = merged[-1]
            merged[-1] = Burst(before.first, max(before.last, burst.last), max(before.events, burst.events))
        else:
            merged.append(burst)
    return tuple(merged)
