"""``Name : value`` lines: PowerShell's list view, and what people and dialogs write."""

import re
from dataclasses import dataclass

from engine.parsers.captures.properties import property_of

MAX_KEY = 40
OF_POWERSHELL = frozenset(
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
        "pscomputername",
        "runspaceid",
        "psshowcomputername",
        "signercertificate",
        "timestampercertificate",
        "status",
        "statusmessage",
        "signaturetype",
        "isosbinary",
    ]
)
"""The properties of files, hashes, versions and signatures."""
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
"""They stand inside VersionInfo."""
NAME = re.compile(r"[A-Za-z][A-Za-z0-9]{1,30}")


@dataclass(frozen=True)
class Key:
    """``indent`` blanks before ``name`` (lower-case); ``known`` is the file's property that it means, if
    any; ``value`` begins at ``column``. ``aligned``: blanks stand on both sides of the colon."""

    indent: int
    name: str
    known: str | None
    value: str
    column: int
    aligned: bool


def key_of(line: str) -> Key | None:
    """A line of a known name, or of PowerShell's aligned shape."""
    head = line[: MAX_KEY + 8]
    at = min((place for place in (head.find(":"), head.find("：")) if place > 0), default=-1)
    if at < 0:
        return None
    before, after = line[:at], line[at + 1 :]
    written = before.strip()
    if not written or len(written) > MAX_KEY:
        return None
    indent = len(before) - len(before.lstrip())
    value = after.lstrip()
    aligned = before[-1:].isspace() and after[:1].isspace()
    known = property_of(written)
    name = written.lower()
    shaped = aligned and not indent and NAME.fullmatch(written) is not None
    if known is None and name not in OF_POWERSHELL and not shaped:
        return None
    return Key(indent, name, known, value, len(line) - len(value), aligned or not value)
