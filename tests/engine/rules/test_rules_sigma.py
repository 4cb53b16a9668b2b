"""Sigma's own language: each modifier against an evaluator that does what the specification says."""

import base64
import ipaddress
import json
import random
import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import yaml

from engine.analyzers import sigma
from engine.findings import Examined
from engine.rules.compiled import Window
from engine.rules.compiler import NotCompiled, compile_rule
from engine.rules.matching import match
from engine.rules.time_windows import correlated
from tests.engine import rule_examples

SYSMON, SECURITY = "Microsoft-Windows-Sysmon/Operational", "Security"
HEAD = {"title": "T", "id": "0b8c5b53-6d0f-4c2b-9d4c-3d7a1b6f1a11", "logsource": {"product": "windows"}}
WORDS = [
    "",
    "cmd.exe /c whoami",
    "CMD.EXE -c WHOAMI",
    r"C:\Windows\System32\cmd.exe",
    r"C:\Windows\Temp\a_b%c.exe",
    "100%",
    "a*b",
    "it's",
    "命令行 安装",
    base64.b64encode(b"xx secret yy").decode(),
    base64.b64encode(b"a secret").decode(),
    "10.1.2.3",
    "192.168.7.9",
    "::1",
    "7",
    7,
    70,
    -1,
    None,
]


def text(value: Any) -> str:
    return str(value).casefold()


def field(event: dict[str, Any], name: str = "A") -> Any:
    return event.get(name)


def has(event: dict[str, Any], test: Callable[[str], bool], name: str = "A") -> bool:
    return event.get(name) is not None and test(str(event[name]))


def inside(value: str, network: str) -> bool:
    try:
        return ipaddress.ip_address(value) in ipaddress.ip_network(network)
    except ValueError:
        return False


def number(event: dict[str, Any], test: Callable[[float], bool]) -> bool:
    value = event.get("A")
    if isinstance(value, str):
        return value.isdigit() and test(float(value))
    return value is not None and test(value)


def secret(value: str) -> bool:
    """The word at each of the three places that base64 knows, without what its neighbours change."""
    places = ((0, 0, None), (1, 2, -3), (2, 3, -2))
    return any(
        base64.b64encode(b"\0" * before + b"secret").decode()[start:end] in value
        for before, start, end in places
    )


CASES: list[tuple[str, Callable[[dict[str, Any]], bool]]] = [
    ("A: cmd.exe /c whoami", lambda e: has(e, lambda v: text(v) == "cmd.exe /c whoami")),
    ("A: '*cmd.exe*'", lambda e: has(e, lambda v: "cmd.exe" in text(v))),
    ("A: 'a\\*b'", lambda e: has(e, lambda v: v == "a*b")),
    ("A: 'it''s'", lambda e: has(e, lambda v: v == "it's")),
    ("A: 7", lambda e: field(e) in (7, "7")),
    ("A: '7'", lambda e: field(e) in (7, "7")),
    ("A: ''", lambda e: field(e) == ""),
    ("A: null", lambda e: field(e) is None),
    ("A: [cmd.exe /c whoami, 70]", lambda e: text(field(e)) in ("cmd.exe /c whoami", "70")),
    ("A|contains: '%'", lambda e: has(e, lambda v: "%" in v)),
    ("A|contains: _b", lambda e: has(e, lambda v: "_b" in text(v))),
    ("A|contains: 安装", lambda e: has(e, lambda v: "安装" in v)),
    ("A|contains|all: [cmd, whoami]", lambda e: has(e, lambda v: "cmd" in text(v) and "whoami" in text(v))),
    ("A|startswith: 'c:\\windows\\'", lambda e: has(e, lambda v: text(v).startswith("c:\\windows\\"))),
    ("A|endswith: '\\cmd.exe'", lambda e: has(e, lambda v: text(v).endswith("\\cmd.exe"))),
    ("A|contains|cased: WHOAMI", lambda e: has(e, lambda v: "WHOAMI" in v)),
    ("A|re: '^C.*c\\.exe$'", lambda e: has(e, lambda v: re.search(r"^C.*c\.exe$", v) is not None)),
    ("A|re|i: 'CMD\\.EXE$'", lambda e: has(e, lambda v: re.search(r"(?i)CMD\.EXE$", v) is not None)),
    ("A|cidr: 10.0.0.0/8", lambda e: has(e, lambda v: inside(v, "10.0.0.0/8"))),
    (
        "A|cidr: [192.168.4.0/22, '::1/128']",
        lambda e: has(e, lambda v: inside(v, "192.168.4.0/22") or inside(v, "::1/128")),
    ),
    ("A|base64offset|contains: secret", lambda e: has(e, secret)),
    (
        "A|windash|contains: ' -c '",
        lambda e: has(e, lambda v: any(f" {dash}c " in text(v) for dash in "-/–—―")),
    ),
    ("A|exists: true", lambda e: field(e) is not None),
    ("A|exists: false", lambda e: field(e) is None),
    ("A|gt: 6", lambda e: number(e, lambda v: v > 6)),
    ("A|gte: 7", lambda e: number(e, lambda v: v >= 7)),
    ("A|lt: 70", lambda e: number(e, lambda v: v < 70)),
    ("A|lte: 7", lambda e: number(e, lambda v: v <= 7)),
    ("A|fieldref: B", lambda e: field(e) is not None and text(field(e)) == text(field(e, "B"))),
    (
        "A|fieldref|startswith: B",
        lambda e: has(e, lambda v: field(e, "B") is not None and text(v).startswith(text(field(e, "B")))),
    ),
    ("A|contains: cmd\n  B|contains: cmd", lambda e: all("cmd" in text(field(e, n)) for n in "AB")),
    ("- A|contains: cmd\n- B|contains: cmd", lambda e: any("cmd" in text(field(e, n)) for n in "AB")),
    (
        "- 'windows\\system32'\n- 7",
        lambda e: any("windows\\system32" in text(v) or "7" in text(v) for v in e.values()),
    ),
    ("'|all': [cmd, 安装]", lambda e: all(any(w in text(v) for v in e.values()) for w in ("cmd", "安装"))),
]


