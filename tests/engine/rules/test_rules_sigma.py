"""Sigma's own language: each modifier against an evaluator that does what the specification says."""

import base64
import ipaddress
import random
import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import yaml

from engine.rules.compiler import NotCompiled, compile_rule
from tests.engine import rule_examples
from tests.engine.rule_examples import HEAD, event

SYSMON, SECURITY = "Microsoft-Windows-Sysmon/Operational", "Security"
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
        return {record for _, _, record, *_ in index.matching(compiled.predicates[0])}


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
        ({"logsource": {"product": "windows", "category": "file_rename"}}, "category file_rename"),
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
