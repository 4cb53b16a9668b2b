"""Names of Sigma fields: what a field is called in a rule, and where the event index has it.

System values have columns of their own. Everything else is the event's payload, whose values
keep the type that the log gives them. Events of sources older than manifests have no names:
their values are ``Data1``, ``Data2``, … in a rule, as ``%1``, ``%2`` in their message. Sources that
got a manifest later mostly call them ``param1``, ``param2``, … (User32 in Windows 10, for one), which
mean the same here; some well-known ones are named as newer versions of Windows name them.
"""

import json
import re
from collections.abc import Mapping
from fnmatch import fnmatchcase
from functools import lru_cache
from typing import Any

from engine.index.derived import CLASSIC
from engine.index.event_record import MESSAGE_COLUMNS, EventRecord
from engine.index.field_names import ALWAYS
from engine.index.nested import leaves
from engine.rules.dotnet_report import DOTNET, reported
from engine.rules.unnamed_values import BY_MESSAGE
from engine.service_names import PROVIDER, service_of

COLUMNS = {
    "EventID": "event_id",
    "Provider_Name": "provider",
    "Channel": "channel",
    "Level": "level",
    "Computer": "computer",
    "ComputerName": "computer",
    "EventRecordID": "record_id",
    "Qualifiers": "qualifiers",
    "Version": "version",
    "Task": "task",
    "Opcode": "opcode",
    "Keywords": "keywords",
    "UserID": "user",
    "Execution_ProcessID": "process_id",
    "Execution_ThreadID": "thread_id",
    "ActivityID": "activity_id",
    "TimeCreated": "time",
    "Binary": "binary",
    "AllValues": "data",
}
"""Sigma's names of the system values → columns of the view ``event``. ``AllValues``, ours, is the payload as
one text, which costs less to search than each value."""
OWN: Mapping[str, str] = {
    "NamedDrive": "drive",
    "VssWriter": "writer",
    "ToldFolder": "folder",
    "ToldUser": "account",
    "ToldAddress": "address",
}
"""Fields of our own, made of what the payload tells (``engine.index.derived``)."""

NUMBERS = frozenset(
    ("event_id", "record_id", "qualifiers", "version", "level", "task", "opcode", "process_id", "thread_id")
)
"""Columns that hold whole numbers."""
_OF_A_KIND = frozenset(
    (
        "provider",
        "event_id",
        "qualifiers",
        "version",
        "level",
        "task",
        "opcode",
        "keywords",
        "channel",
        "computer",
    )
)
MESSAGE = "Message"
"""A field of every event: what it says, in each language that there is."""
SERVICE = "ServiceKey"
"""A field of our own: the service that a record of the Service Control Manager is about, by its
key name, which is the same in every language, else by its display name."""

# The names are those of the manifests that Windows 11 22H2 brought for the same sources, as dumped
# in nasbench/EVTX-ETW-Resources; those of WAS are what Microsoft-Windows-WAS calls them; User32's,
# Ntfs's, AutoEnrollment's and DistributedCOM's are ours, after their message texts.
POSITIONS: Mapping[tuple[str, int], tuple[str, ...]] = {
    ("Application Error", 1000): (
        "AppName",
        "AppVersion",
        "AppTimeStamp",
        "ModuleName",
        "ModuleVersion",
        "ModuleTimeStamp",
        "ExceptionCode",
        "FaultingOffset",
        "ProcessId",
        "ProcessCreationTime",
        "AppPath",
        "ModulePath",
        "IntegratorReportId",
    ),
    ("Application Hang", 1002): (
        "AppName",
        "AppVersion",
        "ProcessId",
        "StartTime",
        "TerminationTime",
        "ExeFileName",
    ),
    ("Windows Error Reporting", 1001): (
        "Bucket",
        "BucketType",
        "EventName",
        "Response",
        "CabId",
        *(f"P{number}" for number in range(1, 11)),
    ),
    ("Ntfs", 55): ("DeviceName", "DriveName"),
    **{
        ("WAS", number): ("AppPoolID", "ProcessID", "ExitCode")
        for number in (5002, 5009, 5010, 5011, 5012, 5013)
    },
    **{("WAS", number): ("AppPoolID",) for number in (5021, 5057, 5059)},
    ("Microsoft-Windows-CertificateServicesClient-AutoEnrollment", 64): ("Context", "ObjId"),
    ("Microsoft-Windows-DistributedCOM", 10036): (
        "CallerDomain",
        "CallerName",
        "CallerSid",
        "CallerAddress",
    ),
    **{
        ("Microsoft-Windows-DistributedCOM", number): ("Program", "CallerProcess", "ClassId", "ServerName")
        for number in (10037, 10038)
    },
    ("User32", 1074): (
        "ProcessName",
        "ComputerName",
        "ReasonText",
        "ReasonCode",
        "ShutdownType",
        "Comment",
        "UserName",
    ),
    **BY_MESSAGE,
}

