"""Items of an evidence request in the customer's words: what it is, and how she gets it."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from datetime import datetime

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from cases import times
from cases.evidence_requests.models import ItemKind

QUOTES = re.compile("(['‘’‚‛])")
"""All of these end a single-quoted text for PowerShell; doubled, each stands for itself
(about_Quoting_Rules)."""

_LOG_NAMES: dict[str, Promise] = {
    "system": gettext_lazy("System log (System.evtx)"),
    "application": gettext_lazy("Application log (Application.evtx)"),
    "security": gettext_lazy("Security log (Security.evtx)"),
}
# Facts: "Save All Events As" of Event Viewer, Microsoft Learn.
_LOG_WAYS: dict[str, Promise] = {
    "system": gettext_lazy(
        "Press the Windows key, type eventvwr, press Enter. On the left open “Windows Logs”, right-click "
        "“System”, choose “Save All Events As…”, and save it as System.evtx."
    ),
    "application": gettext_lazy(
        "Press the Windows key, type eventvwr, press Enter. On the left open “Windows Logs”, right-click "
        "“Application”, choose “Save All Events As…”, and save it as Application.evtx."
    ),
    "security": gettext_lazy(
        "As administrator: press the Windows key, type eventvwr, press Enter. On the left open “Windows "
        "Logs”, right-click “Security”, choose “Save All Events As…”, and save it as Security.evtx."
    ),
}
_OTHER_LOG = gettext_lazy(
    "Press the Windows key, type eventvwr, press Enter. On the left open “Applications and Services Logs” "
    "and go down to this name, right-click it, choose “Save All Events As…”, and keep the ending .evtx."
)
_NAMES: dict[str, Promise] = {
    ItemKind.HASH: gettext_lazy("Hash and properties of %(detail)s"),
    ItemKind.FILE: gettext_lazy("The file %(detail)s itself"),
    ItemKind.DUMP: gettext_lazy("Minidumps of the blue screens (.dmp)"),
    ItemKind.MSINFO: gettext_lazy("System information (.nfo)"),
    ItemKind.PICTURE: gettext_lazy("A screenshot or photo of the message"),
}
_WAYS: dict[str, Promise] = {
    ItemKind.HASH: gettext_lazy(
        "Right-click the Start button, open “Windows PowerShell” or “Terminal”, paste this line and press "
        "Enter; it writes a small text file to your desktop. Upload that file."
    ),
    ItemKind.FILE: gettext_lazy(
        "Copy the file to your desktop without opening it, pack it as a zip archive (right-click, “Send to”, "
        "“Compressed folder”), and upload the archive."
    ),
    ItemKind.DUMP: gettext_lazy(
        "Open the folder C:\\Windows\\Minidump, copy everything in it to a new folder on your desktop, pack "
        "that as a zip archive and upload it. If the folder is missing or empty, say below that you cannot "
        "send it."
    ),
    ItemKind.MSINFO: gettext_lazy(
        "Press Windows+R, type msinfo32, press Enter. Wait a minute until it has finished reading, then "
        "choose “File”, “Save”, and upload the .nfo file."
    ),
    ItemKind.PICTURE: gettext_lazy(
        "Press Windows+Shift+S, draw a frame around the whole message and save the picture; or take a photo "
        "with your phone so that every word can be read."
    ),
}


def label(kind: str, detail: str) -> str:
    """What the item is called, in the language in force (``detail`` is hostile text)."""
    if kind == ItemKind.LOG:
        known = _LOG_NAMES.get(detail.casefold())
        return str(known) if known else _("Event log %(name)s") % {"name": detail}
    return str(_NAMES[kind]) % {"detail": detail} if kind in _NAMES else detail


def how_to(kind: str, detail: str) -> str:
    """One sentence that a person at the machine can follow; empty for something else."""
    if kind == ItemKind.LOG:
        return str(_LOG_WAYS.get(detail.casefold(), _OTHER_LOG))
    return str(_WAYS.get(kind, ""))


def command(kind: str, detail: str) -> str:
    """A line for PowerShell that collects the item; empty where none is needed."""
    if kind != ItemKind.HASH:
        return ""
    name = re.sub(r"[^\w.-]", "_", re.split(r"[\\/]", detail)[-1], flags=re.ASCII)[:60] or "file"
    path = "'" + QUOTES.sub(r"\1\1", detail) + "'"
    desktop = "Join-Path ([Environment]::GetFolderPath('Desktop'))"
    return (
        f"$f = {path}; & {{ Get-FileHash -LiteralPath $f; Get-Item -LiteralPath $f -Force }} | "
        f"Format-List * | Out-File -Width 400 ({desktop} 'hash-{name}.txt')"
    )


def span(since: datetime | None, until: datetime | None) -> str:
    """The time that is asked for, as a sentence; empty where none is."""
    if since and until:
        told = {"since": times.with_zone(since), "until": times.with_zone(until)}
        return _("The logs should reach from %(since)s to %(until)s.") % told
    if since:
        return _("The logs should reach back to %(since)s.") % {"since": times.with_zone(since)}
    if until:
        return _("The logs should reach up to %(until)s.") % {"until": times.with_zone(until)}
    return ""


@dataclass(frozen=True)
class Preset:
    """What a usual situation calls for; ``other`` are whole sentences to the customer;
    ``needs_path`` says that the engineer has to name the file whose hash is asked for."""

    label: Promise
    logs: tuple[str, ...] = ("System", "Application")
    files: tuple[str, ...] = ()
    things: tuple[str, ...] = ()
    other: tuple[Promise, ...] = field(default=())
    needs_path: bool = False


PRESETS: dict[str, Preset] = {
    "service-crash": Preset(
        gettext_lazy("A service or program crashes"), things=(ItemKind.MSINFO,), needs_path=True
    ),
    "bug-check": Preset(
        gettext_lazy("Blue screen"),
        logs=("System",),
        things=(ItemKind.DUMP, ItemKind.MSINFO, ItemKind.PICTURE),
    ),
    "hash-mismatch": Preset(
        gettext_lazy("A file is not what it should be"),
        logs=("System", "Application", "Microsoft-Windows-CodeIntegrity/Operational"),
        needs_path=True,
    ),
    "no-boot": Preset(
        gettext_lazy("The machine does not start"),
        logs=("System",),
        # Where Startup Repair writes what it found (Microsoft Learn, "Boot issues" troubleshooting).
        files=(r"C:\Windows\System32\LogFiles\Srt\SrtTrail.txt",),
        things=(ItemKind.PICTURE,),
        other=(gettext_lazy("What was the last change before: an update, a new device, a power cut?"),),
    ),
}
