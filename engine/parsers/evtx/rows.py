"""The columns of one event, cut from the JSON line that the Rust parser writes for it.

Decoding the whole line costs more than all the rest of reading a log. But events of
one kind and one thread share theirs word for word, but for time and number: what stands around
those two is decoded once and remembered. The payload stays text.
"""

import json
from collections.abc import Iterable
from datetime import datetime
from typing import Any

from engine.index.event_record import RENDERING
from engine.index.part import EventOrigin, Part

_SYSTEM = '"System":{'
_TIME = ',"TimeCreated":{"#attributes":{"SystemTime":"'
_RECORD = '"}},"EventRecordID":'
_EVENT_DATA = ',"EventData":'
_USER_DATA = ',"UserData":'
_RENDERING = ',"RenderingInfo":{'
_ACTIVITY = '"Correlation":{"#attributes":{"ActivityID":"'
_HOLE = "?"
"""Stands for an activity that was cut out; none is written so."""
_MAX_REMEMBERED = 20_000
MAX_RECORD_ID = 2**63
EARLIEST, LATEST = "1980", "2100"
"""No clock of a PC tells a time outside these years: what says so, FILETIME 0 before all, is no time."""
_KIND_NAMES = ("Version", "Level", "Task", "Opcode", "Keywords", "Channel", "Computer")
_EMPTY: dict[str, Any] = {}
_NOTHING = "\0"
"""No line begins so."""

_decode = json.JSONDecoder().raw_decode


class Rows:
    """Turns the parser's records into rows (see ``part.EventRow``) of one part."""

    def __init__(self, part: Part) -> None:
        self._part = part
        self._next = part.first
        self._known: dict[str, dict[str, tuple[int, int]]] = {}
        self._held = 0

    def rows(self, records: Iterable[dict[str, Any]]) -> list[tuple[Any, ...]]:
        """The columns of each record; of a line in no known form, the line itself as payload."""
        log, known = self._part.log, self._known
        rows: list[tuple[Any, ...]] = []
        earliest, latest, append = EARLIEST, LATEST, rows.append
        # Mostly a line begins as the one before, up to its time, and is as long behind its number, up to its
        # payload: to look at both costs a fraction of a search.
        begin, ends, at, width = _NOTHING, known.get(_NOTHING, {}), 0, 0
        for row, record in enumerate(records, self._next):
            line: str = record["data"]
            if not line.startswith(begin):
                at = line.find(_TIME) + len(_TIME)
                begin = line[:at] if at >= len(_TIME) else _NOTHING
                ends = known.get(begin, {})
            # An escaped quote cannot end a name, so the cuts fall between elements.
            behind = line.find(",", at + 47)
            columns = ends.get(line[behind : behind + width])
            if columns is None:
                width = _width(line, at, behind)
                columns = self._learn(begin, line[behind : behind + width])
                ends = known.get(begin, {})
            if columns is None or not line.startswith(_RECORD, at + 27):
                append(self.decoded(row, record))
                continue
            number, time = record["event_record_id"], line[at : at + 27]
            try:
                record_id = int(line[at + 47 : behind])
            except ValueError:
                record_id = record_id_of(line[at + 47 : behind].strip('"'), number)
            payload = line[behind + width : -2]
            if _RENDERING in payload:
                payload = _rendered(payload)
            append(
                (
                    row,
                    log,
                    record_id or number,
                    time if earliest < time < latest else None,
                    columns[0],
                    columns[1],
                    None if payload == "null" else payload,
                    number,
                )
            )
        self._next += len(rows)
        return rows

    def _learn(self, begin: str, end: str) -> tuple[int, int] | None:
        """The columns of lines that begin and end so around time, number and payload, from now on known;
        ``None`` where they are no such."""
        held = self._known.get(begin, {}).get(end)
        if held is not None:
            return held
        around, activity = _without_activity(end)
        learned, key = self._part.learned, (begin, around)
        if key not in learned:
            try:
                facts = self._facts_of(json.loads(f"{begin}{_RECORD}0{around}null}}}}")["Event"]["System"])
            except (ValueError, LookupError, TypeError):
                return None
            if len(learned) >= _MAX_REMEMBERED:
                learned.clear()
            learned[key] = facts
        kind, origin, name, guid = learned[key]
        if origin.activity_id == _HOLE:
            origin = origin._replace(activity_id=activity or None)
        self._part.provider(name, guid)
        columns = kind, self._part.origin(origin)
        if self._held >= _MAX_REMEMBERED:
            self._known.clear()
            self._held = 0
        self._known.setdefault(begin, {})[end] = columns
        self._held += 1
        return columns

    def decoded(self, row: int, record: dict[str, Any]) -> tuple[Any, ...]:
        """The same by decoding the whole ``System`` element, however it is laid out."""
        line: str = record["data"]
        log, number = self._part.log, record["event_record_id"]
        start = line.find(_SYSTEM) + len(_SYSTEM) - 1
        try:
            system, end = _decode(line, start)
        except (ValueError, RecursionError):
            kind = self._part.kind((None,) * 10)
            time = written_at(str(record.get("timestamp") or ""))
            return (row, log, number, time, kind, self._part.origin((None,) * 4), line, number)
        stated = _attributes(system, "TimeCreated").get("SystemTime")
        time = written_at(str(record.get("timestamp") or "") if stated is None else str(stated))
        kind, origin, name, guid = self._facts_of(system)
        self._part.provider(name, guid)
        record_id = record_id_of(system.get("EventRecordID"), number)
        return (row, log, record_id, time, kind, self._part.origin(origin), _payload(line, end), number)

    def _facts_of(self, system: dict[str, Any]) -> tuple[int, EventOrigin, Any, Any]:
        """The number of the kind, the origin, and the provider's name and GUID."""
        event_id, qualifiers = system.get("EventID"), None
        if isinstance(event_id, dict):
            qualifiers = event_id.get("#attributes", _EMPTY).get("Qualifiers")
            event_id = event_id.get("#text")
        provider = _attributes(system, "Provider")
        kind = self._part.kind(
            (
                provider.get("Name"),
                event_id,
                qualifiers,
                *(system.get(name) for name in _KIND_NAMES),
            )
        )
        execution = _attributes(system, "Execution")
        origin = EventOrigin(
            _attributes(system, "Security").get("UserID") or None,
            execution.get("ProcessID"),
            execution.get("ThreadID"),
            _attributes(system, "Correlation").get("ActivityID") or None,
        )
        return kind, origin, provider.get("Name"), provider.get("Guid")


