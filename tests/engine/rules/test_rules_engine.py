"""Promises of the rule engine that no single rule shows."""

import json
import random
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pytest

from demo.evtx.writer import write_log
from engine.analyze import analyze
from engine.analyzers import sigma, sigma_text
from engine.findings import Examined, Failed, Finding, NotExamined, Outcome, Severity
from engine.registry import rule_analyzers
from engine.rules.compiled import Window
from engine.rules.rule_files import own_rules
from engine.rules.time_windows import correlated, incidents
from engine.schema.versions import stored_form
from engine.text import text
from tests.engine import rule_examples
from tests.engine.event_logs import crash, ordinary

HEAD = """
title: Many retries
id: 0b8c5b53-6d0f-4c2b-9d4c-3d7a1b6f1a11
description: Something was tried again and again.
logsource: {product: windows, service: system}
level: critical
falsepositives: [Tests]
"""
ANY = "detection:\n  a: {x: 5}\n  condition: a\n"
SCM = {"provider": "Service Control Manager", "event_id": 7000, "channel": "System"}


def event(at: float = 0, **data: Any) -> dict[str, Any]:
    return {"provider": "Example", "event_id": 5, "channel": "System", "at": at, "data": data}


def examined(folder: Path, rule: str, events: list[dict[str, Any]]) -> Outcome:
    file = folder / "rule.yml"
    file.write_text(rule, "utf-8")
    material = rule_examples.material(folder, events)
    with material.events:
        return sigma.examine(file, False, material)


def found(name: str, folder: Path, events: list[dict[str, Any]], copies: int = 1) -> Sequence[Finding]:
    """What a rule of ours finds in them."""
    rule = next(file for file in own_rules() if file.stem == name)
    material = rule_examples.material(folder, events, copies)
    with material.events:
        outcome = sigma.examine(rule, True, material)
    assert isinstance(outcome, Examined)
    return outcome.findings


def matched(folder: Path, detection: str, events: list[dict[str, Any]]) -> int:
    rule = f"{HEAD}detection:\n  selection: {detection}\n  condition: selection\n"
    outcome = examined(folder, rule, events)
    assert isinstance(outcome, Examined), outcome
    return sum(finding.data.count or 0 for finding in outcome.findings)


@pytest.mark.parametrize(
    ("detection", "count"),
    [
        ("{Retries|gt: 5}", 2),
        ("{Retries|gte: 5}", 2),
        ("{Retries|lt: 5}", 2),
        ("{Retries: 10}", 2),
        ("{Retries: '10'}", 2),
        ("{Retries|contains: many}", 1),
        ("{Retries: TOO MANY}", 1),
        ("{Retries|re: '^too.*y$'}", 1),
        ("{Absent|exists: false}", 5),
        ("{EventID: 5, Provider_Name: EXAMPLE}", 5),
        ("{EventID|gt: 5}", 0),
    ],
)
def test_numbers_compare_as_numbers_and_words_never_do(tmp_path: Path, detection: str, count: int) -> None:
    values = (3, "4", 10, "10", "too many")
    assert matched(tmp_path, detection, [event(Retries=value) for value in values]) == count


def test_a_quote_in_a_value_is_only_a_quote(tmp_path: Path) -> None:
    events = [event(Name="it's 100% \\ 'fine'"), event(Name="other")]
    assert matched(tmp_path, "{Name: \"it's 100% \\\\ 'fine'\"}", events) == 1


def test_a_field_that_an_event_lacks_does_not_hide_it_from_a_filter(tmp_path: Path) -> None:
    rule = f"{HEAD}detection:\n  selection: {{EventID: 5}}\n  filter: {{Other: x}}\n"
    outcome = examined(tmp_path, rule + "  condition: selection and not filter\n", [event(Name="a")])
    assert isinstance(outcome, Examined) and len(outcome.findings) == 1


