"""Values that a Sigma field has in another record's words: the function ``DERIVE`` of the index's SQL.

Sysmon's fields are what most rules ask for; the Security log tells the same in other terms. Several
values are joined by NUL. Sources: Microsoft, events 4657, 4688 and 5156; "Mandatory Integrity
Control"; "Well-known SIDs"; about_Eventlogs (PowerShell 5.1) for the lines of the classic log.
"""

import json
import re
from collections.abc import Callable, Mapping
from typing import Any

from engine.index.nested import leaves

CLASSIC = "classic:"
"""What begins the name of a value in the lines of the classic PowerShell log."""

_LEVELS = {
    "S-1-16-0": "Untrusted",
    "S-1-16-4096": "Low",
    "S-1-16-8192": "Medium",
    "S-1-16-8448": "MediumPlus",
    "S-1-16-12288": "High",
    "S-1-16-16384": "System",
    "S-1-16-20480": "Protected",
}
_SIDS = {name.casefold(): sid for sid, name in _LEVELS.items()}
ACCOUNTS = {
    "S-1-5-18": "NT AUTHORITY\\SYSTEM",
    "S-1-5-19": "NT AUTHORITY\\LOCAL SERVICE",
    "S-1-5-20": "NT AUTHORITY\\NETWORK SERVICE",
}
"""By their well-known SIDs."""
_PROTOCOLS = {"6": "tcp", "17": "udp"}
_DIRECTIONS = {"%%14592": "false", "%%14593": "true"}
_OPERATIONS = {"%%1904": "SetValue", "%%1905": "SetValue", "%%1906": "DeleteValue"}
_ROOTS = (
    (re.compile(r"\\REGISTRY\\MACHINE(?=\\|\Z)", re.IGNORECASE), "HKLM"),
    (re.compile(r"\\REGISTRY\\USER(?=\\|\Z)", re.IGNORECASE), "HKU"),
)
_CONTROL_SET = re.compile(r"(?<=\\)ControlSet[0-9]{3}(?=\\)", re.IGNORECASE)
# A value may run over several lines; the next name stands behind a tab, or at the start of a line
# where an export has lost it.
_LINE = re.compile(
    r"^(?:\t[ \t]*([A-Za-z][A-Za-z0-9]{1,40})|(NewEngineState|PreviousEngineState|SequenceNumber|HostName"
    r"|HostVersion|HostId|HostApplication|EngineVersion|RunspaceId|PipelineId|CommandName|CommandType|ScriptName|CommandPath"
    r"|CommandLine|ProviderName|NewProviderState|DetailSequence|DetailTotal|UserId))=",
    re.MULTILINE,
)


def derived(name: str, payload: Any) -> str | None:
    """The value of that name; ``None`` where the payload has nothing of it."""
    try:
        data = json.loads(payload or "")
    except (ValueError, RecursionError, TypeError):
        return None
    if not isinstance(data, dict):
        return None
    if name.startswith(CLASSIC):
        return "\0".join(classic(data).get(name[len(CLASSIC) :], ())) or None
    return DERIVED[name][1](data)


def classic(data: Mapping[str, Any]) -> dict[str, list[str]]:
    """The ``Name=Value`` lines among the unnamed values of an event of the classic PowerShell log."""
    values: dict[str, list[str]] = {}
    unnamed = data.get("Data")
    texts = unnamed.get("#text") if isinstance(unnamed, dict) else unnamed
    named = [data.get(f"param{number}") for number in range(1, 10)]
    for text in [*(texts if isinstance(texts, list) else [texts]), *named]:
        if not isinstance(text, str):
            continue
        lines = list(_LINE.finditer(text))
        for line, end in zip(lines, [*(line.start() for line in lines[1:]), len(text)], strict=False):
            values.setdefault(line[1] or line[2], []).append(text[line.end() : end].strip())
    return values


def _text(data: Mapping[str, Any], name: str) -> str:
    value = data.get(name)
    return "" if value is None else str(value).strip()


def _user(data: Mapping[str, Any]) -> str | None:
    """As Sysmon writes it: of a process started for somebody else that one's; the system's accounts by
    their name too, where the record names the machine's."""
    if written := _text(data, "User"):
        return written
    for who in ("Target", "Subject"):
        name, domain = _text(data, f"{who}UserName"), _text(data, f"{who}DomainName")
        if name in {"", "-"}:
            continue
        sid = _text(data, f"{who}UserSid")
        full = f"{domain}\\{name}" if domain not in {"", "-"} else name
        known = ACCOUNTS.get(sid)
        return full if known is None or known == full else f"{known}\0{full}"
    return None


def _level(data: Mapping[str, Any]) -> str | None:
    """The level's name and its SID, whichever the record has."""
    written = _text(data, "IntegrityLevel") or _text(data, "MandatoryLabel")
    if not written:
        return None
    other = _LEVELS.get(written.upper()) or _SIDS.get(written.casefold())
    return f"{written}\0{other}" if other else written


def _key(data: Mapping[str, Any]) -> str | None:
    """The path of a registry value as Sysmon writes it, with the control set by number too."""
    path = _text(data, "ObjectName")
    if not path:
        return None
    for root, short in _ROOTS:
        path = root.sub(short, path, count=1) if root.match(path) else path
    if (value := _text(data, "ObjectValueName")) not in {"", "-"}:
        path = f"{path}\\{value}"
    current = _CONTROL_SET.sub("CurrentControlSet", path)
    return path if current == path else f"{current}\0{path}"


