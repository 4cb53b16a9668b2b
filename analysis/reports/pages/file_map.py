"""Where the parts of two copies lie in their files: drawn to one scale, told in words."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from django.utils.translation import gettext as _

from analysis.display import grouped
from engine.schema.executables import ExecutableComparison
from engine.text_safety import shown

MIN_WIDTH = 0.4
"""Per cent of the width that a part takes at least, so that a small one is seen."""
MIN_NAMED_WIDTH = 13
"""Per cent of the width from which a part bears its name."""
MAX_TICKS = 24


def maps_of(comparison: ExecutableComparison) -> list[dict[str, Any]]:
    """One map for each copy, the reference first; none where the result does not tell offsets.

    ``parts`` have ``x`` and ``width`` (per cent of the longer file, as text), ``tone`` (``same``,
    ``changed``, ``added``, ``removed``), ``name`` (empty where there is no room) and ``title``;
    ``ticks`` are where bytes differ (per cent); ``alternative`` says all of it in words.
    """
    if any(section.offset is None for section in comparison.sections):
        return []
    longest = max(comparison.size) or 1
    return [_map(comparison, copy, longest) for copy in (0, 1)]


def _map(comparison: ExecutableComparison, copy: int, longest: int) -> dict[str, Any]:
    size = comparison.size[copy]
    parts = [_part(*part, longest) for part in sorted(_parts(comparison, copy), key=lambda part: part[1])]
    ticks = []
    if copy == 1:
        places = [
            place for section in comparison.sections if section.state == "changed" for place in section.places
        ]
        # Half a line's width from the edges, lest it stand outside.
        ticks = [
            _percent(min(max(offset / longest * 100, MIN_WIDTH), 100 - MIN_WIDTH))
            for offset, _length in places[:MAX_TICKS]
        ]
    return {
        "label": shown((comparison.reference, comparison.other)[copy]),
        "size": grouped(size),
        "whole": _percent(size / longest * 100),
        "parts": parts,
        "ticks": ticks,
        "alternative": "; ".join(part["title"] for part in parts),
    }


def _parts(comparison: ExecutableComparison, copy: int) -> Iterator[tuple[str, int, int, str]]:
    """Name, offset, size and state of everything that lies in this copy."""
    sections = [
        (shown(section.name, 40) or "–", (section.offset or (0, 0))[copy] or 0, size, section.state)
        for section in comparison.sections
        if (size := section.size[copy])
    ]
    begins = [offset for _name, offset, _size, _state in sections]
    if begins:
        yield (
            _("Headers"),
            0,
            min(begins),
            "changed" if comparison.headers or comparison.header_bytes else "same",
        )
    yield from sections
    overlay = comparison.overlay
    if overlay.size[copy]:
        state = (
            "same" if not overlay.changed else "changed" if all(overlay.size) else ("removed", "added")[copy]
        )
        yield _("Appended data"), overlay.offset[copy] or 0, overlay.size[copy], state
    table = comparison.certificates
    if table.size[copy] and (offset := table.offset[copy]):
        state = (
            "same"
            if table.size[0] == table.size[1]
            else "changed"
            if all(table.size)
            else ("removed", "added")[copy]
        )
        yield _("Certificate table"), offset, table.size[copy], state


def state_word(state: str) -> str:
    """What became of a part; colour alone would not do."""
    words = {
        "same": _("unchanged"),
        "changed": _("changed"),
        "added": _("added to it"),
        "removed": _("removed from it"),
        "none": _("none"),
    }
    return words.get(state, shown(state, 20))


def _part(name: str, offset: int, size: int, state: str, longest: int) -> dict[str, Any]:
    width = max(size / longest * 100, MIN_WIDTH)
    x = min(offset / longest * 100, 100 - MIN_WIDTH)
    return {
        "x": _percent(x),
        "width": _percent(min(width, 100 - x)),
        "middle": _percent(x + width / 2),
        "tone": state,
        "name": name if width >= MIN_NAMED_WIDTH else "",
        "title": _("%(name)s: %(state)s, %(size)s bytes at offset %(offset)s")
        % {"name": name, "state": state_word(state), "size": grouped(size), "offset": grouped(offset)},
    }


def _percent(value: float) -> str:
    return f"{min(max(value, 0), 100):.3f}%"
