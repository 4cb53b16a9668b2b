"""Looks for inputs on which a pattern of the engine takes more than linear time.

Every pattern is collected: compiled ones from the modules of ``engine``, those written in calls
(``re.sub(r"…", …)``) from their source. From a pattern's own structure texts are made on which it might
go astray: what may stand before a repetition, then the repeated thing many times over, then a sign that
nothing expects; the whole match many times over, too. A pattern is super-linear where doubling such a text
more than triples the time, as often as it is tried.

``python -m tests.fuzz.patterns`` tries them all and names what it finds.
"""

import ast
import pkgutil
import re
import signal
import sys
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import cache
from importlib import import_module
from pathlib import Path
from re import _constants as codes  # type: ignore[attr-defined]
from re import _parser  # type: ignore[attr-defined]
from typing import Any

import engine

ROOT = Path(engine.__file__).parent
FUNCTIONS = {"match", "fullmatch", "search", "sub", "subn", "split", "findall", "finditer", "compile"}
AT_START = {"match", "fullmatch"}
FEWEST, LONG_ENOUGH, MOST = 16, 4_096, 16_384
"""Characters of the shortest text, of those whose times are compared (repetitions that are bounded have
come to their end by then), and of the longest."""
WORTH = 0.004
"""Processor seconds below which a time says nothing."""
PATIENCE = 1.0
"""Processor seconds after which one try is stopped: no linear pattern needs them for ``MOST`` characters."""
GROWTH = 3.0
"""Twice the text takes twice the time of a linear pattern, four times that of a quadratic one."""
LONG = 60
"""Repetitions allowed so many times or more often are pumped."""
MAX_TEXTS = 40
STRANGE = ("\x01", "\n\x01", "")


@dataclass(frozen=True)
class Found:
    """A pattern with where it stands, and ``method``: how it is used (``search`` where not told)."""

    where: str
    pattern: re.Pattern[str]
    method: str = "search"


@dataclass(frozen=True)
class Slow:
    """A text of ``length`` characters took ``seconds``; half of it ``half``."""

    found: Found
    pump: str
    length: int
    half: float
    seconds: float

    def __str__(self) -> str:
        return (
            f"{self.found.where}: {self.found.pattern.pattern[:100]!r} by {self.found.method} needs "
            f"{self.seconds * 1000:.0f} ms for {self.length:,} characters of {self.pump[:40]!r} "
            f"({self.half * 1000:.0f} ms for half)"
        )


def collect() -> list[Found]:
    """All patterns of the engine over text, each once."""
    found: dict[tuple[str, int, str], Found] = {}
    for file in sorted(ROOT.rglob("*.py")):
        for entry in _written(file):
            found.setdefault((entry.pattern.pattern, entry.pattern.flags, entry.method), entry)
    for module in pkgutil.walk_packages([str(ROOT)], "engine."):
        uses = _uses(Path(str(import_module(module.name).__file__)))
        for name, value in sorted(vars(import_module(module.name)).items()):
            methods = uses.get(name, set()) & FUNCTIONS
            for pattern in _patterns(value, 0):
                method = "match" if methods and methods <= AT_START else "search"
                if not any(key[:2] == (pattern.pattern, pattern.flags) for key in found):
                    entry = Found(f"{module.name}.{name}", pattern, method)
                    found[pattern.pattern, pattern.flags, method] = entry
    return list(found.values())


def _patterns(value: object, depth: int) -> Iterator[re.Pattern[str]]:
    if isinstance(value, re.Pattern):
        if isinstance(value.pattern, str):
            yield value
    elif depth < 3 and isinstance(value, list | tuple | set | frozenset):
        for element in value:
            yield from _patterns(element, depth + 1)
    elif depth < 3 and isinstance(value, dict):
        for element in value.values():
            yield from _patterns(element, depth + 1)


@cache
def _tree(file: Path) -> ast.Module:
    return ast.parse(file.read_text("utf-8"))


