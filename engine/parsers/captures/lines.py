"""The lines of a console capture, and putting back together what the console's width broke.

A console breaks a long line at its width, PowerShell's list view breaks values and indents
the rest, mail programs break at words and eat the indentation. Where the break fell on a
space, the space may be gone.
"""

import re
import unicodedata
from dataclasses import dataclass, field

from engine.text_safety import without_nul

MAX_LINE_LENGTH = 4_000
MAX_LINES = 500_000
"""What lies beyond is not looked at; no console writes so much."""

PROMPT = re.compile(
    r"^PS(?: (?P<folder>[^>]*))?>(?P<command>.*)$|^(?P<cmd>[A-Za-z]:\\[^>|<\"]*)>(?P<rest>.*)$", re.DOTALL
)
PROMPT_START = re.compile(r"^PS (?:[A-Za-z]:|\\\\|Microsoft\.)")
ROW = re.compile(
    r"^(?P<algorithm>SHA1|SHA256|SHA384|SHA512|MD5|RIPEMD160|MACTripleDES)\s+(?P<rest>[0-9A-Za-z].*)$",
    re.IGNORECASE,
)
CERTUTIL = re.compile(
    r"^(?P<algorithm>SHA1|SHA256|SHA384|SHA512|MD5) ?(?:hash of|的) ?(?:file |文件)?(?P<path>\S[^\r]*)$",
    re.IGNORECASE,
)
DEFAULT_TABLE = re.compile(
    r"^[-dlarhs]{5,7}\s+\d{1,4}[-/.]\d{1,2}[-/.]\d{1,4}\s+\S.*?\s(?P<size>\d[\d,]*)\s+(?P<name>\S.*)$"
)
KEY = re.compile(
    r"^(?P<indent>\s*)(?P<key>[A-Za-z][A-Za-z0-9]{1,30})(?P<gap>\s*)[:：](?P<space>\s*)(?P<value>.*)$"
)
HEADER = re.compile(
    r"^(?:algorithm\s+(?:h|ha|has|hash\b.*)?|[\s\-]*(?:(?:algorithm|hash|path|mode|lastwritetime|length|name)[\s\-]*)*"
    r"|(?:ash|sh|h)?\s*(?:path|pat|pa|p|ath|th|h))\s*$",
    re.IGNORECASE,
)

SHA256_RUN = re.compile(r"(?<![0-9A-Fa-f])[0-9A-Fa-f]{32,}(?![0-9A-Fa-f])")

KEYS = frozenset(
    [
        "algorithm",
        "hash",
        "path",
        "pspath",
        "psparentpath",
        "pschildname",
        "psdrive",
        "psprovider",
        "psiscontainer",
        "mode",
        "modewithouthardlink",
        "versioninfo",
        "basename",
        "target",
        "linktype",
        "linktarget",
        "resolvedtarget",
        "unixfilemode",
        "name",
        "length",
        "directoryname",
        "directory",
        "isreadonly",
        "exists",
        "fullname",
        "extension",
        "creationtime",
        "creationtimeutc",
        "lastaccesstime",
        "lastaccesstimeutc",
        "lastwritetime",
        "lastwritetimeutc",
        "attributes",
        "file",
        "filename",
        "internalname",
        "originalfilename",
        "fileversion",
        "filedescription",
        "product",
        "productname",
        "productversion",
        "debug",
        "isdebug",
        "patched",
        "ispatched",
        "prerelease",
        "isprerelease",
        "privatebuild",
        "isprivatebuild",
        "specialbuild",
        "isspecialbuild",
        "language",
        "comments",
        "companyname",
        "legalcopyright",
        "legaltrademarks",
        "fileversionraw",
        "productversionraw",
    ]
)
SUB_KEYS = frozenset(
    [
        "file",
        "internalname",
        "originalfilename",
        "fileversion",
        "filedescription",
        "product",
        "productversion",
    ]
)


