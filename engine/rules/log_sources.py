"""Which events a Sigma log source means, and what its fields are called in them.

Sources: SigmaHQ, "Windows log sources" (the taxonomy of categories and services); Sysmon's
documentation, "Events"; Microsoft, events 4656, 4657, 4663, 4688, 4689 and 5156. Channels are named as
records name them, beside the names that Event Viewer shows.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from engine.rules.log_services import SERVICES

SYSMON = "Microsoft-Windows-Sysmon/Operational"
CLASSIC = "Windows PowerShell"
SECURITY = "Security"
_POWERSHELL = SERVICES["powershell"]


@dataclass(frozen=True)
class Events:
    """``demands`` are alternatives, each a Sigma detection in the index's names; none means any
    event. ``names`` are fields that another of these events has under another name, written ``one|other``;
    ``=user`` is derived (``engine.index.derived``)."""

    demands: list[dict[str, Any]] = field(default_factory=list)
    names: Mapping[str, str] = field(default_factory=dict)


class UnknownLogSource(ValueError):
    """No Windows event log answers to this log source; the argument names it."""


def _sysmon(*event_ids: int, **more: Any) -> dict[str, Any]:
    return {"channel": SYSMON, "event_id": list(event_ids), **more}


def _security(*event_ids: int, **more: Any) -> dict[str, Any]:
    return {"channel": SECURITY, "event_id": list(event_ids), **more}


def _powershell(event_id: int, *channels: str) -> dict[str, Any]:
    return {"channel": list(channels) or list(_POWERSHELL), "event_id": event_id}


_PROCESS = {
    "Image": "Image|NewProcessName",
    "ParentImage": "ParentImage|ParentProcessName",
    # In 4688 ProcessId is the process that made the new one.
    "ProcessId": "NewProcessId|ProcessId",
    "ParentProcessId": "ParentProcessId|ProcessId",
    "User": "=user",
    "LogonId": "LogonId|SubjectLogonId",
    "IntegrityLevel": "=level",
}
_BY_PROCESS = {"Image": "Image|ProcessName", "User": "=user"}
_FILE = {**_BY_PROCESS, "TargetFilename": "TargetFilename|ObjectName", "FileName": "FileName|ObjectName"}
_KEY = {
    **_BY_PROCESS,
    "TargetObject": "TargetObject|=key",
    "Details": "Details|=details",
    "EventType": "EventType|=operation",
}
_CONNECTION = {
    "Image": "Image|Application",
    "Initiated": "Initiated|=initiated",
    "Protocol": "=protocol",
    "SourceIp": "SourceIp|SourceAddress",
    "SourcePort": "SourcePort",
    "DestinationIp": "DestinationIp|DestAddress",
    "DestinationPort": "DestinationPort|DestPort",
    "ProcessId": "ProcessId|ProcessID",
}
_ACCESS = {
    "SourceImage": "SourceImage|ProcessName",
    "TargetImage": "TargetImage|ObjectName",
    "GrantedAccess": "GrantedAccess|AccessMask",
    "SourceProcessId": "SourceProcessId|ProcessId",
    "SourceUser": "SourceUser|=user",
}
# The rights that an access used, as Security records list them.
_WRITTEN, _DELETED = "%%4417", "%%1537"
_SET = ["%%1904", "%%1905"]

_CATEGORIES: Mapping[str, Events] = {
    "process_creation": Events([_sysmon(1), _security(4688)], _PROCESS),
    "file_change": Events([_sysmon(2)]),
    "network_connection": Events([_sysmon(3), _security(5156)], _CONNECTION),
    "sysmon_status": Events([_sysmon(4, 16)]),
    "process_termination": Events([_sysmon(5), _security(4689)], _BY_PROCESS),
    "driver_load": Events([_sysmon(6)]),
    "image_load": Events([_sysmon(7)]),
    "create_remote_thread": Events([_sysmon(8)]),
    "raw_access_thread": Events([_sysmon(9)]),
    "process_access": Events([_sysmon(10), _security(4656, 4663, ObjectType="Process")], _ACCESS),
    "file_access": Events([_security(4663, ObjectType="File")], _FILE),
    "file_event": Events(
        [_sysmon(11), _security(4663, ObjectType="File", **{"AccessList|contains": _WRITTEN})], _FILE
    ),
    "registry_add": Events([_sysmon(12, EventType="CreateKey")]),
    "registry_delete": Events(
        [_sysmon(12, EventType=["DeleteKey", "DeleteValue"]), _security(4657, OperationType="%%1906")], _KEY
    ),
    "registry_set": Events([_sysmon(13), _security(4657, OperationType=_SET)], _KEY),
    "registry_rename": Events([_sysmon(14)]),
    "registry_event": Events([_sysmon(12, 13, 14), _security(4657)], _KEY),
    "create_stream_hash": Events([_sysmon(15)]),
    "pipe_created": Events([_sysmon(17, 18)]),
    "wmi_event": Events([_sysmon(19, 20, 21)]),
    "dns_query": Events([_sysmon(22)]),
    "file_delete": Events(
        [_sysmon(23, 26), _security(4663, ObjectType="File", **{"AccessList|contains": _DELETED})], _FILE
    ),
    "clipboard_capture": Events([_sysmon(24)]),
    "process_tampering": Events([_sysmon(25)]),
    "file_block_executable": Events([_sysmon(27)]),
    "file_block_shredding": Events([_sysmon(28)]),
    "file_executable_detected": Events([_sysmon(29)]),
    "sysmon_error": Events([_sysmon(255)]),
    "ps_module": Events([_powershell(4103)]),
    "ps_script": Events([_powershell(4104)]),
    "ps_classic_start": Events([_powershell(400, CLASSIC)]),
    "ps_classic_provider_start": Events([_powershell(600, CLASSIC)]),
    "ps_classic_script": Events([_powershell(800, CLASSIC)]),
}


def events_of(source: Mapping[str, Any]) -> Events:
    """The events of a rule's ``logsource``, whose words may be in any case. Raises ``UnknownLogSource``."""
    product, category, service = (
        str(source.get(part) or "").strip().casefold() for part in ("product", "category", "service")
    )
    if product not in {"", "windows"}:
        raise UnknownLogSource(f"it is for {product[:100]}, not for Windows")
    known = Events()
    if category:
        if category not in _CATEGORIES:
            raise UnknownLogSource(f"the log source category {category[:100]} is not known")
        known = _CATEGORIES[category]
    if not service:
        return known
    channels = list(SERVICES.get(service, ()))
    if not channels:
        raise UnknownLogSource(f"the log source service {service[:100]} is not known")
    within = {channel.casefold() for channel in channels}
    demands = [demand for demand in known.demands if within & _channels(demand)] or known.demands
    return Events(demands or [{"channel": channels}], known.names)


def _channels(demand: Mapping[str, Any]) -> set[str]:
    named = demand["channel"]
    return {channel.casefold() for channel in ([named] if isinstance(named, str) else named)}