def _details(data: Mapping[str, Any]) -> str | None:
    """What a registry value became, as Sysmon writes its type."""
    value = data.get("NewValue")
    if value is None:
        return None
    kind, text = _text(data, "NewValueType"), str(value)
    if kind in {"%%1876", "%%1883"}:
        try:
            number = int(text, 0) if text[:2].lower() == "0x" else int(text)
        except ValueError:
            return text
        if kind == "%%1876":
            return f"DWORD (0x{number & 0xFFFFFFFF:08x})"
        return f"QWORD (0x{number >> 32 & 0xFFFFFFFF:08x}-0x{number & 0xFFFFFFFF:08x})"
    return f"Binary Data\0{text}" if kind == "%%1875" else text


def _coded(field: str, meanings: Mapping[str, str]) -> Callable[[Mapping[str, Any]], str | None]:
    def value(data: Mapping[str, Any]) -> str | None:
        written = _text(data, field)
        return meanings.get(written, written) or None

    return value


_DRIVE = re.compile(r"(?<![A-Za-z])([A-Za-z]):(?=[\\\\/]|\Z)")
_PROGRAM = re.compile(r"\.(?:exe|dll|sys|com)\b", re.IGNORECASE)


def _drive(data: Mapping[str, Any]) -> str | None:
    """The drive that the paths in a payload name, programs left out; none where there are several."""
    texts = [text for text in _texts(data) if not _PROGRAM.search(text)]
    named = {mark[1].upper() for text in texts for mark in _DRIVE.finditer(text)}
    return f"{named.pop()}:" if len(named) == 1 else None


_LONGEST_TEXT = 2_000
_WRITER = re.compile(r"(?:Writer Name|编写器名称|写入程序名称)[ \t]*[:：][ \t]*([^\r\n]{1,100})")


def _writer(data: Mapping[str, Any]) -> str | None:
    """The writer of shadow copies that an event of VSS is about: a value of its own in some versions, in the
    context that stands in the second value in others."""
    texts = _texts(data)
    for text in texts:
        if named := _WRITER.search(text):
            return named[1].strip()
    return next((text for text in texts if text.endswith("Writer") and len(text) <= 100), None)


_FOLDER = re.compile(
    r"(?<![A-Za-z\\])([A-Za-z]:\\[^\"<>|*?\r\n“”]{0,200}?)"
    r"(?= (?:on|of|at) (?:the )?(?:server )?\S+| to [A-Za-z]:|\s*[的上中]|[。，,;；]|\.?\Z|\. )"
)
_ACCOUNT = re.compile(
    r"(?<![\\:\w.$-])([\w.-]{1,40}\\[\w.$-]{1,64}\w)|\bUser(?:name)?: ?([^\s,;]{1,64}?)[.,;]?(?=\s|\Z)"
    r"|Profile_([^\\/.]{1,64})\.vhd",
    re.IGNORECASE,
)

_ADDRESS = re.compile(
    r"(?<![\d.])((?:(?:\d{1,3}\.){3}\d{1,3}|\[[0-9A-Fa-f:]{2,45}\]|localhost):\d{1,5})(?![\d.])"
)


def _first(pattern: re.Pattern[str]) -> Callable[[Mapping[str, Any]], str | None]:
    """What the pattern's first group that took part found in the payload's texts, the last find in a text."""

    def value(data: Mapping[str, Any]) -> str | None:
        found = [list(pattern.finditer(text[:_LONGEST_TEXT])) for text in _texts(data)]
        return next((next(filter(None, finds[-1].groups()), None) for finds in found if finds), None)

    return value


def _texts(data: Mapping[str, Any]) -> list[str]:
    """The texts among the values of a payload, unnamed ones too."""
    unnamed = data.get("Data")
    values = unnamed.get("#text") if isinstance(unnamed, dict) else unnamed
    named = [value for name, value in data.items() if name not in {"Data", "Binary"}]
    deep = [leaf.value for leaf in leaves(data)]
    every = [*(values if isinstance(values, list) else [values]), *named, *deep]
    return [value for value in every if isinstance(value, str)]


DERIVED: Mapping[str, tuple[tuple[str, ...], Callable[[Mapping[str, Any]], str | None]]] = {
    "user": (("User", "TargetUserName", "SubjectUserName"), _user),
    "level": (("IntegrityLevel", "MandatoryLabel"), _level),
    "key": (("ObjectName",), _key),
    "details": (("NewValue",), _details),
    "operation": (("OperationType",), _coded("OperationType", _OPERATIONS)),
    "protocol": (("Protocol",), _coded("Protocol", _PROTOCOLS)),
    "initiated": (("Initiated", "Direction"), _coded("Direction", _DIRECTIONS)),
    "drive": ((), _drive),
    "writer": ((), _writer),
    "folder": ((), _first(_FOLDER)),
    "account": ((), _first(_ACCOUNT)),
    "address": ((), _first(_ADDRESS)),
}
"""The names of values in the payload that each is made of, and how."""
