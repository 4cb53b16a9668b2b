"""How the sentences of the engine read, in both languages: all that stand in its files, and those that count.

The rules' own: ``rules/test_rules_wording.py``.
"""

import ast
import re
from collections.abc import Iterator
from itertools import islice, product
from pathlib import Path

import engine
from engine.registry import ANALYZERS, rule_analyzers
from engine.text import LANGUAGES, in_language
from tests.engine.wording import faults

ROOT = Path(engine.__file__).parent
VALUE = "Contoso.exe"
"""What stands in a place whose value is not known here."""
MOST = 16
"""Ways to say one sentence."""
PARTS = ("no stop at the end", "no capital at the start", "a span from a moment to itself")
"""Not asked of what may be a part of a sentence."""


def ways(node: ast.expr) -> list[str]:
    """What an expression may come to, as far as it stands there."""
    match node:
        case ast.Constant(value=str(words)):
            return [re.sub(r"\{\w+\}", VALUE, words)]
        case ast.JoinedStr(values=parts):
            return ["".join(way) for way in islice(product(*map(ways, parts)), MOST)]
        case ast.FormattedValue(value=ast.IfExp() | ast.JoinedStr() as inner):
            return ways(inner)
        case ast.IfExp(body=body, orelse=other):
            return [*ways(body), *ways(other)]
        case ast.BinOp(left=left, op=ast.Add(), right=right):
            return ["".join(way) for way in islice(product(ways(left), ways(right)), MOST)]
    return [VALUE]


def written() -> Iterator[tuple[str, str, str]]:
    """Where it stands, its language, and a sentence or a part of one."""
    for file in sorted(ROOT.rglob("*.py")):
        for call in ast.walk(ast.parse(file.read_text("utf-8"))):
            if isinstance(call, ast.Call) and getattr(call.func, "id", "") == "text" and len(call.args) == 2:
                for language, node in zip(("zh-hans", "en"), call.args, strict=True):
                    for sentence in ways(node):
                        yield f"{file.relative_to(ROOT)}:{call.lineno}", language, sentence


def test_every_sentence_of_the_engine_is_in_style() -> None:
    said = [
        f"{where}, {language}: {fault}"
        for where, language, sentence in written()
        for fault in faults(sentence, language)
        if not fault.startswith(PARTS)
    ]
    assert not said, "\n".join(dict.fromkeys(said))


def test_every_check_has_a_title_in_style() -> None:
    said = [
        f"{analyzer.rule}, {language}: {fault}"
        for analyzer in (*ANALYZERS, *rule_analyzers())
        for language in LANGUAGES
        for fault in faults(in_language(analyzer.title, language), language, is_title=True)
    ]
    assert not said, "\n".join(said)
