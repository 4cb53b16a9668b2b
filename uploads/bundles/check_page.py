"""What the check of a bundle tells its reader: what has arrived, what is wrong and what to do."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import Enum, auto
from typing import Any

from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from accounts.languages import current_language
from cases import times
from cases.evidence_requests.models import Closing, EvidenceItem, EvidenceRequest, ItemState
from cases.evidence_requests.texts import label
from engine.text_safety import plain
from jobs.models import JobState
from uploads.bundles.models import BundleCheck

LONG = timedelta(minutes=2)
MAX_LOGS = 12
MAX_TROUBLES = 5

NEW_EXPORT = gettext_lazy("Export the log again (“Save All Events As…”) and upload it.")
WRONG: dict[str, tuple[Promise, Promise]] = {
    "unreadable": (gettext_lazy("%(file)s cannot be read as what it should be."), NEW_EXPORT),
    "empty": (
        gettext_lazy("%(file)s holds no event."),
        gettext_lazy("Export it once more, without a filter: choose “Save All Events As…”."),
    ),
    "empty-file": (
        gettext_lazy("%(file)s is empty (0 bytes)."),
        gettext_lazy(
            "Copying did not end, or nothing was exported. Copy or export it again and upload that."
        ),
    ),
    "starts-late": (
        gettext_lazy(
            "%(file)s begins on %(first)s, after it happened (%(at)s): what you need help with is not in it."
        ),
        gettext_lazy(
            "Windows has overwritten the older events, or only a part was exported. Look in "
            "C:\\Windows\\System32\\winevt\\Logs for files whose name begins with “Archive-”, or in a "
            "backup. If there is nothing older, choose “I cannot send this” in the list; that helps us, too."
        ),
    ),
    "ends-early": (
        gettext_lazy("%(file)s ends on %(last)s, before it happened (%(at)s)."),
        gettext_lazy("It was exported too early, or on another machine. Export it again now and upload it."),
    ),
    "outside": (
        gettext_lazy("%(file)s reaches from %(first)s to %(last)s: nothing of the time that was asked for."),
        NEW_EXPORT,
    ),
    "same": (
        gettext_lazy("%(file)s is byte for byte a file that you had sent before; it holds nothing new."),
        gettext_lazy("Collect it once more on the machine and upload the new file."),
    ),
}
NOTED: dict[str, tuple[str, Promise]] = {
    "covers": ("good", gettext_lazy("covers the time when it happened")),
    "starts-late": ("warn", gettext_lazy("begins after it happened")),
    "ends-early": ("warn", gettext_lazy("ends before it happened")),
    "outside": ("warn", gettext_lazy("not of the time asked for")),
    "begins-later": ("quiet", gettext_lazy("begins later than asked for")),
    "empty": ("warn", gettext_lazy("holds no event")),
    "cut": ("warn", gettext_lazy("cut off at the end")),
    "bad": ("warn", gettext_lazy("partly damaged")),
    "dirty": ("quiet", gettext_lazy("copied while in use")),
}
NOTE_ADVICE: dict[str, Promise] = {
    "cut": gettext_lazy(
        "A log is cut off at its end: the copy was interrupted. What is there is analysed; if you can, "
        "export it again and upload it as well."
    ),
    "bad": gettext_lazy(
        "A log is damaged in places. What can be read is analysed; if you can, export it again."
    ),
    "dirty": gettext_lazy(
        "A log was copied while Windows was writing to it, so its last minutes may be missing. “Save All "
        "Events As…” in Event Viewer avoids that."
    ),
}


TELLS_OF_CASE = {"covers", "starts-late", "ends-early", "outside", "begins-later"}


class Reader(Enum):
    """Who reads: a person of the case, or the holder of an upload link, who learns nothing of it but
    the list of what is asked for (``OF_LIST``), or not even that."""

    OF_CASE = auto()
    OF_LIST = auto()
    OF_UPLOAD = auto()


@dataclass
class LogLine:
    """One log: name, span and marks (tone, words)."""

    path: str
    name: str
    computer: str
    first: datetime | None
    last: datetime | None
    records: int
    marks: list[tuple[str, str]]


@dataclass
class CheckPage:
    """What templates/uploads/bundles/check.html shows."""

    state: str
    tone: str
    pill: str
    sentence: str
    arrived: list[tuple[str, str]] = field(default_factory=list)
    """Item and the file that brought it."""
    wrong: list[tuple[str, str]] = field(default_factory=list)
    """A sentence each, and what to do."""
    missing: list[str] = field(default_factory=list)
    """Items of the open request, by now."""
    advice: list[str] = field(default_factory=list)
    logs: list[LogLine] = field(default_factory=list)
    more_logs: int = 0
    files: int = 0
    read: str = ""
    """What can be analysed of it, in the words of the analysis; empty of checks made before that was told."""
    nothing_read: bool = False


def check_page(check: BundleCheck | None, reader: Reader = Reader.OF_CASE) -> CheckPage | None:
    """The page of a check; ``None`` where there is none to tell of."""
    if check is None or (check.state == JobState.DONE and not check.document):
        return None
    if check.is_open:
        sentence = _("We are looking at what has arrived. One moment.")
        if check.bundle.sealed_at and timezone.now() - check.bundle.sealed_at > LONG:
            sentence = _("The check takes longer than usual. The upload is safe; you may close this page.")
        return CheckPage(check.state, "info", _("Being checked"), sentence)
    if check.state == JobState.FAILED:
        return CheckPage(
            check.state,
            "warn",
            _("Not checked"),
            _(
                "This upload is safe, but it could not be checked by itself. You need do nothing: it is "
                "analysed all the same, and your engineer looks at what is in it."
            ),
        )
    return _done(check, reader)


def _done(check: BundleCheck, reader: Reader) -> CheckPage:
    document = _readable(check.document, reader)
    request = check.request if reader != Reader.OF_UPLOAD else None
    items = {item.pk: item for item in request.items.all()} if request else {}
    entries = {entry["path"]: entry for entry in document["entries"]}
    page = CheckPage(check.state, "good", _("Checked"), "", files=document["count"])
    for verdict in document["verdicts"]:
        item = items.get(verdict["item"])
        if item is None:
            continue
        if verdict["arrived"]:
            page.arrived.append((_label(item), plain(verdict["found"], 120)))
        elif item.state == ItemState.OPEN and verdict["flaws"]:
            entry = entries.get(verdict["found"])
            page.wrong += [_wrong(code, entry, verdict, document) for code in verdict["flaws"]]
    page.wrong += _not_what_it_should_be(document, page) or _troubles(document)
    if request and not request.closed_at:
        page.missing = [_label(item) for item in request.missing]
    page.advice = _advice(document)
    page.logs, page.more_logs = _logs(document)
    _summary(document["same_bundle"], request, page)
    return page


def _label(item: EvidenceItem) -> str:
    return plain(label(item.kind, item.detail), 200)


def _readable(document: dict[str, Any], reader: Reader) -> dict[str, Any]:
    """The document without what this reader must not learn of the case."""
    if reader == Reader.OF_CASE:
        return document
    if reader == Reader.OF_LIST:
        return document | {"same_bundle": None, "same": {}}
    notes = {
        path: [code for code in codes if code not in TELLS_OF_CASE]
        for path, codes in document["notes"].items()
    }
    return document | {"same_bundle": None, "same": {}, "verdicts": [], "notes": notes}


def _summary(same: dict[str, str] | None, request: EvidenceRequest | None, page: CheckPage) -> None:
    if same:
        page.tone, page.pill = "warn", _("The same as before")
        arrived_at = times.with_zone(datetime.fromisoformat(same["at"]))
        page.sentence = _(
            "Byte for byte the file that arrived as “%(name)s” on %(at)s. Did you mean another one?"
        ) % {"name": plain(same["name"], 120), "at": arrived_at}
        return
    if request and request.closing == Closing.FULFILLED:
        page.pill = _("Complete")
        page.sentence = _(
            "Everything asked for has arrived. You need do nothing more; we go on by ourselves."
        )
    elif request and not request.closed_at and page.missing:
        page.tone = "warn"
        counted = {"settled": request.settled, "all": len(request.items.all())}
        page.pill = _("%(settled)s of %(all)s items") % counted
        if page.arrived:
            page.sentence = _("This has arrived; something is still missing.")
        elif page.wrong:
            page.sentence = _("The upload has arrived; please look at this:")
        else:
            page.sentence = _("The upload has arrived, but nothing in it is what was asked for.")
    elif page.nothing_read and not page.arrived:
        page.tone, page.pill = "warn", _("Nothing to analyse")
        page.sentence = page.read
    elif page.wrong:
        page.tone = "warn"
        page.sentence = _("The upload has arrived; please look at this:")
    elif page.read:
        page.sentence = _("It has arrived. %(read)s") % {"read": page.read}
    else:
        page.sentence = ngettext(
            "%(count)s file has arrived and can be read.",
            "%(count)s files have arrived and can be read.",
            page.files,
        ) % {"count": page.files}


def _wrong(
    code: str, entry: Mapping[str, Any] | None, verdict: Mapping[str, Any], document: Mapping[str, Any]
) -> tuple[str, str]:
    sentence, todo = WRONG[code]
    log = (entry or {}).get("log") or {}
    facts = {
        "file": f"“{plain(verdict['found'].rpartition('/')[2], 80)}”",
        "first": _time(log.get("first_time")),
        "last": _time(log.get("last_time")),
        "at": _time(document.get("incident_at")),
    }
    return str(sentence) % facts, str(todo)


def _not_what_it_should_be(document: Mapping[str, Any], page: CheckPage) -> list[tuple[str, str]]:
    """Why files are not analysed and what to send instead, in the words of the analysis, where nothing of the
    upload is. What was asked for needs no excuse: a picture is one."""
    read = document.get("read")
    if not read:
        return []
    language = current_language()
    page.read, page.nothing_read = plain(read["headline"][language], 300), read["nothing"]
    if not page.nothing_read or document["trouble"]:
        return []
    arrived = {verdict["found"] for verdict in document["verdicts"] if verdict["arrived"]}
    reasons = [reason for reason in read["reasons"] if reason["first"] not in arrived]
    return [(_named(reason), plain(reason["said"][language], 400)) for reason in reasons]


def _named(reason: Mapping[str, Any]) -> str:
    name = plain(reason["first"].rpartition("/")[2], 80)
    if reason["count"] == 1:
        return _("“%(name)s” is not analysed:") % {"name": name}
    facts = {"name": name, "number": reason["count"] - 1}
    return _("“%(name)s” and %(number)s more are not analysed:") % facts


def _troubles(document: Mapping[str, Any]) -> list[tuple[str, str]]:
    """What could not be read, in the engine's own words; the same trouble of many files once."""
    language = current_language()
    if document["trouble"]:
        return [(plain(document["trouble"][language], 400), "")]
    counted: Counter[str] = Counter()
    first: dict[str, str] = {}
    for entry in document["entries"]:
        if entry["mistaken"]:
            sentence = _("It has the name of an event log, but is none or is empty.") + " " + str(NEW_EXPORT)
        elif entry["trouble"] and entry["log"] is None:
            sentence = plain(entry["trouble"][language], 400)
        else:
            continue
        counted[sentence] += 1
        first.setdefault(sentence, plain(entry["path"].rpartition("/")[2], 80))
    commonest = counted.most_common(MAX_TROUBLES)
    return [(_of_files(first[sentence], number), sentence) for sentence, number in commonest]


