"""Bytes and encoded words of a mail as text.

A label stands for the superset that browsers and mailers mean by it (WHATWG Encoding Standard, 4.2). A
declared charset is kept where single bytes of it are broken: they become U+FFFD. Another one is tried only
where hardly anything fits, where the bytes are another's without doubt, or nothing is declared: UTF-8, then
GB18030 and Big5, which Chinese mailers send unlabelled, then Windows-1252.
"""

import binascii
import codecs
import re

from engine.text_safety import without_nul

SUPERSETS = {
    "ascii": "cp1252",
    "iso8859-1": "cp1252",
    "gb2312": "gb18030",
    "gbk": "gb18030",
    "big5": "cp950",
    "shift_jis": "cp932",
    "euc_kr": "cp949",
    "iso8859-9": "cp1254",
    "iso8859-11": "cp874",
    "tis-620": "cp874",
}
"""By the names that Python gives its codecs."""
LABELS = {
    "chinese": "gb18030",
    "cn-gb": "gb18030",
    "csgb2312": "gb18030",
    "csiso58gb231280": "gb18030",
    "gb-2312-80": "gb18030",
    "gb2312-80": "gb18030",
    "iso-ir-58": "gb18030",
    "x-gbk": "gb18030",
    "x-gb18030": "gb18030",
    "windows-936": "gb18030",
    "hz-gb-2312": "hz",
    "cp936": "gb18030",
    "ms936": "gb18030",
    "cn-big5": "cp950",
    "x-x-big5": "cp950",
    "csbig5": "cp950",
    "windows-950": "cp950",
    "x-sjis": "cp932",
    "windows-31j": "cp932",
    "windows-932": "cp932",
    "ms932": "cp932",
    "x-euc-jp": "euc_jp",
    "iso-2022-jp": "iso2022_jp_ext",
    "ks-c-5601-1987": "cp949",
    "ks-c-5601-1989": "cp949",
    "ksc5601": "cp949",
    "ksc-5601": "cp949",
    "korean": "cp949",
    "iso-ir-149": "cp949",
    "windows-949": "cp949",
    "windows-874": "cp874",
    "dos-874": "cp874",
    "iso-8859-8-i": "iso8859-8",
    "iso-8859-8-e": "iso8859-8",
    "x-mac-roman": "mac_roman",
    "macintosh": "mac_roman",
    "x-mac-cyrillic": "mac_cyrillic",
    "unicode-1-1-utf-8": "utf-8",
    "unicode-1-1-utf-7": "utf-7",
    "x-unicode20utf8": "utf-8",
    "utf-16": "utf-16-le",
    "unicode": "utf-16-le",
}
"""What Python does not know, or knows as less; ``_`` as ``-``, ``x-cp1252`` and the like without ``x-``."""
DECLARES_NOTHING = frozenset(
    ("", "us-ascii", "ascii", "unknown-8bit", "x-unknown", "unknown", "default", "8bit", "binary")
)
"""8-bit bytes under ``us-ascii`` are nobody's ASCII; scripts put it on whatever they send."""
_WITHIN_ASCII = ("utf", "hz", "unicode")
"""How labels begin under which bytes of ASCII are other characters."""
_BEGINS_JAPANESE = (b"\x1b$B", b"\x1b$@", b"\x1b(J")
MIN_CHINESE = 4
"""Characters from which on Chinese is believed against a label of Western Europe."""
MIN_OTHER_CHINESE = 8
"""Characters from which on the other Chinese charset is believed against the declared one."""
_WESTERN = frozenset(("cp1252", "cp1254", "iso8859-15"))
_EVERYDAY = {"gb18030": ("gb2312", b"\xb0", b"\xd8"), "cp950": ("cp950", b"\xa4", b"\xc7")}
"""Of a Chinese charset the one in which everyday characters stand between two bytes."""
MAX_SAMPLE = 64 * 1024
"""Bytes, and characters, by which a charset is told."""

