"""Lists of known files: our own JSON, tables with SHA-256 (the NSRL's among them), ``sha256sum``.

A list names files and hashes, now and then sizes and versions; each line becomes a file state.
Source: NIST, "NSRL RDS" (version 2: ``NSRLFile.txt``, whose first column is SHA-1 and which has no
SHA-256: refused by name; version 3: SQLite with a table or view ``FILE`` of ``sha256``, ``sha1``,
``md5``, ``file_name``, ``file_size``, ``package_id``, and what ``sqlite3`` exports of it); GNU
coreutils, ``sha256sum`` with and without ``--tag``; PowerShell, ``Get-FileHash | Export-Csv``.
"""

import csv
import re
import sqlite3
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import closing
from itertools import islice
from pathlib import Path
from typing import Any

from engine.encodings import decode
from engine.parsers.baselines import (
    MAX_BYTES,
    MAX_LENGTH,
    MAX_PATH_LENGTH,
    MAX_SIZE,
    plain,
    read_baselines,
    unreadable,
)
from engine.parsers.captures.forms.checksum_lines import read_checksum
from engine.parsers.captures.properties import property_of
from engine.parsers.file_state import FileState

MAX_FILES = 100_000
HEAD = 1 << 16
EXTRACT = "SELECT sha256, file_name, file_size FROM FILE WHERE file_name LIKE '…'"
SQLITE = b"SQLite format 3\0"
HASH = re.compile(r"[0-9A-Fa-f]{64}")
OTHER_HASH = re.compile(r"[0-9A-Fa-f]{8}|[0-9A-Fa-f]{32}|[0-9A-Fa-f]{40}|[0-9A-Fa-f]{96}|[0-9A-Fa-f]{128}")
NAMES_OF_SHA256 = frozenset({"sha256", "sha-256", "sha_256"})
FACTS = {
    "sha256": ("SHA256",),
    "path": ("path", "name"),
    "size": ("size",),
    "version": ("version", "productversion"),
}
"""The properties that give a listed file's facts, the best first."""

WEAKER = {"sha-1", "sha1", "md5"}


def read_baseline_list(file: Path) -> list[FileState]:
    """The states of a baseline file or of a list of hashes; raises ``BaselineUnreadable``.

    The label of a listed file is the list's name.
    """
    try:
        with file.open("rb") as stream:
            data = stream.read(HEAD)
            if not data.startswith(SQLITE):
                _refuse_weaker(data, file)
                data += stream.read(MAX_BYTES + 1 - len(data))
    except OSError as error:
        why = error.strerror or type(error).__name__
        raise unreadable(f"{file}：无法读取（{why}）。", f"{file}: {why}.") from error
    if data.startswith(SQLITE):
        states = _of_database(file)
    elif len(data) > MAX_BYTES:
        raise unreadable(
            f"{file}：超过 {MAX_BYTES:,} 字节。请只导出本产品的文件。",
            f"{file}: larger than {MAX_BYTES:,} bytes. Please export the files of your product alone.",
        )
    else:
        content = decode(data).text.lstrip("\ufeff \r\n\t")
        if content.startswith(("{", "[")) or file.suffix.lower() == ".json":
            return read_baselines(file)
        states = _listed(content, file)
    listed = list(islice(states, MAX_FILES + 1))
    if len(listed) > MAX_FILES:
        raise unreadable(
            f"{file}：超过 {MAX_FILES:,} 个文件。请只导出本产品的文件：{EXTRACT}",
            f"{file}: more than {MAX_FILES:,} files. Please export those of your product alone: {EXTRACT}",
        )
    if not listed:
        raise unreadable(
            f"{file}：没有找到文件名及其 SHA-256 哈希。可以读取本系统导出的 JSON、sha256sum 的输出、"
            "带 SHA-256 列的 CSV，以及 NSRL RDS 3 的 SQLite 数据库。",
            f"{file}: no file names with their SHA-256 were found. JSON as exported here, the output of "
            "sha256sum, CSV with a SHA-256 column, and the SQLite database of NSRL RDS 3 are read.",
        )
    return listed


# -- Text -------------------------------------------------------------------------------


def _listed(content: str, file: Path) -> Iterator[FileState]:
    lines = [line for line in content.splitlines() if line.strip() and not line.startswith("#")]
    if not lines:
        return
    if read_checksum(lines[0]) is not None:
        for line in lines:
            found = read_checksum(line)
            if found is not None and found.algorithm == "SHA256":
                yield from _state(found.value, found.path, None, None, file)
        return
    try:
        yield from _of_table(csv.reader(lines, delimiter=_delimiter(lines[0])), file)
    except csv.Error as error:
        raise unreadable(
            f"{file}：不是可读的表格（{error}）。", f"{file}: this is no readable table ({error})."
        ) from error