def _width(line: str, at: int, behind: int) -> int:
    """How long what stands between a record's number and its payload is; 0 where there is none."""
    for name in (_EVENT_DATA, _USER_DATA):
        if (end := line.find(name, at)) >= 0:
            return end + len(name) - behind
    return 0


def _without_activity(end: str) -> tuple[str, str]:
    """What stands behind a record's number with a hole for its activity, and the activity: in some logs
    each record has one of its own. One that is written with escapes stays where it is."""
    before, mark, behind = end.partition(_ACTIVITY)
    activity, quote, rest = behind.partition('"')
    if not quote or "\\" in activity:
        return end, ""
    return f"{before}{mark}{_HOLE}{quote}{rest}", activity


def record_id_of(stated: Any, number: int) -> int:
    """The ``EventRecordID`` that the ``System`` element states, be it in words (a forwarded record's); of
    a record that states none, or 0, the number in its header."""
    try:
        record_id = int(stated)
    except (TypeError, ValueError):
        return number
    return record_id if 0 < record_id < MAX_RECORD_ID else number


def written_at(stamp: str) -> str | None:
    """A time such as ``2020-11-24T01:01:43.1234567Z UTC`` in the index's form; ``None`` where it is none."""
    day, _, fraction = stamp.removesuffix(" UTC").removesuffix("Z").partition(".")
    try:
        datetime.fromisoformat(day)
    except ValueError:
        return None
    time = f"{day}.{fraction[:6]:0<6}Z"
    return time if len(day) == 19 and EARLIEST < time < LATEST else None


def _attributes(system: dict[str, Any], name: str) -> dict[str, Any]:
    element = system.get(name)
    attributes = element.get("#attributes") if isinstance(element, dict) else None
    return attributes if isinstance(attributes, dict) else _EMPTY


def _payload(line: str, end: int) -> str | None:
    """The payload behind the ``System`` element, whose object ends at ``end``."""
    if line.startswith(_EVENT_DATA, end):
        payload = line[end + 13 : -2]
    elif line.startswith(_USER_DATA, end):
        payload = line[end + 12 : -2]
    elif line.startswith(_RENDERING, end):
        payload = "null" + line[end:-2]
    else:
        payload = "{" + line[end + 1 : -1] if line[end : end + 1] == "," else "null"
    if payload and _RENDERING in payload:
        payload = _rendered(payload)
    return None if payload == "null" else payload


def _rendered(payload: str) -> str:
    """A forwarded event's payload: behind its data stands the message as it was shown at home."""
    try:
        data, end = _decode(payload)
        if not payload.startswith(_RENDERING, end):
            return payload
        rendering, _ = _decode(payload, end + len(_RENDERING) - 1)
        culture = _attributes({"it": rendering}, "it").get("Culture", "")
        rendering_only = {RENDERING: [culture, rendering.get("Message") or ""]}
    except (ValueError, RecursionError):
        return payload
    return json.dumps((data if isinstance(data, dict) else {}) | rendering_only, ensure_ascii=False)