def _uses(file: Path) -> dict[str, set[str]]:
    """The methods called of each name in a module."""
    uses: dict[str, set[str]] = {}
    for node in ast.walk(_tree(file)):
        if isinstance(node, ast.Attribute) and isinstance(node.value, ast.Name):
            uses.setdefault(node.value.id, set()).add(node.attr)
    for node in ast.walk(_tree(file)):
        if isinstance(node, ast.For | ast.comprehension) and isinstance(node.target, ast.Name):
            for name in ast.walk(node.iter):
                if isinstance(name, ast.Name):
                    uses.setdefault(name.id, set()).update(uses.get(node.target.id, set()) & FUNCTIONS)
    return uses


def _written(file: Path) -> Iterator[Found]:
    """Patterns in calls of ``re`` with a constant text; names compiled at module level have their uses."""
    for node in ast.walk(_tree(file)):
        if not (isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.args):
            continue
        call, first = node.func, node.args[0]
        if not (isinstance(call.value, ast.Name) and call.value.id == "re" and call.attr in FUNCTIONS):
            continue
        if call.attr == "compile" or not (isinstance(first, ast.Constant) and isinstance(first.value, str)):
            continue
        flags = re.IGNORECASE if any(keyword.arg == "flags" for keyword in node.keywords) else 0
        method = "match" if call.attr in AT_START else "search"
        yield Found(f"{file.relative_to(ROOT.parent)}:{node.lineno}", re.compile(first.value, flags), method)


# -- Texts on which a pattern might go astray -----------------------------------------------


def texts(pattern: re.Pattern[str]) -> list[tuple[str, str]]:
    """Beginnings and what is to be repeated behind them, from the pattern's structure."""
    parsed = _parser.parse(pattern.pattern, pattern.flags & ~re.UNICODE)
    pairs = list(_pumps(list(parsed), ""))
    whole = _sample(list(parsed))
    pairs += [("", whole), ("", whole[:1]), ("", whole + " "), ("", whole + "\n")]
    return list(dict.fromkeys(pair for pair in pairs if pair[1]))[:MAX_TEXTS]


def _pumps(items: list[Any], before: str) -> Iterator[tuple[str, str]]:
    for place, (op, argument) in enumerate(items):
        if op in (codes.MAX_REPEAT, codes.MIN_REPEAT) or str(op) == "POSSESSIVE_REPEAT":
            _low, high, inner = argument
            if high >= LONG:
                once = _sample(list(inner))
                following = _sample(items[place + 1 : place + 2])
                for sample in dict.fromkeys([once, *_others(list(inner))]):
                    yield before, sample
                    yield "", before + sample
                    yield before, sample + following
            yield from _pumps(list(inner), before)
        elif op is codes.SUBPATTERN:
            yield from _pumps(list(argument[3]), before)
        elif op is codes.BRANCH:
            for branch in argument[1]:
                yield from _pumps(list(branch), before)
        elif op in (codes.ASSERT, codes.ASSERT_NOT):
            yield from _pumps(list(argument[1]), before)
        before += _sample([(op, argument)])


def _others(items: list[Any]) -> list[str]:
    """A blank, a digit, a letter and a mark where one repeated sign may be any of them."""
    if len(items) != 1 or items[0][0] not in (codes.IN, codes.ANY, codes.NOT_LITERAL):
        return []
    return [sign for sign in " 0a.-\\," if _fits(items[0], sign)]


def _fits(item: Any, sign: str) -> bool:
    op, argument = item
    if op is codes.ANY:
        return True
    if op is codes.NOT_LITERAL:
        return chr(argument) != sign
    negated = argument and argument[0][0] is codes.NEGATE
    return any(_in(part, sign) for part in argument if part[0] is not codes.NEGATE) != bool(negated)


def _in(part: Any, sign: str) -> bool:
    op, argument = part
    if op is codes.LITERAL:
        return chr(argument) == sign
    if op is codes.RANGE:
        return argument[0] <= ord(sign) <= argument[1]
    kinds: dict[str, Callable[[str], bool]] = {
        "CATEGORY_SPACE": str.isspace,
        "CATEGORY_NOT_SPACE": lambda one: not one.isspace(),
        "CATEGORY_DIGIT": str.isdecimal,
        "CATEGORY_NOT_DIGIT": lambda one: not one.isdecimal(),
        "CATEGORY_WORD": lambda one: one.isalnum() or one == "_",
        "CATEGORY_NOT_WORD": lambda one: not (one.isalnum() or one == "_"),
    }
    kind = kinds.get(str(argument))
    return kind is not None and kind(sign)


