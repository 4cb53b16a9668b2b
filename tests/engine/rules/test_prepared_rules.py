"""Rules are compiled once and kept: what a later process takes is what it would have made itself."""

import io
import os
from collections.abc import Callable
from pathlib import Path

import msgspec
import pytest
import yaml

from engine.rules import prepared, yaml_documents
from engine.rules.compiler import NotCompiled, compile_rule
from engine.rules.prepared import KEPT

RULE = """
title: {}
logsource: {{product: windows, service: system}}
detection: {{s: {{A|re: '^(?=x)'}}, condition: s}}
"""
CORRELATION = """
title: Base
name: base
logsource: {product: windows}
detection: {s: {A: 1}, condition: s}
---
title: Many
correlation: {type: event_count, rules: [base], group-by: [A], timespan: 5m, condition: {gte: 3}}
"""


def refused(*args: object) -> None:
    raise AssertionError("a kept rule was read or compiled again")


@pytest.fixture
def rules(tmp_path: Path) -> list[tuple[Path, bool]]:
    folder = tmp_path / "rules"
    folder.mkdir()
    for name, content in (
        ("one", RULE.format("One")),
        ("many", CORRELATION),
        ("unread", "title: ["),
        ("unmade", RULE.format("Two").replace("system", "no-such")),
    ):
        (folder / f"{name}.yml").write_text(content, "utf-8")
    return [(file, False) for file in sorted(folder.iterdir())]


def all_of(rules: list[tuple[Path, bool]]) -> list[prepared.Prepared]:
    """Each rule as it is used, without its documents."""
    ready = [prepared.prepared(file, own) for file, own in rules]
    return [prepared.Prepared(one.rule and one.rule.bare(), one.compiled, one.error) for one in ready]


def next_process() -> None:
    prepared._ready.clear()


def test_what_is_kept_is_what_would_be_made(
    tmp_path: Path, rules: list[tuple[Path, bool]], monkeypatch: pytest.MonkeyPatch
) -> None:
    prepared.prepare(rules, tmp_path / "kept")
    made = all_of(rules)
    assert [bool(one.error) for one in made] == [False, False, True, True]
    next_process()
    monkeypatch.setattr(prepared, "_made", refused)
    prepared.prepare(rules, tmp_path / "kept")
    assert all_of(rules) == made
    assert [file.name for file in (tmp_path / "kept").iterdir()] == [KEPT]
    assert (tmp_path / "kept" / KEPT).stat().st_mode & 0o777 == 0o600


def test_a_rule_that_was_changed_is_compiled_anew(tmp_path: Path, rules: list[tuple[Path, bool]]) -> None:
    prepared.prepare(rules, tmp_path / "kept")
    next_process()
    file = next(file for file, _ in rules if file.stem == "one")
    file.write_text(RULE.format("Other"), "utf-8")
    prepared.prepare(rules, tmp_path / "kept")
    rule = prepared.prepared(file, False).rule
    assert rule is not None and rule.title["en"] == "Other"


def _another_compiler(file: Path) -> None:
    kept = msgspec.json.decode(file.read_bytes())
    file.write_bytes(msgspec.json.encode(kept | {"version": "0" * 64}))


def _another_shape(file: Path) -> None:
    kept = msgspec.json.decode(file.read_bytes())
    for ready in kept["rules"].values():
        ready["compiled"] = {"predicates": "1"}
    file.write_bytes(msgspec.json.encode(kept))


def _piped(file: Path) -> None:
    file.unlink()
    os.mkfifo(file)


def _linked(file: Path) -> None:
    file.rename(file.with_name("elsewhere"))
    file.symlink_to(file.with_name("elsewhere"))


@pytest.mark.parametrize(
    "tamper",
    [
        lambda file: file.write_bytes(b"{"),
        lambda file: file.write_bytes(b"[" * 100_000),
        lambda file: file.write_bytes(b"\x80\x04\x95"),
        lambda file: file.chmod(0o666),
        _piped,
        _another_compiler,
        _another_shape,
        _linked,
    ],
)
def test_what_is_not_our_own_is_not_believed(
    tmp_path: Path, rules: list[tuple[Path, bool]], tamper: Callable[[Path], object]
) -> None:
    prepared.prepare(rules, tmp_path / "kept")
    made = all_of(rules)
    next_process()
    tamper(tmp_path / "kept" / KEPT)
    assert prepared._load(tmp_path / "kept") == {}
    prepared.prepare(rules, tmp_path / "kept")
    assert all_of(rules) == made
    assert len(prepared._load(tmp_path / "kept")) == len(rules)