def test_somebody_elses_rule_speaks_with_its_description_and_ranks_lower(tmp_path: Path) -> None:
    outcome = examined(
        tmp_path,
        f"{HEAD}detection:\n  selection: {{EventID: 5}}\n  condition: selection\n",
        [event(Name="a")],
    )
    assert isinstance(outcome, Examined)
    (finding,) = outcome.findings
    assert finding.title["en"] == "Many retries"
    assert "again and again" in finding.summary["en"]
    assert finding.severity is Severity.MEDIUM
    assert finding.rule == "sigma-rule"


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("", "no Sigma document"),
        ("title: [", "ParserError"),
        ("- 1\n- 2\n", "no Sigma document"),
        (f"{HEAD}detection:\n  selection: {{EventID: 5}}\n  condition: nothing\n", "nothing"),
        (f"{HEAD}detection:\n  selection: {{'a\"b': 5}}\n  condition: selection\n", "field name"),
        (HEAD.replace("windows", "linux") + "detection:\n  a: {x: 5}\n  condition: a\n", "linux"),
        (
            HEAD.replace("service: system", "category: webserver")
            + "detection:\n  a: {x: 5}\n  condition: a\n",
            "web",
        ),
    ],
)
def test_a_rule_that_cannot_be_used_says_why(tmp_path: Path, text: str, reason: str) -> None:
    outcome = examined(tmp_path, text, [event(Name="a")])
    assert isinstance(outcome, Failed)
    assert reason in outcome.error and outcome.error.startswith("rule.yml: ")


def test_one_bad_rule_stops_nothing(tmp_path: Path) -> None:
    log, rules = tmp_path / "System.evtx", tmp_path / "rules"
    write_log(log, [*ordinary(5), crash(10, "1"), crash(20, "2"), crash(30, "3")])
    (rules / "below").mkdir(parents=True)
    (rules / "bad.yml").write_text("title: [")
    good = f"{HEAD}detection:\n  selection: {{EventID: 7036}}\n  condition: selection\n"
    (rules / "below" / "good.yml").write_text(good)

    result = analyze(log, tmp_path / "work", rules=rules)

    outcomes = {rule: outcome for rule, *_, outcome in result.outcomes}
    assert isinstance(outcomes["sigma-bad"], Failed)
    assert [finding.rule for finding in result.findings] == ["service-terminated-unexpectedly", "sigma-good"]
    assert result.findings[1].data.count == 5
    assert result.findings[1].data.second_parser == {"agrees": 5}
    assert len(stored_form(result.document())["examined"]) >= 80
    assert [rule for rule, outcome in outcomes.items() if isinstance(outcome, Failed)] == ["sigma-bad"]


def test_a_missing_folder_of_rules_is_named_and_stops_nothing(tmp_path: Path) -> None:
    *own, missing = rule_analyzers(tmp_path / "nowhere")
    assert len(own) == len(own_rules())
    nothing: Any = None
    outcome = missing.examine(nothing)
    assert isinstance(outcome, Failed) and "nowhere" in outcome.error


def test_a_rule_without_its_log_says_which_log_is_missing(tmp_path: Path) -> None:
    rule = next(file for file in own_rules() if file.stem == "application-crash")
    material = rule_examples.material(tmp_path, [event(Name="a")])
    with material.events:
        outcome = sigma.examine(rule, True, material)
    assert isinstance(outcome, NotExamined)
    assert "Application.evtx" in outcome.missing_input["en"]


def test_the_same_log_twice_counts_once(tmp_path: Path) -> None:
    events = [
        {"provider": "disk", "event_id": 7, "channel": "System", "at": 0, "data": ["\\Device\\Harddisk0"]}
    ]
    findings = found("disk-bad-block", tmp_path, events, copies=2)
    assert [finding.data.count for finding in findings] == [1]


@pytest.mark.parametrize(("count", "severity"), [(2, Severity.MEDIUM), (3, Severity.HIGH)])
def test_what_happens_as_often_as_its_rule_says_is_graver(
    tmp_path: Path, count: int, severity: Severity
) -> None:
    events = [{**SCM, "at": n, "data": {"param1": "s", "param2": "%%2"}} for n in range(count)]
    findings = found("service-start-failed", tmp_path, events)
    assert [finding.severity for finding in findings] == [severity]


def test_as_many_identities_as_findings_have_no_rest(tmp_path: Path) -> None:
    events = [{**SCM, "at": n, "data": {"param1": f"s{n}", "param2": "%%2"}} for n in range(5)]
    findings = found("service-start-failed", tmp_path, events)
    assert len(findings) == 5
    assert not any("of this sort" in finding.summary["en"] for finding in findings)