def _of_files(name: str, number: int) -> str:
    if number == 1:
        return _("“%(name)s” could not be read as it should be.") % {"name": name}
    facts = {"name": name, "number": number - 1}
    return _("“%(name)s” and %(number)s more could not be read as they should be.") % facts


def _advice(document: Mapping[str, Any]) -> list[str]:
    codes = {code for codes in document["notes"].values() for code in codes}
    return [str(sentence) for code, sentence in NOTE_ADVICE.items() if code in codes]


def _logs(document: Mapping[str, Any]) -> tuple[list[LogLine], int]:
    lines = []
    for entry in document["entries"]:
        log = entry["log"]
        if not log:
            continue
        path = entry["path"]
        codes = document["notes"].get(path, ())
        marks = [(NOTED[code][0], str(NOTED[code][1])) for code in codes]
        if path in document["same"]:
            earlier = plain(document["same"][path], 60)
            marks.append(("quiet", _("the same as in “%(name)s”") % {"name": earlier}))
        lines.append(
            LogLine(
                path=plain(path, 200),
                name=plain(log["channel"] or path.rpartition("/")[2], 100),
                computer=plain(log["computer"], 60),
                first=_moment(log["first_time"]),
                last=_moment(log["last_time"]),
                records=log["records"],
                marks=marks,
            )
        )
    # The telling ones first: those with a mark, then the longest.
    lines.sort(key=lambda line: (not line.marks, -line.records))
    return lines[:MAX_LOGS], max(0, len(lines) - MAX_LOGS)


def _moment(iso: str | None) -> datetime | None:
    return datetime.fromisoformat(iso) if iso else None


def _time(iso: str | None) -> str:
    at = _moment(iso)
    return times.with_zone(at) if at else "–"
