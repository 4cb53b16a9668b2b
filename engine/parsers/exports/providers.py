"""Providers as Event Viewer shows them, back to the names that records carry, and where they write.

Event Viewer leaves ``Microsoft-Windows-`` away, writes ``Ntfs (Microsoft-Windows-Ntfs)`` for a source with
two names, and translates the Security log's provider. Source: the manifests' names as dumped in
nasbench/EVTX-ETW-Resources.
"""

from collections.abc import Mapping

PREFIX = "Microsoft-Windows-"
_SYSTEM = (
    "BitLocker-Driver DNS-Client Dhcp-Client DHCPv6-Client DistributedCOM DriverFrameworks-UserMode "
    "Eventlog FilterManager GroupPolicy Hyper-V-Hypervisor Iphlpsvc Kernel-Boot Kernel-General Kernel-PnP "
    "Kernel-Power Kernel-Processor-Power Kernel-Tm Kernel-WHEA MemoryDiagnostics-Results NDIS "
    "Power-Troubleshooter Resource-Exhaustion-Detector Resource-Exhaustion-Resolver Security-Kerberos "
    "Security-Netlogon StorPort TPM-WMI TerminalServices-LocalSessionManager "
    "TerminalServices-RemoteConnectionManager Time-Service UserPnp WER-SystemErrorReporting WHEA-Logger "
    "WLAN-AutoConfig WindowsUpdateClient Wininit Winlogon Directory-Services-SAM Bits-Client Spell-Checking "
    "WAS IIS-W3SVC HttpEvent FailoverClustering Hyper-V-VmSwitch SMBServer SMBClient"
)
_APPLICATION = (
    "CAPI2 Security-SPP RestartManager CertificateServicesClient-AutoEnrollment "
    "CertificateServicesClient-CertEnroll "
    "LoadPerf Perflib User-Loader WMI Search-ProfileNotify AppModel-State AppModel-Exec Defrag "
    "EventSystem MSDTC PerfProc SPP-UX-Notifications TerminalServices-Licensing Backup"
)
_OF_SYSTEM = (
    "service control manager|eventlog|disk|ntfs|volmgr|volsnap|volume manager|user32|tcpip|netbt|"
    "bugcheck|bthusb|"
    "application popup|display|dcom|w32time|netlogon|schannel|lsasrv|srv|rdr|mrxsmb|termdd|termservice|acpi|"
    "storahci|iastora|stornvme|atapi|ftdisk|cdrom|i8042prt|tpm|print|workstation|server|browser|dhcp|dnsapi|"
    "e1dexpress|e1rexpress|rt640x64|netwtw|vmci|virtualdisk|windows update agent|nvlddmkm|amdkmdag|"
    "system error"
)
_OF_APPLICATION = (
    "application error|application hang|.net runtime|.net runtime optimization service|windows error "
    "reporting|"
    "msiinstaller|esent|vss|sidebyside|securitycenter|winmgmt|perfnet|crypt32|userenv|winlogon|codemeter|"
    "codemeter runtime server|msdtc|com+|desktop window manager|search|windows search service|"
    "microsoft office 16|mssqlserver|chkdsk|autochk|group policy files|folder redirection|usbperf|"
    "softwareprotection"
)
_CHANNELS: Mapping[str, str] = {
    **{f"{PREFIX}{name}".casefold(): "System" for name in _SYSTEM.split()},
    **{f"{PREFIX}{name}".casefold(): "Application" for name in _APPLICATION.split()},
    f"{PREFIX}user profiles service".casefold(): "Application",
    **dict.fromkeys(_OF_SYSTEM.split("|"), "System"),
    **dict.fromkeys(_OF_APPLICATION.split("|"), "Application"),
    f"{PREFIX}security-auditing".casefold(): "Security",
    "security": "Security",
}
_SHORT: Mapping[str, str] = {
    name.casefold(): PREFIX + name
    for name in (*_SYSTEM.split(), *_APPLICATION.split(), "User Profiles Service", "Security-Auditing")
    if name.casefold() not in {"ntfs", "eventlog", "wmi", "search", "was"}
} | {
    "microsoft windows security auditing.": PREFIX + "Security-Auditing",
    "microsoft windows security auditing": PREFIX + "Security-Auditing",
    "microsoft windows 安全审核。": PREFIX + "Security-Auditing",
    "microsoft windows 安全审核": PREFIX + "Security-Auditing",
    "microsoft windows 安全审计": PREFIX + "Security-Auditing",
    "user profile service": PREFIX + "User Profiles Service",
    "user profiles service": PREFIX + "User Profiles Service",
    "windows defender": PREFIX + "Windows Defender",
    "taskscheduler": PREFIX + "TaskScheduler",
    "printservice": PREFIX + "PrintService",
    "diagnostics-performance": PREFIX + "Diagnostics-Performance",
    "codeintegrity": PREFIX + "CodeIntegrity",
    "bitlocker-api": PREFIX + "BitLocker-API",
    "sysmon": PREFIX + "Sysmon",
    "security-spp": PREFIX + "Security-SPP",
}


def provider_of(shown: str) -> str:
    """The name that records carry for what Event Viewer shows; an unknown one as it is."""
    name = shown.strip()
    inner = name[name.find("(") + 1 : -1] if name.endswith(")") else ""
    if inner.startswith(PREFIX):
        return inner
    return _SHORT.get(name.casefold(), name)


def channel_of_provider(provider: str) -> str:
    """The channel that the provider writes its notable events to; empty for an unknown one."""
    return _CHANNELS.get(provider.casefold(), "")
