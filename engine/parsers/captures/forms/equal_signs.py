"""``Name=Value`` lines of ``wmic … get … /format:list`` and ``/value``, blank lines between them."""

import re

from engine.parsers.captures.entry import say_entry
from engine.parsers.captures.page import Page
from engine.parsers.captures.properties import property_of, tells_of_files

LINE = re.compile(r"(?P<name>[A-Z][A-Za-z]{1,30})=(?P<value>[^$=]?.*)")
MAX_LINES = 100
"""``wmic datafile`` has 33 properties."""
MAX_GAP = 4
"""``wmic`` ends its lines thrice over, so blank ones stand between."""


def read(page: Page, at: int) -> int:
    """All values of one file."""
    if LINE.fullmatch(page.lines[at].text) is None:
        return at
    values: dict[str, str] = {}
    place = first = at
    while place < min(at + MAX_LINES, len(page.lines)) and (line := LINE.fullmatch(page.lines[place].text)):
        known = property_of(line["name"])
        if known in values:
            break
        if known:
            values[known] = line["value"].strip()
        first, place = place, page.next_written(place + 1, MAX_GAP)
    if not tells_of_files(frozenset(values)):
        return at
    say_entry(page, page.lines[at].number, values)
    return first + 1