_OF_EVENT: dict[int, list[tuple[str, tuple[str, ...]]]] = {}
for (_provider, _event_id), _known in POSITIONS.items():
    _OF_EVENT.setdefault(_event_id, []).append((_provider.casefold(), _known))

UNNAMED_VALUES = "'$.Data.\"#text\"'"
"""Where the payload has an event's unnamed values: a list, or a single one."""
UNNAMED = re.compile(r"(?:Data|param)([1-9][0-9]?)")
# Defender and App Control write names of several words, which Sigma rules write as one.
_WORDS = re.compile(r"(?<=[a-z])(?=[A-Z])")
_TYPED_COLUMNS = frozenset(COLUMNS.values())


class UnknownField(ValueError):
    """A field name that cannot stand in a JSON path."""


def is_column(field: str) -> bool:
    """Whether the (mapped) field is a typed column of the index."""
    return field in _TYPED_COLUMNS


def is_of_a_kind(field: str) -> bool:
    """Whether the (mapped) field is a column that all events of a kind share."""
    return field in _OF_A_KIND


def is_several(field: str) -> bool:
    """Whether the (mapped) field may have several values at once, joined by NUL."""
    return field == MESSAGE or any(part.startswith("=") for part in field.split("|"))


@lru_cache(maxsize=4096)
def sources(field: str) -> str:
    """The names that a field may stand under in a payload, as ``engine.index.field_names`` has them."""
    names: list[str] = []
    for name in field.split("|"):
        unnamed = UNNAMED.fullmatch(name)
        if name in _TYPED_COLUMNS or name in {MESSAGE, SERVICE, *OWN}:
            return ALWAYS
        if name.startswith(f"={CLASSIC}"):
            names.append(name[1:])
        elif unnamed:
            names.append(f"#{unnamed[1]}")
        else:
            places = [f"#{known.index(name) + 1}" for known in POSITIONS.values() if name in known]
            names += [name, *places, name.rpartition(".")[2], _WORDS.sub(" ", name)]
    return "|".join(dict.fromkeys(names))


