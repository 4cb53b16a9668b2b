"""The values of one event, in the order of its payload: what ``%1``, ``%2`` … of a message mean.

Source: Microsoft, "Event Schema" (``EventData``: named or unnamed ``Data``; ``UserData``: one
element of the provider's own); ``Binary`` and attributes are no insertion strings.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from analysis.engine.event_index import EventRecord

MOST = 200
LONGEST = 2_000
DEEPEST = 8
NOT_VALUES = {"#attributes", "Binary"}

_UNSHOWABLE = re.compile(
    "[\x00-\x08\x0b-\x1f\x7f-\x9f\u061c\u200b-\u200f\u2028-\u202e\u2060-\u206f\ufeff\ud800-\udfff]"
)
_ENDLESS = "…"


@dataclass(frozen=True)
class Values:
    """``named`` are pairs of name (``None`` for an unnamed value) and text fit to show."""

    named: tuple[tuple[str | None, str], ...]

    @cached_property
    def by_name(self) -> dict[str, str]:
        """The named ones by ``plain_name``; of several with one name the first."""
        found: dict[str, str] = {}
        for name, value in self.named:
            if name is not None:
                found.setdefault(plain_name(name), value)
        return found

    @property
    def unnamed(self) -> bool:
        """Whether no value has a name, as in classic events."""
        return all(name is None for name, _ in self.named)

    def at(self, position: int) -> str | None:
        """The value at a position (from 1), ``None`` where there is none."""
        return self.named[position - 1][1] if 0 < position <= len(self.named) else None


def plain_name(name: str) -> str:
    """A value's name without case, blanks and underscores: providers changed these over time."""
    return name.casefold().replace(" ", "").replace("_", "")


def values_of(record: EventRecord) -> Values:
    """Never raises; of a payload that is no JSON object its text is the one value."""
    try:
        data = record.data
    except (ValueError, RecursionError):
        return Values(((None, clean(record.payload or "")),))
    found: list[tuple[str | None, str]] = []
    for name, value in _walk(data, 0):
        if len(found) == MOST:
            break
        found.append((None if name is None else clean(name, 80), clean(value)))
    return Values(tuple(found))


def _walk(data: dict[str, Any], depth: int) -> Iterator[tuple[str | None, str]]:
    for name, value in data.items():
        if name not in NOT_VALUES:
            yield from _leaves(None if name == "Data" else name, value, depth)


def _leaves(name: str | None, value: Any, depth: int) -> Iterator[tuple[str | None, str]]:
    match value:
        case dict() if "#text" in value:
            yield from _leaves(name, value["#text"], depth)
        case dict() if set(value) <= NOT_VALUES:
            yield name, ""
        case dict() if depth < DEEPEST:
            yield from _walk(value, depth + 1)
        case list() if depth < DEEPEST:
            for one in value:
                yield from _leaves(name, one, depth + 1)
        case None:
            yield name, ""
        case bool():
            yield name, "true" if value else "false"
        case _:
            yield name, str(value)


def clean(value: str, longest: int = LONGEST) -> str:
    """Text of a log made fit to show: no control or direction marks, a limited length."""
    if len(value) > longest:
        value = value[: longest - 1] + _ENDLESS
    return _UNSHOWABLE.sub("", value.replace("\r\n", "\n").replace("\t", " ")).strip()
