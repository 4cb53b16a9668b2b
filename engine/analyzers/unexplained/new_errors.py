"""Errors that no rule of ours knows, where they are new: what began before the trouble may be its cause.

An error is new when it came near the incident (without one, near the machine's newest event) and was not
there, or at least ten times rarer, in the weeks before. What comes all month at one rate is background.
Events of one provider are told as one matter, the earliest of the gravest level first.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Final

from engine.analyzers.matched import cite
from engine.analyzers.unexplained import sentences as words
from engine.conclusions.fingerprints import fingerprint
from engine.findings import Examined, Finding, NotExamined, Outcome, Severity
from engine.index.event_index import EventIndex
from engine.index.frequency import Kind, begins, counted, first_since, kinds_of
from engine.index.names import spans_of_computers
from engine.material import Material
from engine.rules.columns import every_name
from engine.rules.compiled import Compiled
from engine.rules.known_kinds import known, matched
from engine.rules.matching import match
from engine.rules.sql import quoted
from engine.service_control import TERMINATED, parse_time
from engine.service_names import PROVIDER

RULE = "new-error"
MAX_FINDINGS = 3
"""Of one machine."""
MAX_MACHINES = 200
CRITICAL, ERROR, WARNING = 1, 2, 3
DAY, MONTH = timedelta(days=1), timedelta(days=35)
MIN_BEFORE = timedelta(days=7)
"""Of log before the error began, without which nothing can be called new."""
FEW = 500
"""Records that every log holds before Windows overwrites the oldest."""
FIRST = 1
"""What Windows numbers the first record of a log; where it is not there, one was cleared, filtered or cut."""
NEAR, AFTER = timedelta(days=3), timedelta(hours=1)
"""An error is near that came at most so long before the incident; it began at the latest so long after it."""
SPANS: Final = ((NEAR, 1), (timedelta(days=14), 5))
"""In a span up to the incident, so many errors at least."""
WARNINGS = 3
"""One warning tells nothing: as many times more are asked for."""
RARER = 10
WINDOW = 600
"""Seconds between events that are still one burst."""

_CANDIDATES = (
    f"level BETWEEN {CRITICAL} AND {WARNING} AND typeof(event_id) = 'integer' AND typeof(provider) = 'text' "
    "AND channel <> '' AND computer <> '' "
    f"AND NOT (provider = {quoted(PROVIDER)} AND event_id IN {TERMINATED})"
)


Event = tuple[str, int, str, int]
"""Provider, event id, channel and level."""


@dataclass(frozen=True)
class New:
    """An event that is new on a machine: since when it is looked at, when it first came since, how many days
    of log lie before, and whether there were some in them."""

    event_id: int
    level: int
    since: datetime
    first: str
    days: int
    seldom: bool


def examine(material: Material) -> Outcome:
    """A finding for each provider, at most three of a machine."""
    if not material.logs:
        return NotExamined(words.NO_LOGS)
    unknown = _unknown(material)
    moments = _moments(material) if unknown else {}
    findings: list[Finding] = []
    long_enough = not unknown
    for machine in sorted(unknown.keys() & moments.keys())[:MAX_MACHINES]:
        moment = moments[machine]
        starts = _starts(material, machine, moment)
        found: dict[str, list[New]] = {}
        for (provider, event_id, channel, level), kinds in unknown[machine].items():
            begun = starts.get(channel)
            if begun is None or moment - NEAR - begun < MIN_BEFORE:
                continue
            long_enough = True
            new = _new(material.events, kinds, event_id, level, begun, moment)
            if new is not None and not any(matched(material.events, kind) for kind in kinds):
                found.setdefault(provider, []).append(new)
        findings += [_finding(material, machine, provider, news) for provider, news in _chosen(found)]
    if not long_enough:
        return NotExamined(words.TOO_SHORT)
    return Examined(tuple(findings), records=sum(log.records for log in material.logs))


def _unknown(material: Material) -> dict[str, dict[Event, list[Kind]]]:
    """By machine the kinds that no rule knows; versions, qualifiers and files of the index put together."""
    unknown: dict[str, dict[Event, list[Kind]]] = {}
    for kind in kinds_of(material.events, f"{_CANDIDATES} AND NOT {known()}"):
        if "\0" not in kind.provider:  # SQL has no words for it
            event = (kind.provider, kind.event_id, kind.channel, kind.level)
            of_machine = unknown.setdefault(material.machines.of(kind.computer), {})
            of_machine.setdefault(event, []).append(kind)
    return unknown


def _moments(material: Material) -> dict[str, datetime]:
    """Of each machine the incident, or its newest event."""
    moments: dict[str, datetime] = {}
    for computer, (_first, last) in spans_of_computers(material.events).items():
        moment = material.incident or parse_time(last)
        if moment is not None:
            machine = material.machines.of(computer)
            moments[machine] = max(moment, moments.get(machine, moment))
    return moments


def _starts(material: Material, machine: str, moment: datetime) -> dict[str, datetime]:
    """From when on each channel of a machine tells all, within the month before the moment: one of few
    records that has the first that was ever written has lost none, and was silent before it."""
    computers = material.machines.computers(machine)
    begun = begins(material.events, computers, _utc(_earlier(moment, MONTH)), FEW + 1)
    starts = {channel: first for channel, begin in begun.items() if (first := parse_time(begin.first))}
    earliest = min(starts.values(), default=moment)
    whole = {channel for channel, begin in begun.items() if begin.records <= FEW and begin.lowest == FIRST}
    return {channel: earliest if channel in whole else start for channel, start in starts.items()}


def _new(
    events: EventIndex, kinds: list[Kind], event_id: int, level: int, begun: datetime, moment: datetime
) -> New | None:
    """The event as it is new by the shortest span that shows it; ``None`` where none does."""
    until = _utc(moment + DAY)
    for span, least in SPANS:
        since = _earlier(moment, span)
        before = (since - begun) / DAY
        number = sum(counted(events, kind, _utc(since), until) for kind in kinds)
        if not number or before < MIN_BEFORE / DAY:
            return None
        # As many before as would be a tenth of now are enough to know.
        enough = int(number * before * DAY / span / RARER) + 1
        earlier = sum(counted(events, kind, _utc(begun), _utc(since), enough) for kind in kinds)
        first = min(filter(None, (first_since(events, kind, _utc(since)) for kind in kinds)))
        many = number >= least * (WARNINGS if level == WARNING else 1)
        if many and earlier < enough and first <= _utc(moment + AFTER):
            return New(event_id, level, since, first, int(before), earlier > 0)
    return None


def _chosen(found: Mapping[str, list[New]]) -> list[tuple[str, list[New]]]:
    """The providers of a machine to tell of: errors before warnings, then the earliest."""
    ordered = [
        (provider, sorted(news, key=lambda new: (max(new.level, ERROR), new.first, new.event_id)))
        for provider, news in found.items()
    ]
    ordered.sort(key=lambda entry: (entry[1][0].level == WARNING, entry[1][0].first, entry[0]))
    return ordered[:MAX_FINDINGS]


def _finding(material: Material, machine: str, provider: str, news: list[New]) -> Finding:
    since, numbers = _utc(min(new.since for new in news)), sorted({new.event_id for new in news})
    predicate = (
        f"provider IS {quoted(provider)} AND event_id IN ({', '.join(map(str, numbers))}) "
        f"AND level BETWEEN {CRITICAL} AND {WARNING} AND time >= {quoted(since)}"
    )
    rule = Compiled([predicate], None, ["event_id"])
    matches = match(material.events, rule, WINDOW, material.machines, material.doubles)
    groups = {group.label[0]: group for group in matches.groups if group.machine == machine}
    leading = groups[str(news[0].event_id)]
    seen = cite(material, matches, leading)
    others = [
        cite(material, matches, groups[number])
        for number in dict.fromkeys(str(new.event_id) for new in news[1:])
        if number in groups and number != leading.label[0]
    ][: words.MAX_OTHERS]
    story = words.Story(
        provider,
        news[0].level,
        [one.events[0] for one in (seen, *others)],
        seen,
        news[0].days,
        news[0].seldom,
        material,
        machine if material.machines.several else "",
    )
    return Finding(
        rule=RULE,
        severity=Severity.LOW,
        title=words.title(story),
        summary=words.summary(story),
        advice=words.advice(story),
        evidence=(*seen.evidence, *(one.evidence[0] for one in others)),
        fingerprint=fingerprint(RULE, provider, news[0].event_id),
        data=seen.facts,
        gaps=seen.gaps,
        computer=machine,
        bursts=tuple(burst for burst in seen.bursts if burst.first),
        spells=tuple(spell for spell in seen.spells if spell.first),
        values={**every_name(story.events[0]), "Provider_Name": provider},
    )


def _earlier(moment: datetime, by: timedelta) -> datetime:
    try:
        return moment - by
    except OverflowError:  # a log may be of the year 1
        return datetime.min.replace(tzinfo=UTC)


def _utc(moment: datetime) -> str:
    return moment.astimezone(UTC).isoformat(timespec="microseconds").replace("+00:00", "Z")
