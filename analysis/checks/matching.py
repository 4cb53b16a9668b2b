"""Whether what was asked for is in a bundle: items of a request against the entries of a first look.

Pure: entries are those of a ``preview.Preview``, items (id, kind, detail). Verdicts are
plain data with codes; ``uploads.bundles.check_page`` makes sentences of them.
"""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from cases.evidence_requests.kinds import ItemKind, Match
from engine.parsers.evtx.span import LogSpan
from engine.parsers.paths import place_of
from engine.unpacking.preview import Entry
from engine.unpacking.unanalysed import BROKEN_FORMS

ALWAYS_WRITTEN = {"system", "application", "security"}
"""Windows writes to these all the time; in others silence is no sign that a time is not covered."""
LATER = timedelta(days=1)


@dataclass(frozen=True)
class Wanted:
    """The times of the request: ``at`` when it happened, the period that should be covered; and the
    SHA-256 of files that had been sent before the request was made."""

    at: datetime | None = None
    since: datetime | None = None
    until: datetime | None = None
    known: Mapping[str, str] | None = None


@dataclass(frozen=True)
class Item:
    """One thing asked for."""

    id: int
    kind: str
    detail: str


def verdict(item: Item, entries: Iterable[Entry], wanted: Wanted) -> dict[str, Any]:
    """``{"item", "arrived", "found", "flaws"}``: the path of the best entry, and why it will not do.

    Something else, in words, is nothing that a bundle could show: it never arrives by itself.
    """
    match = ItemKind(item.kind).facts.match
    fitting = [entry for entry in entries if match and fits(match, item.detail, entry)]
    judged = [(entry, flaws(match, entry, wanted)) for entry in fitting if match]
    if not judged:
        return {"item": item.id, "arrived": False, "found": "", "flaws": []}
    entry, wrong = min(judged, key=lambda pair: len(pair[1]))
    return {"item": item.id, "arrived": not wrong, "found": entry.path, "flaws": wrong}


def flaws(match: Match, entry: Entry, wanted: Wanted) -> list[str]:
    """Why an entry of the right name does not answer the request; empty where it does."""
    if match.channel:
        log = entry.log
        if log is None:
            return ["unreadable"]
        if not log.records:
            return ["empty"]
        reach = coverage(log, wanted)
    else:
        if (entry.trouble and not entry.size) or (entry.form and entry.form in BROKEN_FORMS):
            return ["empty-file" if entry.form == "empty" else "unreadable"]
        if match.form and entry.form != match.form:
            return ["unreadable"]
        reach = ""
    # A file may rightly be what it was; a new collection of logs and dumps may not.
    same = match.collected_anew and entry.sha256 in (wanted.known or {})
    return [*([reach] if reach else []), *(["same"] if same else [])]


def coverage(log: LogSpan, wanted: Wanted) -> str:
    """``starts-late``, ``ends-early`` (of the moment it happened), ``outside`` (of the period), or empty."""
    first, last = moment(log.first_time), moment(log.last_time)
    if first is None or last is None or log.channel.casefold() not in ALWAYS_WRITTEN:
        return ""
    if wanted.at:
        return "starts-late" if first > wanted.at else "ends-early" if last < wanted.at else ""
    late = wanted.until is not None and first > wanted.until
    return "outside" if late or (wanted.since is not None and last < wanted.since) else ""


def begins_later(log: LogSpan, wanted: Wanted) -> bool:
    """Whether the log covers the moment, but not the whole of the period before it."""
    first = moment(log.first_time)
    always = log.channel.casefold() in ALWAYS_WRITTEN
    return bool(always and first and wanted.since and first > wanted.since + LATER)


def moment(iso_time: str | None) -> datetime | None:
    """A time of a look, aware."""
    return datetime.fromisoformat(iso_time) if iso_time else None


# -- Which entry is what was asked for --------------------------------------------------


def fits(match: Match, detail: str, entry: Entry) -> bool:
    """Whether an entry is what the item of this detail asks for, whatever is wrong with it."""
    name = _name(entry.path)
    return bool(
        (match.channel and _is_log(detail, entry))
        or (match.file_name and name == _name(detail))
        or (match.file_state and any(_same_path(detail, path) for path in entry.states))
        or (match.names and match.names.fullmatch(name))
    )


def _name(path: str) -> str:
    last = re.split(r"[\\/]", path)[-1].casefold()
    return re.sub(r" \(\d+\)$", "", last)


def _is_log(channel: str, entry: Entry) -> bool:
    wanted = channel.casefold()
    recorded = entry.log.channel if entry.log else ""
    if recorded:
        return bool(recorded.casefold() == wanted)
    # Windows writes the slash of a channel as %4 in the name of its file.
    stem = _name(entry.path).removesuffix(".evtx").replace("%4", "/")
    is_log = entry.log is not None or entry.mistaken
    return bool(is_log and stem in {wanted, wanted.replace("/", "-")})


def _same_path(asked: str, captured: str) -> bool:
    if _name(asked) != _name(captured):
        return False
    places = [place_of(path) for path in (asked, captured)]
    # A variable of a person's own folders, or the name alone, stands for any folder.
    return places[0].key == places[1].key or any(place.bare or "%" in place.key for place in places)
