"""Sigma's texts: escapes, wildcards, and what modifiers make of them.

A text is a list of parts: what it says, 0 for ``*``, 1 for ``?``. Source: the Sigma specification, "Escaping"
and "Modifiers", version 2.
"""

import re
from base64 import b64encode
from collections.abc import Iterator
from itertools import product
from typing import Any

ANY, ONE = 0, 1
Parts = list[str | int]
Entry = list[Any]
"""What a value is asked for, as ``engine.index.fitting`` reads it."""

_SPECIAL = re.compile(r"\\([\\*?])|([*?])")
_DASH = re.compile(r"\B[-/]\b")
_DASHES = ("-", "/", "–", "—", "―")
_MAX_DASHES = 3
_ENCODINGS = {
    "wide": "utf-16-le",
    "utf16le": "utf-16-le",
    "utf16be": "utf-16-be",
    "utf16": "utf-16-le",
}
_BEFORE, _BEHIND = (0, 2, 3), (None, -3, -2)


class Refused(ValueError):
    """The value or modifier is none that can be used; the argument says why (English)."""


def is_plain(written: str) -> bool:
    """Whether the text says what it is, without escapes and wildcards."""
    return bool(written) and "*" not in written and "?" not in written and "\\\\" not in written


def parts_of(written: str) -> Parts:
    """The text without its escapes: a backslash is one, unless it stands before ``*``, ``?`` or another."""
    if is_plain(written):
        return [written]
    parts: Parts = []
    said, place = "", 0
    for match in _SPECIAL.finditer(written):
        said += written[place : match.start()]
        place = match.end()
        if match[1]:
            said += match[1]
            continue
        if said:
            parts.append(said)
        said = ""
        parts.append(ANY if match[2] == "*" else ONE)
    said += written[place:]
    return [*parts, said] if said else parts


def plain(parts: Parts, what: str) -> str:
    """The text of parts without wildcards. Raises ``Refused``."""
    if any(isinstance(part, int) for part in parts):
        raise Refused(f"wildcards cannot stand in a value of the modifier {what}")
    return "".join(map(str, parts))


def entry(parts: Parts) -> Entry:
    """What a value must be to fit the parts, in the simplest form."""
    while len(parts) > 1 and parts[0] == ANY and parts[1] == ANY:
        parts = parts[1:]
    while len(parts) > 1 and parts[-1] == ANY and parts[-2] == ANY:
        parts = parts[:-1]
    match parts:
        case []:
            return ["e", ""]
        case [str(said)]:
            return ["e", said]
        case [int(special)] if special == ANY:
            return ["c", ""]
        case [int(before), str(said), int(behind)] if before == behind == ANY:
            return ["c", said]
        case [str(said), int(behind)] if behind == ANY:
            return ["s", said]
        case [int(before), str(said)] if before == ANY:
            return ["d", said]
    return ["g", *parts]


def windash(parts: Parts) -> list[Parts]:
    """The text with every sign that may stand for the dash before a parameter."""
    pieces: list[tuple[Any, ...]] = []
    dashes = 0
    for part in parts:
        if isinstance(part, int):
            pieces.append((part,))
            continue
        place = 0
        for match in _DASH.finditer(part):
            pieces += [(part[place : match.start()],), _DASHES]
            place, dashes = match.end(), dashes + 1
        pieces.append((part[place:],))
    if dashes > _MAX_DASHES:
        raise Refused(f"the modifier windash is for {_MAX_DASHES} dashes in one value, not for {dashes}")
    return [_joined(choice) for choice in product(*pieces)]


def wide(parts: Parts, modifier: str) -> Parts:
    """Each character as two bytes, written as characters. Raises ``Refused`` for what is not ASCII: only in
    base64 can it be so written."""
    if not all(isinstance(part, int) or part.isascii() for part in parts):
        raise Refused(f"the modifier {modifier} is for ASCII text, unless base64 follows")
    mark: Parts = ["\ufeff"] if modifier == "utf16" else []
    encoded = (
        part if isinstance(part, int) else part.encode(_ENCODINGS[modifier]).decode("ascii") for part in parts
    )
    return _joined([*mark, *encoded])


def base64(text: str, encoding: str, offsets: bool) -> Iterator[str]:
    """The text in base64; with ``offsets`` as it stands at each of three places, without what its
    neighbours change."""
    data = text.encode(_ENCODINGS.get(encoding, "utf-8"))
    if encoding == "utf16":
        data = b"\xff\xfe" + data
    if not offsets:
        yield b64encode(data).decode()
        return
    for place in range(3):
        encoded = b64encode(b" " * place + data).decode()
        yield encoded[_BEFORE[place] : _BEHIND[(len(data) + place) % 3]]


def _joined(parts: Any) -> Parts:
    joined: Parts = []
    for part in parts:
        if isinstance(part, str) and joined and isinstance(joined[-1], str):
            joined[-1] += part
        elif part != "":
            joined.append(part)
    return joined
