"""Lists of known files: our own JSON, CSV tables with SHA-256 (NSRL among them), ``sha256sum``.

A list names files and hashes, now and then sizes and versions; each line becomes a file state.
Source: NIST, "NSRL RDS" (``NSRLFile.txt`` columns; version 2 has SHA-1 and MD5 alone and is
refused by name); GNU coreutils, ``sha256sum`` output; PowerShell, ``Get-FileHash | Export-Csv``.
"""

import csv
import re
from collections.abc import Iterator, Mapping
from pathlib import Path

from analysis.engine.encodings import decode
from analysis.engine.parsers.baselines import LARGEST, BaselineUnreadable, read_baselines
from analysis.engine.parsers.file_state import FileState

LONGEST_PATH = 1000
LINE = re.compile(r"^\\?(?P<hash>[0-9A-Fa-f]{64})[ \t]+\*?(?P<path>\S.*)$")
HASH = re.compile(r"[0-9A-Fa-f]{64}")
COLUMNS = {
    "sha256": ("sha256", "sha-256", "sha_256"),
    "path": ("path", "filename", "file_name", "fullname", "name", "file"),
    "size": ("filesize", "file_size", "size", "length", "bytes"),
    "version": ("fileversion", "file_version", "version", "productversion", "product_version"),
}
"""The names under which tables give a file's facts, lower-case."""


def read_known_files(file: Path) -> list[FileState]:
    """The states of a baseline file or of a list of hashes; raises ``BaselineUnreadable``.

    The label of a listed file is the list's name.
    """
    try:
        with file.open("rb") as stream:
            data = stream.read(LARGEST + 1)
    except OSError as error:
        why = error.strerror or type(error).__name__
        raise BaselineUnreadable(f"{file}：无法读取（{why}）。", f"{file}: {why}.") from error
    if len(data) > LARGEST:
        raise BaselineUnreadable(
            f"{file}：超过 {LARGEST:,} 字节。", f"{file}: larger than {LARGEST:,} bytes."
        )
    content = decode(data).text.lstrip("\ufeff \r\n\t")
    if content.startswith(("{", "[")) or file.suffix.lower() == ".json":
        return read_baselines(file)
    states = list(_listed(content, file))
    if not states:
        raise BaselineUnreadable(
            f"{file}：没有找到 SHA-256 哈希。可以读取本系统导出的 JSON、sha256sum 的输出，"
            "以及带 SHA-256 列的 CSV。",
            f"{file}: no SHA-256 was found. JSON as exported here, the output of sha256sum, and CSV with a "
            "SHA-256 column are read.",
        )
    return states


def _listed(content: str, file: Path) -> Iterator[FileState]:
    lines = [line for line in content.splitlines() if line.strip() and not line.startswith("#")]
    if not lines:
        return
    if LINE.match(lines[0]):
        for line in lines:
            if found := LINE.match(line):
                yield _state(found["path"], found["hash"], None, None, file)
        return
    dialect = csv.excel_tab if "\t" in lines[0] and "," not in lines[0] else csv.excel
    rows = csv.reader(lines, dialect)
    try:
        columns = _columns([name.strip().lower() for name in next(rows)], file)
        for row in rows:
            sha256, path = _cell(row, columns.get("sha256")), _cell(row, columns.get("path"))
            if path and HASH.fullmatch(sha256):
                size = _cell(row, columns.get("size")).replace(",", "")
                yield _state(
                    path,
                    sha256,
                    int(size) if size.isascii() and size.isdecimal() else None,
                    _cell(row, columns.get("version")) or None,
                    file,
                )
    except csv.Error as error:
        raise BaselineUnreadable(
            f"{file}：不是可读的表格（{error}）。", f"{file}: this is no readable table ({error})."
        ) from error


def _columns(names: list[str], file: Path) -> Mapping[str, int]:
    columns = {
        fact: names.index(found)
        for fact, known in COLUMNS.items()
        if (found := next((name for name in known if name in names), None)) is not None
    }
    if "sha256" not in columns and "algorithm" in names and "hash" in names:
        columns["sha256"] = names.index("hash")  # Get-FileHash; other algorithms have other lengths
    if "sha256" not in columns and {"sha-1", "sha1", "md5"} & set(names):
        raise BaselineUnreadable(
            f"{file}：列表只有 SHA-1 或 MD5，没有 SHA-256，无法用来比对。",
            f"{file}: the list has SHA-1 or MD5 alone; without SHA-256 nothing can be compared.",
        )
    return columns


def _cell(row: list[str], column: int | None) -> str:
    return row[column].strip() if column is not None and column < len(row) else ""


def _state(path: str, sha256: str, size: int | None, version: str | None, file: Path) -> FileState:
    return FileState(path.strip()[:LONGEST_PATH], sha256.upper(), size, None, version, file.stem)
