"""Which events a Sigma log source means, and what its fields are called in them.

Sources: SigmaHQ, "Windows log sources" (the taxonomy of categories and services); Sysmon's
documentation, "Events"; Microsoft, event 4688 "A new process has been created". Services are
pySigma's own list, with the names that channels carry in a record where that list has the names
that Event Viewer shows.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from sigma.pipelines.common import windows_logsource_mapping
from sigma.rule import SigmaLogSource

SYSMON = "Microsoft-Windows-Sysmon/Operational"
_POWERSHELL = ["Microsoft-Windows-PowerShell/Operational", "PowerShellCore/Operational"]


@dataclass(frozen=True)
class Events:
    """``demands`` are alternatives, each a Sigma detection in the index's names; none means any
    event. ``names`` are fields that another of these events has under another name, written ``one|other``."""

    demands: list[dict[str, Any]] = field(default_factory=list)
    names: Mapping[str, str] = field(default_factory=dict)


class UnknownLogSource(ValueError):
    """No Windows event log answers to this log source; the argument names it."""


def _sysmon(*event_ids: int, **more: Any) -> Events:
    return Events([{"channel": SYSMON, "event_id": list(event_ids), **more}])


def _powershell(event_id: int, *channels: str) -> Events:
    return Events([{"channel": list(channels) or _POWERSHELL, "event_id": event_id}])


_CATEGORIES: Mapping[str, Events] = {
    "process_creation": Events(
        [{"channel": SYSMON, "event_id": 1}, {"channel": "Security", "event_id": 4688}],
        {
            "Image": "Image|NewProcessName",
            "ParentImage": "ParentImage|ParentProcessName",
            "User": "User|SubjectUserName",
            "LogonId": "LogonId|SubjectLogonId",
        },
    ),
    "file_change": _sysmon(2),
    "network_connection": _sysmon(3),
    "sysmon_status": _sysmon(4, 16),
    "process_termination": _sysmon(5),
    "driver_load": _sysmon(6),
    "image_load": _sysmon(7),
    "create_remote_thread": _sysmon(8),
    "raw_access_thread": _sysmon(9),
    "process_access": _sysmon(10),
    "file_event": _sysmon(11),
    "registry_add": _sysmon(12, EventType="CreateKey"),
    "registry_delete": _sysmon(12, EventType=["DeleteKey", "DeleteValue"]),
    "registry_set": _sysmon(13),
    "registry_rename": _sysmon(14),
    "registry_event": _sysmon(12, 13, 14),
    "create_stream_hash": _sysmon(15),
    "pipe_created": _sysmon(17, 18),
    "wmi_event": _sysmon(19, 20, 21),
    "dns_query": _sysmon(22),
    "file_delete": _sysmon(23, 26),
    "clipboard_capture": _sysmon(24),
    "process_tampering": _sysmon(25),
    "file_block_executable": _sysmon(27),
    "file_block_shredding": _sysmon(28),
    "file_executable_detected": _sysmon(29),
    "sysmon_error": _sysmon(255),
    "ps_module": _powershell(4103),
    "ps_script": _powershell(4104),
    "ps_classic_start": _powershell(400, "Windows PowerShell"),
    "ps_classic_provider_start": _powershell(600, "Windows PowerShell"),
    "ps_classic_script": _powershell(800, "Windows PowerShell"),
}
_CHANNELS: Mapping[str, list[str]] = {
    "dns-client": ["Microsoft-Windows-DNS-Client/Operational"],
    "hyper-v-worker": ["Microsoft-Windows-Hyper-V-Worker-Admin"],
    "kernel-event-tracing": ["Microsoft-Windows-Kernel-EventTracing/Admin"],
    "smbclient-connectivity": ["Microsoft-Windows-SmbClient/Connectivity"],
    "smbserver-connectivity": ["Microsoft-Windows-SMBServer/Connectivity"],
}


def events_of(source: SigmaLogSource) -> Events:
    """The events of a log source. Raises ``UnknownLogSource``."""
    if (source.product or "windows").casefold() != "windows":
        raise UnknownLogSource(f"it is for {source.product}, not for Windows")
    demands: list[dict[str, Any]] = []
    names: Mapping[str, str] = {}
    if source.category:
        if source.category not in _CATEGORIES:
            raise UnknownLogSource(f"the log source category {source.category} is not known")
        known = _CATEGORIES[source.category]
        demands, names = known.demands, known.names
    if source.service:
        listed = windows_logsource_mapping.get(source.service, [])
        channels = [*([listed] if isinstance(listed, str) else listed), *_CHANNELS.get(source.service, ())]
        if not channels:
            raise UnknownLogSource(f"the log source service {source.service} is not known")
        within = {channel.casefold() for channel in channels}
        demands = [demand for demand in demands if within & _channels(demand)] or demands
        demands = demands or [{"channel": channels}]
    return Events(demands, names)


def _channels(demand: Mapping[str, Any]) -> set[str]:
    named = demand["channel"]
    return {channel.casefold() for channel in ([named] if isinstance(named, str) else named)}
