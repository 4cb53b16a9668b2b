"""Lines of ``sha256sum`` and its kin: GNU, ``--tag``/BSD, ``openssl dgst``, fciv, rhash, ``name: hash``.

Lists of known files are made of the same lines (``hash_lists``).
Source: GNU coreutils, "md5 output modes"; OpenSSL, ``openssl-dgst(1)``; Microsoft, KB 841290 (fciv).
"""

import re
from dataclasses import dataclass

from engine.parsers.captures.entry import WEAK_CRC, say_entry
from engine.parsers.captures.hashes import DIGITS, HEX, OF_LENGTH, algorithm_of
from engine.parsers.captures.page import Page

ESCAPES = {"\\\\": "\\", "\\n": "\n", "\\r": "\r"}
FILE_NAME = re.compile(r"\.[A-Za-z0-9_]{1,12}$|[\\/]")
"""How the name of a file ends, or a path."""
PLAIN_NAME = re.compile(r"[^\s:：=,，。()（）]{1,120}\.[A-Za-z0-9]{1,5}")
NAME_IN_SENTENCE = re.compile(
    r"(?<![\w.\\])(?:[A-Za-z]:\\[^\s:*?<>|]{1,200}|[A-Za-z0-9_][\w-]{0,60})\.(?:exe|dll|sys|msi|zip|cab|ocx)\b",
    re.I,
)
MAX_SENTENCE = 500
MIN_HASH = 28
SHARE_OF_DIGITS = 0.75
NOISE = re.compile(
    r"^(?:;|//|fciv|7-Zip|Scanning|Everything is Ok|Files?: \d|Folders: \d|\d+ files?, "
    r"|\d+ folders?, |(?:SHA\w+|CRC\w+|MD5) +for data|sha\w*sum: WARNING)",
    re.IGNORECASE,
)
SFV = re.compile(r"^(?P<name>\S.{0,250}) (?P<crc>[0-9A-Fa-f]{8})$")


@dataclass(frozen=True)
class Checksum:
    """``algorithm`` as in ``hashes.DIGITS``; ``value`` as written, perhaps with a wrong character."""

    algorithm: str
    value: str
    path: str


def read_checksum(line: str) -> Checksum | None:
    """What one line says, ``None`` for a line of another form."""
    plain = line.strip()
    escaped = plain.startswith("\\") and not plain.startswith("\\\\")
    found = _tagged(plain.removeprefix("\\")) or _hash_first(plain.removeprefix("\\")) or _hash_last(plain)
    if found is None or not escaped:
        return found
    path = re.sub(r"\\[\\nr]", lambda escape: ESCAPES[escape[0]], found.path)
    return Checksum(found.algorithm, found.value, path)


def _tagged(plain: str) -> Checksum | None:
    """``SHA256 (path) = hash``, ``SHA2-256(path)= hash``."""
    name, bracket, rest = plain.partition("(")
    path, equals, value = rest.rpartition("=")
    algorithm = algorithm_of(name.strip()) if bracket and equals and len(name) < 16 else None
    path = path.rstrip()
    if algorithm is None or not path.endswith(")") or not _like_a_hash(value.strip()):
        return None
    return Checksum(algorithm, value.strip(), path[:-1])


def _hash_first(plain: str) -> Checksum | None:
    """``hash  path``, ``hash *path``; with one blank where the path looks like one."""
    value, blank, rest = plain.partition(" ")
    if not blank or not _like_a_hash(value):
        return None
    path = rest.strip().removeprefix("*").strip()
    whole = len(value) in OF_LENGTH and HEX.issuperset(value)
    if not path or not (FILE_NAME.search(path) or (whole and rest[:1] in " *")):
        return None
    if not whole and (" " in path and not FILE_NAME.search(path)):
        return None
    return Checksum(_algorithm(value), value, path)


def _hash_last(plain: str) -> Checksum | None:
    """``name: hash``, ``name = hash``, ``path hash``, ``name SHA256: hash``."""
    head, blank, value = re.sub("[:：=]", " ", plain).rpartition(" ")
    if not blank or not _like_a_hash(value):
        return None
    head = plain[: len(head)].rstrip(" :：=")
    before, _, last = head.rpartition(" ")
    algorithm = algorithm_of(last.strip("()（）:：")) if before else None
    path = before.rstrip(" :：=,，") if algorithm else head
    whole = re.match(r"(?:[A-Za-z]:[\\/]|\\\\)\S", path) and FILE_NAME.search(path)
    if not whole and not PLAIN_NAME.fullmatch(path):
        return None
    return Checksum(algorithm or _algorithm(value), value, path)


def read_sentence(page: Page, at: int) -> int:
    """What no form has read: one hash and one file's name in a sentence."""
    line = page.lines[at]
    if found := _in_sentence(line.text):
        say_entry(page, line.number, {"path": found.path, found.algorithm: found.value})
        return at + 1
    return at


def _in_sentence(line: str) -> Checksum | None:
    """One hash and the name of one file in a sentence: ``CodeMeter.exe 的 SHA256 是 …``."""
    if len(line) > MAX_SENTENCE or not line.strip():
        return None
    words = re.split(r"[\s,，。;；:：=“”\"'()（）]+", line)
    hashes = {word for word in words if len(word) in OF_LENGTH and HEX.issuperset(word)}
    names = set(NAME_IN_SENTENCE.findall(line))
    if len(hashes) != 1 or len(names) != 1:
        return None
    value = hashes.pop()
    return Checksum(OF_LENGTH[len(value)], value, names.pop())


def _like_a_hash(word: str) -> bool:
    """Hex digits of a known number, or nearly so."""
    if not word.isascii() or not word.isalnum() or not MIN_HASH <= len(word) <= 132:
        return False
    if HEX.issuperset(word):
        return True
    digits = sum(sign in HEX for sign in word)
    return digits >= SHARE_OF_DIGITS * len(word) and sum(map(str.isdecimal, word)) >= len(word) // 6


def _algorithm(value: str) -> str:
    known = OF_LENGTH.get(len(value))
    return known or OF_LENGTH[min(OF_LENGTH, key=lambda right: abs(right - len(value)))]


def read(page: Page, at: int) -> int:
    """One such line, or one of the lines around them."""
    line = page.lines[at]
    if found := read_checksum(line.text):
        values = {found.algorithm: found.value}
        second, _, rest = found.path.partition(" ")
        if rest and len(second) in OF_LENGTH and HEX.issuperset(second):  # fciv -both
            values[OF_LENGTH[len(second)]] = second
            found = Checksum(found.algorithm, found.value, rest.strip())
        say_entry(page, line.number, {"path": found.path, **values})
        return at + 1
    if NOISE.match(line.text):
        return at + 1
    if (sfv := SFV.match(line.text)) and PLAIN_NAME.fullmatch(sfv["name"].strip()):
        page.miss_once("crc", line.number, WEAK_CRC)
        return at + 1
    if at + 1 < len(page.lines) and _halves(page, at):
        return at + 2
    return at


def _halves(page: Page, at: int) -> bool:
    """A hash that was broken over two lines, its name behind the second half."""
    first, second = page.lines[at].text.strip(), page.lines[at + 1].text.strip()
    if not (MIN_HASH <= len(first) <= 128 and HEX.issuperset(first)):
        return False
    half = second.partition(" ")[0]
    if len(first) + len(half) not in DIGITS.values() or not HEX.issuperset(half) or not half:
        return False
    found = read_checksum(first + second)
    if found is None:
        return False
    say_entry(page, page.lines[at].number, {"path": found.path, found.algorithm: found.value})
    return True
