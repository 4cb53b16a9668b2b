"""Text of strangers (mails, file names, logs), made fit to be read, named and stored.

One home for the whole house: the engine needs it and knows no portal, so it lies here, and every room
may import it (``tests/test_architecture.py``). What leaves here is still hostile where it is markup, a
path or a command: escaping and quoting belong to those who write such.

``plain`` leaves out what must not be read (messages), ``legible`` and ``legible_lines`` what no sentence
about a log should carry; ``shown``, ``marked``, ``printable`` and ``terminal_line`` put a sign in its place
(evidence and names: that something stood there is a fact), ``xml_legal`` before XML is parsed;
``clean_name``, ``clean_path`` and ``disk_name`` make names that can be kept; ``storable``,
``without_nul``, ``paragraphs`` and ``one_line`` are for
PostgreSQL; ``comparable`` is for patterns, not for readers; ``plain_blanks`` is for parsers. Nobody
else cleans text (``tests/test_conventions.py``).
"""

import re
from collections.abc import Mapping
from functools import cache
from typing import Any
from unicodedata import category, normalize

REPLACEMENT = "\N{REPLACEMENT CHARACTER}"
UNSHOWABLE = re.compile(
    "[\x00-\x08\x0b-\x1f\x7f-\x9f\u061c\u200b-\u200f\u2028-\u202e\u2060-\u206f\ufeff\ud800-\udfff]"
)
"""Control characters, the format characters that hide text or turn its direction, and surrogates."""
MAX_NAME_LENGTH = 255
"""Characters of a stored name."""
MAX_DISK_NAME_BYTES = 200
"""Bytes of UTF-8; file systems take 255, and something may be put behind the name."""
UNNAMED = "unnamed"

_NOT_XML = re.compile(
    "[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff\ud800-\udfff]"
    "|&#(?:0{0,6}(?:[0-8]|1[124-9]|2[0-9]|3[01])|[xX]0{0,6}(?:1?[0-8b-fB-F]|19|1[aA]))(?<!&#13)(?"
    "<!&#[xX][dD]);"
)
"""Characters that XML 1.0 has no place for, as such or by number; Windows writes them none the less."""
_CONTROL = {"Cc", "Cf", "Cs"}
"""Controls, formats (bidi overrides, zero width) and surrogates. Unicode's Bidi_Control characters are
all of category Cf (Unicode Standard Annex #9)."""
_NOT_IN_A_LINE = {*_CONTROL, "Zl", "Zp"}
_NOT_IN_A_NAME = {*_NOT_IN_A_LINE, "Co", "Cn"}
_COMPARED = {"Pd": "-", "Pc": "-", "Zs": " ", "Zl": " ", "Zp": " ", "Cc": " ", "Cf": ""}
_DASHES = "\u00b7\u30fb\u2022\u2212\u2043\u2796\u30fc\uff70\u2500\u2501\u02d7\uff5e"
"""That are no dashes to Unicode, but to people and input methods."""
_KEPT = "\n\t\u200c\u200d"
"""Scripts and emoji need the joiners."""


@cache
def _hidden_or_blank() -> Mapping[int, str]:
    return {
        code: {"Cf": "", "Zs": " "}[kind]
        for code in range(0x10000)
        if (kind := category(chr(code))) in {"Cf", "Zs"} and code != 0x20
    }


@cache
def _comparable() -> Mapping[int, str]:
    return {
        **{0xFF00 + place: chr(0x20 + place) for place in range(1, 0x5F)},
        **{code: _COMPARED[kind] for code in range(0x10000) if (kind := category(chr(code))) in _COMPARED},
        **dict.fromkeys(map(ord, _DASHES), "-"),
    }


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


def legible_lines(text: str) -> str:
    """``text`` of a log without what ``shown`` replaces, without blank ends; lines and tabs stay."""
    return UNSHOWABLE.sub("", text).strip()


def legible(text: str, limit: int = 256) -> str:
    """A name or value of a log within a sentence: ``legible_lines`` without line ends and tabs, cut off
    without a sign after ``limit`` characters."""
    return legible_lines(text.replace("\n", "").replace("\t", ""))[:limit]


def plain_blanks(text: str) -> str:
    """``text`` with every kind of blank as an ordinary one and without format characters (soft hyphens, zero
    width): as mail programs and word processors hand on what stood in a console."""
    return text if text.isascii() else text.translate(_hidden_or_blank())


def printable(text: str) -> str:
    """Each character that is not printable (``str.isprintable``: line ends, tabs and unusual spaces as well)
    replaced by U+FFFD."""
    return "".join(character if character.isprintable() else REPLACEMENT for character in text)


def terminal_line(text: str) -> str:
    """One line that cannot steer the terminal: ``printable``, white space of any kind as blanks."""
    return printable(re.sub(r"\s", " ", text))


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


def disk_name(raw: str) -> str:
    """``clean_name`` as a file's name on a disk: at most ``MAX_DISK_NAME_BYTES``.

    A name that is longer loses the end of its stem, not its extension; one that is all extension all of it.
    """
    name = clean_name(raw)
    if len(name.encode()) <= MAX_DISK_NAME_BYTES:
        return name
    stem, dot, extension = name.rpartition(".")
    space = MAX_DISK_NAME_BYTES - len(f"{dot}{extension}".encode())
    return f"{stem.encode()[:space].decode('utf-8', 'ignore')}{dot}{extension}" if space > 0 else UNNAMED


def xml_legal(text: str) -> str:
    """XML without the characters that version 1.0 refuses; each, also as ``&#1;``, becomes U+FFFD."""
    return _NOT_XML.sub(REPLACEMENT, text)


def without_nul(text: str) -> str:
    """``text`` as PostgreSQL's ``text`` can hold it (with lone surrogates: ``storable``)."""
    return text.replace("\0", "")


def paragraphs(text: str) -> str:
    """What a person typed in a box, without NUL, its lines ended as everywhere, no blank ends."""
    return without_nul(text).replace("\r\n", "\n").strip()


def one_line(text: str) -> str:
    """``text`` without NUL, every run of white space one space."""
    return " ".join(without_nul(text).split())


def comparable(text: str) -> str:
    """``text`` for a pattern that looks for a number or a word: in capitals, half width, on one line, with
    one kind of dash (``-``) and single spaces, and nothing in it that is not seen."""
    return re.sub(" {2,}", " ", text.translate(_comparable()).upper())


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