@dataclass(frozen=True)
class Line:
    """``number`` from 1; ``text`` without its end; ``width`` in console cells (Han take two)."""

    number: int
    text: str
    width: int

    @property
    def blank(self) -> bool:
        return not self.text.strip(" \t\u3000`")


@dataclass
class Value:
    """A value as it stands on one or more lines. ``column`` is where its first character stands."""

    line: int
    column: int
    pieces: list[str] = field(default_factory=list)
    widths: list[int] = field(default_factory=list)

    @property
    def whole(self) -> bool:
        """It stands on one line."""
        return len(self.pieces) == 1

    def add(self, line: Line) -> None:
        indent = len(line.text) - len(line.text.lstrip())
        # A console's own cut indents nothing: a blank or two there belong to the value.
        strip = self.column if indent >= self.column else indent if indent > 2 else 0
        self.pieces.append(line.text[strip:])
        self.widths.append(line.width)

    def rank(self, width: int) -> int:
        """How far its blanks can be trusted, best first: whole, broken, broken before a Han character."""
        if self.whole:
            return 1
        return 6 if any(self._wide_next(at, width) for at in range(1, len(self.pieces))) else 5

    def _wide_next(self, position: int, width: int) -> bool:
        """One cell was left and the next character takes two: no telling whether a blank stood there."""
        return self.widths[position - 1] == width - 1 and cells(self.pieces[position][:1]) == 2

    def joined(self, width: int) -> str:
        """One line again. ``width`` is the console's: a line that reaches it was cut, a shorter
        one lost a space at its end."""
        text = ""
        for position, piece in enumerate(self.pieces):
            if position:
                cut = self.widths[position - 1] >= width or self._wide_next(position, width)
                if not cut and text and not text[-1].isspace() and not piece[:1].isspace():
                    text += " "
            text += piece
        return re.sub(r"\s+", " ", text).strip()


def lines_of(content: str) -> list[Line]:
    """The capture's lines; quoting marks of mails and marks of emphasis are taken away."""
    lines = []
    for number, raw in enumerate(re.split(r"\r\n|\n|\r", content, maxsplit=MAX_LINES), start=1):
        if number > MAX_LINES:
            break
        plain = without_nul(raw[:MAX_LINE_LENGTH]).replace("**", "").expandtabs(8)
        plain = re.sub(r"^(?:> ?)+", "", plain)
        lines.append(Line(number, plain, cells(plain)))
    return lines


def cells(content: str) -> int:
    """The width in console cells."""
    if content.isascii():
        return len(content)
    return sum(2 if unicodedata.east_asian_width(character) in "WF" else 1 for character in content)


def certutil_of(line: str) -> tuple[str, str] | None:
    """Algorithm and path of certutil's "SHA256 hash of <path>:" and "SHA256 的 <path> 哈希:"."""
    plain = " ".join(line.split())
    match = CERTUTIL.match(plain)
    if match is None or not plain.endswith((":", "：")):
        return None
    path = match["path"].rstrip(":： ").removesuffix("哈希").rstrip().removesuffix("的").rstrip()
    return match["algorithm"], path


def is_header(line: str) -> bool:
    """Column titles and their dashes, whole or a broken-off part."""
    return HEADER.match(line) is not None


def key_of(line: str) -> re.Match[str] | None:
    """A ``Name : value`` line, of a known name or of PowerShell's aligned shape."""
    match = KEY.match(line)
    if match is None:
        return None
    if match["key"].lower() in KEYS:
        return match
    return match if match["gap"] and match["space"] and not match["indent"] else None


def starts_something(line: Line) -> bool:
    """The line opens a prompt, a row, a value or a heading: it continues nothing."""
    content = line.text
    return bool(
        PROMPT_START.match(content)
        or PROMPT.match(content)
        or ROW.match(content)
        or certutil_of(content)
        or key_of(content)
        or re.match(r"^\s*(#|==|--|//|【|\*\*)", content)
    )
