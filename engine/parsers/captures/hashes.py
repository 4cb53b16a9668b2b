"""Hashes as they stand in captures: broken by blanks, one digit short, typed off a picture.

A hash is never mended: a letter O where a digit stands is named with its place, and the hash is left out.
"""

import re
import unicodedata
from dataclasses import dataclass
from itertools import groupby

from engine.text import Text, text

HEX = frozenset("0123456789abcdefABCDEF")
SHA256_DIGITS = 64
DIGITS = {
    "MD5": 32,
    "SHA1": 40,
    "SHA256": SHA256_DIGITS,
    "SHA384": 96,
    "SHA512": 128,
    "RIPEMD160": 40,
    "MACTRIPLEDES": 16,
    "CRC32": 8,
}
"""Hex digits of what tools compute over files."""
COMPARED = frozenset({"MD5", "SHA1", "SHA256", "SHA384", "SHA512"})
OF_LENGTH = {32: "MD5", 40: "SHA1", 64: "SHA256", 96: "SHA384", 128: "SHA512"}
LOOKS_LIKE = {
    **dict.fromkeys("OoQ\u041e\u043e\u039f\u03bf", "0"),
    **dict.fromkeys("lIi|\u0406\u0456", "1"),
    "Z": "2",
    "z": "2",
    "S": "5",
    "s": "5",
    "G": "6",
    "g": "9",
    "q": "9",
    "\u0417": "3",
    "\u0431": "6",
    "\u0410": "A",
    "\u0412": "B",
    "\u0421": "C",
    "\u0415": "E",
    "\u0430": "a",
    "\u0441": "c",
    "\u0435": "e",
}
"""The digit that people and text recognition meant, of Latin, Cyrillic and Greek letters."""
MAX_WRONG_NAMED = 5

DRIVE = re.compile(r"[A-Za-z]:[\\/]|\\\\[^\\\s]")
BYTES = re.compile(r"[0-9A-Fa-f]{2}(?:[-:][0-9A-Fa-f]{2}){7,127}")
_WIDE = {0xFF01 + place: 0x21 + place for place in range(94)}


@dataclass(frozen=True)
class Taken:
    """``value`` upper-case or ``None``; ``digits`` is how many characters stand for it; ``wrong`` are those
    that are no hex digits, with their places from 1; ``rest`` follows the hash."""

    value: str | None
    digits: int
    wrong: tuple[tuple[int, str], ...]
    rest: str

    @property
    def sha256(self) -> str | None:
        """The value, where 64 digits were asked for."""
        return self.value


def algorithm_of(name: str) -> str | None:
    """``SHA256`` of ``sha-256``, ``SHA2-256``, ``sha256sum``; ``None`` for what names no algorithm."""
    plain = re.sub(r"[-_ ]", "", name).upper().removesuffix("SUM").removesuffix("HASH")
    if plain.startswith("SHA2") and plain[4:] in {"256", "384", "512"}:
        plain = "SHA" + plain[4:]
    return plain if plain in DIGITS else None


def take_hash(content: str, digits: int = SHA256_DIGITS) -> Taken:
    """``digits`` hex digits at the start and what stands behind them; blanks and the marks between bytes
    are ignored, full-width digits are digits.

    The drive letter of a path may be a hex digit (``C:\\``): it ends the hash.
    """
    content = content.strip()
    path = DRIVE.search(content)
    head, rest = (content[: path.start()], content[path.start() :]) if path else (content, "")
    taken, at, ended = "", 0, False
    for token in re.finditer(r"\S+", head):
        word = token.group().translate(_WIDE)
        word = re.sub("[-:]", "", word) if BYTES.fullmatch(word) else word.rstrip(",;.，；。")
        fits = len(taken) + len(word) <= digits or not taken or HEX.issuperset(word)
        ended = len(taken) >= digits and not (len(word) > 1 and HEX.issuperset(word))
        if ended or not word.isalnum() or not fits:
            break
        taken += word
        at = token.end()
    rest = (head[at:] + rest).strip()
    wrong = tuple((place, sign) for place, sign in enumerate(taken, start=1) if sign not in HEX)
    good = len(taken) == digits and not wrong
    return Taken(taken.upper() if good else None, len(taken), wrong, rest)


def what_is_wrong(taken: Taken, algorithm: str, digits: int) -> Text:
    """Why a hash cannot be used: which characters are wrong, or how many are missing."""
    zh, en = [], []
    if taken.digits and taken.wrong and taken.digits - len(taken.wrong) >= taken.digits // 2:
        for sign, found in groupby(sorted(taken.wrong, key=lambda wrong: wrong[1]), lambda wrong: wrong[1]):
            places = [place for place, _ in found]
            named = [str(place) for place in places[:MAX_WRONG_NAMED]]
            more = "" if len(places) == len(named) else "…"
            like = LOOKS_LIKE.get(sign)
            zh.append(
                f"第 {'、'.join(named)}{more} 位是{_named(sign)['zh-hans']}"
                + (f"（应为 {like}？）" if like else "")
            )
            en.append(f"{_named(sign)['en']} at {', '.join(named)}{more}" + (f" ({like}?)" if like else ""))
    if taken.digits != digits:
        zh.append(f"应为 {digits} 位十六进制数字，此处为 {taken.digits} 位")
        en.append(f"{taken.digits} of {digits} hex digits")
    if not en:
        zh.append("含有十六进制数字以外的字符")
        en.append("characters that are no hex digits")
    return text(
        f"{algorithm} 哈希{'；'.join(zh[:MAX_WRONG_NAMED])}，无法使用，请重新复制。",
        f"This {algorithm} cannot be used: {'; '.join(en[:MAX_WRONG_NAMED])}. Please copy it again.",
    )


def _named(sign: str) -> Text:
    if sign.isascii():
        return text(f"字母 {sign}", f"letter {sign}")
    code = f"U+{ord(sign):04X}"
    return text(f"字符“{sign}”（{code}）", f"{unicodedata.name(sign, 'character').lower()} {sign} ({code})")
