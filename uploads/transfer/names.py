"""File names as customers send them: hostile until cleaned."""

import unicodedata

MAX_LENGTH = 255
"""Characters of a stored name."""

FALLBACK = "unnamed"
_INVISIBLE = {"Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp"}


def clean_name(raw: str) -> str:
    """The last part of ``raw`` without control, format and direction characters.

    At most ``MAX_LENGTH`` characters: a name that is longer loses its middle, not its extension.
    Never empty, never ``.`` or ``..``.
    """
    last = raw.replace("\\", "/").rsplit("/", 1)[-1]
    # Direction overrides (category Cf) make "gpj.exe" read "exe.jpg".
    visible = "".join(
        c for c in unicodedata.normalize("NFC", last) if unicodedata.category(c) not in _INVISIBLE
    )
    name = " ".join(visible.split()).strip(". ") if visible.strip(". ") else ""
    if not name:
        return FALLBACK
    if len(name) <= MAX_LENGTH:
        return name
    stem, dot, extension = name.rpartition(".")
    if not dot or len(extension) > 20:
        return name[:MAX_LENGTH]
    return f"{stem[: MAX_LENGTH - len(extension) - 2]}…{dot}{extension}"


def clean_path(raw: str) -> str:
    """A file's path within a folder that was uploaded, ``logs/2026/System.evtx``.

    Each part as ``clean_name`` has it; a path that is too long loses its first folders.
    """
    parts = [clean_name(part) for part in raw.replace("\\", "/").split("/") if part.strip(". ")]
    path = "/".join(parts) or FALLBACK
    while len(path) > MAX_LENGTH and len(parts) > 1:
        del parts[0]
        path = "/".join(["…", *parts])
    return path if len(path) <= MAX_LENGTH else parts[-1]
