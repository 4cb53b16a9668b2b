"""Whether a value of an event fits what a rule asks for: the function ``FITS`` of the index's SQL.

A question is JSON text ``{"ask": [entry, …], "all": bool, "cased": bool, "several": bool}``. An entry is a
list:

- ``e`` text: equals; ``c``: contains; ``s``: starts with; ``d``: ends with it,
- ``g`` part, …: wildcards, where 0 is ``*`` and 1 is ``?``,
- ``n`` number; ``b`` truth; ``<`` number, and so ``<=``, ``>``, ``>=``,
- ``i`` network; ``r`` pattern, flags; ``t`` part of a time, operator, number,
- ``any`` entry, …

Texts compare in Unicode's full case folding; of a value of ``several`` (joined by NUL) any may fit.
"""

import ipaddress
import json
import operator
import re
from collections.abc import Callable, Sequence
from datetime import UTC, datetime
from functools import lru_cache
from typing import Any

from engine.index.patterns import searching

Test = Callable[[str], bool]
COMPARE: dict[str, Callable[[float, float], bool]] = {
    "<": operator.lt,
    "<=": operator.le,
    ">": operator.gt,
    ">=": operator.ge,
    "=": operator.eq,
    "!=": operator.ne,
}
_NUMBER = re.compile(r"\s*[+-]?(?:0[xX](?P<hex>[0-9a-fA-F]{1,16})|[0-9]{1,30}(?:\.[0-9]{0,30})?)\s*")
_TRUTHS = {True: ("true", "1"), False: ("false", "0")}


def fits(value: Any, question: str) -> bool:
    """Whether the value fits; a missing one never does. Raises ``patterns.TooCostly``."""
    if value is None:
        return False
    return _asked(question)(value if isinstance(value, str) else _text(value))


def refers(value: Any, other: Any, how: str) -> bool:
    """Whether one field equals (``e``), starts with (``s``), ends with (``d``) or contains (``c``) another,
    in any of its values."""
    if value is None or other is None:
        return False
    wanted = _text(other).casefold().split("\0")
    folded = _text(value).casefold()
    return any(_FOLDED[how](one, item) for one in folded.split("\0") for item in wanted)


def number_of(text: str) -> float | None:
    """The number that a text is, decimal, negative or ``0x…``; ``None`` when it is none."""
    match = _NUMBER.fullmatch(text)
    if match is None:
        return None
    if match["hex"] is None:
        return float(text)
    number = int(match["hex"], 16)
    return -number if text.lstrip().startswith("-") else number


def _text(value: Any) -> str:
    if isinstance(value, bytes):
        return value.decode("utf-8", "replace")
    return value if isinstance(value, str) else str(value)


@lru_cache(maxsize=8192)
def _asked(question: str) -> Test:
    asked = json.loads(question)
    tests = _tests(asked["ask"], asked["cased"], asked["all"])
    joined = all if asked["all"] else any
    if asked["several"]:

        def several(value: str) -> bool:
            values = value.split("\0")
            return joined(any(map(test, values)) for test in tests)

        return several
    if len(tests) == 1:
        return tests[0]
    return lambda value: joined(test(value) for test in tests)


def _tests(entries: Sequence[Sequence[Any]], cased: bool, apart: bool) -> list[Test]:
    """One test for each entry, or one for all of a kind where any may fit."""
    if apart:
        return [_test([entry], cased) for entry in entries]
    kinds: dict[str, list[Sequence[Any]]] = {}
    for entry in entries:
        kinds.setdefault(entry[0], []).append(entry)
    return [_test(alike, cased) for alike in kinds.values()]


def _test(entries: Sequence[Sequence[Any]], cased: bool) -> Test:
    """Whether a value fits any of the entries, which are of one kind."""
    kind = entries[0][0]
    if kind in _TEXTS:
        return _TEXTS[kind]([str(entry[1]) for entry in entries], cased)
    if kind == "any":
        inner = [test for entry in entries for test in _tests(entry[1:], cased, False)]
        return lambda value: any(test(value) for test in inner)
    single = [_SINGLE[kind](*entry, cased=cased) for entry in entries]
    return single[0] if len(single) == 1 else lambda value: any(test(value) for test in single)


def _equal(texts: list[str], cased: bool) -> Test:
    if cased:
        return frozenset(texts).__contains__
    wanted = frozenset(text.casefold() for text in texts)
    return lambda value: value.casefold() in wanted


