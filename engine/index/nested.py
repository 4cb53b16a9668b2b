"""Values that lie deep in a payload: elements of ``UserData`` hold elements of their own, and attributes.

A value goes by the names of the elements around it and its own (``MemoryExhaustionInfo.ProcessInfo.Process_1
.Name``), and by each end of that path: ``Process_1.Name``, ``Name``. Of several with one name the first has
it, an element before an attribute; the parsers number elements that are repeated (``Process_1``).
The function ``NESTED`` of the index's SQL.
"""

import json
from collections.abc import Iterator, Mapping
from typing import Any, NamedTuple

from engine.index.values import storable

MAX_DEPTH = 12
MAX_VALUES = 500
"""What lies deeper, or behind so many, has no name."""


class Leaf(NamedTuple):
    """A value, the names that lead to it, and whether it is an attribute of the last element but one."""

    path: tuple[str, ...]
    value: Any
    is_attribute: bool = False


def leaves(payload: Mapping[str, Any]) -> list[Leaf]:
    """The values inside the elements of a payload, in its order; those that stand at its top are not among
    them."""
    found: list[Leaf] = []
    for name, value in payload.items():
        if isinstance(value, dict) and name not in {"Data", "#attributes"}:
            for leaf in _inside(value, (name,)):
                if len(found) >= MAX_VALUES:
                    return found
                found.append(leaf)
    return found


def _inside(element: Mapping[str, Any], path: tuple[str, ...]) -> Iterator[Leaf]:
    for name, value in element.items():
        if name == "#attributes":
            attributes = value.items() if isinstance(value, dict) else ()
            yield from (Leaf((*path, own), text, True) for own, text in attributes if own[:5] != "xmlns")
            continue
        for number, item in enumerate(value if isinstance(value, list) else [value]):
            inner = path if name == "#text" else (*path, f"{name}_{number}" if number else name)
            if not isinstance(item, dict):
                yield Leaf(inner, item)
            elif len(path) < MAX_DEPTH:
                yield from _inside(item, inner)


def nested(payload: str | None, name: str) -> Any:
    """The value of that name or path; ``None`` where there is none."""
    try:
        data = json.loads(payload or "")
    except (ValueError, RecursionError):
        return None
    if not isinstance(data, dict):
        return None
    fitting = [leaf for leaf in leaves(data) if f".{'.'.join(leaf.path)}".endswith(f".{name}")]
    return storable(min(fitting, key=lambda leaf: leaf.is_attribute).value) if fitting else None
