"""Names of archive entries: hostile text, shown but never used as a path."""

import re

from engine.text import Text, text
from engine.text_safety import marked

MAX_LENGTH = 400
"""Characters of a shown name; the end is kept, it holds the file's own name."""

RESERVED = re.compile(r"^(con|prn|aux|nul|conin\$|conout\$|com[0-9¹²³]|lpt[0-9¹²³])(\..*)?$", re.IGNORECASE)

OUTSIDE = text(
    "文件名指向压缩包之外（绝对路径、盘符或“..”），未读取。",
    "The name points outside the archive (absolute, with a drive, or “..”); it was not read.",
)
RESERVED_NAME = text(
    "文件名是 Windows 的保留名称，未读取。", "The name is reserved by Windows; it was not read."
)
NAMELESS = text("条目没有文件名，未读取。", "The entry has no name; it was not read.")


def shown(name: str) -> str:
    """A name as people may see it: ``/`` between parts, no control or bidi characters, not endless."""
    plain = marked(name.replace("\\", "/"))
    return plain if len(plain) <= MAX_LENGTH else "…" + plain[-(MAX_LENGTH - 1) :]


def refusal(name: str) -> Text | None:
    """Why an entry of that name is not read; ``None`` for an honest name."""
    plain = name.replace("\\", "/")
    parts = plain.split("/")
    if not plain.strip("/. "):
        return NAMELESS if ".." not in plain else OUTSIDE
    if plain.startswith("/") or re.match(r"^[A-Za-z]:", plain) or ".." in parts or "\0" in plain:
        return OUTSIDE
    if any(RESERVED.match(part.rstrip(" .")) or ":" in part for part in parts):
        return RESERVED_NAME
    return None


class Unique:
    """Keeps the shown names of one bundle apart, without regard to case as Windows does."""

    def __init__(self) -> None:
        self._seen: set[str] = set()
        self._last: dict[str, int] = {}

    def taken(self, path: str) -> bool:
        return path.casefold() in self._seen

    def take(self, path: str) -> str:
        """``path``, with `` (2)`` and so on behind it where it is taken."""
        # Counted on from the last one: an archive of one name twenty thousand times took a minute.
        name, number = path, self._last.get(path.casefold(), 1)
        while self.taken(name):
            number += 1
            name = f"{path} ({number})"
        self._last[path.casefold()] = number
        self._seen.add(name.casefold())
        return name
