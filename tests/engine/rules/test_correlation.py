"""Correlations: several events that belong together, found as by hand."""

import json
import random
from pathlib import Path
from typing import Any

import pytest

from engine.analyzers import sigma
from engine.findings import Examined, NotExamined
from engine.rules.compiled import Window
from engine.rules.compiler import compile_rule
from engine.rules.matching import match
from engine.rules.time_windows import correlated
from tests.engine import rule_examples
from tests.engine.rule_examples import HEAD, event


def by_hand(kind: str, times: list[int], slots: list[int], seconds: int) -> set[int]:
    """All events of all windows, by trying every pair of first and last event."""
    inside: set[int] = set()
    for last in range(len(times)):
        for first in range(last + 1):
            if times[last] - times[first] > seconds:
                continue
            here = range(first, last + 1)
            if kind == "temporal":
                fits = {slots[n] for n in here} == {0, 1, 2}
            else:
                wanted = [n for n in here if slots[n] == 2 and n == last and slots[first] == 0]
                fits = any(
                    slots[middle] == 1 and times[first] < times[middle] < times[end]
                    for end in wanted
                    for middle in here
                )
            if fits:
                inside.update(here)
    return inside


@pytest.mark.parametrize("kind", ["temporal", "temporal_ordered"])
def test_windows_of_several_detections_are_those_found_by_hand(kind: str) -> None:
    chance = random.Random(kind)
    for _ in range(300):
        times = sorted(chance.randrange(40) for _ in range(chance.randrange(1, 14)))
        slots = [chance.randrange(3) for _ in times]
        window = Window(kind, 10, ">=", 3, [], [[], [], []])
        matched = {
            n
            for first, last in correlated(window, times, slots, [None] * len(times))
            for n in range(first, last + 1)
        }
        expected = by_hand(kind, times, slots, 10)
        if kind == "temporal":
            assert matched == expected, (times, slots)
        else:  # Of several chains the tightest is shown; whether there is one must agree.
            assert bool(matched) == bool(expected) and matched <= expected, (times, slots)


@pytest.mark.parametrize(
    ("copies", "count"), [((), 1), (("1/Example.evtx",), 1), (("Example.evtx", "1/Example.evtx"), 0)]
)
def test_a_log_that_is_a_copy_of_another_is_not_looked_at(
    tmp_path: Path, copies: tuple[str, ...], count: int
) -> None:
    compiled = compile_rule([{**HEAD, "detection": {"s": {"EventID": 1}, "condition": "s"}}])
    material = rule_examples.material(tmp_path, [event()], copies=2)
    with material.events as events:
        matches = match(events, compiled, 600, material.machines, copies)
    assert sum(len(group) for group in matches.groups) == count


COUNTED = {"type": "event_count", "rules": ["first"], "timespan": "10m", "condition": {"gte": 3}}


@pytest.mark.parametrize(
    ("hosts", "fires"),
    [
        (["a", "a", "a"], True),
        (["a", "A", "a"], True),
        (["a", "a", "b"], False),
        (["a", "a", None], False),
        ([None, None, None], False),
    ],
)
def test_a_correlation_counts_only_events_that_have_what_it_groups_by(
    tmp_path: Path, hosts: list[str | None], fires: bool
) -> None:
    events = [event(at=n, Host=host) if host else event(at=n) for n, host in enumerate(hosts)]
    assert correlates(tmp_path, {**COUNTED, "group-by": ["Host"]}, events) is fires


def test_a_correlation_counts_only_events_that_have_a_time(tmp_path: Path) -> None:
    timeless = {**event(Host="a"), "at": None}
    correlation = {**COUNTED, "group-by": ["Host"]}
    assert not correlates(tmp_path, correlation, [timeless, timeless, timeless])


def test_a_correlation_without_fields_to_group_by_counts_all(tmp_path: Path) -> None:
    assert correlates(tmp_path, COUNTED, [event(at=n) for n in range(3)])


@pytest.mark.parametrize(
    ("correlation", "fires"),
    [
        ({"type": "event_count", "rules": ["first"], "condition": {"gte": 3}}, True),
        ({"type": "event_count", "rules": ["first"], "condition": {"gte": 4}}, False),
        ({"type": "event_count", "rules": ["first"], "condition": {"gt": 2}, "timespan": "10s"}, False),
        ({"type": "value_count", "rules": ["first"], "condition": {"gte": 2, "field": "A"}}, True),
        ({"type": "value_count", "rules": ["first"], "condition": {"gte": 3, "field": "A"}}, False),
        ({"type": "temporal", "rules": ["second", "first"]}, True),
        ({"type": "temporal_ordered", "rules": ["first", "second"]}, True),
        ({"type": "temporal_ordered", "rules": ["second", "first"]}, False),
    ],
)
def test_a_correlation_is_read_from_its_file(
    tmp_path: Path, correlation: dict[str, Any], fires: bool
) -> None:
    events = [event(event_id=1, at=n * 20, A=f"v{n % 2}", Host="h") for n in range(3)]
    events.append(event(event_id=2, at=100, A="x", Host="h"))
    assert correlates(tmp_path, {"group-by": ["Host"], "timespan": "10m", **correlation}, events) is fires


def correlates(folder: Path, correlation: dict[str, Any], events: list[dict[str, Any]]) -> bool:
    """Whether the correlation of ``first`` (events 1) and ``second`` (events 2) finds anything."""
    parts: list[dict[str, Any]] = [
        {**HEAD, "name": name, "id": f"0b8c5b53-6d0f-4c2b-9d4c-3d7a1b6f1a1{number}"}
        | {"detection": {"s": {"EventID": number}, "condition": "s"}}
        for number, name in enumerate(("first", "second"), 1)
    ]
    parts.append({"title": "C", "id": "0b8c5b53-6d0f-4c2b-9d4c-3d7a1b6f1a19", "correlation": correlation})
    file = folder / "rule.yml"
    file.write_text("\n---\n".join(json.dumps(part) for part in parts))
    material = rule_examples.material(folder, events)
    with material.events:
        outcome = sigma.examine(file, False, material)
    if isinstance(outcome, NotExamined):  # no event has what it groups by
        return False
    assert isinstance(outcome, Examined), outcome
    return bool(outcome.findings)