_WORD = re.compile(r"=\?([^?\s*]{1,60})(?:\*[^?\s]{0,20})?\?([bBqQ])\?([^?\r\n]*)\?=")
_ASCII = re.compile(r"[^\x80-\U0010ffff]+")
_PAIRS = re.compile(rb"[\x81-\xfe].|\?", re.DOTALL)
"""Characters of an East Asian charset; a question mark where it has none."""
_LONG = re.compile(r"[\u0800-\U0010ffff]")
"""A character of three bytes or more in UTF-8."""
_BEYOND_ASCII = re.compile(rb"[\x80-\xff]+")
_HIGH = bytes(range(0x80, 0x100))
_MISFITS = re.compile(
    rb"(?:[^\x81-\xfe]"
    rb"|[\x81-\x84\x90-\xe3](?![\x40-\x7e\x80-\xfe]|[0-9][\x81-\xfe][0-9])"
    rb"|[\x85-\x8f\xe4-\xfe](?![\x40-\x7e\x80-\xfe])){1,65536}+"
)
"""A run of bytes none of which begins a longer character of GB18030."""
_MISFIT = "".join(chr(byte) if byte < 0x80 else "€" if byte == 0x80 else "\ufffd" for byte in range(256))
"""What stands for each; 0x80 is the euro sign of Windows."""


def words(text: str) -> str:
    """Text with its encoded words (RFC 2047) decoded.

    Adjacent words of one charset are joined as bytes first: mailers split them within a character.
    """
    if "=?" not in text:
        return text
    pieces: list[str] = []
    run: list[bytes] = []
    charset, end = "", 0
    for word in _WORD.finditer(text):
        between, label = text[end : word.start()], word[1].lower()
        if between.strip() or not end or label != charset:
            pieces.append(decoded(b"".join(run), charset))
            run = []
            if between.strip() or not end:
                pieces.append(between)
        charset, end = label, word.end()
        run.append(_word_bytes(word[2], word[3]))
    return "".join([*pieces, decoded(b"".join(run), charset), text[end:]])


def decoded(content: bytes, charset: str) -> str:
    """Bytes as text, by the declared charset; without NUL and surrogates, which no database takes."""
    label = charset.strip().strip("\"'").lower()
    if content.isascii() and b"\x1b" not in content and not label.startswith(_WITHIN_ASCII):
        return without_nul(content.decode("ascii"))
    codec = "" if label in DECLARES_NOTHING else _codec(label)
    text = without_nul(_by(codec, content) if codec else _guessed(content))
    return text.encode("utf-8", "replace").decode()


def _codec(label: str) -> str:
    """Python's codec for a label; empty where there is none that makes text."""
    plain = label.replace("_", "-")
    named = LABELS.get(plain) or LABELS.get(plain.removeprefix("x-"))
    if named:
        return named
    for name in (label, plain.removeprefix("x-")):
        try:
            codec = codecs.lookup(name).name
            b"".decode(codec)
        except (LookupError, ValueError):
            continue
        return SUPERSETS.get(codec, codec)
    return ""


def _by(codec: str, content: bytes) -> str:
    if codec.startswith("utf-16") and content[:2] in {codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE}:
        codec = "utf-16"
    content = content.removeprefix(codecs.BOM_UTF8) if codec == "utf-8" else content
    if other := _unlike_label(codec, content):
        return _leniently(other, content.removeprefix(codecs.BOM_UTF8))
    for name in (codec, "big5hkscs") if codec == "cp950" else (codec,):
        text = _strictly(name, content)
        if text is not None:
            return text
    if codec != "utf-8":
        text = _strictly("utf-8", content)
        if text is not None:
            return text
    if codec == "utf-8":
        return _from_cesu(content) or _guessed(content)
    return _leniently(codec, content)


def _guessed(content: bytes) -> str:
    text = _strictly("utf-8", content.removeprefix(codecs.BOM_UTF8))
    if text is not None:
        if any(mark in content for mark in _BEGINS_JAPANESE):
            return _strictly("iso2022_jp_ext", content) or text
        return text
    unicode, chinese = _leniently("utf-8", content), _leniently("gb18030", content)
    traditional = _leniently("cp950", content[:MAX_SAMPLE])
    if len(content) > MAX_SAMPLE:
        traditional = traditional.rstrip("\ufffd")
    is_whole, share = "\ufffd" not in chinese, _common(chinese, "gb18030")
    if "\ufffd" not in traditional and (other := _common(traditional, "cp950")) > share:
        is_whole, share, chinese = True, other, _leniently("cp950", content)
    if _mostly_fits(unicode) and not (is_whole and share > 9 / 10):
        return unicode
    return chinese if share > 1 / 2 else _leniently("cp1252", content)