def test_a_folder_that_cannot_be_written_stops_nothing(
    tmp_path: Path, rules: list[tuple[Path, bool]]
) -> None:
    (tmp_path / "kept").write_text("a file")
    prepared.prepare([*rules, (tmp_path / "gone.yml", False)], tmp_path / "kept")
    assert len(all_of(rules)) == len(rules)


@pytest.mark.parametrize(
    "written",
    [
        "a: &x [1, 2]\nb: *x",
        "a: &x\n  k: v\nb:\n  <<: *x\n  c: 1",
        "a: yes\nb: 0x1f\nc: 2020-01-01\nd: ~\n1: x\nnull: y\ne: 'no'\nf: \"1\"\ng: .inf",
        "h: No\ni: -5\nj: 1.5",
        "- Yes\n- off\n- nO\n- TRUE\n- Null\n- '*'\n- y\n- |\n  a\n  b\n- ''\n-",
        "a: 1\n---\nb: 2",
        "",
    ],
)
def test_yaml_is_read_as_by_its_library(written: str) -> None:
    expected = list(yaml.safe_load_all(written))
    assert repr(yaml_documents.documents(io.BytesIO(written.encode()))) == repr(expected)


def test_what_names_itself_again_and_again_is_refused() -> None:
    bomb = "a: &a [x]\n" + "".join(
        f"{after}: &{after} [{', '.join([f'*{before}'] * 9)}]\n"
        for before, after in zip("abcdefgh", "bcdefghi", strict=True)
    )
    for written in (bomb, "a: &a [*a]", "&a {b: *a}"):
        with pytest.raises(ValueError, match="more than"):
            yaml_documents.documents(io.BytesIO(written.encode()))


def test_a_rule_that_asks_for_too_much_is_refused() -> None:
    words = {"A|windash|contains": [f" -a{number} -b -c" for number in range(500)]}
    for detection in (
        {"s": words, "condition": "s"},
        {"s": {"A": ["x"] * 2_000}, "condition": " or ".join(["1 of them"] * 100)},
    ):
        document = {"title": "T", "logsource": {"product": "windows"}, "detection": detection}
        with pytest.raises(NotCompiled, match="more than"):
            compile_rule([document])


@pytest.mark.parametrize(
    "written",
    [
        "title: " + "[" * 300_000,
        "title: " + "{a: " * 200_000,
        "- " * 60_000,
        "\n".join(" " * level + "a:" for level in range(1_000)),
        ("a: " + "[" * 100_000).encode("utf-16"),
    ],
)
def test_what_is_nested_too_deep_is_refused_before_it_fills_the_stack(written: str | bytes) -> None:
    content = written if isinstance(written, bytes) else written.encode()
    with pytest.raises(ValueError, match="deeper than 100"):
        yaml_documents.documents(io.BytesIO(content))


def test_a_rule_with_values_that_are_not_what_they_say_stops_no_other(
    tmp_path: Path, rules: list[tuple[Path, bool]]
) -> None:
    for number, value in enumerate(
        ("!!int ''", "!!bool x", "!!timestamp x", "!!str [a]", "{? !!str [a] : b}")
    ):
        file = tmp_path / f"belied-{number}.yml"
        file.write_text(RULE.format(value), "utf-8")
        rules.insert(0, (file, False))
    prepared.prepare(rules)
    errors = [ready.error for ready in all_of(rules)]
    assert [bool(error) for error in errors] == [True] * 5 + [False, False, True, True]
    assert not any(str(tmp_path) in error for error in errors), "where rules lie is no customer's matter"


@pytest.mark.parametrize(
    ("detection", "why"),
    [
        ({"s": {"A|windash|windash|contains": "-a -b -c"}}, "a modifier stands twice"),
        ({"s": {"A|" + "base64offset|" * 20 + "contains": "abc"}}, "a modifier stands twice"),
        ({"s": {"A|lt": float("inf")}}, "no number"),
        ({"s": {"EventID|gt": float("nan")}}, "no number"),
        ({"s": {"=user": "x"}}, "the field name =user cannot be looked up"),
        ({"s": {"A|fieldref": "B|=x"}}, "cannot be looked up"),
        (
            {f"s{number}": {"A": "x"} for number in range(2_000)}
            | {"condition": " or ".join(["1 of s1"] * 2_000)},
            "too long for so many detections",
        ),
    ],
)
def test_a_rule_that_costs_or_means_what_nobody_can_is_refused_by_name(
    detection: dict[str, object], why: str
) -> None:
    document = {
        "title": "T",
        "logsource": {"product": "windows"},
        "detection": {"condition": "s"} | detection,
    }
    with pytest.raises(NotCompiled, match=why):
        compile_rule([document])
