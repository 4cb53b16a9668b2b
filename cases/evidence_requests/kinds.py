"""Which kinds of evidence can be asked for: everything that the portal knows of each."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Self

from django.db import models
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from cases.evidence_requests import commands


@dataclass(frozen=True, kw_only=True)
class Match:
    """Which file of an upload is what was asked for: one of these is enough.

    ``analysis.checks.matching`` holds it against what a first look saw.
    """

    channel: bool = False
    """An event log of the channel that the detail names."""
    file_name: bool = False
    """A file with the name that the detail ends with."""
    file_state: bool = False
    """A text that tells hash or properties of the file whose path the detail is."""
    names: re.Pattern[str] | None = None
    """A file whose whole name, in lower case, is of this form."""
    form: str = ""
    """What the content of a file of that name must be (``engine.unpacking.unanalysed``); empty: anything."""
    collected_anew: bool = False
    """The very bytes that had been sent before the request are no answer."""


@dataclass(frozen=True, kw_only=True)
class Usual:
    """A detail that is asked for so often that the form offers it, with words of its own."""

    choice: Promise
    label: Promise
    how_to: Promise


@dataclass(frozen=True, kw_only=True)
class Lines:
    """A box of the form, one detail a line. ``usual_field`` holds the ticks for the kind's usual details."""

    field: str
    label: Promise
    placeholder: str = ""
    help_text: str | Promise = ""
    usual_field: str = ""
    usual_label: str | Promise = ""


@dataclass(frozen=True, kw_only=True)
class Tick:
    """A tick in the form's list "Also", for a kind that needs no detail."""

    label: Promise


@dataclass(frozen=True, kw_only=True)
class KindFacts:
    """All that is said and done about items of one kind; a fact left out is an error at import."""

    label: str | Promise
    """What an item is called, with ``%(detail)s``."""
    how_to: str | Promise
    """One sentence that a person at the machine can follow; may be empty."""
    command: Callable[[str], str] | None
    """A line for PowerShell that collects the item, of its detail."""
    form: Lines | Tick
    """How an engineer asks for it."""
    match: Match | None
    """How an upload is known to hold it; ``None``: the customer says herself that it is done."""
    collector: str
    """The option of the log collector (``uploads.collector.options``) that brings it; may be empty."""
    usual: dict[str, Usual]
    """By detail."""


def _ending(*endings: str) -> re.Pattern[str]:
    return re.compile("(?s:.*)(?:" + "|".join(map(re.escape, endings)) + ")")