def _of_table(rows: Iterator[list[str]], file: Path) -> Iterator[FileState]:
    first = next(rows)
    columns = _columns([name.strip().lower() for name in first])
    if "sha256" not in columns:
        columns = _guessed(first)  # sqlite3 exports no names of columns unless asked to
        yield from _of_row(first, columns, file)
    for row in rows:
        yield from _of_row(row, columns, file)


def _of_row(row: Sequence[str], columns: Mapping[str, int], file: Path) -> Iterable[FileState]:
    def cell(fact: str) -> str:
        column = columns.get(fact)
        return row[column].strip() if column is not None and column < len(row) else ""

    return _state(cell("sha256"), cell("path"), cell("size"), cell("version"), file)


def _columns(names: list[str]) -> dict[str, int]:
    """The first column of each fact, by the names that captures know; a path before a name."""
    known = [property_of(name) for name in names]
    columns: dict[str, int] = {}
    for fact, properties in FACTS.items():
        place = next((known.index(one) for one in properties if one in known), None)
        if place is not None:
            columns[fact] = place
    if "sha256" not in columns and "algorithm" in names and "hash" in names:
        columns["sha256"] = names.index("hash")  # Get-FileHash; other algorithms have other lengths
    return columns


def _guessed(row: list[str]) -> dict[str, int]:
    """Columns by what a row without names holds: the SHA-256, the first text, the number behind it."""
    cells = [cell.strip() for cell in row]
    columns: dict[str, int] = {}
    for number, cell in enumerate(cells):
        if HASH.fullmatch(cell):
            columns.setdefault("sha256", number)
        elif "path" in columns and cell.isascii() and cell.isdecimal():
            columns.setdefault("size", number)
        elif cell and not OTHER_HASH.fullmatch(cell) and not cell.isdecimal():
            columns.setdefault("path", number)
    return columns


def _delimiter(line: str) -> str:
    return max((",", "\t", "|", ";"), key=line.count)


def _refuse_weaker(head: bytes, file: Path) -> None:
    """Even where the list is too large to be read: it would not serve in any size."""
    line = decode(head).text.lstrip("\ufeff \r\n\t").partition("\n")[0]
    names = {name.strip(' "\r').lower() for name in line.split(_delimiter(line))}
    if names & WEAKER and not names & NAMES_OF_SHA256:
        _refuse_for_weakness(file)


def _refuse_for_weakness(file: Path) -> None:
    raise unreadable(
        f"{file}：列表只有 SHA-1 或 MD5，没有 SHA-256，无法用来比对。NSRL RDS 第 3 版带有 SHA-256。",
        f"{file}: the list has SHA-1 or MD5 alone; without SHA-256 nothing can be compared. Version 3 of the "
        "NSRL RDS has SHA-256.",
    )


# -- SQLite -----------------------------------------------------------------------------


def _of_database(file: Path) -> Iterator[FileState]:
    address = f"{file.resolve().as_uri()}?mode=ro&immutable=1"
    try:
        with closing(sqlite3.connect(address, uri=True)) as database:
            database.execute("PRAGMA trusted_schema = OFF")
            database.text_factory = lambda raw: raw.decode("utf-8", "replace")
            names = [str(row[1]).lower() for row in database.execute("PRAGMA table_info(FILE)")]
            columns = _columns(names)
            if "sha256" not in columns and set(names) & WEAKER:
                _refuse_for_weakness(file)
            if "sha256" not in columns or "path" not in columns:
                return
            for row in database.execute("SELECT * FROM FILE LIMIT ?", (MAX_FILES + 1,)):
                yield from _of_row([_cell(value) for value in row], columns, file)
    except (sqlite3.Error, UnicodeDecodeError) as error:  # SQLite's own sentences quote what is broken
        raise unreadable(
            f"{file}：数据库无法读取（{error}）。", f"{file}: the database cannot be read ({error})."
        ) from error


def _cell(value: Any) -> str:
    return "" if value is None else str(value)


def _state(sha256: str, path: str, size: str | None, version: str | None, file: Path) -> Iterable[FileState]:
    """One state, or none where it lacks what is needed."""
    name = plain(path[: MAX_PATH_LENGTH + 1])
    if not HASH.fullmatch(sha256) or not name or len(name) > MAX_PATH_LENGTH:
        return ()
    digits = (size or "").replace(",", "")
    counted = int(digits) if digits.isascii() and digits.isdecimal() and len(digits) < 20 else None
    fits = counted is not None and counted <= MAX_SIZE
    version_shown = plain((version or "")[:MAX_LENGTH]) or None
    return (
        FileState(name, sha256.upper(), counted if fits else None, None, version_shown, plain(file.stem)),
    )
