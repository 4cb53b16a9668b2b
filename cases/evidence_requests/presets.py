"""What usual situations call for, to begin a request with."""

from __future__ import annotations

from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from cases.evidence_requests.kinds import ItemKind

SYSTEM, APPLICATION = (ItemKind.LOG, "System"), (ItemKind.LOG, "Application")


@dataclass(frozen=True)
class Preset:
    """Kind and detail of each item; a detail of our own words is a sentence to the customer.
    ``needs_path`` says that the engineer has to name the file whose hash is asked for."""

    label: Promise
    items: tuple[tuple[ItemKind, str | Promise], ...]
    needs_path: bool = False


PRESETS: dict[str, Preset] = {
    "service-crash": Preset(
        _("A service or program crashes"), (SYSTEM, APPLICATION, (ItemKind.MSINFO, "")), needs_path=True
    ),
    "bug-check": Preset(
        _("Blue screen"),
        (SYSTEM, (ItemKind.DUMP, ""), (ItemKind.MSINFO, ""), (ItemKind.PICTURE, "")),
    ),
    "hash-mismatch": Preset(
        _("A file is not what it should be"),
        (SYSTEM, APPLICATION, (ItemKind.LOG, "Microsoft-Windows-CodeIntegrity/Operational")),
        needs_path=True,
    ),
    "no-boot": Preset(
        _("The machine does not start"),
        (
            SYSTEM,
            # Where Startup Repair writes what it found (Microsoft Learn, "Boot issues" troubleshooting).
            (ItemKind.FILE, r"C:\Windows\System32\LogFiles\Srt\SrtTrail.txt"),
            (ItemKind.PICTURE, ""),
            (ItemKind.OTHER, _("What was the last change before: an update, a new device, a power cut?")),
        ),
    ),
}
