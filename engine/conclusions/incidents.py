"""Findings that happened together on one machine: one incident with a leading finding.

Spells of several findings that overlap, or stand no further apart than five minutes, are one
occurrence, which begins within an hour: what stands further apart are strangers. A spell that tells of an
unclean end reaches back to the last record before the start, for that is when it happened; if the machine
was off for long, that is its only moment. What goes on all the time (many spells, or one of more than an
hour) joins an occurrence that it overlaps but never links two. Occurrences with one leading finding are one
incident.
"""

from bisect import bisect_right
from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import NamedTuple
from zoneinfo import ZoneInfo

from engine.findings import Burst, Finding, Severity
from engine.phrases import clock, counted, joined, span, times, zone_name
from engine.schema.document import IncidentEntry, OccurrenceEntry
from engine.text import Text, text

MAX_SECONDS_APART = 300.0
"""Seconds between two bursts that are still one occurrence."""
MAX_LINKING_SPELLS = 20
"""A finding of more spells goes on all the time: it joins, and links nothing."""
MAX_SECONDS = 3600.0
"""Seconds of a spell that links, and in which all of an occurrence begin."""
MAX_SPELLS = 2_000
MAX_INCIDENTS = 50
MAX_OCCURRENCES = 100
MAX_NAMED = 6
RETROSPECTIVE = frozenset(
    {
        *("unexpected-restart", "sleep-failed", "power-button-held", "unexpected-shutdown"),
        *("bugcheck", "restart-after-bugcheck"),
    }
)
"""Rules whose events are written at the next start, about the end before it."""


class Occurrence(NamedTuple):
    """Once that the findings came together: seconds since 1970, and the places of the findings."""

    first: float
    last: float
    findings: tuple[int, ...]


@dataclass(frozen=True)
class Incident:
    """``findings`` are places in the list of findings, the leading one first; ``followers`` those
    of them at least half of whose bursts lie in the incident."""

    computer: str
    findings: tuple[int, ...]
    followers: frozenset[int]
    occurrences: tuple[Occurrence, ...]

    def moved(self, order: Sequence[int]) -> "Incident":
        """The same after the findings were put into ``order`` (the old place of each)."""
        now = {old: new for new, old in enumerate(order)}
        return Incident(
            self.computer,
            tuple(now[place] for place in self.findings),
            frozenset(now[place] for place in self.followers),
            tuple(
                occurrence._replace(findings=tuple(now[p] for p in occurrence.findings))
                for occurrence in self.occurrences
            ),
        )

    def of_matters(self, places: Sequence[int]) -> "Incident | None":
        """The same where the findings at ``places`` tell those of before; ``None`` of a single matter."""

        def told(findings: Iterable[int]) -> tuple[int, ...]:
            return tuple(dict.fromkeys(places[place] for place in findings))

        findings = told(self.findings)
        several = [
            occurrence._replace(findings=matters)
            for occurrence in self.occurrences
            if len(matters := told(occurrence.findings)) > 1
        ]
        if not several:
            return None
        return Incident(
            self.computer, findings, frozenset(told(self.followers)) - {findings[0]}, tuple(several)
        )

    def as_entry(self, findings: Sequence[Finding], zone: ZoneInfo) -> IncidentEntry:
        """As the result document has it; ``findings`` are those of the document."""
        return IncidentEntry(
            first_time=_utc(self.occurrences[0].first),
            last_time=_utc(self.occurrences[-1].last),
            computer=self.computer,
            findings=list(self.findings),
            title=self._title(findings),
            summary=self._summary(findings, zone),
            occurrences=[
                OccurrenceEntry(
                    first_time=_utc(occurrence.first),
                    last_time=_utc(occurrence.last),
                    findings=list(occurrence.findings),
                )
                for occurrence in self.occurrences[-MAX_OCCURRENCES:]
            ],
        )

    def _title(self, findings: Sequence[Finding]) -> Text:
        lead, others = findings[self.findings[0]].title, len(self.findings) - 1
        return text(
            f"{lead['zh-hans']}，同时出现另外 {others:,} 项结论",
            f"{lead['en']}, and {counted(others, 'other finding')} with it",
        )

    def _summary(self, findings: Sequence[Finding], zone: ZoneInfo) -> Text:
        zh_zone, en_zone = zone_name(zone)
        latest = self.occurrences[-1]
        when = span(*(clock(datetime.fromtimestamp(at, UTC), zone) for at in (latest.first, latest.last)))
        where_zh = f"电脑 {self.computer} 上，" if self.computer else ""
        where_en = f" on {self.computer}" if self.computer else ""
        often = len(self.occurrences)
        once = often == 1
        named = [findings[place].title for place in self.findings[1 : MAX_NAMED + 1]]
        more = len(self.findings) - 1 - len(named)
        zh, en = "；".join(title["zh-hans"] for title in named), "; ".join(title["en"] for title in named)
        lead = findings[self.findings[0]].title
        return joined(
            [
                text(
                    f"{where_zh}以下各项{when['zh-hans']}（{zh_zone}）一同出现，很可能是同一件事。",
                    f"These came together{where_en} {when['en']} ({en_zone}): probably one matter.",
                )
                if once
                else text(
                    f"{where_zh}以下各项先后 {often:,} 次一同出现，最近一次{when['zh-hans']}"
                    f"（{zh_zone}），很可能有同一个原因。",
                    f"These came together{where_en} {times(often)}, the latest {when['en']} ({en_zone}): "
                    "probably of one cause.",
                ),
                text(
                    f"请先看：{lead['zh-hans']}。一同出现的有：{zh}{f'；另有 {more:,} 项' if more else ''}。",
                    f"Look first at: {lead['en']}. With it: {en}{f'; and {more:,} more' if more else ''}.",
                ),
            ]
        )


