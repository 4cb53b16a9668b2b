"""Another code, another meaning: a rule's variant speaks where it is true of all that is cited."""

from pathlib import Path
from typing import Any

import pytest

from engine.analyzers import sigma
from engine.findings import Examined, Finding
from engine.rules.rule_files import OWN, own_rules, read_own
from tests.engine import rule_examples

FILE = OWN / "services" / "service-start-failed.yml"


def started(at: float, code: str) -> dict[str, Any]:
    data = {"param1": "报表服务", "param2": code}
    return {
        "provider": "Service Control Manager",
        "event_id": 7000,
        "channel": "System",
        "at": at,
        "data": data,
    }


def told(folder: Path, *codes: str) -> Finding:
    material = rule_examples.material(folder, [started(at, code) for at, code in enumerate(codes)])
    with material.events:
        outcome = sigma.examine(FILE, True, material)
    assert isinstance(outcome, Examined)
    (finding,) = outcome.findings
    return finding


def test_the_code_of_a_stray_file_is_told_as_that(tmp_path: Path) -> None:
    said = told(tmp_path, "%%193", "%%193")
    assert "C:\\Program" in said.summary["en"] and "C:\\Program" in said.summary["zh-hans"]
    assert "quotation marks" in said.advice["en"]
    assert said.title["en"].startswith("The service “报表服务” could not be started")


def test_another_code_and_several_at_once_are_told_as_the_rule_has_them(tmp_path: Path) -> None:
    (tmp_path / "one").mkdir()
    assert "C:\\Program" not in told(tmp_path / "one", "%%1053").summary["en"]
    assert "C:\\Program" not in told(tmp_path, "%%193", "%%1053").summary["en"]


@pytest.mark.parametrize("file", own_rules(), ids=[file.stem for file in own_rules()])
def test_every_variant_speaks_in_an_example_of_its_rule(file: Path) -> None:
    rule = read_own(file)
    for variant in rule.variants:
        examples = [
            {"EventID": str(example["event_id"])}
            | {name: str(value) for name, value in _data(example).items()}
            for example in rule.fires
        ]
        assert any(variant.fits([example]) for example in examples), f"{file}: no example has {variant.when}"


def _data(example: Any) -> dict[str, str]:
    data = example.get("data")
    return {name: str(value) for name, value in data.items()} if isinstance(data, dict) else {}
