"""How the parts of a console text begin: prompts, rows, values, titles of columns."""

import re

from engine.parsers.captures.hashes import DRIVE
from engine.parsers.captures.keys import key_of
from engine.parsers.captures.lines import Line

PROMPT = re.compile(
    r"^PS(?: (?P<folder>[^>]*))?>(?P<command>.*)$"
    r"|^(?P<cmd>[A-Za-z]:\\[^>|<\"]*)>(?P<rest>.*)$"
    r"|^(?:[\w.-]{1,64}@[\w.-]{1,64}[: ][^$#]{0,300})?[$#] "
    r"(?P<shell>(?:sha\d+sum|md5sum|openssl|rhash)\b.*)$",
    re.DOTALL,
)
PROMPT_START = re.compile(r"^PS (?:[A-Za-z]:|\\\\|Microsoft\.)")
ROW = re.compile(
    r"^(?P<algorithm>SHA1|SHA256|SHA384|SHA512|MD5|RIPEMD160|MACTripleDES)[ ]+(?P<rest>[0-9A-Za-z].*)$",
    re.IGNORECASE,
)
OPENING = re.compile(r"^ *(?:#|==|--|//|【|\*\*)")
ANSWER = re.compile(
    r"^(?:CertUtil ?[:：]|[A-Za-z]{2,12}-[A-Za-z]{2,30} ?[:：] |无法将|系统找不到|The (?:system|term) "
    r"|找不到文件"
    r"| (?:Volume|Directory of|驱动器|卷的)|\d+$|[0-9A-Fa-f]{32,128}$|True$|False$)"
)
"""What a command writes right below its prompt."""
TITLES = frozenset(
    [
        "algorithm",
        "hash",
        "path",
        "mode",
        "lastwritetime",
        "length",
        "name",
        "h",
        "ha",
        "has",
        "ash",
        "sh",
        "p",
        "pa",
        "pat",
        "ath",
        "th",
    ]
)
"""Titles of columns, and what a narrow console leaves of them on a line."""
MAX_TITLES = 12


CERTUTIL = re.compile(
    r"^(?P<algorithm>SHA1|SHA256|SHA384|SHA512|MD5)[ -]?"
    r"(?:hash of (?:file )?|的 ?(?:文件 ?)?|hash von (?:Datei )?|hash de "
    r"|(?:hash|哈希|雜湊|ハッシュ|해시) ?(?P<bracket>[(（])(?:文件|file|対象|檔案|파일)? ?)(?P<path>\S.*)$",
    re.IGNORECASE,
)
CERTUTIL_ENDS = ("哈希", "的", "雜湊", "のハッシュ", "ハッシュ")


def is_header(line: str) -> bool:
    """Column titles and their dashes, whole or a broken-off part."""
    words = line.lower().split(None, MAX_TITLES)
    if not words or len(words) > MAX_TITLES:
        return not words
    if words[0] == "algorithm" and (len(words) == 1 or words[1][:1] == "h"):
        return True
    return all(word in TITLES or not word.strip("-") for word in words)


def is_ruler(line: str) -> bool:
    """Dashes under titles, ``---- ------``."""
    plain = line.replace(" ", "").replace("\t", "")
    return len(plain) >= 3 and not plain.strip("-=")


def certutil_of(line: str) -> tuple[str, str] | None:
    """Algorithm and path of certutil's head line: ``SHA256 hash of [file] <path>:``, ``SHA256 的 <path>
    哈希:``, ``SHA256 哈希(文件 <path>):`` and its like in other languages."""
    plain = " ".join(line.split())
    if not plain.endswith((":", "：")) or len(plain) < 8:
        return None
    plain = plain[:-1].rstrip()
    match = CERTUTIL.match(plain)
    if match is None:
        return None
    path = match["path"].rstrip()
    for end in CERTUTIL_ENDS:
        path = path.removesuffix(end).rstrip()
    if match["bracket"]:
        path = path.removesuffix(")").removesuffix("）").rstrip()
    return (match["algorithm"].upper(), path) if path else None


def starts_something(line: Line) -> bool:
    """The line opens a prompt, a row, a value or a heading: it continues nothing."""
    content = line.text
    return bool(
        PROMPT_START.match(content)
        or PROMPT.match(content)
        or ROW.match(content)
        or certutil_of(content)
        or key_of(content)
        or OPENING.match(content)
        or ANSWER.match(content)
    )


def tells_width(line: Line) -> bool:
    """A line whose length tells of the console's width (a heading's does not)."""
    return bool(
        line.text[:1].isspace()
        or "\\" in line.text
        or DRIVE.match(line.text)
        or re.match("[0-9A-F]{8}", line.text)
        or starts_something(line)
    )