class _Span(NamedTuple):
    first: float
    last: float
    finding: int


class Rank(NamedTuple):
    """How soon a finding leads: the machine before what runs on it, then by gravity and cause."""

    software: bool
    gravity: int
    cause: int
    place: int


def together(
    findings: Sequence[Finding], ranks: Sequence[Rank], ended: Callable[[str, float], float]
) -> list[Incident]:
    """The incidents among findings, the gravest first.

    ``ended`` says of a machine and a moment of its start (seconds since 1970) when it last wrote
    before that start.
    """
    linking: dict[str, list[_Span]] = {}
    joining: dict[str, list[list[_Span]]] = {}
    for place, finding in enumerate(findings):
        back = finding.rule in RETROSPECTIVE
        if finding.severity is Severity.INFO and not back:
            continue
        spans = [_Span(first, last, place) for first, last, _ in _spells(finding)[-MAX_SPELLS:]]
        if back:
            spans = [_since_the_end(span, ended(finding.computer, span.first)) for span in spans]
        if len(spans) > MAX_LINKING_SPELLS or any(span.last - span.first > MAX_SECONDS for span in spans):
            joining.setdefault(finding.computer, []).append(spans)
        else:
            linking.setdefault(finding.computer, []).extend(spans)
    incidents = []
    for computer, links in sorted(linking.items()):
        occurrences = _occurrences(sorted(links), joining.get(computer, ()))
        incidents += _incidents(computer, occurrences, findings, ranks)
    return sorted(incidents, key=lambda incident: (ranks[incident.findings[0]], incident.findings))[
        :MAX_INCIDENTS
    ]


def _since_the_end(start: _Span, end: float) -> _Span:
    """From the end of the machine, of which it wrote at its next start; what came long after is apart."""
    off = start.last - end
    return start._replace(first=end, last=start.last if off <= MAX_SECONDS else end)


def _spells(finding: Finding) -> Sequence[Burst]:
    return finding.spells or finding.bursts


def _occurrences(linking: Iterable[_Span], joining: Iterable[list[_Span]]) -> list[dict[int, _Span]]:
    """Chains of spans by finding, each finding's earliest with the end of all of them; and what
    overlaps them of the rest. Only chains of several findings."""
    chains: list[dict[int, _Span]] = []
    end = float("-inf")
    begin = end
    for link in linking:
        if link.first - end > MAX_SECONDS_APART or link.first - begin > MAX_SECONDS:
            chains.append({})
            begin = end = link.first
        end = max(end, link.last)
        chain, known = chains[-1], chains[-1].get(link.finding, link)
        chain[link.finding] = known._replace(last=max(known.last, link.last))
    for spans in joining:
        starts = [each.first for each in spans]
        for chain in chains:
            first, last = min(s.first for s in chain.values()), max(s.last for s in chain.values())
            at = bisect_right(starts, last + MAX_SECONDS_APART) - 1
            if at >= 0 and spans[at].last >= first - MAX_SECONDS_APART:
                # It goes on before and after: of the incident it has but its place in it.
                chain[spans[at].finding] = spans[at]._replace(first=last, last=last)
    return [chain for chain in chains if len(chain) > 1]


def _incidents(
    computer: str,
    occurrences: Iterable[dict[int, _Span]],
    findings: Sequence[Finding],
    ranks: Sequence[Rank],
) -> list[Incident]:
    by_lead: dict[int, list[Occurrence]] = {}
    for chain in occurrences:
        # Of the machine's own troubles the first caused the others; of programs the gravest tells most.
        lead = min(
            chain, key=lambda p: (ranks[p].software, 0 if ranks[p].software else chain[p].first, ranks[p])
        )
        members = tuple(sorted(chain, key=lambda p: (p != lead, chain[p].first, ranks[p])))
        spans = chain.values()
        by_lead.setdefault(lead, []).append(
            Occurrence(min(s.first for s in spans), max(s.last for s in spans), members)
        )
    incidents = []
    for lead, occurred in by_lead.items():
        often = Counter(place for occurrence in occurred for place in occurrence.findings)
        members = tuple(sorted(often, key=lambda place: (place != lead, -often[place], ranks[place])))
        followers = frozenset(p for p in members[1:] if 2 * often[p] >= len(_spells(findings[p])))
        incidents.append(Incident(computer, members, followers, tuple(occurred)))
    return incidents


def _utc(seconds: float) -> str:
    moment = datetime.fromtimestamp(seconds, UTC)
    return moment.isoformat(timespec="microseconds").replace("+00:00", "Z")
