"""Single values of a capture: sizes, paths, what a command asks for."""

import re
import unicodedata

from engine.parsers.captures.hashes import DRIVE

BYTES = re.compile(r"(\d[\d,.'  ]{0,30}) ?(?:字节|位元組|バイト|bytes?\b|octets?\b|o\b)", re.IGNORECASE)
GROUPED = re.compile(r"\d{1,3}(?:([,. '])\d{3})(?:\1\d{3})*")
MAX_SIZE_DIGITS = 19
MAX_WRITTEN = 200
CUT = re.compile(r"\s?(?:\.{3}|…)$")
COMMANDS = frozenset(
    [
        "get-filehash",
        "get-item",
        "get-itemproperty",
        "get-childitem",
        "get-authenticodesignature",
        "test-path",
        "gi",
        "gp",
        "gci",
        "dir",
        "ls",
        "certutil",
        "certutil.exe",
        "sha256sum",
        "sha1sum",
        "md5sum",
        "fciv",
        "fciv.exe",
    ]
)
"""Commands that tell of a file named behind them."""


def read_size(content: str) -> int | None:
    """Bytes of ``4562920``, ``4,562,920``, ``4.562.920``, ``146 KB (149,504 字节)``."""
    plain = unicodedata.normalize("NFKC", content[:MAX_WRITTEN]).strip()
    if found := BYTES.search(plain):
        plain = found[1].strip()
    if GROUPED.fullmatch(plain):
        plain = re.sub(r"[,. ']", "", plain)
    plain = re.sub(r"[,\s]", "", plain)
    return int(plain) if plain.isascii() and plain.isdecimal() and len(plain) <= MAX_SIZE_DIGITS else None


def squeezed(content: str) -> str:
    """For comparing what the console may have broken: no blanks, no case."""
    return "".join(content.split()).casefold()


def plain_path(content: str) -> str:
    """A path without PowerShell's provider prefix; the usual folder names get their space back."""
    path = content.rpartition("::")[2].strip().strip("\"'“”‘’")
    return re.sub(
        r"(?<![%:{])Program ?Files(?: ?\((x86)\))?",
        lambda m: "Program Files (x86)" if m[1] else "Program Files",
        path,
        flags=re.I,
    )


def without_cut(path: str) -> tuple[str, bool]:
    """The path, and whether the console cut its end off (``C:\\Pr...``); without the dots."""
    kept = CUT.sub("", path)
    return kept, kept != path


def is_absolute(path: str) -> bool:
    return DRIVE.match(path) is not None


def resolve(folder: str, name: str) -> str:
    """``name`` as typed at a prompt standing in ``folder``."""
    name = name.strip().strip("\"'")
    if is_absolute(name) or not folder:
        return name
    return folder.rstrip("\\") + "\\" + re.sub(r"^(\.[\\/])+", "", name)


def target_of(command: str) -> str | None:
    """The file that a command looks at, as typed; ``None`` for none or a pattern."""
    head = command.replace("(x86)", "\x00").lstrip("(& ").split("|")[0]
    words = re.findall(r"\"[^\"]*\"|'[^']*'|[^\s)]+", head)
    if not words or words[0].lower().rpartition("\\")[2] not in COMMANDS:
        return None
    skip = False
    for word in words[1:]:
        if skip:
            skip = False
        elif word.lower() in {"-algorithm", "-a"}:
            skip = True
        elif word.lower() in {"-path", "-literalpath", "-lp", "-hashfile"}:
            continue
        elif not word.startswith("-") and not re.match(r"/\w{1,4}$", word) and not re.search(r"[*?$(]", word):
            return word.strip("\"'").replace("\x00", "(x86)")
    return None
