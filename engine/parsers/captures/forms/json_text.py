"""JSON of ``ConvertTo-Json``: an object, an array of them, or one object a line."""

import json
import re
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

from engine.parsers.captures.entry import say_entry
from engine.parsers.captures.page import Page
from engine.parsers.captures.properties import property_of, tells_of_files
from engine.text import text

MAX_DEPTH = 6
MAX_TRIED = 5
"""Texts that begin like JSON and are none."""
DECODER = json.JSONDecoder(strict=False)
TICKS = re.compile(r"/Date\((-?\d{1,15})\)/")
BROKEN = text("JSON 不完整或已损坏，无法读取。", "This JSON is incomplete or damaged; it was not read.")
IN_UTC = text(
    "JSON 中的修改时间是 UTC 时刻（{time}），与本地时间不可比，未采用。",
    "The time of change stands in UTC here ({time}); it is not comparable with local times and was left out.",
)


def read(page: Page, at: int) -> int:
    """The object or array that begins here."""
    plain = page.lines[at].text.lstrip()
    if plain[:1] not in {"{", "["} or page.tried_json >= MAX_TRIED:
        return at
    if not re.match(r"[\[{]\s*(?:$|[\[{\"])", plain):
        return at
    page.tried_json += 1
    content = "\n".join(line.raw for line in page.lines[at:])
    try:
        document, length = DECODER.raw_decode(content, len(content) - len(content.lstrip()))
    except (ValueError, RecursionError):
        head = "".join(line.text for line in page.lines[at : at + 10])
        if any(f'"{name}"' in head for name in ("Hash", "Path")):
            page.miss(page.lines[at].number, BROKEN)
            return len(page.lines)
        return at
    page.tried_json -= 1
    end = at + content.count("\n", 0, length) + 1
    place = at
    for values in _entries(document, 0):
        place = _line_of(page, values, place, end)
        _say(page, page.lines[place].number, values)
    return end


def _entries(document: Any, depth: int) -> Iterator[dict[str, str]]:
    if depth > MAX_DEPTH:
        return
    if isinstance(document, list):
        for element in document:
            yield from _entries(element, depth + 1)
    elif isinstance(document, dict):
        values = _values(document)
        if tells_of_files(frozenset(values)):
            yield values
        else:
            for element in document.values():
                yield from _entries(element, depth + 1)


def _values(record: dict[str, Any]) -> dict[str, str]:
    values: dict[str, str] = {}
    for name, value in record.items():
        known = property_of(str(name))
        if known and known not in values and isinstance(value, str | int | float) and value != "":
            values[known] = str(value)
        elif known == "modified" and isinstance(value, dict):  # PowerShell 5: {"value": …, "DateTime": …}
            values[known] = str(value.get("DateTime") or value.get("value") or "")
        elif str(name).lower() == "versioninfo" and isinstance(value, dict):
            values.update({k: v for k, v in _values(value).items() if k in {"version", "productversion"}})
    return values


def _line_of(page: Page, values: dict[str, str], place: int, end: int) -> int:
    """The line on which the entry's hash or name stands, from the last one on."""
    sought = next((values[name] for name in values if name.isupper() or name == "hash"), None)
    sought = sought or values.get("name") or values.get("path", "").rpartition("\\")[2]
    at = place
    while at < end:
        if sought and sought in page.lines[at].raw:
            return at
        at += 1
    return place


def _say(page: Page, line: int, values: dict[str, str]) -> None:
    if ticks := TICKS.fullmatch(values.get("modified", "")):
        moment = datetime(1970, 1, 1, tzinfo=UTC)
        try:
            moment += timedelta(milliseconds=int(ticks[1]))
        except OverflowError:
            pass
        shown = f"{moment:%Y-%m-%d %H:%M:%S} UTC"
        page.miss(line, text(IN_UTC["zh-hans"].format(time=shown), IN_UTC["en"].format(time=shown)))
        del values["modified"]
    say_entry(page, line, values)
