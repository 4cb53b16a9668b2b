"""Compiles the catalogues (.po → .mo) without GNU gettext.

The file formats: https://www.gnu.org/software/gettext/manual/html_node/PO-Files.html and
https://www.gnu.org/software/gettext/manual/html_node/MO-Files.html
"""

import ast
import struct
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

MAGIC = 0x950412DE


@dataclass
class Entry:
    """One translated text; ``parts`` maps a keyword (msgctxt, msgid, msgstr, msgstr[0] …) to its text."""

    fuzzy: bool = False
    parts: dict[str, str] = field(default_factory=dict)

    def pair(self) -> tuple[bytes, bytes] | None:
        """Key and value as the .mo file holds them; None for an entry without a translation."""
        key = self.parts.get("msgid", "")
        if "msgctxt" in self.parts:
            key = self.parts["msgctxt"] + "\x04" + key
        if "msgid_plural" in self.parts:
            key += "\0" + self.parts["msgid_plural"]
            value = "\0".join(text for name, text in sorted(self.parts.items()) if name.startswith("msgstr["))
        else:
            value = self.parts.get("msgstr", "")
        # The first entry, of the empty key, holds the header; it may be marked fuzzy.
        if not value.strip("\0") or (self.fuzzy and key):
            return None
        return key.encode(), value.encode()


def entries(text: str) -> Iterator[Entry]:
    """The entries of a .po file; obsolete ones (``#~``) are comments here."""
    entry, keyword = Entry(), ""
    for line in text.splitlines():
        line = line.strip()
        starts_anew = not line or line.startswith(("#", "msgctxt ", "msgid "))
        if starts_anew and any(name.startswith("msgstr") for name in entry.parts):
            yield entry
            entry, keyword = Entry(), ""
        if line.startswith("#,") and "fuzzy" in line:
            entry.fuzzy = True
        elif line.startswith('"'):
            entry.parts[keyword] += ast.literal_eval(line)
        elif line.startswith("msg"):
            keyword, _, quoted = line.partition(" ")
            entry.parts[keyword] = ast.literal_eval(quoted.strip())
    if entry.parts:
        yield entry


def compiled(text: str) -> bytes:
    """The .mo file of a .po file's text."""
    pairs = sorted(pair for entry in entries(text) if (pair := entry.pair()) is not None)
    keys_at = 28
    values_at = keys_at + 8 * len(pairs)
    position = values_at + 8 * len(pairs)
    tables: list[bytes] = []
    blobs: list[bytes] = []
    for column in (0, 1):
        for pair in pairs:
            tables.append(struct.pack("<II", len(pair[column]), position))
            blobs.append(pair[column] + b"\0")
            position += len(pair[column]) + 1
    header = struct.pack("<7I", MAGIC, 0, len(pairs), keys_at, values_at, 0, values_at)
    return header + b"".join(tables) + b"".join(blobs)


def compile_all(folder: Path) -> None:
    """Writes each .mo beside its .po below ``folder``, where it is not up to date."""
    for source in folder.rglob("*.po"):
        target = source.with_suffix(".mo")
        if target.exists() and target.stat().st_mtime >= source.stat().st_mtime:
            continue
        draft = target.with_suffix(".mo.new")
        draft.write_bytes(compiled(source.read_text("utf-8")))
        draft.replace(target)
