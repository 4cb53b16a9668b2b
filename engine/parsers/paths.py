r"""Which file a written path means: paths of consoles, commands, services and shares, in one form.

Sources: Microsoft Learn, "File path formats on Windows systems" (``\\?\``, ``\\.\``, UNC), "Recognized
Environment Variables" (USMT), "File System Redirector" (``System32``, ``SysWOW64``, ``Sysnative``).
"""

import re
from dataclasses import dataclass

from engine.parsers.captures.values import squeezed

MAX_LENGTH = 4_000
VARIABLES = {
    "systemdrive": "C:",
    "homedrive": "C:",
    "systemroot": r"C:\Windows",
    "windir": r"C:\Windows",
    "programfiles": r"C:\Program Files",
    "programw6432": r"C:\Program Files",
    "programfiles(x86)": r"C:\Program Files (x86)",
    "commonprogramfiles": r"C:\Program Files\Common Files",
    "commonprogramw6432": r"C:\Program Files\Common Files",
    "commonprogramfiles(x86)": r"C:\Program Files (x86)\Common Files",
    "programdata": r"C:\ProgramData",
    "allusersprofile": r"C:\ProgramData",
    "public": r"C:\Users\Public",
}
"""Where they point on a Windows as it is set up; those of a person's own folders stay as written."""

_VARIABLE = re.compile(r"^(?:%([^%\\]{1,40})%|\$env:(\w{1,40})|\$\{env:([^}\\]{1,40})\})", re.IGNORECASE)
_DEVICE = re.compile(r"^\\\\[?.]\\(?:(unc)\\)?|^\\\?\?\\", re.IGNORECASE)
_SHARE = re.compile(r"^\\\\([^\\]{1,255})\\(?:([a-z])\$|(admin\$))(?=\\|$)", re.IGNORECASE)
_HERE = frozenset({"localhost", "127.0.0.1", "::1", "--1.ipv6-literal.net", "."})
_WIDTHS = (
    ("\\programfiles(x86)\\", "\\programfiles\\"),
    ("\\windows\\syswow64\\", "\\windows\\system32\\"),
)


@dataclass(frozen=True)
class Place:
    """``machine`` where the path names one by its administrative share, else empty; ``key`` is equal for
    paths that mean one file."""

    machine: str
    key: str

    @property
    def absolute(self) -> bool:
        """It begins at a drive or a share."""
        return re.match(r"[a-z]:\\|\\\\", self.key) is not None

    @property
    def bare(self) -> bool:
        """A name without any folder."""
        return "\\" not in self.key

    @property
    def name(self) -> str:
        """The file's own name."""
        return self.key.rpartition("\\")[2]


def place_of(path: str) -> Place:
    """The place that the path means, whatever its spelling."""
    written = path[:MAX_LENGTH].strip().strip("\"'“”‘’ ").replace("/", "\\")
    if "::" in written and not written.startswith("\\\\"):
        written = written.rpartition("::")[2]  # PowerShell's provider
    if device := _DEVICE.match(written):
        written = ("\\\\" if device[1] else "") + written[device.end() :]
    if variable := _VARIABLE.match(written):
        name = (variable[1] or variable[2] or variable[3]).lower().replace(" ", "")
        if name in VARIABLES:
            written = VARIABLES[name] + written[variable.end() :]
    machine = ""
    if share := _SHARE.match(written):
        machine = "" if share[1].lower() in _HERE else share[1]
        written = (f"{share[2]}:" if share[2] else r"C:\Windows") + written[share.end() :]
    return Place(
        machine, squeezed(_straight(written)).replace("\\windows\\sysnative\\", "\\windows\\system32\\")
    )


def are_twins(mine: Place, theirs: Place) -> bool:
    """The 32-bit and the 64-bit copy of one name, or a copy in the component store: two files."""
    if mine.key == theirs.key or mine.name != theirs.name:
        return False
    if "\\windows\\winsxs\\" in mine.key or "\\windows\\winsxs\\" in theirs.key:
        return True
    return _without_width(mine.key) == _without_width(theirs.key)


def _straight(path: str) -> str:
    """Without doubled separators, ``.`` and ``..``."""
    root = "\\\\" if path.startswith("\\\\") else ""
    parts: list[str] = []
    for part in path.split("\\"):
        if part in {"", "."}:
            continue
        if part == ".." and parts and parts[-1] != ".." and not parts[-1].endswith(":"):
            parts.pop()
        else:
            parts.append(part)
    return root + "\\".join(parts)


def _without_width(key: str) -> str:
    for narrow, wide in _WIDTHS:
        key = key.replace(narrow, wide)
    return key