def ids(folder: Path, events: list[dict[str, Any]], detection: dict[str, Any], **head: Any) -> set[int]:
    compiled = compile_rule([{**HEAD, **head, "detection": detection}])
    material = rule_examples.material(folder, events)
    with material.events as index:
        return {record for _, record, *_ in index.matching(compiled.predicates[0])}


def event(channel: str = "System", event_id: int = 1, at: float = 0, **data: Any) -> dict[str, Any]:
    return {"provider": "P", "event_id": event_id, "channel": channel, "at": at, "data": data}


@pytest.mark.parametrize(("selection", "truth"), CASES, ids=[case[0].replace("\n", " ") for case in CASES])
@pytest.mark.parametrize("negated", [False, True])
def test_it_matches_what_the_specification_says(
    tmp_path: Path, selection: str, truth: Callable[[dict[str, Any]], bool], negated: bool
) -> None:
    chance = random.Random(selection)
    values: list[dict[str, Any]] = [{"A": a, "B": chance.choice(WORDS)} for a in WORDS] + [
        {"A": a, "B": a} for a in WORDS
    ]
    events = [
        event(**{name: value for name, value in value.items() if value is not None}) for value in values
    ]
    body = selection if selection.startswith("-") else f"  {selection}"
    detection = yaml.safe_load(f"selection:\n{body}\ncondition: {'not ' * negated}selection")

    matched = ids(tmp_path, events, detection)

    expected = {n for n, event in enumerate(events, 1) if truth(event["data"]) is not negated}
    differing = [events[n - 1]["data"] for n in matched ^ expected]
    assert not differing, differing
    assert 0 < len(matched) < len(events)


@pytest.mark.parametrize(
    ("source", "expected"),
    [
        ({"category": "process_creation"}, {1, 2}),
        ({"category": "process_creation", "service": "security"}, {2}),
        ({"category": "image_load"}, {3}),
        ({"service": "security"}, {2}),
        ({"service": "dns-client"}, {4, 5}),
        ({"category": "ps_script"}, {6}),
        ({"service": "powershell"}, {6}),
        ({}, {1, 3, 4, 5, 6}),
    ],
)
def test_a_log_source_means_its_events_and_no_others(
    tmp_path: Path, source: dict[str, str], expected: set[int]
) -> None:
    events = [
        event(SYSMON, 1, Image=r"C:\a\x.exe"),
        event(SECURITY, 4688, 1, NewProcessName=r"C:\a\x.exe"),
        event(SYSMON, 7, 2, Image=r"C:\a\x.exe"),
        event("Microsoft-Windows-DNS-Client/Operational", 3008, 3, Image=r"C:\a\x.exe"),
        event("Microsoft-Windows-DNS Client Events/Operational", 3008, 4, Image=r"C:\a\x.exe"),
        event("PowerShellCore/Operational", 4104, 5, Image=r"C:\a\x.exe"),
    ]
    detection = {"selection": {"Image|endswith": r"\x.exe"}, "condition": "selection"}
    if source == {"service": "security"}:
        detection = {"selection": {"NewProcessName|endswith": r"\x.exe"}, "condition": "selection"}
    assert ids(tmp_path, events, detection, logsource={"product": "windows", **source}) == expected


