"""How Sigma holds a value against an event's: letters of every script, numbers of every form, patterns."""

from pathlib import Path
from typing import Any

import pytest

from engine.analyzers import sigma
from engine.findings import Examined, Failed
from engine.index import patterns
from engine.rules.compiler import NotCompiled, compile_rule
from tests.engine import rule_examples
from tests.engine.rule_examples import HEAD, event


def matched(folder: Path, selection: dict[str, Any], values: list[Any]) -> list[Any]:
    """The values of the field A that a rule with this selection finds."""
    compiled = compile_rule([{**HEAD, "detection": {"s": selection, "condition": "s"}}])
    material = rule_examples.material(folder, [event(A=value) for value in values])
    with material.events as index:
        return [values[number - 1] for _, _, number, *_ in index.matching(compiled.predicates[0])]


@pytest.mark.parametrize(
    ("selection", "fits", "other"),
    [
        ({"A": "ÄRGER"}, ["ärger", "Ärger"], ["arger"]),
        ({"A|contains": "äрг"}, ["xÄРГx"], ["xärgx"]),
        ({"A|startswith": "СЛУЖБА"}, ["служба печати", "Служба"], ["о служба"]),
        ({"A|endswith": "ΟΔΟΣ"}, ["η οδος", "Οδός".replace("ό", "ο")], ["οδοσι"]),
        ({"A": "straße"}, ["STRASSE", "Straße", "STRAẞE"], ["strase"]),
        ({"A": "strasse"}, ["straße"], ["strabe"]),
        ({"A": "file"}, ["FILE"], ["fıle", "FİLE"]),
        ({"A": "İstanbul"}, ["İSTANBUL"], ["istanbul", "ISTANBUL"]),
        ({"A|contains": "ÉLÈVE*Ö"}, ["Un élève de Köln öffnet"], ["un eleve ö"]),
        ({"A": "*É?È*"}, ["xéàèx"], ["xeaex", "éè"]),
        ({"A|contains|all": ["Ä", "Я"]}, ["я и ä"], ["ä", "я"]),
        ({"A|cased": "Ärger"}, ["Ärger"], ["ärger", "ÄRGER"]),
        ({"A|contains|cased": "ЯR"}, ["xЯRx"], ["xяrx"]),
        ({"A|startswith|cased": "Ä"}, ["Äb"], ["äb"]),
        ({"A|fieldref": "A"}, ["Ä"], []),
        ({"A": "张三"}, ["张三"], ["张 三"]),
    ],
)
def test_letters_of_every_script_are_one_in_either_case(
    tmp_path: Path, selection: dict[str, Any], fits: list[str], other: list[str]
) -> None:
    assert matched(tmp_path, selection, [*fits, *other]) == fits


@pytest.mark.parametrize(
    ("selection", "fits", "other"),
    [
        ({"A|gt": 499}, ["0x1f4", 500, "500", "500.5", "0X1F5"], [499, "0x1f3", "many", "", "0x", "-600"]),
        ({"A|gte": 500}, ["0x1f4", 500.0], ["499.99", "5e2", "１２３４"]),
        ({"A|lt": 0}, [-1, "-1", "-0x10", "-0.5"], [0, "0", "0x0", "-", "-a", "--1"]),
        ({"A|lte": -5}, [-5, "-5", "-5.0"], ["-4.9", 5]),
        ({"A|gt": "0x10"}, [17, "0x11"], [16, "16"]),
        ({"A|lt": 2.5}, ["2.25", "-3"], ["2.5", "2.5.1", "2,25"]),
        ({"A": 0x1F4}, ["0x1f4", "0x000001F4", 500, "500"], ["0x1f5", "1f4"]),
        ({"A": [7, "x"]}, [7, "7", "X"], ["70", "0x70"]),
        ({"A": ""}, [""], [" ", "-"]),
        ({"A|contains": 5}, ["x5y", 1500], ["x"]),
    ],
)
def test_numbers_compare_in_every_form_that_logs_write(
    tmp_path: Path, selection: dict[str, Any], fits: list[Any], other: list[Any]
) -> None:
    assert matched(tmp_path, selection, [*fits, *other]) == fits


