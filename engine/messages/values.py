"""The values of one event, in the order of its payload: what ``%1``, ``%2`` … of a message mean.

Source: Microsoft, "Event Schema" (``EventData``: named or unnamed ``Data``; ``UserData``: one
element of the provider's own); ``Binary`` and attributes are no insertion strings, but some
providers (CAPI2) say all that they have to say in attributes.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from itertools import islice
from typing import Any, NamedTuple

from engine.index.event_record import EventRecord
from engine.text_safety import legible_lines, shortened

MAX_VALUES = 300
MAX_LENGTH = 2_000
MAX_DEPTH = 8
NOT_VALUES = {"#attributes", "Binary"}
_IDENTIFIER = re.compile(r"%\{(S-1-[0-9-]{1,180})\}|%(\{[0-9a-fA-F-]{36}\})")
"""How the Security log writes a SID or a GUID that Windows would show by its name."""
_REPEATED = re.compile(r"_\d{1,3}$")


class Value(NamedTuple):
    """One value: its name (``None`` for an unnamed one), its text fit to show, the name of the
    element that it stands in, and whether it is an attribute of that element."""

    name: str | None
    text: str
    parent: str = ""
    is_attribute: bool = False


@dataclass(frozen=True)
class Values:
    """The values in their order, attributes among them."""

    told: tuple[Value, ...]

    @cached_property
    def all(self) -> tuple[Value, ...]:
        """Those that a message counts: all but the attributes."""
        return tuple(value for value in self.told if not value.is_attribute)

    @cached_property
    def by_name(self) -> dict[str, Value]:
        """The named ones by ``plain_name``, and by ``parent.name``; of several with one name the
        first, an element before an attribute."""
        named: dict[str, Value] = {}
        for value in sorted(self.told, key=lambda value: value.is_attribute):
            if value.name is not None:
                named.setdefault(plain_name(value.name), value)
                named.setdefault(plain_name(f"{value.parent}.{value.name}"), value)
        return named

    @property
    def unnamed(self) -> bool:
        """Whether no value has a name, as in classic events."""
        return all(value.name is None for value in self.all)

    def value(self, position: int) -> Value | None:
        """The value at a position (from 1), ``None`` where there is none."""
        return self.all[position - 1] if 0 < position <= len(self.all) else None

    def at(self, position: int) -> str | None:
        """Its text, ``None`` where there is none."""
        value = self.value(position)
        return None if value is None else value.text


def plain_name(name: str) -> str:
    """A value's name without case, blanks and underscores: providers changed these over time."""
    return name.casefold().replace(" ", "").replace("_", "")


def unnumbered(name: str) -> str:
    """The name of an element without the number that the parser gives to one that is repeated."""
    return _REPEATED.sub("", name)


def values_of(record: EventRecord) -> Values:
    """Never raises; of a payload that is no JSON object its text is the one value."""
    try:
        data = record.data
    except (ValueError, RecursionError):
        return Values((Value(None, clean(record.payload or "")),))
    listed = [
        Value(None if name is None else clean(name, 80), _shown(content), clean(parent, 80), is_attribute)
        for name, content, parent, is_attribute in islice(_walk(data, "", 0), MAX_VALUES)
    ]
    return Values(tuple(listed))


def _walk(data: dict[str, Any], parent: str, depth: int) -> Iterator[Value]:
    yield from _attributes(data, parent)
    for name, value in data.items():
        if name not in NOT_VALUES:
            yield from _leaves(None if name == "Data" else name, value, parent, depth)


def _leaves(name: str | None, value: Any, parent: str, depth: int) -> Iterator[Value]:
    match value:
        case dict() if "#text" in value:
            yield from _attributes(value, name or parent)
            yield from _leaves(name, value["#text"], parent, depth)
        case dict() if set(value) <= NOT_VALUES:
            yield Value(name, "", parent)
            yield from _attributes(value, name or parent)
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


def _attributes(element: dict[str, Any], parent: str) -> Iterator[Value]:
    attributes = element.get("#attributes")
    for name, value in attributes.items() if isinstance(attributes, dict) else ():
        if not name.startswith("xmlns") and isinstance(value, str | int | float):
            yield Value(name, str(value), parent, is_attribute=True)


def _shown(content: str) -> str:
    cleaned = clean(content)
    return _IDENTIFIER.sub(lambda mark: mark[1] or mark[2], cleaned) if "%{" in cleaned else cleaned


def clean(value: str, longest: int = MAX_LENGTH) -> str:
    """Text of a log made fit to show: no control or direction marks, a limited length."""
    return legible_lines(shortened(value, longest).replace("\r\n", "\n").replace("\t", " "))