def test_very_many_identities_are_few_findings_and_none_goes_untold(tmp_path: Path) -> None:
    events = [{**SCM, "at": n, "data": {"param1": f"s{n % 40}", "param2": "%%2"}} for n in range(400)]
    findings = found("service-start-failed", tmp_path, events)
    assert len(findings) == sigma.MAX_FINDINGS
    assert "There are 35 more of this sort, 350 events in all" in findings[-1].summary["en"]


def test_a_single_one_that_is_left_over_is_told_in_the_singular(tmp_path: Path) -> None:
    events = [{**SCM, "at": n, "data": {"param1": f"s{n}", "param2": "%%2"}} for n in range(6)]
    (*_, last) = found("service-start-failed", tmp_path, events)
    assert "There is 1 more of this sort, 1 event in all" in last.summary["en"]


def test_the_same_signature_has_the_same_fingerprint_in_another_case(tmp_path: Path) -> None:
    prints = []
    for number, name in enumerate(("Licence", "licence", "Other")):
        folder = tmp_path / str(number)
        folder.mkdir()
        events = [{**SCM, "at": number, "data": {"param1": name, "param2": "x"}}]
        prints.append(found("service-start-failed", folder, events)[0].fingerprint)
    assert prints[0] == prints[1] != prints[2]


def test_a_hostile_value_is_shown_harmlessly(tmp_path: Path) -> None:
    name = "x\u202e\x07{param2}" + "y" * 10_000
    findings = found(
        "service-start-failed", tmp_path, [{**SCM, "at": 0, "data": {"param1": name, "param2": "x"}}]
    )
    title = json.dumps(findings[0].title, ensure_ascii=False)
    assert "\u202e" not in title and "\\u0007" not in title and len(title) < 1000


def test_overlapping_windows_are_one_incident() -> None:
    assert incidents([0, 5, 9, 100, 101], 10) == [(0, 2), (3, 4)]
    burst = Window("event_count", 10, ">=", 3, [], [[]])
    assert correlated(burst, [0, 4, 8, 12, 16, 90, 95], [0] * 7, [None] * 7) == [(0, 4)]


def test_neighbours_just_as_far_apart_as_the_window_are_one_incident() -> None:
    assert incidents([0, 600, 1200], 600) == [(0, 2)]
    assert incidents([0, 600, 1201], 600) == [(0, 1), (2, 2)]


def test_detections_must_come_in_their_order() -> None:
    ordered = Window("temporal_ordered", 10, ">=", 2, [], [[], []])
    assert correlated(ordered, [0, 5], [1, 0], [None] * 2) == []
    assert correlated(ordered, [0, 5, 9, 50, 61], [0, 0, 1, 0, 1], [None] * 5) == [(1, 2)]
    either = Window("temporal", 10, ">=", 2, [], [[], []])
    assert correlated(either, [0, 5], [1, 0], [None] * 2) == [(0, 1)]


@pytest.mark.parametrize("kind", ["event_count", "value_count", "temporal"])
def test_windows_are_those_that_counting_by_hand_finds(kind: str) -> None:
    chance = random.Random(7)
    for _ in range(200):
        times = sorted(chance.randrange(60) for _ in range(chance.randrange(1, 20)))
        slots = [chance.randrange(3) for _ in times]
        values = [chance.choice(["a", "b", "c", None]) for _ in times]
        window = Window(kind, 10, ">=", 3, [], [[], [], []])
        inside = set()
        for end in range(len(times)):
            here = [n for n in range(end + 1) if times[end] - times[n] <= 10]
            counted = {
                "event_count": len(here),
                "value_count": len({values[n] for n in here} - {None}),
                "temporal": len({slots[n] for n in here}),
            }[kind]
            if counted >= 3:
                inside.update(here)
        stretches = correlated(window, times, slots, values)
        assert {n for first, last in stretches for n in range(first, last + 1)} == inside


def test_angle_brackets_without_a_place_stay_in_the_words_of_somebody_elses_rule() -> None:
    said = sigma_text.filled(text("含有 <script> 的请求", "A request with <script>"), {})
    assert said == {"zh-hans": "含有 <script> 的请求", "en": "A request with <script>"}