@pytest.mark.parametrize(
    ("selection", "fits", "other"),
    [
        ({"A|re": "^(?!.*svchost).*host"}, ["taskhost"], ["svchost taskhost"]),
        ({"A|re": "(?<!-)enc"}, ["x enc"], ["x -enc"]),
        ({"A|re": "(?=.*a)(?=.*b)c"}, ["c ba"], ["c a"]),
        ({"A|re": "CMD"}, ["CMD"], ["cmd"]),
        ({"A|re|i": "ÄCMD"}, ["äcmd"], ["acmd"]),
        ({"A|re|m": "^b$"}, ["a\nb"], ["ab"]),
        ({"A|re": "^b$"}, ["b"], ["a\nb"]),
        ({"A|re|s": "a.b"}, ["a\nb", "axb"], ["ab"]),
        ({"A|re|i|s|m": "^A.B$"}, ["x\na\nb"], ["xa\nb"]),
        ({"A|re": r"\\Temp\\[a-z]+\.exe"}, ["C:\\Temp\\x.exe"], ["C:\\Temp\\1.exe"]),
    ],
)
def test_patterns_look_ahead_and_behind_and_take_their_flags(
    tmp_path: Path, selection: dict[str, Any], fits: list[str], other: list[str]
) -> None:
    assert matched(tmp_path, selection, [*fits, *other]) == fits


@pytest.mark.parametrize(
    ("written", "fits", "other"),
    [
        (r"C:\a*", ["C:\\a", "C:\\abc"], ["C:a"]),
        (r"C:\\*", ["C:\\x"], ["C:*", "C:x"]),
        (r"C:\*", ["C:*"], ["C:\\x"]),
        (r"a\\\*b", ["a\\*b"], ["a\\xb"]),
        (r"\\\\srv\x", ["\\\\srv\\x"], ["\\srv\\x"]),
        (r"a?c", ["abc", "a?c"], ["ac", "abbc"]),
        (r"a\?c", ["a?c"], ["abc"]),
        ("a*b*c", ["abc", "a1b2c", "abcbc"], ["acb", "abcb"]),
        ("*ab?ab", ["ab1ab", "ababab-ab"], ["abab", "ab1a", "abababab"]),
        ("*", ["", "x"], []),
    ],
)
def test_backslashes_and_wildcards_are_read_as_sigma_writes_them(
    tmp_path: Path, written: str, fits: list[str], other: list[str]
) -> None:
    assert matched(tmp_path, {"A": written}, [*fits, *other]) == fits


@pytest.mark.parametrize(
    ("selection", "fits", "other"),
    [
        ({"A|neq": "x"}, ["y"], ["X"]),
        ({"A|neq": ["x", "y"]}, ["z"], ["x", "y"]),
        ({"A|cidr": "10.0.0.0/8"}, ["10.9.9.9", "::ffff:10.1.1.1"], ["11.0.0.1", "10"]),
        ({"A|wide|base64offset|contains": "安装"}, ["aQCJW8WIaQA="], ["5a6J6KOF"]),
        ({"A|windash|contains|all": [" -a", " -b"]}, ["x /a –b", "x -a -b"], ["x -a"]),
        ({"A|hour|gte": 22}, ["2026-03-02T22:00:01Z"], ["2026-03-02T21:59:59Z", "late"]),
        ({"A": [None, "x"]}, ["x"], ["y"]),
    ],
)
def test_the_other_modifiers_do_what_the_specification_says(
    tmp_path: Path, selection: dict[str, Any], fits: list[str], other: list[str]
) -> None:
    assert matched(tmp_path, selection, [*fits, *other]) == fits