def _contains(texts: list[str], cased: bool) -> Test:
    if cased:
        return lambda value: any(text in value for text in texts)
    folded = [text.casefold() for text in texts]
    if len(folded) == 1:
        only = folded[0]
        return lambda value: only in value.casefold()

    def test(value: str) -> bool:
        value = value.casefold()
        return any(text in value for text in folded)

    return test


def _starts(texts: list[str], cased: bool) -> Test:
    if cased:
        given = tuple(texts)
        return lambda value: value.startswith(given)
    folded = tuple(text.casefold() for text in texts)
    return lambda value: value.casefold().startswith(folded)


def _ends(texts: list[str], cased: bool) -> Test:
    if cased:
        given = tuple(texts)
        return lambda value: value.endswith(given)
    folded = tuple(text.casefold() for text in texts)
    return lambda value: value.casefold().endswith(folded)


def _wildcards(_kind: str, *parts: Any, cased: bool) -> Test:
    """Each stretch between two ``*`` at the first place where it stands: linear in the value."""
    stretches: list[str] = [""]
    for part in parts:
        if part == 0:
            stretches.append("")
        elif part == 1:
            stretches[-1] += "."
        else:
            stretches[-1] += re.escape(part if cased else part.casefold())
    first, *middle = [re.compile(stretch, re.DOTALL) for stretch in stretches]
    # What stands at the end is as long as its parts, since none of them is of variable length.
    length = 0
    for part in reversed(parts):
        if part == 0:
            break
        length += 1 if part == 1 else len(part if cased else part.casefold())

    def test(value: str) -> bool:
        value = value if cased else value.casefold()
        if not middle:
            return first.fullmatch(value) is not None
        begun = first.match(value)
        if begun is None:
            return False
        place = begun.end()
        for stretch in middle[:-1]:
            found = stretch.search(value, place)
            if found is None:
                return False
            place = found.end()
        end = len(value) - length
        return end >= place and middle[-1].fullmatch(value, end) is not None

    return test


def _number(_kind: str, number: float, *, cased: bool) -> Test:
    """A number is met as it is written, as a text in the log too, and in hexadecimal."""
    written = str(number)

    def test(value: str) -> bool:
        return value == written or (value[:2] in {"0x", "0X"} and number_of(value) == number)

    return test


def _truth(_kind: str, truth: bool, *, cased: bool) -> Test:
    return lambda value: value.casefold() in _TRUTHS[truth]


def _compared(kind: str, number: float, *, cased: bool) -> Test:
    compare = COMPARE[kind]

    def test(value: str) -> bool:
        found = number_of(value)
        return found is not None and compare(found, number)

    return test


def _network(_kind: str, written: str, *, cased: bool) -> Test:
    network = ipaddress.ip_network(written, strict=False)

    def test(value: str) -> bool:
        try:
            address = ipaddress.ip_address(value.strip())
        except ValueError:
            return False
        mapped = getattr(address, "ipv4_mapped", None)
        return address in network or (mapped is not None and mapped in network)

    return test


def _pattern(_kind: str, pattern: str, flags: str, *, cased: bool) -> Test:
    return searching(pattern, flags)


def _time_part(_kind: str, part: str, compare: str, number: float, *, cased: bool) -> Test:
    fulfils = COMPARE[compare]

    def test(value: str) -> bool:
        try:
            moment = datetime.fromisoformat(value)
            if moment.tzinfo is not None:
                moment = moment.astimezone(UTC)
        except (ValueError, OverflowError):
            return False
        found = moment.isocalendar().week if part == "week" else getattr(moment, part)
        return fulfils(found, number)

    return test


_TEXTS: dict[str, Callable[[list[str], bool], Test]] = {"e": _equal, "c": _contains, "s": _starts, "d": _ends}
_SINGLE: dict[str, Callable[..., Test]] = {
    "g": _wildcards,
    "n": _number,
    "b": _truth,
    "i": _network,
    "r": _pattern,
    "t": _time_part,
    **dict.fromkeys(COMPARE, _compared),
}
_FOLDED: dict[str, Callable[[str, str], bool]] = {
    "e": operator.eq,
    "c": operator.contains,
    "s": str.startswith,
    "d": str.endswith,
}
