"""Baselines as a JSON file: the known-good states of files.

``{"schema": "anjuan.baseline/1", "files": [{"path", "sha256", "size", "modified", "version",
"label"}]}``; only ``path`` and ``sha256`` are required.
"""

import json
from collections.abc import Iterable
from pathlib import Path
from typing import Any

from engine.parsers.captures.dates import read_date
from engine.parsers.captures.hashes import SHA256_DIGITS, take_hash
from engine.parsers.file_state import FileState
from engine.text import Text, text
from engine.text_safety import marked

SCHEMA = "anjuan.baseline/1"
MAX_BYTES = 16 * 2**20
MAX_SIZE = 2**63 - 1
MAX_PATH_LENGTH = 500
MAX_LENGTH = 200
"""Characters of a version or a label."""


class BaselineUnreadable(ValueError):
    """The file is no baseline; ``sentence`` says what is wrong with which entry."""

    def __init__(self, sentence: Text) -> None:
        super().__init__(sentence["en"])
        self.sentence = sentence


def unreadable(zh: str, en: str) -> BaselineUnreadable:
    """The refusal that says so."""
    return BaselineUnreadable(text(zh, en))


def read_baselines(file: Path) -> list[FileState]:
    """The states of a baseline file; raises ``BaselineUnreadable``."""
    try:
        if file.stat().st_size > MAX_BYTES:
            raise unreadable(
                f"{file}：超过 {MAX_BYTES:,} 字节。", f"{file}: larger than {MAX_BYTES:,} bytes."
            )
        document = json.loads(file.read_bytes())
    except OSError as error:
        raise unreadable(f"{file}：无法读取（{error.strerror}）。", f"{file}: {error.strerror}.") from error
    except (ValueError, RecursionError) as error:
        raise unreadable(f"{file}：不是 JSON（{error}）。", f"{file}: this is no JSON ({error}).") from error
    if (
        not isinstance(document, dict)
        or document.get("schema") != SCHEMA
        or not isinstance(document.get("files"), list)
    ):
        raise unreadable(
            f'{file}：基线文件应以 {{"schema": "{SCHEMA}", "files": […]}} 开头。',
            f'{file}: a baseline begins with {{"schema": "{SCHEMA}", "files": […]}}.',
        )
    return [
        _state(entry, f"{file}, file {number}") for number, entry in enumerate(document["files"], start=1)
    ]


def write_baselines(states: Iterable[FileState], file: Path) -> None:
    """Writes states so that ``read_baselines`` gives them back."""
    file.write_text(as_json(states), "utf-8")


def as_json(states: Iterable[FileState]) -> str:
    """The file's text."""
    files = [
        {
            "path": s.path,
            "sha256": s.sha256,
            "size": s.size,
            "modified": s.modified,
            "version": s.version,
            "label": s.label,
        }
        for s in states
    ]
    document = {"schema": SCHEMA, "files": files}
    return json.dumps(document, ensure_ascii=False, indent=1) + "\n"


def _state(entry: Any, where: str) -> FileState:
    if not isinstance(entry, dict) or not isinstance(entry.get("path"), str) or not entry["path"].strip():
        raise unreadable(f"{where}：没有 path。", f"{where}: it has no path.")
    taken = take_hash(str(entry.get("sha256") or ""))
    if taken.sha256 is None or taken.rest:
        raise unreadable(
            f"{where}：SHA-256 应为 {SHA256_DIGITS} 位十六进制数字。",
            f"{where}: a SHA-256 has {SHA256_DIGITS} hex digits.",
        )
    size = entry.get("size")
    if size is not None and (
        not isinstance(size, int) or isinstance(size, bool) or not 0 <= size <= MAX_SIZE
    ):
        raise unreadable(f"{where}：size 应为整数字节。", f"{where}: size is a whole number of bytes.")
    modified = entry.get("modified")
    if modified is not None and (modified := read_date(str(modified))) is None:
        raise unreadable(
            f"{where}：modified 应为 2016-04-06T12:20:00 形式的时间。",
            f"{where}: modified is a time as 2016-04-06T12:20:00.",
        )
    version = entry.get("version")
    path = plain(entry["path"])
    if len(path) > MAX_PATH_LENGTH:
        raise unreadable(
            f"{where}：path 超过 {MAX_PATH_LENGTH} 个字符。",
            f"{where}: its path is longer than {MAX_PATH_LENGTH} characters.",
        )
    return FileState(
        path=path,
        sha256=taken.sha256,
        size=size,
        modified=modified,
        version=plain(str(version))[:MAX_LENGTH] if version is not None else None,
        label=plain(str(entry.get("label") or "baseline"))[:MAX_LENGTH],
    )


def plain(value: str) -> str:
    """Text of a list without what no name holds: control and direction marks, broken characters."""
    return marked(value).strip()