@pytest.mark.parametrize(
    ("detection", "reason"),
    [
        ({"s": {"A|expand": "%x%"}, "condition": "s"}, "placeholder"),
        ({"s": {"A|re": "(a(?R))"}, "condition": "s"}, "calls itself"),
        ({"s": {"A|re": "a" * 30_000}, "condition": "s"}, "longer than"),
        ({"s": {"A|gt": "many"}, "condition": "s"}, "no number"),
        ({"s": {"A|cidr": "300.0.0.0/8"}, "condition": "s"}, "no network"),
        ({"s": {"A|exists": "perhaps"}, "condition": "s"}, "exists"),
        ({"s": {"A": {"B": 1}}, "condition": "s"}, "map"),
        ({"s": {"A|i": "x"}, "condition": "s"}, "behind re"),
        ({"s": {"A": 1}, "condition": "2 of s*"}, "2 of"),
        ({"s": {"A": 1}, "condition": "1 of x*"}, "called like"),
        ({"s": {"A": 1}, "condition": "s | near t"}, "aggregations"),
        ({"s": {"A": 1}, "condition": "(s"}, "too early"),
        ({"s": {"A": 1}, "condition": "s s"}, "cannot be parsed"),
        ({"s": {"A": 1}, "condition": "(" * 5_000 + "s"}, "nested"),
        ({"s": {"A": 1}}, "no condition"),
    ],
)
def test_what_is_not_supported_is_refused_by_its_name(detection: dict[str, Any], reason: str) -> None:
    with pytest.raises(NotCompiled, match=reason):
        compile_rule([{**HEAD, "detection": detection}])


@pytest.mark.parametrize(
    ("condition", "expected"),
    [
        ("a AND NOT b", {1}),
        ("1 OF sel*", {2, 3}),
        ("all of them", set()),
        ("any of them", {1, 2, 3}),
        ("not 1 of them", {4}),
        ("a or b and not b", {1, 3}),
        (["a", "sel_1"], {1, 2, 3}),
    ],
)
def test_conditions_are_read_as_they_are_written(
    tmp_path: Path, condition: str | list[str], expected: set[int]
) -> None:
    named = {"a": {"A": [1, 3]}, "b": {"A": 3}, "sel_1": {"A": 2}, "sel_2": {"A": 3}, "_hidden": {"A": 4}}
    compiled = compile_rule([{**HEAD, "detection": {**named, "condition": condition}}])
    material = rule_examples.material(tmp_path, [event(A=number) for number in range(1, 5)])
    with material.events as index:
        assert {number for _, _, number, *_ in index.matching(compiled.predicates[0])} == expected


def test_a_hundred_alternatives_and_more_are_no_matter_of_depth(tmp_path: Path) -> None:
    selection = [{"A": f"v{number}", "B|exists": False} for number in range(2_500)]
    compiled = compile_rule([{**HEAD, "detection": {"s": selection, "condition": "s"}}])
    material = rule_examples.material(tmp_path, [event(A="V2499"), event(A="w")])
    with material.events as index:
        assert [number for _, _, number, *_ in index.matching(compiled.predicates[0])] == [1]


def test_a_pattern_that_costs_too_much_stops_its_rule_alone(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(patterns, "SECONDS_A_VALUE", 0.05)
    material = rule_examples.material(tmp_path, [event(A="a" * 60 + "b")])
    outcomes = []
    with material.events:
        for name, pattern in (("hostile", "(a|aa)+$"), ("harmless", "^a+b$")):
            file = tmp_path / f"{name}.yml"
            detection = f"detection:\n  s: {{A|re: '{pattern}'}}\n  condition: s\n"
            file.write_text(f"title: T\nlogsource: {{product: windows}}\n{detection}")
            outcomes.append(sigma.examine(file, False, material))
    failed, examined = outcomes
    assert isinstance(failed, Failed) and failed.reason is not None
    assert failed.error == "hostile.yml: pattern too costly: (a|aa)+$"
    assert "pattern too costly" in failed.reason["en"] and "正则表达式代价过高" in failed.reason["zh-hans"]
    assert isinstance(examined, Examined) and len(examined.findings) == 1


@pytest.mark.parametrize(
    "name",
    ["a\\", "a') OR 1=1 --", "$.b", "a.b[0]", "[0]", "\\u0041", "ä%", "x" * 5_000, "#1", "@", "a\u2028b"],
)
def test_a_field_of_any_name_is_a_name_and_no_sql(tmp_path: Path, name: str) -> None:
    assert matched(tmp_path, {name: "x"}, ["x"]) == []


def test_a_value_of_any_text_is_a_value_and_no_sql(tmp_path: Path) -> None:
    value = "' OR '1'='1"
    assert matched(tmp_path, {"A": value}, ["x", value]) == [value]