@lru_cache(maxsize=4096)
def expression(field: str) -> str:
    """The SQL of a field: a column, or its value in the payload; of ``one|other`` the first that
    there is. Raises ``UnknownField``."""
    if field in _TYPED_COLUMNS:
        return field
    if field == MESSAGE:
        return f"MESSAGE({MESSAGE_COLUMNS})"
    if "|" in field:
        return f"coalesce({', '.join(expression(name) for name in field.split('|'))})"
    if field == SERVICE:
        return "SERVICE(event_id, binary, data)"
    if field in OWN:
        return f"DERIVE('{OWN[field]}', data)"
    if field[:1] == "=" and "'" not in field and "\0" not in field:
        return f"DERIVE('{field[1:]}', data)"
    if '"' in field or "\0" in field or not field:
        raise UnknownField(field)
    unnamed = UNNAMED.fullmatch(field)
    if unnamed:
        return _position(int(unnamed[1]))
    name = field.replace("'", "''")
    if field == "Data":
        return f"json_extract(data, {UNNAMED_VALUES})"
    places = [f"json_extract(data, '$.\"{name}\"')"]
    if "." in field:
        places.append("json_extract(data, '$.\"" + name.replace(".", '"."') + "\"')")
    words = _WORDS.sub(" ", name)
    if words != name:
        places.append(f"json_extract(data, '$.\"{words}\"')")
    places += [
        f"CASE WHEN event_id = {event_id} AND {_is_of(provider)} THEN {_position(names.index(field) + 1)} END"
        for (provider, event_id), names in POSITIONS.items()
        if field in names
    ]
    # UserData has elements around its values; few payloads hold the name at all.
    own = name.rpartition(".")[2]
    places.append(f"CASE WHEN instr(data, '\"{own}\":') THEN NESTED(data, '{name}') END")
    return f"coalesce({', '.join(places)})"


def _is_of(provider: str) -> str:
    if provider.endswith("*"):
        return f"provider LIKE '{provider[:-1]}%'"
    return f"provider = '{provider}' COLLATE NOCASE"


def _position(number: int) -> str:
    texts = UNNAMED_VALUES
    single = f"json_extract(data, {texts})" if number == 1 else "NULL"
    item = f"json_extract(data, '$.Data.\"#text\"[{number - 1}]')"
    named = f"json_extract(data, '$.param{number}')"
    return f"coalesce({named}, CASE json_type(data, {texts}) WHEN 'array' THEN {item} ELSE {single} END)"


def values(event: EventRecord) -> dict[str, str]:
    """The fields of an event as excerpts show them: each value once, by its name where it has one."""
    values: dict[str, str] = {}
    data = event.data
    for name, value in data.items():
        if name == "Data" and isinstance(value, list):
            values |= dict(zip(_names(event, len(value)), map(_text, value), strict=True))
        elif not isinstance(value, dict):
            values[name] = _text(value)
    for leaf in leaves(data):
        values[".".join(leaf.path[1:][-2:] or leaf.path)] = _text(leaf.value)
    if event.provider == PROVIDER and (key := service_of(event.event_id, event.binary, event.payload)):
        values[SERVICE] = key
    return values


def every_name(event: EventRecord) -> dict[str, str]:
    """The fields of an event under every name that a rule may use."""
    payload = values(event)
    for leaf in sorted(leaves(event.data), key=lambda leaf: leaf.is_attribute):
        for start in range(len(leaf.path)):
            payload.setdefault(".".join(leaf.path[start:]), _text(leaf.value))
    texts = event.data.get("Data")
    if not isinstance(texts, list):
        texts = []
        while (name := f"param{len(texts) + 1}") in payload:
            texts.append(payload[name])
    names = _names(event, len(texts))
    for number, (name, value) in enumerate(zip(names, map(_text, texts), strict=True), 1):
        payload |= {name: value, f"Data{number}": value, f"param{number}": value}
    if (event.provider or "").casefold().startswith(DOTNET) and texts:
        payload = reported(_text(texts[0])) | payload
    return payload | {name.replace(" ", ""): value for name, value in payload.items() if " " in name}


def _names(event: EventRecord, count: int) -> list[str]:
    """What the unnamed values of an event are called, all of them."""
    names: tuple[str, ...] = ()
    for provider, known in _OF_EVENT.get(event.event_id or 0, ()):
        if fnmatchcase((event.provider or "").casefold(), provider):
            names = known[:count]
    return [*names, *(f"Data{number}" for number in range(len(names) + 1, count + 1))]


def _text(value: Any) -> str:
    if value is None:
        return ""
    if isinstance(value, dict) and "#text" in value:
        value = value["#text"]
    return value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)
