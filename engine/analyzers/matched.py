"""What stands behind a finding about matched events: what is cited and read twice, when, and what differs."""

from collections import Counter
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime

from engine.conclusions import citing, log_gaps
from engine.findings import SPELL, Burst
from engine.index.event_record import EventRecord
from engine.material import Material
from engine.parsers.evtx.reread import SecondReading
from engine.phrases import joined
from engine.rules.columns import every_name, values
from engine.rules.matching import Group, Matches, cited
from engine.rules.time_windows import Stretch
from engine.rules.time_windows import incidents as stretches
from engine.schema.evidence import Evidence
from engine.schema.facts import EventBurst, Facts
from engine.text import Text, text
from engine.text_safety import legible

MAX_EVIDENCE = 8
MAX_INCIDENTS = 100
_EVENTS = text("事件", "events")

Readings = dict[str, dict[int, SecondReading]]


@dataclass(frozen=True)
class Cited:
    """``events`` are those cited, the oldest first; ``facts`` count and date all of the group; ``logs`` are
    the paths of those that hold it."""

    events: list[EventRecord]
    evidence: tuple[Evidence, ...]
    facts: Facts
    event_ids: list[int]
    gaps: Text
    logs: list[str]
    bursts: tuple[Burst, ...]
    spells: tuple[Burst, ...]


def cite(material: Material, matches: Matches, group: Group) -> Cited:
    """Of a group of ``matches`` the first and the last events, with all that is told beside them."""
    events = cited(material.events, group, citing.selection(range(len(group)), MAX_EVIDENCE))
    readings = _readings(material, events)
    logs = [matches.log_paths[number] for number in dict.fromkeys(group.logs)]
    second: Counter[str] = Counter()
    for log in logs:
        second += citing.verdicts([event for event in events if event.artifact == log], readings[log])
    event_ids = sorted({event.event_id for event in events if event.event_id is not None})
    bursts = _bursts(group, group.incidents)
    return Cited(
        events,
        tuple(
            Evidence(
                event.artifact,
                material.artifact(event.artifact).sha256,
                citing.locator(event, readings[event.artifact]),
                citing.excerpt(event, {name: value for name, value in values(event).items() if value}),
            )
            for event in events
        ),
        Facts(
            count=len(group),
            event_ids=event_ids,
            first_time=_utc(bursts[0].first),
            last_time=_utc(bursts[-1].last),
            incidents=[
                EventBurst(first_time=_utc(first), last_time=_utc(last), count=count)
                for first, last, count in bursts[:MAX_INCIDENTS]
            ],
            evidence_shown=len(events),
            second_parser=dict(second),
        ),
        event_ids,
        _gaps(material, matches, group, events, readings),
        logs,
        tuple(bursts),
        tuple(_bursts(group, stretches(group.times, SPELL))),
    )


def _bursts(group: Group, places: Iterable[Stretch]) -> list[Burst]:
    return [Burst(group.times[first], group.times[last], last - first + 1) for first, last in places]


def _readings(material: Material, events: Collection[EventRecord]) -> Readings:
    """The second reading of the cited records, by log."""
    readings: Readings = {log.artifact: {} for log in material.logs}
    for log in material.logs:
        here = [event for event in events if event.artifact == log.artifact]
        if here:
            file = material.artifact(log.artifact).file
            readings[log.artifact] = material.reread(file, log.chunks, here)
    return readings


def _gaps(
    material: Material,
    matches: Matches,
    group: Group,
    events: Collection[EventRecord],
    readings: Readings,
) -> Text:
    sentences = []
    logs = list(dict.fromkeys(group.logs))
    for number in logs[:3]:
        path = matches.log_paths[number]
        facts = next(log for log in material.logs if log.artifact == path)
        ids = [record for log, record in zip(group.logs, group.records, strict=True) if log == number]
        here = [event for event in events if event.artifact == path]
        part = log_gaps.gaps(
            facts,
            (min(ids), max(ids)),
            citing.verdicts(here, readings[path]),
            _EVENTS,
            citing.differences(here, readings[path]),
        )
        if len(logs) > 1:
            name = legible(path)
            part = text(f"{name}：{part['zh-hans']}", f"{name}: {part['en']}")
        sentences.append(part)
    return joined(sentences)


def _utc(seconds: float) -> str | None:
    if not seconds:
        return None
    moment = datetime.fromtimestamp(seconds, UTC)
    return moment.isoformat(timespec="microseconds").replace("+00:00", "Z")


def other_values(events: Sequence[EventRecord], told: Collection[str]) -> Mapping[str, list[str]]:
    """By field, what older events hold in place of what the newest says, without the fields ``told``.

    Events of another kind than the newest are passed over: their fields of one name mean something else.
    """
    if not events:
        return {}
    *older, newest = events
    said = every_name(newest)
    others: dict[str, dict[str, None]] = {}
    for event in older:
        if (event.provider, event.event_id) == (newest.provider, newest.event_id):
            for name, value in every_name(event).items():
                if name not in told and value and value != said.get(name, value):
                    others.setdefault(name, {})[value] = None
    return {name: list(values) for name, values in others.items()}
