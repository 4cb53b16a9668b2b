"""A compiled rule on the event index: its matches, grouped by what they are about.

A match is remembered as a few numbers, so that a rule that fires a million times needs a few
tens of megabytes; the records that a finding cites are read again.
"""

import sqlite3
from array import array
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any

from engine.index import patterns
from engine.index.event_index import EventIndex
from engine.index.event_record import EventRecord
from engine.machines import Machines
from engine.rules.columns import SERVICE, expression
from engine.rules.compiled import Compiled
from engine.rules.instances import kind_of
from engine.rules.time_windows import Stretch, correlated, incidents
from engine.service_control import parse_time

MAX_GROUPS = 5_000
_SERVICE = expression(SERVICE)


@dataclass
class Group:
    """The matches of one identity on one machine, oldest first. ``label`` is the identity as the
    newest match writes it; ``times`` are seconds since 1970, ``ids`` those of the index."""

    label: tuple[str, ...]
    machine: str = ""
    times: "array[float]" = field(default_factory=lambda: array("d"))
    logs: "array[int]" = field(default_factory=lambda: array("l"))
    records: "array[int]" = field(default_factory=lambda: array("q"))
    ids: "array[int]" = field(default_factory=lambda: array("q"))
    slots: bytearray = field(default_factory=bytearray)
    values: list[str | None] = field(default_factory=list)
    incidents: list[Stretch] = field(default_factory=list)

    def __len__(self) -> int:
        return len(self.times)


@dataclass
class Matches:
    """All that a rule matched. ``log_paths`` are what ``Group.logs`` counts; ``left_out`` is
    how many matches of further identities were not kept."""

    groups: list[Group]
    log_paths: list[str]
    left_out: int = 0


def match(
    events: EventIndex,
    rule: Compiled,
    window: int,
    machines: Machines,
    doubles: Collection[str] = (),
) -> Matches:
    """Runs a rule; the logs named in ``doubles`` are not looked at, machines are kept apart, and a
    record that two exports of one log hold counts once.

    Raises ``patterns.TooCostly`` when a regular expression takes longer than a rule may, and
    ``sqlite3.Error`` when the index refuses the rule's SQL.
    """
    gathered = _Gathered(rule)
    patterns.begin()
    for slot, predicate in enumerate(rule.predicates):
        keys = rule.window.keys[slot] if rule.window else rule.identity
        value = rule.window.value[slot : slot + 1] if rule.window else []
        for event, artifact, record_id, time, computer, *rest in _bounded(
            events.matching(predicate, ["computer", *keys, *value])
        ):
            counted = rest.pop() if value else None
            # A correlation counts only events that have a time and every group-by field.
            if artifact in doubles or (rule.window and (time is None or None in rest)):
                continue
            gathered.add(slot, event, artifact, record_id, time, machines.of(computer), rest, counted)
    counts = events.channels()
    channels = [max(sorted(counts[log]), key=counts[log].__getitem__) for log in gathered.logs]
    matches = Matches([], gathered.logs, gathered.left_out)
    for group in gathered.groups.values():
        _sort(group)
        _once(group, channels)
        if rule.window is None:
            group.incidents = incidents(group.times, window)
            matches.groups.append(group)
        else:
            matches.groups.extend(
                _kept(group, correlated(rule.window, group.times, group.slots, group.values))
            )
    matches.groups.sort(key=lambda group: -len(group))
    return matches


def cited(events: EventIndex, group: Group, places: Sequence[int]) -> list[EventRecord]:
    """The records of the matches at those places, in their order."""
    return events.records([group.ids[place] for place in places])


def _bounded(rows: Iterator[tuple[Any, ...]]) -> Iterator[tuple[Any, ...]]:
    """The rows, until a pattern costs too much."""
    try:
        yield from rows
    except sqlite3.OperationalError as error:
        if (pattern := patterns.costly()) is not None:
            raise patterns.TooCostly(pattern) from error
        raise


class _Gathered:
    """Matches by identity; for a correlation, by the fields it groups by."""

    def __init__(self, rule: Compiled) -> None:
        self._rule = rule
        self.groups: dict[tuple[str, ...], Group] = {}
        self.logs: list[str] = []
        self.left_out = 0
        self._numbers: dict[str, int] = {}

    def add(
        self,
        slot: int,
        event: int,
        artifact: str,
        record_id: int,
        time: str | None,
        machine: str,
        keys: list[object],
        value: object,
    ) -> None:
        label = tuple("" if item is None else str(item) for item in keys)
        key = (machine, *self._kinds(label))
        group = self.groups.get(key)
        if group is None:
            if len(self.groups) >= MAX_GROUPS:
                self.left_out += 1
                return
            group = self.groups[key] = Group(label, machine)
        group.label = label
        group.times.append(_seconds(time))
        group.logs.append(self._number(artifact))
        group.records.append(record_id)
        group.ids.append(event)
        group.slots.append(slot)
        group.values.append(None if value is None else str(value).casefold())

    def _kinds(self, label: Sequence[str]) -> Iterator[str]:
        """What tells groups apart; a correlation counts by the very values, as Sigma has it."""
        if self._rule.window:
            return map(str.casefold, label)
        return (
            kind_of(item.casefold(), service=field == _SERVICE)
            for field, item in zip(self._rule.identity, label, strict=True)
        )

    def _number(self, artifact: str) -> int:
        number = self._numbers.get(artifact)
        if number is None:
            number = self._numbers[artifact] = len(self.logs)
            self.logs.append(artifact)
        return number


def _seconds(time: str | None) -> float:
    moment = parse_time(time)
    return moment.timestamp() if moment else 0.0


def _sort(group: Group) -> None:
    times = group.times
    if all(times[place] <= times[place + 1] for place in range(len(times) - 1)):
        return
    order = sorted(range(len(times)), key=times.__getitem__)
    _pick(group, order)


def _once(group: Group, channels: Sequence[str]) -> None:
    """Two exports of one log have records in common: the same number, time and channel."""
    if len(set(group.logs)) < 2:
        return
    kept: list[int] = []
    moment, seen = -1.0, set[tuple[int, str, int]]()
    for place, time in enumerate(group.times):
        if time != moment:
            moment = time
            seen.clear()
        record = (group.records[place], channels[group.logs[place]], group.slots[place])
        if record not in seen:
            seen.add(record)
            kept.append(place)
    if len(kept) < len(group):
        _pick(group, kept)


def _pick(group: Group, places: Sequence[int]) -> None:
    group.times = array("d", (group.times[place] for place in places))
    group.logs = array("l", (group.logs[place] for place in places))
    group.records = array("q", (group.records[place] for place in places))
    group.ids = array("q", (group.ids[place] for place in places))
    group.slots = bytearray(group.slots[place] for place in places)
    group.values = [group.values[place] for place in places]


def _kept(group: Group, stretches: list[Stretch]) -> list[Group]:
    """The group with the events of its windows only; nothing when there is no window."""
    if not stretches:
        return []
    places: list[int] = []
    group.incidents = []
    for first, last in stretches:
        group.incidents.append((len(places), len(places) + last - first))
        places.extend(range(first, last + 1))
    _pick(group, places)
    return [group]
