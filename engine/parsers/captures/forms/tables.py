"""Tables with titles: ``Select-Object``, ``Format-Table -AutoSize``, ``wmic``, ``7z h``.

Rows are taken apart by what the columns hold, not by where they stand: mail programs squeeze blanks.
Only where two columns of free text stand side by side, two blanks, a drive or the dashes part them.
"""

import re

from engine.parsers.captures.dates import read_date
from engine.parsers.captures.entry import say_entry
from engine.parsers.captures.page import Page
from engine.parsers.captures.properties import property_of, tells_of_files
from engine.parsers.captures.starts import PROMPT, is_ruler, starts_something
from engine.parsers.captures.values import read_size
from engine.text import text

OTHER_TITLES = frozenset(
    [
        "mode",
        "attributes",
        "creationtime",
        "lastaccesstime",
        "isreadonly",
        "extension",
        "status",
        "basename",
        "filename",
        "exists",
        "signercertificate",
        "runspaceid",
        "creationdate",
        "lastaccessed",
        "manufacturer",
        "caption",
        "description",
    ]
)
"""Columns that may stand among those of files and are not needed."""
ONE_WORD = frozenset(
    {"algorithm", "hash", "machine", "mode", "attributes", "isreadonly", "extension", "exists"}
)
BROKEN_BY_CONSOLES = frozenset({"algorithm", "hash", "path"})
"""A table of these alone is wider than most consoles; ``console`` puts it together."""
MAX_COLUMNS = 12
MAX_WRAPPED = 3
DRIVE = re.compile(r"(?:^|\s)(?=[A-Za-z]:[\\/]|\\\\\S)")
SEVEN_ZIP_ENDS = ("everything is ok",)


def read(page: Page, at: int) -> int:
    """The titles with all their rows."""
    columns = titles_of(page.lines[at].text)
    if columns is None or at + 1 >= len(page.lines):
        return at
    if BROKEN_BY_CONSOLES.issuperset(columns) or columns[0] == "mode":
        return at
    place = page.next_written(at + 1, 2)
    if place < len(page.lines) and is_ruler(page.lines[place].text):
        ruler = page.lines[place].text
        place += 1
    elif place < len(page.lines) and _row(columns, page.lines[place].text, []) is not None:
        ruler = ""
    else:
        return at
    starts = _starts(ruler or page.lines[at].text, len(columns))
    seven_zip = columns[0].isupper() and columns[1:] == ["size", "name"]
    place = _skip_blank(page, place)
    while place < len(page.lines) and not page.lines[place].blank:
        line = page.lines[place]
        if PROMPT.match(line.text):
            return place
        if is_ruler(line.text):
            place += 1
            continue
        row, after = _row(columns, line.text, starts), place + 1
        joined = line.text
        while row is None and after < min(place + MAX_WRAPPED, len(page.lines)):
            if page.lines[after].blank or PROMPT.match(page.lines[after].text):
                break
            joined += page.lines[after].text
            row, after = _row(columns, joined, starts), after + 1
        row, after = _with_rest(page, columns, starts, place, row, joined, after)
        if row is None:
            if seven_zip:
                break
            reason = text("这一行与表头的列对不上。", "This row does not fit the titles of its table.")
            page.miss(line.number, reason)
            after = place + 1
        else:
            say_entry(page, line.number, row)
        place = after
    return _behind_seven_zip(page, place) if seven_zip else place


def _with_rest(
    page: Page,
    columns: list[str],
    starts: list[int],
    place: int,
    row: dict[str, str] | None,
    joined: str,
    after: int,
) -> tuple[dict[str, str] | None, int]:
    """The row with what the console broke off its end, where it reached the console's width."""
    while row is not None and after < min(place + MAX_WRAPPED, len(page.lines)):
        following = page.lines[after]
        if page.lines[after - 1].width < page.width or following.blank or starts_something(following):
            break
        longer = _row(columns, joined + following.text, starts)
        if longer is None or _row(columns, following.text, starts) is not None:
            break
        row, joined, after = longer, joined + following.text, after + 1
    return row, after


