"""One item of a Sigma detection, ``Field|modifier: value``, as a test.

Source: the Sigma specification, "Modifiers" and "Value modifiers", version 2.1.
"""

import ipaddress
import math
from collections.abc import Callable, Mapping
from typing import Any

from engine.index.fitting import number_of
from engine.index.patterns import NoPattern, checked
from engine.rules.conditions import MAX_DEPTH, Node, Test, Tree, joined
from engine.rules.sigma_strings import (
    ANY,
    Entry,
    Parts,
    Refused,
    base64,
    entry,
    is_plain,
    parts_of,
    plain,
    wide,
    windash,
)

_PLACES = {"contains": "c", "startswith": "s", "endswith": "d"}
_WIDE = ("wide", "utf16le", "utf16be", "utf16")
_FLAGS = {"i": "i", "ignorecase": "i", "m": "m", "multiline": "m", "s": "s", "dotall": "s"}
_COMPARE = {"lt": "<", "lte": "<=", "gt": ">", "gte": ">="}
_TIMES = ("minute", "hour", "day", "week", "month", "year")
MAX_ENTRIES = 50_000
_WHOLE = frozenset(("all", "neq", "cased"))
"""Modifiers of the item, not of its values."""
_MODIFIERS = frozenset(
    (
        *_WHOLE,
        *_PLACES,
        *_WIDE,
        *_FLAGS,
        *_COMPARE,
        *_TIMES,
        "base64",
        "base64offset",
        "windash",
        "re",
        "cidr",
        "exists",
    )
) | {"fieldref", "expand"}


def detection(value: Any, depth: int = 0) -> Tree:
    """The tree of a named detection: a map of items, a list of alternatives, words. Raises ``Refused``."""
    if depth > MAX_DEPTH:
        raise Refused(f"a detection is nested deeper than {MAX_DEPTH}")
    if isinstance(value, Mapping):
        if not value:
            raise Refused("a detection is empty")
        return joined("and", [item(str(key), asked) for key, asked in value.items()])
    if isinstance(value, list):
        if not value:
            raise Refused("a detection is empty")
        words = [one for one in value if not isinstance(one, Mapping | list)]
        parts = [detection(one, depth + 1) for one in value if isinstance(one, Mapping | list)]
        return joined("or", [*([item("", words)] if words else []), *parts])
    return item("", value)


def item(key: str, value: Any) -> Tree:
    """The test of one item. Raises ``Refused``."""
    name, *modifiers = key.split("|")
    for modifier in modifiers:
        if modifier not in _MODIFIERS:
            raise Refused(f"the modifier {modifier[:50]} is not known")
    if len(set(modifiers)) < len(modifiers):
        raise Refused("a modifier stands twice")  # each makes many values of one
    values = value if isinstance(value, list) else [value]
    if any(isinstance(one, Mapping | list) for one in values):
        raise Refused(f"the field {name[:100]!r} has a map or a list for a value")
    chain = [modifier for modifier in modifiers if modifier not in _WHOLE]
    tests = _item(name or None, chain, values, "all" in modifiers, "cased" in modifiers)
    return Node("not", (tests,)) if "neq" in modifiers else tests


def _item(name: str | None, chain: list[str], values: list[Any], every: bool, cased: bool) -> Tree:
    if not values:
        values = [None]
    if name is None and None in values:
        raise Refused("an empty value must belong to a field")
    if chain == ["exists"]:
        if name is None or len(values) != 1 or not isinstance(values[0], bool):
            raise Refused("the modifier exists takes true or false for a field")
        return Test(name, exists=values[0])
    if "fieldref" in chain:
        return _references(name, chain, values, every)
    if name is None and not chain:
        chain = ["contains"]  # a word may stand anywhere in a value
    given = [value for value in values if value is not None]
    entries, many = [], 0
    for value in given:
        entries.append(_entry(chain, value))
        many += len(entries[-1])
        if many > MAX_ENTRIES:
            raise Refused(f"an item asks for more than {MAX_ENTRIES:,} values")
    null = len(given) < len(values)
    return Test(name, tuple(entries), null, every, cased)


def _references(name: str | None, chain: list[str], values: list[Any], every: bool) -> Tree:
    places = [_PLACES.get(modifier, "") for modifier in chain if modifier != "fieldref"]
    if (
        name is None
        or len(places) > 1
        or "" in places
        or not all(isinstance(one, str) and one for one in values)
    ):
        raise Refused(
            "the modifier fieldref takes the name of a field, with contains, startswith or endswith at most"
        )
    how: Entry = [places[0] if places else "e"]
    tests: list[Tree] = [Test(name, (how,), other=plain(parts_of(one), "fieldref")) for one in values]
    return joined("and" if every else "or", tests)


