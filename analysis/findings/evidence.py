"""One piece of evidence in full: the artifact, the place, and the record with its neighbours."""

from __future__ import annotations

from datetime import datetime, timedelta
from itertools import islice
from typing import Any
from zoneinfo import ZoneInfo

from django.conf import settings
from django.utils.translation import gettext as _

from accounts.languages import current_language
from analysis.display import grouped, local_time, place
from analysis.reports.page import kind_label
from analysis.runs.models import AnalysisRun
from analysis.runs.worker import index_path
from engine.index.event_index import EventIndex
from engine.index.event_record import EventRecord
from engine.messages.describe import Source, Sources, describe
from engine.parsers.evtx.reread import AGREES, NOT_READ, OTHER_FORM
from engine.schema.evidence import Evidence, Locator
from engine.text import LANGUAGES, Text, in_language
from engine.text_safety import shown

AROUND = timedelta(minutes=2)
MAX_NEIGHBOURS = 40
"""Events shown around the cited one."""
LANGUAGE_NAMES = {"zh-hans": "中文", "en": "English"}
_CATALOGUE = Sources()


def evidence_of(run: AnalysisRun, position: int, index: int) -> dict[str, Any] | None:
    """What the side panel shows; ``None`` where the run has no such finding or evidence."""
    findings = run.result.findings
    if not (0 <= position < len(findings) and 0 <= index < len(findings[position].evidence)):
        return None
    cited = findings[position].evidence[index]
    zone = ZoneInfo(settings.TIME_ZONE)
    artifact = run.artifacts.filter(path=cited.artifact).first()
    locator = cited.locator
    is_event = locator.event_number is not None
    record, neighbours = _record(run, cited, zone) if is_event else (None, [])
    return {
        "position": position,
        "index": index,
        "count": (count := len(findings[position].evidence)),
        "number": index + 1,
        "before": index - 1 if index else None,
        "after": index + 1 if index + 1 < count else None,
        "second": _second_reading(locator),
        "is_baseline": locator.baseline,
        "artifact": shown(cited.artifact),
        "kind": kind_label(artifact.kind, current_language()) if artifact else "",
        "file": artifact.pk if artifact and artifact.sha256 else None,
        "size": grouped(artifact.size) if artifact else "",
        "sha256": shown(cited.artifact_sha256, 64),
        "place": place(locator, zone),
        "locator": [(shown(name, 40), shown(value, 300)) for name, value in locator.facts()],
        "excerpt": shown(cited.excerpt, 4_000),
        "messages": _messages(cited.message),
        "record": record,
        "neighbours": neighbours,
    }


def _second_reading(locator: Locator) -> dict[str, str] | None:
    """What the second parser says of the record, and the checksum of where it lies."""
    verdict = locator.second_parser
    if verdict is None:
        return None
    if verdict == AGREES:
        reading = {"tone": "good", "said": _("A second parser reads it the same.")}
    elif verdict == OTHER_FORM:
        said = _("It is laid out in a way that a second parser does not know: it was read once.")
        reading = {"tone": "good", "said": said}
    elif verdict == NOT_READ:
        reading = {"tone": "warn", "said": _("A second parser could not read it.")}
    else:
        reading = {
            "tone": "bad",
            "said": _("A second parser reads it differently: %(how)s") % {"how": shown(verdict, 200)},
        }
    if locator.checksum == "bad":
        reading = {"tone": "bad", "said": reading["said"] + " " + _("The checksum of its chunk is wrong.")}
    return reading


def _record(
    run: AnalysisRun, cited: Evidence, zone: ZoneInfo
) -> tuple[list[tuple[str, str]] | None, list[dict[str, Any]]]:
    """The event's own values out of the event index, and the events around it; nothing if it is gone."""
    locator, artifact = cited.locator, cited.artifact
    try:
        since, until = _around(locator.time)
        events = EventIndex(index_path(run.bundle))
    except (FileNotFoundError, OverflowError, ValueError):
        return None, []
    with events:
        record = events.at(artifact, locator)
        if record is None:
            return None, []
        found = events.events(artifact=artifact, since=since, until=until) if since else iter([record])
        around = list(islice(found, 2_000))
    at = next((place for place, event in enumerate(around) if event.id == record.id), None)
    if at is None:
        return _values(record, zone), []
    first = max(0, at - MAX_NEIGHBOURS // 2)
    return _values(record, zone), [
        {
            "record_id": grouped(event.record_id),
            "time": local_time(event.time, zone).rpartition(" ")[2],
            "event_id": shown(event.event_id, 10),
            "provider": shown(event.provider or "", 60),
            "message": _brief(event),
            "is_cited": event.id == record.id,
        }
        for event in around[first : first + MAX_NEIGHBOURS]
    ]


def _around(time: str | None) -> tuple[str | None, str | None]:
    """From when to when the neighbours of a record stand; nothing around one that bears no time."""
    if time is None:
        return None, None
    moment = datetime.fromisoformat(time)
    return _utc(moment - AROUND), _utc(moment + AROUND)


def _messages(message: Text | None) -> list[dict[str, str]]:
    """What the event says: in the reader's language, then in the other one when it differs."""
    if not message:
        return []
    order = sorted(LANGUAGES, key=lambda language: language != current_language())
    texts = {language: shown(in_language(message, language), 4_000) for language in order}
    if len(set(texts.values())) == 1:
        order = order[:1]
    return [
        {"language": language, "name": LANGUAGE_NAMES[language], "text": texts[language]}
        for language in order
        if texts[language]
    ]


def _brief(event: EventRecord) -> str:
    """The first line of what our catalogue says of an event; nothing of one that it does not know."""
    described = describe(event, _CATALOGUE)
    if described.source is Source.FIELDS:
        return ""
    sentence = in_language(described.text, current_language())
    return shown(sentence.partition("\n")[0], 160)


def _values(event: EventRecord, zone: ZoneInfo) -> list[tuple[str, str]]:
    rows: list[tuple[str, object]] = [
        (_("Time"), local_time(event.time, zone)),
        (_("Channel"), event.channel),
        (_("Computer"), event.computer),
        (_("Provider"), event.provider),
        (_("Event"), event.event_id),
        (_("Level"), event.level),
    ]
    rows += [(shown(name, 60), value) for name, value in event.data.items()]
    return [(name, shown(value, 600)) for name, value in rows if value not in (None, "")]


def _utc(moment: datetime) -> str:
    return moment.isoformat(timespec="microseconds").replace("+00:00", "Z")
