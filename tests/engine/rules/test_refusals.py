"""Why a rule cannot be used is told in both languages."""

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

from engine.analyzers import sigma_text
from engine.index import patterns
from engine.result import _examined
from engine.rules import compiler, conditions, refusals
from engine.text import text

SAY_WHY = {"Refused", "BadCondition", "UnknownLogSource", "NoPattern", "RuleUnreadable"}
SOURCES = (*sorted(Path(compiler.__file__).parent.glob("*.py")), Path(patterns.__file__))


def reasons() -> Iterator[str]:
    """What the readers of rules raise, ``{}`` in place of each value."""
    for source in SOURCES:
        for call in ast.walk(ast.parse(source.read_text("utf-8"))):
            if isinstance(call, ast.Call) and getattr(call.func, "id", "") in SAY_WHY and call.args:
                match call.args[0]:
                    case ast.Constant(value=str(reason)):
                        yield reason
                    case ast.JoinedStr(values=parts):
                        yield "".join(
                            str(part.value) if isinstance(part, ast.Constant) else "{}" for part in parts
                        )


def test_every_reason_has_its_chinese() -> None:
    raised = list(reasons())

    assert len(raised) > 40
    for reason in raised:
        told = refusals.both(reason.replace("{}", "7"))
        assert reason.startswith("{}: {}") or "无法使用" not in told["zh-hans"], (
            f"add to refusals.py: {reason}"
        )
    assert "无法使用" not in refusals.both(conditions._AGGREGATIONS)["zh-hans"]


@pytest.mark.parametrize(
    ("reason", "chinese"),
    [
        ("the modifier fuzzy is not known", "修饰符“fuzzy”未知"),
        ("the condition 'a and' cannot be parsed: it ends too early", "条件“a and”不完整"),
        ("comparison with '七', which is no number", "与“七”比较，但它不是数字"),
        ("TypeError: unhashable", "规则文件无法使用（TypeError: unhashable）"),
    ],
)
def test_a_check_that_failed_says_why_in_the_readers_language(reason: str, chinese: str) -> None:
    failed = _examined("sigma-a", text("甲", "a"), sigma_text.unusable("a.yml", reason))

    assert failed.detail["zh-hans"] == f"此项检查出错：a.yml：{chinese}。"
    assert failed.detail["en"] == f"This check failed: a.yml: {reason}."
