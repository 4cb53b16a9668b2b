"""Fingerprints: what makes the same fault on another machine recognisable as the same.

A fingerprint is made of the rule and of what identifies the fault (a service's key, a faulting
module with its exception code and offset, a bug-check code). Times, record numbers, machines,
people and the hashes of uploads never enter it.
"""

import hashlib
import re

PERSONAL = frozenset(
    {
        *("Computer", "ComputerName", "EventRecordID", "TimeCreated", "UserID", "User", "UserName"),
        *("TargetUserName", "TargetDomainName", "TargetSid", "MemberSid", "MemberName"),
        *("SubjectUserName", "SubjectUserSid", "SubjectDomainName", "SubjectLogonId", "UserContext"),
        *("WorkstationName", "IpAddress", "IPString", "Execution_ProcessID", "Execution_ThreadID"),
        *("ActivityID", "SSID", "ProfileName"),
    }
)
"""Fields that tell machines, people and moments apart, never faults."""

_MAX_LENGTH = 4_000
_PER_USER = re.compile(r"_(?:[0-9a-f]{4,8}|session\d{1,3})$")
_REWRITTEN = tuple(
    (re.compile(pattern), by)
    for pattern, by in (
        # "0x0000009f (0x3, …)", "0xC004F074, 0x0, host": the code alone.
        (r"^(0x[0-9a-f]{8})[ ,(].*", r"\1"),
        # A Windows update is titled in the machine's language; its number is the same everywhere.
        (r"^.*\b(kb\d{6,8})\b.*$", r"\1"),
        (r"s-1-5-21(-\d+)+", "s-1-5-21-*"),
        (r"(\\(?:users|documents and settings)\\)[^\\]+", r"\1*"),
        (r"(\\device\\harddisk\d+)\\dr\d+", r"\1"),
        (r"\\device\\harddiskvolume(shadowcopy)?\d+", r"\\device\\harddiskvolume\1*"),
        (r"\\device\\[0-9a-f]{8}$", r"\\device\\*"),
        # "C:\\Windows\\explorer.exe (PC-7)", as User32 names who asked for a restart.
        (r"(\.exe) \([^()]*\)$", r"\1"),
        (r"volume\{[0-9a-f-]+\}", "volume{*}"),
        # A device's instance: bus and model stay, the serial number or the port goes.
        (r"^((?:usb|usbstor|pci|hid|scsi|acpi|bth|sd|hdaudio|display)\\[^\\]+)\\.+$", r"\1"),
    )
)


def fingerprint(rule: str, *parts: object) -> str:
    """64 hex digits, equal for the same fault in another case."""
    return hashlib.sha256(
        "\0".join((rule, *(stable(str(part)) for part in parts))).encode("utf-8", "replace")
    ).hexdigest()


def stable(value: str) -> str:
    """A value without what another machine would write differently: case, people, volumes, ports."""
    normalised = value.casefold().strip()[:_MAX_LENGTH]
    for pattern, by in _REWRITTEN:
        normalised = pattern.sub(by, normalised)
    return normalised


def per_user(key: str) -> bool:
    """Whether the key is that of a signed-in user's own copy of a service (``OneSyncSvc_3ab2c``)."""
    return _PER_USER.search(key.casefold()) is not None


def service(key: str) -> str:
    """A service's key without the suffix that Windows gives the copy of each signed-in user."""
    return _PER_USER.sub("", key.casefold())
