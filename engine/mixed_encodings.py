"""Files that hold two encodings, one behind the other: told apart line by line.

PowerShell's ``>>`` and ``Out-File -Append`` write UTF-16 without looking at what stands there; editors and
the command prompt append bytes of the code page to UTF-16, or GBK to UTF-8.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import groupby

WIDE, ASCII = "utf-16-le", "ascii"
NARROW_RUN = re.compile(rb"[\x20-\x7e]{8}")
"""Never in ASCII written as UTF-16."""
NARROW_HEAD = re.compile(rb"[\x20-\x7e]+")
MIN_HEAD = 6
NOT_NARROW = bytes(set(range(0x20)) - set(b"\t\n\v\f\r\x1b"))
THREE_BYTES = re.compile(rb"[\xe0-\xef][\x80-\xbf]{2}")
END = b"\n\0"
BOM_UTF8, BOM_WIDE = b"\xef\xbb\xbf", b"\xff\xfe"


@dataclass(frozen=True)
class Part:
    """A run of lines of one encoding."""

    text: str
    encoding: str


def parts_of(data: bytes, encoding: str) -> list[Part]:
    """The parts of ``data``, whose encoding as a whole seems to be ``encoding``; none where it is no
    mixture."""
    if encoding in {"utf-16", WIDE, "utf-16-be"}:
        if data.startswith(b"\xfe\xff") or not NARROW_RUN.search(data):
            return []
        return _told(_by_width(data))
    if encoding not in {"gb18030", "cp1252", "utf-8", "utf-8-sig"}:
        return []
    if b"\0" in data:
        return _told(_by_width(data)) if END in data else []
    if encoding == "cp1252" or (encoding == "gb18030" and THREE_BYTES.search(data)):
        return _told(_narrow(data))
    return []


def _told(parts: Iterator[Part]) -> list[Part]:
    """Neighbours of one encoding put together; lines of ASCII are of their neighbours' encoding."""
    found = list(parts)
    if any("\0" in part.text for part in found):
        return []  # no text at all
    last = next((part.encoding for part in found if part.encoding not in {ASCII, WIDE}), "utf-8")
    told = []
    for part in found:
        if part.encoding not in {ASCII, WIDE}:
            last = part.encoding
        told.append(Part(part.text, last) if part.encoding == ASCII else part)
    grouped = [
        Part("".join(part.text for part in same), encoding)
        for encoding, same in groupby(told, lambda part: part.encoding)
    ]
    return grouped if len(grouped) > 1 else []


def _by_width(data: bytes) -> Iterator[Part]:
    at = 0
    while at < len(data):
        if data.startswith(BOM_WIDE, at):
            at += 2
        end = _end_of_narrow(data, at)
        if end > at:
            yield from _narrow(data[at:end])
        else:
            end = _end_of_wide(data, at)
            yield Part(data[at:end].decode(WIDE, "replace"), WIDE)
        at = end


def _end_of_narrow(data: bytes, at: int) -> int:
    """Behind the last line from ``at`` on that is bytes of a code page or of UTF-8."""
    while at < len(data) and not data.startswith(BOM_WIDE, at):
        end = data.find(b"\n", at) + 1 or len(data)
        line = data[at:end]
        if (
            data[end : end + 1] == b"\0"
            or len(line.translate(None, NOT_NARROW)) < len(line)
            or not _plausible(line)
        ):
            return _within(line, at)
        at = end
    return at


def _within(line: bytes, at: int) -> int:
    """Where UTF-16 begins within a line: what stood there had no line end."""
    head = line[: max(line.find(b"\0") - 1, 0)]
    return at + len(head) if len(head) >= MIN_HEAD and NARROW_HEAD.fullmatch(head) else at


def _plausible(line: bytes) -> bool:
    """ASCII, UTF-8, or GBK that is not mostly outside ASCII: a few Han characters as UTF-16 look like it."""
    if line.isascii() or _decodes(line, "utf-8"):
        return True
    ascii_signs = sum(byte < 0x80 for byte in line)
    return _decodes(line, "gb18030") and (ascii_signs * 2 > len(line) or len(line) > 8)


def _end_of_wide(data: bytes, at: int) -> int:
    """Behind the wide line that begins at ``at``: its end stands at an even distance."""
    found = at
    while (found := data.find(END, found)) >= 0:
        if (found - at) % 2 == 0:
            return found + 2
        found += 1
    return len(data)


def _narrow(data: bytes) -> Iterator[Part]:
    """Lines of UTF-8 beside lines of a code page."""
    for line in data.removeprefix(BOM_UTF8).splitlines(keepends=True):
        if line.isascii():
            encoding = ASCII
        elif THREE_BYTES.search(line) and _decodes(line, "utf-8"):
            encoding = "utf-8"
        else:
            encoding = "gb18030" if _decodes(line, "gb18030") else "cp1252"
        yield Part(line.decode(encoding, "replace"), encoding)


def _decodes(line: bytes, encoding: str) -> bool:
    try:
        line.decode(encoding)
    except UnicodeDecodeError:
        return False
    return True
