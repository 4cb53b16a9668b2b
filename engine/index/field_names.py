"""Which fields the events of an index have: what a rule asks for that is never there, it cannot find.

Names are gathered by kind of event, from all payloads, once: it takes as long as reading them.
"""

import json
from collections.abc import Mapping
from typing import Any

from engine.index.derived import CLASSIC, DERIVED, classic
from engine.index.nested import leaves

UNNAMED = "#"
"""Before the number of an unnamed value, as ``#2``."""
ALWAYS = "#always"
"""Stands for a field that every event has: its message, its machine."""

Names = dict[int, set[str]]
"""The names by the number of a kind."""


def add_names(names: set[str], payload: str | None) -> None:
    """Adds the names of the values that a payload has."""
    try:
        data = json.loads(payload or "")
    except (ValueError, RecursionError):
        return
    if not isinstance(data, dict):
        return
    for name, value in data.items():
        if name == "Data":
            _unnamed(names, data, value)
        elif value is None or name == "#attributes":
            continue
        else:
            names.add(name)
    names.update(leaf.path[-1] for leaf in leaves(data) if leaf.value is not None)


def _unnamed(names: set[str], data: Mapping[str, Any], value: Any) -> None:
    if isinstance(value, dict):
        value = value.get("#text")
    if value is None:
        return
    texts = value if isinstance(value, list) else [value]
    names.add("Data")
    names.update(f"{UNNAMED}{number}" for number in range(1, len(texts) + 1))
    if any(isinstance(text, str) and "=" in text for text in texts):
        names.update(CLASSIC + name for name in classic(data))


def has(names: set[str], asked: str) -> bool:
    """Whether any of the alternatives (``one|other``) is among the names."""
    return any(_has(names, name) for name in asked.split("|"))


def _has(names: set[str], name: str) -> bool:
    if name == ALWAYS or name in names:
        return True
    if name.startswith("="):
        return any(source in names for source in DERIVED[name[1:]][0])
    return name.startswith(UNNAMED) and f"param{name[1:]}" in names
