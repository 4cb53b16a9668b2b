"""Bare facts, made fit for a reader: the same in pages, reports and PDFs."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime
from itertools import groupby
from typing import Any
from zoneinfo import ZoneInfo

from django.utils.translation import gettext as _

from engine.schema.evidence import Locator
from engine.text_safety import shown

MAX_HASH = 128
"""Digits of the longest hash, SHA-512."""


def local_time(iso: str | None, zone: ZoneInfo) -> str:
    """``2020-11-24 09:01:43`` of an ISO time with its offset; an empty or odd one as it is."""
    if not iso:
        return ""
    try:
        moment = datetime.fromisoformat(iso)
        local = moment.astimezone(zone) if moment.tzinfo else moment
    except (OverflowError, ValueError):
        return shown(iso, 40)
    return local.replace(tzinfo=None).isoformat(" ", "seconds")


def grouped(value: int | None) -> str:
    """``4,562,920`` in every language; ``–`` for what was not captured."""
    return "–" if value is None else f"{value:,}"


def hash_parts(sha256: str | None, digits: Collection[int] = ()) -> list[dict[str, Any]]:
    """A hash cut into pieces, the digits at ``digits`` (positions from 1) marked."""
    marked = set(digits)
    pieces = groupby(enumerate(shown(sha256 or "", MAX_HASH), start=1), key=lambda digit: digit[0] in marked)
    return [{"text": "".join(digit for _at, digit in run), "marked": mark} for mark, run in pieces]


def short_hash(
    sha256: str | None, digits: Collection[int] = (), marked: Collection[int] = ()
) -> list[dict[str, Any]]:
    """A hash for a narrow table: its beginning, the digits around ``digits``, its end."""
    digest = shown(sha256 or "", MAX_HASH)
    kept = {
        *range(1, 9),
        *range(len(digest) - 3, len(digest) + 1),
        *(near for at in digits for near in range(at - 3, at + 4)),
    }
    parts: list[dict[str, Any]] = []
    last = 0
    for at in sorted(at for at in kept if 0 < at <= len(digest)):
        if at > last + 1:
            parts.append({"text": "…", "marked": False})
        parts.append({"text": digest[at - 1], "marked": at in marked})
        last = at
    return [
        {"text": "".join(part["text"] for part in run), "marked": mark}
        for mark, run in groupby(parts, key=lambda part: part["marked"])
    ]


def place(locator: Locator, zone: ZoneInfo) -> str:
    """Where in its artifact an evidence stands, in words of the active language."""
    if locator.baseline:
        return _("Baseline “%(label)s”") % {"label": shown(locator.label or "", 120)}
    if locator.event_number is not None:
        words = [
            _("record %(id)s") % {"id": grouped(locator.record_id)}
            if locator.record_id is not None
            else _("line %(line)s") % {"line": grouped(locator.line)}
        ]
        if locator.event_id is not None:
            words.append(_("event %(id)s") % {"id": shown(locator.event_id, 20)})
        if locator.provider:
            words.append(shown(locator.provider, 80))
        words.append(local_time(locator.time, zone) or _("no time"))
        return " · ".join(words)
    words = []
    if locator.line is not None:
        words.append(_("line %(line)s") % {"line": grouped(locator.line)})
    if locator.section:
        words.append(_("section %(name)s") % {"name": shown(locator.section, 40)})
    if locator.offset is not None:
        words.append(_("offset %(offset)s") % {"offset": grouped(locator.offset)})
    named = {"line", "section", "offset", "label"}
    words += [f"{shown(key, 30)} {shown(value, 80)}" for key, value in locator.facts() if key not in named]
    return " · ".join(words)