class ItemKind(models.TextChoices):
    """What one item of a request is, in the order in which it is best collected."""

    facts: KindFacts

    if (
        not TYPE_CHECKING
    ):  # Of a look-up, ``ItemKind("log")``, checkers think that it needs the facts as well.

        def __new__(cls, value: str, facts: KindFacts) -> Self:
            member = str.__new__(cls, value)
            member._value_ = value
            member.facts = facts
            return member

    # Facts on how to get each: "Save All Events As" of Event Viewer, Microsoft Learn.
    LOG = (
        "log",
        KindFacts(
            label=_("Event log %(detail)s"),
            how_to=_(
                "Press the Windows key, type eventvwr, press Enter. On the left open “Applications and "
                "Services Logs” and go down to this name, right-click it, choose “Save All Events As…”, and "
                "keep the ending .evtx."
            ),
            command=None,
            form=Lines(
                field="more_logs",
                label=_("Other event logs"),
                placeholder="Microsoft-Windows-CodeIntegrity/Operational",
                usual_field="logs",
                usual_label=_("Event logs"),
            ),
            match=Match(channel=True, collected_anew=True),
            collector="logs",
            usual={
                "System": Usual(
                    choice=_("System"),
                    label=_("System log (System.evtx)"),
                    how_to=_(
                        "Press the Windows key, type eventvwr, press Enter. On the left open “Windows "
                        "Logs”, right-click “System”, choose “Save All Events As…”, and save it as "
                        "System.evtx."
                    ),
                ),
                "Application": Usual(
                    choice=_("Application"),
                    label=_("Application log (Application.evtx)"),
                    how_to=_(
                        "Press the Windows key, type eventvwr, press Enter. On the left open “Windows "
                        "Logs”, right-click “Application”, choose “Save All Events As…”, and save it as "
                        "Application.evtx."
                    ),
                ),
                "Security": Usual(
                    choice=_("Security"),
                    label=_("Security log (Security.evtx)"),
                    how_to=_(
                        "As administrator: press the Windows key, type eventvwr, press Enter. On the left "
                        "open “Windows Logs”, right-click “Security”, choose “Save All Events As…”, and "
                        "save it as Security.evtx."
                    ),
                ),
            },
        ),
        _("Event log"),
    )
    HASH = (
        "hash",
        KindFacts(
            label=_("Hash and properties of %(detail)s"),
            how_to=_(
                "Right-click the Start button, open “Windows PowerShell” or “Terminal”, paste this line and "
                "press Enter; it writes a small text file to your desktop. Upload that file."
            ),
            command=commands.hash_of_file,
            form=Lines(
                field="hashes",
                label=_("Hashes of these files"),
                placeholder=r"C:\Program Files\App\app.exe",
                help_text=_(
                    "Whole paths. The customer gets a line for PowerShell for each; the file stays there."
                ),
            ),
            match=Match(file_name=True, file_state=True),
            collector="files",
            usual={},
        ),
        _("Hash of a file"),
    )
    FILE = (
        "file",
        KindFacts(
            label=_("The file %(detail)s itself"),
            how_to=_(
                "Copy the file to your desktop without opening it, pack it as a zip archive (right-click, "
                "“Send to”, “Compressed folder”), and upload the archive."
            ),
            command=None,
            form=Lines(
                field="copies",
                label=_("These files themselves"),
                placeholder=r"C:\Program Files\App\app.log",
            ),
            match=Match(file_name=True),
            collector="",
            usual={},
        ),
        _("File"),
    )
    MSINFO = (
        "msinfo",
        KindFacts(
            label=_("System information (.nfo)"),
            how_to=_(
                "Press Windows+R, type msinfo32, press Enter. Wait a minute until it has finished reading, "
                "then choose “File”, “Save”, and upload the .nfo file."
            ),
            command=None,
            form=Tick(label=_("System information (msinfo)")),
            match=Match(names=re.compile(r"(?:.*\.nfo|(?:ms|system)info[^/]*\.(?:txt|xml|nfo))")),
            collector="system",
            usual={},
        ),
        _("System information"),
    )
    DUMP = (
        "dump",
        KindFacts(
            label=_("Minidumps of the blue screens (.dmp)"),
            how_to=_(
                "Open the folder C:\\Windows\\Minidump, copy everything in it to a new folder on your "
                "desktop, pack that as a zip archive and upload it. If the folder is missing or empty, say "
                "below that you cannot send it."
            ),
            command=None,
            form=Tick(label=_("Minidumps; they may hold what was in memory")),
            match=Match(names=_ending(".dmp", ".mdmp", ".hdmp"), form="dump", collected_anew=True),
            collector="dumps",
            usual={},
        ),
        _("Minidumps"),
    )
    PICTURE = (
        "picture",
        KindFacts(
            label=_("A screenshot or photo of the message"),
            how_to=_(
                "Press Windows+Shift+S, draw a frame around the whole message and save the picture; or take "
                "a photo with your phone so that every word can be read."
            ),
            command=None,
            form=Tick(label=_("Screenshot or photo of the message")),
            match=Match(
                names=_ending(".png", ".jpg", ".jpeg", ".bmp", ".webp", ".gif", ".heic", ".tif", ".tiff"),
                form="picture",
            ),
            collector="",
            usual={},
        ),
        _("Screenshot or photo"),
    )
    OTHER = (
        "other",
        KindFacts(
            label="%(detail)s",
            how_to="",
            command=None,
            form=Lines(
                field="other",
                label=_("Something else"),
                help_text=_("A question or a wish a line; the customer says herself when it is done."),
            ),
            match=None,
            collector="",
            usual={},
        ),
        _("Something else"),
    )


def choices() -> list[tuple[str, str | Promise]]:
    """For the model's field: named by the migrations, which a new kind does not change."""
    return list(ItemKind.choices)