def _entry(chain: list[str], value: Any) -> Entry:
    """What a value must fit, after its modifiers, which work one after the other."""
    if not chain:
        return _bare(value)
    head = chain[0]
    if head == "exists":
        raise Refused("the modifier exists stands alone")
    if "expand" in chain:
        raise Refused(
            f"the placeholder in {str(value)[:100]!r} is not known: nothing is there for the modifier expand"
        )
    if special := _SPECIAL.get(head):
        return special(chain, value)
    if head in _FLAGS:
        raise Refused(f"the modifier {head} belongs to a regular expression: it stands behind re")
    return _text_entry(chain, value)


def _bare(value: Any) -> Entry:
    if isinstance(value, bool):
        return ["b", value]
    if isinstance(value, int | float):
        return ["n", value]
    text = str(value)
    if text.casefold() in {"true", "false"}:
        return ["b", text.casefold() == "true"]
    return entry(parts_of(text))


def _text_entry(chain: list[str], value: Any) -> Entry:
    if isinstance(value, str) and len(chain) == 1 and chain[0] in _PLACES and is_plain(value):
        return [_PLACES[chain[0]], value]  # as nearly all values are
    texts: list[Parts] = [parts_of(str(value).lower() if isinstance(value, bool) else str(value))]
    encoding = ""
    for place, modifier in enumerate(chain):
        if modifier in _WIDE:
            if any(later.startswith("base64") for later in chain[place + 1 :]):
                encoding = modifier
            else:
                texts = [wide(parts, modifier) for parts in texts]
        elif modifier == "windash":
            texts = [dashed for parts in texts for dashed in windash(parts)]
        elif modifier in {"base64", "base64offset"}:
            offsets = modifier == "base64offset"
            said = [base64(plain(parts, modifier), encoding, offsets) for parts in texts]
            texts = [[one] for some in said for one in some]
        elif modifier in _PLACES:
            before = [] if modifier == "startswith" else [ANY]
            behind = [] if modifier == "endswith" else [ANY]
            texts = [[*before, *parts, *behind] for parts in texts]
        else:
            raise Refused(f"the modifier {modifier} cannot follow {chain[place - 1]}")
    entries = [entry(parts) for parts in texts]
    return entries[0] if len(entries) == 1 else ["any", *entries]


def _pattern(chain: list[str], value: Any) -> Entry:
    flags = "".join(sorted({_FLAGS[modifier] for modifier in chain[1:] if modifier in _FLAGS}))
    if not isinstance(value, str):
        raise Refused("a regular expression is a text")
    pattern = value
    for modifier in chain[1:]:
        if modifier in _PLACES:
            before = "^" if modifier == "startswith" else ""
            pattern = f"{before}(?:{pattern}){'$' if modifier == 'endswith' else ''}"
        elif modifier not in _FLAGS:
            raise Refused(f"the modifier {modifier} cannot follow re")
    try:
        checked(pattern, flags)
    except NoPattern as error:
        raise Refused(str(error)) from error
    return ["r", pattern, flags]


def _network(chain: list[str], value: Any) -> Entry:
    if len(chain) > 1:
        raise Refused("the modifier cidr stands alone")
    try:
        return ["i", str(ipaddress.ip_network(str(value), strict=False))]
    except ValueError as error:
        raise Refused(f"{str(value)[:100]!r} is no network: {error}") from error


def _number(value: Any) -> float:
    if isinstance(value, int | float) and not isinstance(value, bool) and math.isfinite(value):
        return value
    number = number_of(value) if isinstance(value, str) else None
    if number is None:
        raise Refused(f"comparison with {str(value)[:100]!r}, which is no number")
    return number


def _compared(chain: list[str], value: Any) -> Entry:
    if len(chain) > 1:
        raise Refused(f"the modifier {chain[1]} cannot follow {chain[0]}")
    return [_COMPARE[chain[0]], _number(value)]


def _time(chain: list[str], value: Any) -> Entry:
    compare = [_COMPARE.get(modifier, "") for modifier in chain[1:]] or ["="]
    if len(compare) > 1 or not compare[0]:
        raise Refused(f"the modifier {chain[-1]} cannot follow {chain[0]}")
    return ["t", chain[0], compare[0], _number(value)]


_SPECIAL: dict[str, Callable[[list[str], Any], Entry]] = {
    "re": _pattern,
    "cidr": _network,
    **dict.fromkeys(_COMPARE, _compared),
    **dict.fromkeys(_TIMES, _time),
}
