"""Text of strangers (mails, file names, logs), made fit to be read, named and stored.

One home for the whole house: the engine needs it and knows no portal, so it lies here, and every room
may import it (``tests/test_architecture.py``). What leaves here is still hostile where it is markup, a
path or a command: escaping and quoting belong to those who write such.

``plain`` leaves out what must not be read (messages); ``shown`` and ``marked`` put a sign in its place
(evidence and names: that something stood there is a fact); ``clean_name`` and ``clean_path`` make names
that can be kept; ``storable``, ``without_nul``, ``paragraphs`` and ``one_line`` are for PostgreSQL.
"""

import re
from collections.abc import Mapping
from typing import Any
from unicodedata import category, normalize

REPLACEMENT = "\N{REPLACEMENT CHARACTER}"
UNSHOWABLE = re.compile(
    "[\x00-\x08\x0b-\x1f\x7f-\x9f\u061c\u200b-\u200f\u202a-\u202e\u2028\u2029\u2060-\u206f\ufeff]"
)
"""Control characters, and the format characters that hide text or turn its direction."""
MAX_NAME_LENGTH = 255
"""Characters of a stored name."""
UNNAMED = "unnamed"

_CONTROL = {"Cc", "Cf", "Cs"}
"""Controls, formats (bidi overrides, zero width) and surrogates. Unicode's Bidi_Control characters are
all of category Cf (Unicode Standard Annex #9)."""
_NOT_IN_A_LINE = {*_CONTROL, "Zl", "Zp"}
_NOT_IN_A_NAME = {*_NOT_IN_A_LINE, "Co", "Cn"}
_KEPT = "\n\t\u200c\u200d"
"""Scripts and emoji need the joiners."""


def shortened(text: str, limit: int) -> str:
    """``text`` in at most ``limit`` characters; what is cut off ends with “…”."""
    return text if len(text) <= limit else text[: limit - 1] + "…"


def plain(text: object, limit: int = 100_000) -> str:
    """``text`` without control and direction-changing characters, at most ``limit`` characters.

    Line ends, tabs and joiners stay.
    """
    kept = (character for character in str(text) if character in _KEPT or category(character) not in _CONTROL)
    return shortened("".join(kept), limit)


def shown(value: object, limit: int = 300) -> str:
    """A text out of a log or a file name: control and direction characters replaced, length limited."""
    return shortened(UNSHOWABLE.sub(REPLACEMENT, str(value).replace("\r\n", "\n")), limit)


def marked(name: str) -> str:
    """A name of one line, each character that none should hold replaced by U+FFFD."""
    return "".join(REPLACEMENT if category(character) in _NOT_IN_A_LINE else character for character in name)


def clean_name(raw: str) -> str:
    """The last part of ``raw`` without control, format and direction characters.

    At most ``MAX_NAME_LENGTH`` characters: a name that is longer loses its middle, not its extension.
    Never empty, never ``.`` or ``..``.
    """
    last = raw.replace("\\", "/").rsplit("/", 1)[-1]
    # Direction overrides (category Cf) make "gpj.exe" read "exe.jpg".
    visible = "".join(
        character for character in normalize("NFC", last) if category(character) not in _NOT_IN_A_NAME
    )
    name = " ".join(visible.split()).strip(". ") if visible.strip(". ") else ""
    if not name:
        return UNNAMED
    if len(name) <= MAX_NAME_LENGTH:
        return name
    stem, dot, extension = name.rpartition(".")
    if not dot or len(extension) > 20:
        return name[:MAX_NAME_LENGTH]
    return f"{stem[: MAX_NAME_LENGTH - len(extension) - 2]}…{dot}{extension}"


def clean_path(raw: str) -> str:
    """A file's path within a folder that was uploaded, ``logs/2026/System.evtx``.

    Each part as ``clean_name`` has it; a path that is too long loses its first folders.
    """
    parts = [clean_name(part) for part in raw.replace("\\", "/").split("/") if part.strip(". ")]
    path = "/".join(parts) or UNNAMED
    while len(path) > MAX_NAME_LENGTH and len(parts) > 1:
        del parts[0]
        path = "/".join(["…", *parts])
    return path if len(path) <= MAX_NAME_LENGTH else parts[-1]


def without_nul(text: str) -> str:
    """``text`` as PostgreSQL's ``text`` can hold it (with lone surrogates: ``storable``)."""
    return text.replace("\0", "")


def paragraphs(text: str) -> str:
    """What a person typed in a box, without NUL, its lines ended as everywhere, no blank ends."""
    return without_nul(text).replace("\r\n", "\n").strip()


def one_line(text: str) -> str:
    """``text`` without NUL, every run of white space one space."""
    return " ".join(without_nul(text).split())


def storable(value: Any) -> Any:
    """The same JSON value without what PostgreSQL refuses: NUL characters and lone surrogates.

    Each becomes U+FFFD, so that it stays visible that something stood there
    (https://www.postgresql.org/docs/current/datatype-json.html). Tuples become lists.
    """
    if isinstance(value, str):
        try:
            value.encode()
        except UnicodeEncodeError:
            value = value.encode("utf-16-le", "surrogatepass").decode("utf-16-le", "replace")
        return value.replace("\0", REPLACEMENT)
    if isinstance(value, Mapping):
        return {storable(key): storable(content) for key, content in value.items()}
    if isinstance(value, list | tuple):
        return [storable(content) for content in value]
    return value