def titles_of(line: str) -> list[str] | None:
    """The properties that the words of a line name, other known titles as they are; ``None`` where they are
    no titles of a table with file facts."""
    words = line.split(None, MAX_COLUMNS)
    if not 2 <= len(words) <= MAX_COLUMNS or len(line) > 400:
        return None
    columns = []
    for word in words:
        known = property_of(word) or (word.lower() if word.lower() in OTHER_TITLES else None)
        if known is None or known in columns:
            return None
        columns.append(known)
    return columns if tells_of_files(frozenset(columns)) else None


def _skip_blank(page: Page, place: int) -> int:
    return place + 1 if place < len(page.lines) and page.lines[place].blank else place


def _starts(titles: str, count: int) -> list[int]:
    found = [match.start() for match in re.finditer(r"\S+", titles)]
    return found if len(found) == count else []


def _row(columns: list[str], line: str, starts: list[int]) -> dict[str, str] | None:
    """The cells by column; ``None`` where the line does not fit."""
    words = line.split()
    left, right, row = 0, len(columns), {}
    while left < right and (taken := _take(columns[left], words)) is not None:
        row[columns[left]] = " ".join(words[:taken])
        words, left = words[taken:], left + 1
    reversed_words = words[::-1]
    while right > left and (taken := _take(columns[right - 1], reversed_words, backwards=True)) is not None:
        row[columns[right - 1]] = " ".join(reversed(reversed_words[:taken]))
        reversed_words, right = reversed_words[taken:], right - 1
    words = reversed_words[::-1]
    free = columns[left:right]
    if not free:
        return row if not words else None
    if not words:
        return None
    if len(free) == 1:
        row[free[0]] = " ".join(words)
        return row
    cells = _parted(free, line, words, starts[left:right] if len(starts) == len(columns) else [])
    return None if cells is None else row | dict(zip(free, cells, strict=True))


def _take(column: str, words: list[str], *, backwards: bool = False) -> int | None:
    """How many words at this end are the cell; ``None`` for free text or where they do not fit."""
    if not words:
        return None
    if column.isupper() or column == "hash":
        return 1 if (len(words[0]) >= 7 and words[0].isalnum()) or "..." in words[0] else None
    if column == "size":
        return 1 if read_size(words[0]) is not None else None
    if column == "modified":
        for count in (3, 2, 4, 1):
            some = words[:count][::-1] if backwards else words[:count]
            if len(some) == count and read_date(" ".join(some)) is not None:
                return count
        return None
    return 1 if column in ONE_WORD else None


def _parted(free: list[str], line: str, words: list[str], starts: list[int]) -> list[str] | None:
    """Several cells of free text: by two blanks, by the drive of a path, by the dashes."""
    content = " ".join(words)
    at = line.find(words[0])
    parts = re.split(r" {2,}", line[at:].strip())[: len(free)]
    if len(parts) == len(free) and sum(len(part.split()) for part in parts) == len(words):
        return parts
    if len(free) == 2 and (drive := DRIVE.search(content)) and drive.start() > 0:
        return [content[: drive.start()].strip(), content[drive.end() :].strip()]
    if len(starts) == len(free) and all(start < len(line) for start in starts):
        ends = [*starts[1:], len(line)]
        if all(start == 0 or line[start - 1 : start] == " " for start in starts):
            return [line[start:end].strip() for start, end in zip(starts, ends, strict=True)]
    return None


def _behind_seven_zip(page: Page, place: int) -> int:
    """Behind 7-Zip's table its sums follow, up to its last word."""
    for after in range(place, min(place + 20, len(page.lines))):
        plain = page.lines[after].text.strip().lower()
        if PROMPT.match(page.lines[after].text):
            return after
        if plain.startswith(SEVEN_ZIP_ENDS):
            return after + 1
    return place