def test_a_process_without_a_parent_is_told_from_one_whose_parent_has_another_name(tmp_path: Path) -> None:
    events = [
        event(SYSMON, 1, Image="a"),
        event(SYSMON, 1, 1, Image="a", ParentImage="p"),
        event(SECURITY, 4688, 2, NewProcessName="a", ParentProcessName="p"),
    ]
    detection = {
        "selection": {"Image": "a"},
        "filter": {"ParentImage": None},
        "condition": "selection and not filter",
    }
    assert ids(tmp_path, events, detection, logsource={"category": "process_creation"}) == {2, 3}


@pytest.mark.parametrize(
    ("change", "reason"),
    [
        ({"logsource": {"product": "windows", "service": "no-such-service"}}, "service no-such-service"),
        ({"logsource": {"product": "windows", "category": "file_access"}}, "category file_access"),
        ({"logsource": {"product": "macos", "category": "process_creation"}}, "macos"),
        ({"detection": {"s": {"A|re": "("}, "condition": "s"}}, "(?i)regular|regex"),
        ({"detection": {"s": {"A|expand": "%admins%"}, "condition": "s"}}, "(?i)placeholder|expand"),
        ({"detection": {"s": {"A|no_such": 1}, "condition": "s"}}, "no_such"),
        (
            {"detection": {"s": {"A": 1}, "condition": "s | count() > 5"}},
            "(?i)aggregation|pipe|parse|token|support",
        ),
    ],
)
def test_what_cannot_be_compiled_says_why(change: dict[str, Any], reason: str) -> None:
    with pytest.raises(NotCompiled, match=reason):
        compile_rule([{**HEAD, "detection": {"s": {"A": 1}, "condition": "s"}, **change}])


def test_a_channel_named_beside_a_cleared_log_is_the_one_that_was_cleared(tmp_path: Path) -> None:
    events = [
        {**event(event_id=104, at=n), "user_data": {"LogFileCleared": {"Channel": channel}}}
        for n, channel in enumerate(("System", "Application"))
    ]
    detection = {
        "selection": {"EventID": 104},
        "filter": {"Channel": "System"},
        "condition": "selection and not filter",
    }
    assert ids(tmp_path, events, detection, logsource={"service": "system"}) == {2}


@pytest.mark.parametrize(
    ("selection", "expected"),
    [
        ({"Data|contains": r"\Temp\Setup"}, {1}),
        ({"Data": "MSI"}, {1, 2}),
        ({"Data|endswith": ".msi"}, {1}),
        ({"Data|contains|all": ["msi", "temp"]}, {1}),
        ({"Data|re": "^MSI$"}, {1, 2}),
        ({"Data": None}, {3}),
        ({"Initiated": "true"}, {3}),
        ({"Initiated": True}, {3}),
        ({"Initiated": "false"}, set()),
        ({"EventID": "7"}, {1, 2, 3}),
    ],
)
def test_unnamed_values_and_truths_are_met_as_rules_write_them(
    tmp_path: Path, selection: dict[str, Any], expected: set[int]
) -> None:
    events = [
        {**event(event_id=7), "data": ["MSI", r"C:\Temp\Setup.msi"]},
        {**event(event_id=7, at=1), "data": ["MSI"]},
        {**event(event_id=7, at=2, Initiated=True)},
    ]
    assert ids(tmp_path, events, {"selection": selection, "condition": "selection"}) == expected


def test_old_and_new_names_of_a_value_are_one_field(tmp_path: Path) -> None:
    events = [
        {
            "provider": "USER32",
            "event_id": 1074,
            "channel": "System",
            "at": 0,
            "data": ["winlogon.exe", "PC"],
        },
        {**event(event_id=1074, at=1, param1="winlogon.exe", param2="PC"), "provider": "User32"},
        {**event(at=2), "data": {"Threat Name": "winlogon.exe"}},
    ]
    for name, expected in (
        ("Data1", {1, 2}),
        ("param1", {1, 2}),
        ("ProcessName", {1, 2}),
        ("ThreatName", {3}),
        ("Threat Name", {3}),
    ):
        detection = {"selection": {name: "winlogon.exe"}, "condition": "selection"}
        assert ids(tmp_path, events, detection) == expected, name


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
    assert isinstance(outcome, Examined), outcome
    return bool(outcome.findings)
