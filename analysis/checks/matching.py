"""Whether what was asked for is in a bundle: items of a request against the entries of a first look.

Pure: entries are those of ``quick_look.Look.document()``, items (id, kind, detail). Verdicts are
plain data with codes; ``uploads.bundles.check_page`` makes sentences of them.
"""

import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from cases.evidence_requests.models import ItemKind

Entry = Mapping[str, Any]

ALWAYS_WRITTEN = {"system", "application", "security"}
"""Windows writes to these all the time; in others silence is no sign that a time is not covered."""
LATER = timedelta(days=1)

PICTURES = (".png", ".jpg", ".jpeg", ".bmp", ".webp", ".gif", ".heic", ".tif", ".tiff")
DUMPS = (".dmp", ".mdmp", ".hdmp")
MSINFO = re.compile(r"(?:.*\.nfo|(?:ms|system)info[^/]*\.(?:txt|xml|nfo))", re.IGNORECASE)


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
    fits = _FITS.get(item.kind)
    found = [entry for entry in entries if fits and fits(item.detail, entry)]
    judged = [(entry, flaws(item.kind, entry, wanted)) for entry in found]
    if not judged:
        return {"item": item.id, "arrived": False, "found": "", "flaws": []}
    entry, wrong = min(judged, key=lambda one: len(one[1]))
    return {"item": item.id, "arrived": not wrong, "found": entry["path"], "flaws": wrong}


def flaws(kind: str, entry: Entry, wanted: Wanted) -> list[str]:
    """Why an entry of the right name does not answer the request; empty where it does."""
    known = wanted.known or {}
    if kind == ItemKind.LOG:
        log = entry["log"]
        if log is None:
            return ["unreadable"]
        if not log["records"]:
            return ["empty"]
        reach = coverage(log, wanted)
        return [*([reach] if reach else []), *(["same"] if entry["sha256"] in known else [])]
    if entry["trouble"] and not entry["size"]:
        return ["unreadable"]
    # A file may rightly be what it was; a new collection of logs and dumps may not.
    return ["same"] if kind == ItemKind.DUMP and entry["sha256"] in known else []


def coverage(log: Mapping[str, Any], wanted: Wanted) -> str:
    """``starts-late``, ``ends-early`` (of the moment it happened), ``outside`` (of the period), or empty."""
    first, last = moment(log["first_time"]), moment(log["last_time"])
    if first is None or last is None or log["channel"].casefold() not in ALWAYS_WRITTEN:
        return ""
    if wanted.at:
        return "starts-late" if first > wanted.at else "ends-early" if last < wanted.at else ""
    late = wanted.until is not None and first > wanted.until
    return "outside" if late or (wanted.since is not None and last < wanted.since) else ""


def begins_later(log: Mapping[str, Any], wanted: Wanted) -> bool:
    """Whether the log covers the moment, but not the whole of the period before it."""
    first = moment(log["first_time"])
    always = log["channel"].casefold() in ALWAYS_WRITTEN
    return bool(always and first and wanted.since and first > wanted.since + LATER)


def moment(said: str | None) -> datetime | None:
    """A time of a look, aware."""
    return datetime.fromisoformat(said) if said else None


# -- Which entry is what was asked for --------------------------------------------------


def _name(path: str) -> str:
    last = re.split(r"[\\/]", path)[-1].casefold()
    return re.sub(r" \(\d+\)$", "", last)


def _log(detail: str, entry: Entry) -> bool:
    channel = (entry["log"] or {}).get("channel", "")
    if channel:
        return bool(channel.casefold() == detail.casefold())
    # Windows writes the slash of a channel as %4 in the name of its file.
    stem = _name(entry["path"]).removesuffix(".evtx").replace("%4", "/")
    wanted = detail.casefold()
    return bool(
        (entry["log"] is not None or entry["mistaken"]) and stem in {wanted, wanted.replace("/", "-")}
    )


def _hash(detail: str, entry: Entry) -> bool:
    return _file(detail, entry) or any(_same_path(detail, path) for path in entry["states"])


def _same_path(asked: str, told: str) -> bool:
    if _name(asked) != _name(told):
        return False
    whole = [path.casefold().replace("/", "\\") for path in (asked, told)]
    # A variable such as %ProgramFiles%, or the name alone, stands for any folder.
    return whole[0] == whole[1] or any("\\" not in path or "%" in path for path in whole)


def _file(detail: str, entry: Entry) -> bool:
    return _name(entry["path"]) == _name(detail)


def _ends(*endings: str) -> Callable[[str, Entry], bool]:
    return lambda detail, entry: _name(entry["path"]).endswith(endings)


def _msinfo(detail: str, entry: Entry) -> bool:
    return MSINFO.fullmatch(_name(entry["path"])) is not None


_FITS: dict[str, Callable[[str, Entry], bool]] = {
    ItemKind.LOG: _log,
    ItemKind.HASH: _hash,
    ItemKind.FILE: _file,
    ItemKind.DUMP: _ends(*DUMPS),
    ItemKind.MSINFO: _msinfo,
    ItemKind.PICTURE: _ends(*PICTURES),
}
