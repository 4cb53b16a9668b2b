"""The values of one event, in the order of its payload: what ``%1``, ``%2`` … of a message mean.

Source: Microsoft, "Event Schema" (``EventData``: named or unnamed ``Data``; ``UserData``: one
element of the provider's own); ``Binary`` and attributes are no insertion strings.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from itertools import islice
from typing import Any, NamedTuple

from engine.index.event_index import EventRecord
from engine.text_safety import legible_lines, shortened

MAX_VALUES = 200
MAX_LENGTH = 2_000
MAX_DEPTH = 8
NOT_VALUES = {"#attributes", "Binary"}


class Value(NamedTuple):
    """One value: its name (``None`` for an unnamed one), its text fit to show, and the name of
    the element that it stands in."""

    name: str | None
    text: str
    parent: str = ""


@dataclass(frozen=True)
class Values:
    """The values in their order."""

    all: tuple[Value, ...]

    @cached_property
    def by_name(self) -> dict[str, str]:
        """The named ones by ``plain_name``, and by ``parent.name``; of several with one name the
        first."""
        named: dict[str, str] = {}
        for name, content, parent in self.all:
            if name is not None:
                named.setdefault(plain_name(name), content)
                named.setdefault(plain_name(f"{parent}.{name}"), content)
        return named

    @property
    def unnamed(self) -> bool:
        """Whether no value has a name, as in classic events."""
        return all(value.name is None for value in self.all)

    def at(self, position: int) -> str | None:
        """The value at a position (from 1), ``None`` where there is none."""
        return self.all[position - 1].text if 0 < position <= len(self.all) else None


def plain_name(name: str) -> str:
    """A value's name without case, blanks and underscores: providers changed these over time."""
    return name.casefold().replace(" ", "").replace("_", "")


def values_of(record: EventRecord) -> Values:
    """Never raises; of a payload that is no JSON object its text is the one value."""
    try:
        data = record.data
    except (ValueError, RecursionError):
        return Values((Value(None, clean(record.payload or "")),))
    listed = [
        Value(None if name is None else clean(name, 80), clean(content), clean(parent, 80))
        for name, content, parent in islice(_walk(data, "", 0), MAX_VALUES)
    ]
    return Values(tuple(listed))


def _walk(data: dict[str, Any], parent: str, depth: int) -> Iterator[Value]:
    for name, value in data.items():
        if name not in NOT_VALUES:
            yield from _leaves(None if name == "Data" else name, value, parent, depth)


def _leaves(name: str | None, value: Any, parent: str, depth: int) -> Iterator[Value]:
    match value:
        case dict() if "#text" in value:
            yield from _leaves(name, value["#text"], parent, depth)
        case dict() if set(value) <= NOT_VALUES:
            yield Value(name, "", parent)
        case dict() if depth < MAX_DEPTH:
            yield from _walk(value, name or "", depth + 1)
        case list() if depth < MAX_DEPTH:
            for item in value:
                yield from _leaves(name, item, parent, depth + 1)
        case None:
            yield Value(name, "", parent)
        case bool():
            yield Value(name, "true" if value else "false", parent)
        case _:
            yield Value(name, str(value), parent)


def clean(value: str, longest: int = MAX_LENGTH) -> str:
    """Text of a log made fit to show: no control or direction marks, a limited length."""
    return legible_lines(shortened(value, longest).replace("\r\n", "\n").replace("\t", " "))
