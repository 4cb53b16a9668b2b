"""A conclusion tells of the newest record, and says so where others hold something else."""

from pathlib import Path
from typing import Any

import pytest

from engine.analyzers import sigma
from engine.findings import Examined, Finding
from engine.rules.rule_files import OWN, read_own
from tests.engine import rule_examples

RULE = OWN / "tasks" / "task-failed.yml"
SLOW = OWN / "boot" / "slow-boot-cause.yml"


def finding(folder: Path, rule: Path, *values: dict[str, Any]) -> Finding:
    example = read_own(rule).fires[0]
    events = [{**example, "at": place, "data": example["data"] | data} for place, data in enumerate(values)]
    with (material := rule_examples.material(folder, events)).events:
        outcome = sigma.examine(rule, True, material)
    assert isinstance(outcome, Examined)
    (found,) = outcome.findings
    return found


@pytest.mark.parametrize(
    ("codes", "chinese", "english"),
    [
        (
            ["0x80070002", "0x80070005"],
            "其他记录中还有：“找不到文件”（0x80070002）。",
            "0x80070002",
        ),
        (
            ["0x80070001", "0x80070002", "0x80070003", "0x8007000E", "0x80070005"],
            "（0x8007000E）等。",
            "and more in its place.",
        ),
    ],
)
def test_other_values_than_the_newest_are_told(
    tmp_path: Path, codes: list[str], chinese: str, english: str
) -> None:
    found = finding(tmp_path, RULE, *({"ResultCode": code} for code in codes))

    assert "“拒绝访问”（0x80070005）" in found.summary["zh-hans"]
    assert "。上述具体内容取自最近一条记录；" in found.summary["zh-hans"]
    assert found.summary["zh-hans"].endswith(chinese)
    assert english in found.summary["en"].rpartition("newest record says; others have ")[2]


def test_equal_values_are_said_once(tmp_path: Path) -> None:
    found = finding(tmp_path, RULE, {"ResultCode": "0x80070005"}, {"ResultCode": "0x80070005"})

    assert "最近一条记录" not in found.summary["zh-hans"] and "newest record" not in found.summary["en"]


def test_of_several_that_differ_no_list_is_made(tmp_path: Path) -> None:
    found = finding(
        tmp_path,
        SLOW,
        {"TotalTime": 9000, "DegradationTime": 4000},
        {"TotalTime": 8000, "DegradationTime": 3000},
    )

    assert found.summary["zh-hans"].endswith("上述具体内容取自最近一条记录，其他记录中有所不同。")
    assert "took 8 s " in found.summary["en"] and "9 s" not in found.summary["en"]