def _unlike_label(codec: str, content: bytes) -> str:
    """Another charset that the bytes are of without doubt, though the label's may read them; empty where
    there is none."""
    if codec not in _WESTERN and codec not in _EVERYDAY:
        return ""
    sample = _sample(content)
    unicode = _leniently("utf-8", sample)
    if codec in _WESTERN:
        if "\ufffd" in unicode and _is_unlike_western(sample):
            return "gb18030"
        return "utf-8" if _mostly_fits(unicode) else ""
    declared = _common(_leniently(codec, sample), codec)
    if "\ufffd" not in unicode and len(_LONG.findall(unicode)) > 1 and declared <= 1 / 2:
        return "utf-8"
    other = next(name for name in _EVERYDAY if name != codec)
    text = _strictly(other, sample)
    is_other = text is not None and len(_ASCII.sub("", text)) >= MIN_OTHER_CHINESE and declared < 3 / 4
    return other if text and is_other and _common(text, other) > 9 / 10 else ""


def _sample(content: bytes) -> bytes:
    """From the first byte beyond ASCII on; whole characters of it."""
    begins = _BEYOND_ASCII.search(content)
    sample = content[begins.start() :][:MAX_SAMPLE] if begins else b""
    return sample.rstrip(_HIGH) or sample if len(sample) == MAX_SAMPLE else sample


def _is_unlike_western(sample: bytes) -> bool:
    """Whether a label of Western Europe stands on Chinese: letters with accents stand between others and
    alone, bytes of GBK in pairs."""
    runs = _BEYOND_ASCII.findall(sample)
    if sum(map(len, runs)) < 2 * MIN_CHINESE or any(len(run) % 2 for run in runs):
        return False
    text = _strictly("gb18030", sample)
    return text is not None and _common(text, "gb18030") > 9 / 10


def _common(text: str, codec: str) -> float:
    """The share of characters beyond ASCII that are everyday ones of a Chinese charset, punctuation aside:
    rare ones are what other charsets look like in it (“öß” of Windows-1252 is 鲞)."""
    narrow, begin, end = _EVERYDAY[codec]
    characters = _PAIRS.findall(_ASCII.sub("", text[:MAX_SAMPLE]).encode(narrow, "replace"))
    letters = [character for character in characters if not b"\xa1" <= character < b"\xa4"]
    if not letters:
        return float(bool(characters))
    return sum(begin <= character < end for character in letters) / len(letters)


def _mostly_fits(text: str) -> bool:
    """Whether more was read as UTF-8 than was not. A longer character counts for each of its three bytes:
    others hardly ever look so, but every sixth of GBK looks like one of two bytes."""
    broken = text.count("\ufffd")
    read = len(text) - len(text.encode("ascii", "ignore")) - broken
    return read + 2 * (len(_LONG.findall(text)) - broken) > broken


def _from_cesu(content: bytes) -> str | None:
    """UTF-8 with the halves of a surrogate pair one by one, as Java writes it."""
    try:
        halves = content.decode("utf-8", "surrogatepass")
        return halves.encode("utf-16-le", "surrogatepass").decode("utf-16-le", "replace")
    except UnicodeError:
        return None


def _strictly(codec: str, content: bytes) -> str | None:
    try:
        return content.decode(codec)
    except (UnicodeError, LookupError, ValueError):
        return None


def _leniently(codec: str, content: bytes) -> str:
    try:
        return content.decode(codec, _EACH_BYTE if codec == "gb18030" else "replace")
    except (UnicodeError, LookupError, ValueError):  # Some codecs fail whatever is asked of them.
        return content.decode("cp1252", "replace")


def _each_byte(error: UnicodeError) -> tuple[str, int]:
    """Each byte that does not fit is one character, and on with the next; many in a row are one call."""
    assert isinstance(error, UnicodeDecodeError)
    run = _MISFITS.match(error.object, error.start)
    end = run.end() if run else error.start + 1
    return codecs.charmap_decode(error.object[error.start : end], "strict", _MISFIT)[0], end


_EACH_BYTE = "mail-each-byte"
codecs.register_error(_EACH_BYTE, _each_byte)


def _word_bytes(encoding: str, text: str) -> bytes:
    content = text.encode("utf-8", "surrogateescape")
    if encoding in "bB":
        return from_base64(content)
    return binascii.a2b_qp(content, header=True)


def from_base64(content: bytes | memoryview) -> bytes:
    """What base64 holds, whatever is missing at its end."""
    for padding in (b"", b"==", b"="):
        try:
            return binascii.a2b_base64(bytes(content) + padding if padding else content)
        except binascii.Error:
            continue
    kept = re.sub(rb"[^A-Za-z0-9+/]", b"", bytes(content))
    return binascii.a2b_base64(kept[: len(kept) // 4 * 4])
