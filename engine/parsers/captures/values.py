"""Single values of a capture: hashes, dates, sizes, paths."""

import re
from dataclasses import dataclass
from datetime import datetime

HEX = frozenset("0123456789abcdefABCDEF")
SHA256_DIGITS = 64

DATE = re.compile(
    r"^(?:(?P<y1>\d{4})\s*[-/.年]\s*(?P<m1>\d{1,2})\s*[-/.月]\s*(?P<d1>\d{1,2})|(?P<a>\d{1,2})(?P<sep>[/.-])(?P<b>\d{1,2})[/.-](?P<y2>\d{4}))"
    r"(?:\s*日\s*|\s*T|\s+)(?P<before>上午|下午|AM|PM)?\s*(?P<hour>\d{1,2}):(?P<minute>\d{2}):(?P<second>\d{2})(?:\.\d+)?Z?"
    r"\s*(?P<after>AM|PM|上午|下午)?$",
    re.IGNORECASE,
)
ABSOLUTE = re.compile(r"(?<![A-Za-z])[A-Za-z]:[\\/]|\\\\[^\\\s]")


@dataclass(frozen=True)
class HashAndRest:
    """``sha256`` upper-case or ``None``; ``digits`` is how many were found; ``rest`` follows it."""

    sha256: str | None
    digits: int
    rest: str


def take_hash(content: str) -> HashAndRest:
    """64 hex digits at the start, blanks between them ignored, and what stands behind them.

    The drive letter of a path may be a hex digit (``C:\\``): it ends the hash.
    """
    digits: list[str] = []
    at = 0
    while at < len(content) and len(digits) < SHA256_DIGITS:
        character = content[at]
        if character.isspace():
            at += 1
            continue
        if character not in HEX or re.match(r":[\\/]", content[at + 1 :]):
            break
        digits.append(character)
        at += 1
    rest = content[at:]
    if len(digits) == SHA256_DIGITS and not _goes_on(rest):
        return HashAndRest("".join(digits).upper(), SHA256_DIGITS, rest.strip())
    path = ABSOLUTE.search(rest)
    wrong = rest[: path.start()] if path else rest
    return HashAndRest(
        None, len(digits) + len("".join(wrong.split())), rest[path.start() :].strip() if path else ""
    )


def _goes_on(rest: str) -> bool:
    """More digits or letters behind the 64th: this is no SHA-256."""
    if ABSOLUTE.match(rest.lstrip()) or not rest.strip():
        return False
    return bool(re.match(r"\w", rest) or re.match(r"\s+[0-9A-Fa-f]+(\s|$)", rest))


def read_date(content: str) -> str | None:
    """``YYYY-MM-DDTHH:MM:SS`` of ``4/6/2016 12:20:00 PM``, ``2016-04-06 12:20:00``,
    ``2016/4/6 12:20:00``, ``2016/4/6 下午 12:20:00``; ``None`` for anything else."""
    match = DATE.match(content.strip())
    if match is None:
        return None
    if match["y1"]:
        year, month, day = int(match["y1"]), int(match["m1"]), int(match["d1"])
    else:
        year, month, day = int(match["y2"]), int(match["a"]), int(match["b"])
        if match["sep"] == "." or month > 12:  # day first
            month, day = day, month
    hour = int(match["hour"])
    half = (match["before"] or match["after"] or "").upper()
    if half in {"PM", "下午"} and hour < 12:
        hour += 12
    if half in {"AM", "上午"} and hour == 12:
        hour = 0
    minute, second = int(match["minute"]), int(match["second"])
    try:
        return datetime(year, month, day, hour, minute, second).isoformat()  # noqa: DTZ001  the text names no zone
    except ValueError:
        return None


def read_size(content: str) -> int | None:
    """Bytes of ``4562920`` or ``4,562,920``."""
    plain = re.sub(r"[,\s]", "", content)
    return int(plain) if plain.isascii() and plain.isdecimal() and len(plain) < 20 else None


def squeezed(content: str) -> str:
    """For comparing what the console may have broken: no blanks, no case."""
    return "".join(content.split()).casefold()


def plain_path(content: str) -> str:
    """A path without PowerShell's provider prefix; the usual folder names get their space back."""
    path = content.rpartition("::")[2].strip().strip('"')
    return re.sub(
        r"Program ?Files(?: ?\((x86)\))?",
        lambda m: "Program Files (x86)" if m[1] else "Program Files",
        path,
        flags=re.I,
    )


def is_absolute(path: str) -> bool:
    return ABSOLUTE.match(path) is not None


def resolve(folder: str, name: str) -> str:
    """``name`` as typed at a prompt standing in ``folder``."""
    name = name.strip().strip("\"'")
    if is_absolute(name) or not folder:
        return name
    return folder.rstrip("\\") + "\\" + re.sub(r"^(\.[\\/])+", "", name)


def target_of(command: str) -> str | None:
    """The file that a command looks at, as typed; ``None`` for none or a pattern."""
    head = command.split("|")[0]
    words = re.findall(r"\"[^\"]*\"|'[^']*'|\S+", head)
    if not words or words[0].lower() not in {
        "get-filehash",
        "get-item",
        "gi",
        "get-childitem",
        "dir",
        "ls",
        "gci",
        "certutil",
    }:
        return None
    skip = False
    for word in words[1:]:
        if skip:
            skip = False
        elif word.lower() in {"-algorithm", "-a"}:
            skip = True
        elif not word.startswith("-") and not re.search(r"[*?$(]", word.replace("(x86)", "")):
            return word.strip("\"'")
    return None
