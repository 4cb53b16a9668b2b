"""What one log collector collects: checked when the engineer says it, safe to write into a script."""

import re
from dataclasses import asdict, dataclass, fields
from datetime import datetime
from typing import Any

from django.utils.translation import gettext_lazy as _

from cases.evidence_requests.kinds import ItemKind
from cases.evidence_requests.models import EvidenceRequest
from engine.text_safety import UNSHOWABLE
from uploads.collector.errors import NotCollectable

MAX_LINES = 100
MAX_LENGTH = 400
PARTS = (
    "messages",
    "system",
    "software",
    "drivers",
    "patches",
    "policy",
    "network",
    "reports",
    "dumps",
)

LOG = re.compile(r"[A-Za-z0-9][A-Za-z0-9 _./()%-]{0,199}")
PATH = re.compile(r"(?:[A-Za-z]:\\|\\\\[^\\]|%[A-Za-z0-9_()]+%\\)[^\"<>|*?\x00-\x1f\x7f]{1,}")
KEY = re.compile(r"(?:HK(?:LM|CU|CR|U|CC)|HKEY_[A-Z_]{4,20})\\[^\"\x00-\x1f\x7f]{1,}", re.IGNORECASE)
FORMS = {"logs": LOG, "files": PATH, "registry": KEY}
"""Of the lines, by the option that holds them."""

WHY_LOG = _("write the name of an event log, such as System or Microsoft-Windows-CodeIntegrity/Operational.")
WHY_PATH = _("write the whole path of one file, such as C:\\Program Files\\App\\app.exe; no * and no ?.")
WHY_KEY = _("write a registry key, such as HKLM\\SYSTEM\\CurrentControlSet\\Services\\App.")
WHY_MANY = _("at most %(most)s lines.")
WHY_NOTHING = _("choose at least one thing.")


@dataclass(frozen=True)
class Options:
    """``days`` back from now, 0 for all of the time; the lists are one thing a line."""

    logs: tuple[str, ...] = ("System", "Application")
    days: int = 30
    files: tuple[str, ...] = ()
    registry: tuple[str, ...] = ()
    messages: bool = True
    system: bool = True
    software: bool = True
    drivers: bool = True
    patches: bool = True
    policy: bool = False
    network: bool = False
    reports: bool = False
    dumps: bool = False

    def document(self) -> dict[str, Any]:
        """For the database; ``of_document`` reads it."""
        return asdict(self)


def checked(*, logs: str, files: str, registry: str, days: int, parts: set[str]) -> Options:
    """Options from what an engineer typed, one thing a line. Raises ``NotCollectable``."""
    options = Options(
        logs=_lines(logs, LOG, WHY_LOG),
        days=max(0, min(days, 3650)),
        files=_lines(files, PATH, WHY_PATH),
        registry=_lines(registry, KEY, WHY_KEY),
        **{part: part in parts for part in PARTS},
    )
    if not (options.logs or options.files or options.registry or parts):
        raise NotCollectable(line="", why=WHY_NOTHING)
    return options


def of_document(document: dict[str, Any]) -> Options:
    """What ``Options.document`` wrote; unknown keys of another version are passed over."""
    known = {field.name for field in fields(Options)}
    kept: dict[str, Any] = {name: value for name, value in document.items() if name in known}
    values: dict[str, Any] = {
        name: tuple(setting) if isinstance(setting, list) else setting for name, setting in kept.items()
    }
    return Options(**values)


def of_request(request: EvidenceRequest, now: datetime) -> Options:
    """What of an open request a script can collect; nothing else, so that there is one list
    of what is asked for."""
    days = (now - request.since).days + 1 if request.since else 0
    values: dict[str, Any] = dict.fromkeys(PARTS, False) | dict.fromkeys(FORMS, ())
    for item in request.missing:
        option = ItemKind(item.kind).facts.collector
        if option in PARTS:
            values[option] = True
        elif option:
            line = item.detail.rstrip("\\")
            if FORMS[option].fullmatch(line) and not UNSHOWABLE.search(line):
                values[option] += (line,)
    # Without their templates, messages of logs cannot be read elsewhere.
    return Options(**values | {"days": max(0, min(days, 3650)), "messages": bool(values["logs"])})


def collects_anything(options: Options) -> bool:
    """Whether a script with these options would have something to do."""
    return any(value for name, value in options.document().items() if name != "days")


def _lines(typed: str, form: re.Pattern[str], why: Any) -> tuple[str, ...]:
    lines = [line.strip() for line in typed.splitlines() if line.strip()]
    if len(lines) > MAX_LINES:
        raise NotCollectable(line=lines[MAX_LINES][:80], why=WHY_MANY % {"most": MAX_LINES})
    for line in lines:
        if len(line) > MAX_LENGTH or UNSHOWABLE.search(line) or not form.fullmatch(line):
            raise NotCollectable(line=UNSHOWABLE.sub("", line)[:80], why=why)
    # A backslash at the end would quote the quotation mark after it.
    return tuple(dict.fromkeys(line.rstrip("\\") for line in lines))
