"""Comma-separated values and their kin (``;``, tab, ``|``): ``Export-Csv``, copied tables.

Source: RFC 4180; PowerShell, ``Export-Csv`` (its first line may be ``#TYPE …``).
"""

import csv

from engine.parsers.captures.entry import say_entry
from engine.parsers.captures.page import Page
from engine.parsers.captures.properties import property_of, tells_of_files
from engine.parsers.captures.starts import PROMPT
from engine.text import text

DELIMITERS = ",;\t|"
MAX_COLUMNS = 80


def read(page: Page, at: int) -> int:
    """The titles with all their rows; a line ``#TYPE …`` above."""
    line = page.lines[at].raw
    if line.startswith("#TYPE "):
        return at + 1
    delimiter = max(DELIMITERS, key=line.count)
    if delimiter not in line:
        return at
    columns = columns_of(cells_of(line, delimiter))
    if not columns:
        return at
    place = at + 1
    while place < len(page.lines):
        row = page.lines[place]
        if row.blank or PROMPT.match(row.text):
            break
        cells = cells_of(row.raw, delimiter)
        if not "".join(cells).strip(" -:|"):  # the dashes of a table in Markdown
            place += 1
            continue
        if len(cells) <= max(columns.values()):
            if len(cells) == 1:
                break
            reason = text("这一行的列数少于表头。", "This row has fewer columns than its titles.")
            page.miss(row.number, reason)
        else:
            say_entry(page, row.number, {name: cells[column] for name, column in columns.items()})
        place += 1
    return place


def cells_of(line: str, delimiter: str) -> list[str]:
    """One line's cells, empty for one that is no such line."""
    plain = line.strip()
    if delimiter == "|":
        plain = plain.strip("|")
    try:
        return [cell.strip() for cell in next(csv.reader([plain], delimiter=delimiter), [])]
    except csv.Error:
        return []


def columns_of(names: list[str]) -> dict[str, int]:
    """Where each property stands, the first of its name; empty where they are no file facts."""
    if not 2 <= len(names) <= MAX_COLUMNS:
        return {}
    columns: dict[str, int] = {}
    for place, name in enumerate(names):
        if (known := property_of(name)) and known not in columns:
            columns[known] = place
    return columns if tells_of_files(frozenset(columns)) else {}