def _sample(items: list[Any]) -> str:
    """A short text that the items match, as near as it goes."""
    text = ""
    for op, argument in items:
        if op is codes.LITERAL:
            text += chr(argument)
        elif op in (codes.IN, codes.ANY, codes.NOT_LITERAL):
            text += next(
                (sign for sign in "a0 .-\\:/,=\"'(<[\t\n\u4e2d" if _fits((op, argument), sign)), ""
            ) or (chr(argument[0][1]) if op is codes.IN and argument[0][0] is codes.LITERAL else "")
        elif op in (codes.MAX_REPEAT, codes.MIN_REPEAT) or str(op) == "POSSESSIVE_REPEAT":
            text += _sample(list(argument[2])) * min(max(argument[0], 1), 40)
        elif op is codes.SUBPATTERN:
            text += _sample(list(argument[3]))
        elif str(op) == "ATOMIC_GROUP":
            text += _sample(list(argument))
        elif op is codes.BRANCH:
            text += _sample(list(argument[1][0]))
    return text


# -- Measuring ------------------------------------------------------------------------------


class _TooLong(Exception):
    pass


def _stop(*_: object) -> None:
    raise _TooLong


def seconds_of(found: Found, text: str) -> float:
    """Processor seconds of one try; ``PATIENCE`` where it was stopped."""
    method: Callable[[str], object] = getattr(found.pattern, found.method)
    before = time.process_time()
    signal.setitimer(signal.ITIMER_PROF, PATIENCE)
    try:
        method(text)
    except _TooLong:
        return PATIENCE
    finally:
        signal.setitimer(signal.ITIMER_PROF, 0)
    return time.process_time() - before


def slow(found: Found) -> Slow | None:
    """The first text on which the pattern takes more than linear time."""
    for before, pump in texts(found.pattern):
        for strange in STRANGE:
            if (found_slow := _growing(found, before, pump, strange)) is not None:
                return found_slow
    return None


def _growing(found: Found, before: str, pump: str, strange: str) -> Slow | None:
    length, last = FEWEST, 0.0
    while length <= MOST:
        text = before + pump * max(length // len(pump), 1) + strange
        spent = seconds_of(found, text)
        if length >= 2 * LONG_ENOUGH and spent >= WORTH and last > 0 and spent > GROWTH * last:
            again = min(seconds_of(found, text) for _ in range(2))
            half_text = before + pump * max(length // 2 // len(pump), 1) + strange
            half = max(seconds_of(found, half_text) for _ in range(3))
            if again >= WORTH and again > GROWTH * half:
                return Slow(found, pump, len(text), half, again)
        if spent >= PATIENCE:
            return Slow(found, pump, len(text), last, spent)
        last, length = spent, _next(length)
    return None


def _next(length: int) -> int:
    """Small steps while an exponential pattern would show, then wide ones, then doubled."""
    return (
        length + 8 if length < 48 else length * 2 if length >= LONG_ENOUGH else min(length * 4, LONG_ENOUGH)
    )


def hunt(patterns: list[Found]) -> list[Slow]:
    """All that are slow; takes the profiling alarm of the process while it runs."""
    previous: Any = signal.signal(signal.SIGPROF, _stop)
    try:
        return [result for found in patterns if (result := slow(found)) is not None]
    finally:
        signal.signal(signal.SIGPROF, previous)


def main() -> int:
    """Returns 1 when anything was found."""
    started, patterns = time.monotonic(), collect()
    results = hunt(patterns)
    for result in results:
        print(result)
    print(f"{len(patterns):,} patterns, {len(results)} super-linear, {time.monotonic() - started:.0f} s")
    return int(bool(results))


if __name__ == "__main__":
    sys.exit(main())
