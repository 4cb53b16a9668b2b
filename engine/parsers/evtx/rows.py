"""The columns of one event, cut from the JSON line that the Rust parser writes for it.

Decoding the whole line costs more than all the rest of reading a log. But events of
one kind and one thread share theirs word for word, but for time and number: what stands around
those two is decoded once and remembered. The payload stays text.
"""

import json
from collections.abc import Iterable
from typing import Any

from engine.index.event_index import RENDERING
from engine.index.writer import Part

_SYSTEM = '"System":{'
_TIME = ',"TimeCreated":{"#attributes":{"SystemTime":"'
_RECORD = '"}},"EventRecordID":'
_EVENT_DATA = ',"EventData":'
_USER_DATA = ',"UserData":'
_RENDERING = ',"RenderingInfo":{'
_MAX_REMEMBERED = 20_000
_KIND_NAMES = ("Version", "Level", "Task", "Opcode", "Keywords", "Channel", "Computer")
_EMPTY: dict[str, Any] = {}

_decode = json.JSONDecoder().raw_decode


class Rows:
    """Turns the parser's records into rows (see ``writer.EventRow``) of one part."""

    def __init__(self, part: Part) -> None:
        self._part = part
        self._next = part.first
        self._known: dict[tuple[str, str], tuple[Any, ...]] = {}

    def rows(self, records: Iterable[dict[str, Any]]) -> list[tuple[Any, ...]]:
        """The columns of each record; of a line in no known form, the line itself as payload."""
        log, known, rows = self._part.log, self._known, []
        for number, record in enumerate(records, self._next):
            line: str = record["data"]
            start = line.find(_SYSTEM) + 10
            at = line.find(_TIME, start)
            end, payload_at = line.find(_EVENT_DATA, at), 13
            if end < 0:
                end, payload_at = line.find(_USER_DATA, at), 12
            if at < 0 or end < 0 or start < 10 or not line.startswith(_RECORD, at + 72):
                rows.append(self.decoded(number, record))
                continue
            # An escaped quote cannot end a name, so the cuts fall between elements.
            key = line[start:at], line[line.find(",", at + 91) : end]
            columns = known.get(key)
            if columns is None:
                columns = self._learn(key)
                if columns is None:
                    rows.append(self.decoded(number, record))
                    continue
            payload = line[end + payload_at : -2]
            if _RENDERING in payload:
                payload = _rendered(payload)
            rows.append(
                (
                    number,
                    log,
                    record["event_record_id"],
                    line[at + 45 : at + 72],
                    *columns,
                    None if payload == "null" else payload,
                )
            )
        self._next += len(rows)
        return rows

    def _learn(self, key: tuple[str, str]) -> tuple[Any, ...] | None:
        learned = self._part.learned
        if key not in learned:
            try:
                facts = self._columns_of(json.loads(f'{{{key[0]},"":0{key[1]}'))
            except ValueError:
                return None
            if len(learned) >= _MAX_REMEMBERED:
                learned.clear()
            learned[key] = facts
        columns, name, guid = learned[key]
        self._part.provider(name, guid)
        if len(self._known) >= _MAX_REMEMBERED:
            self._known.clear()
        self._known[key] = columns
        return columns

    def decoded(self, number: int, record: dict[str, Any]) -> tuple[Any, ...]:
        """The same by decoding the whole ``System`` element, however it is laid out."""
        line: str = record["data"]
        record_id: int = record["event_record_id"]
        start = line.find(_SYSTEM) + len(_SYSTEM) - 1
        try:
            system, end = _decode(line, start)
        except (ValueError, RecursionError):
            kind = self._part.kind((None,) * 10)
            return (number, self._part.log, record_id, header_time(record), kind, "", None, None, "", line)
        time = _attributes(system, "TimeCreated").get("SystemTime")
        if time.__class__ is not str:
            time = header_time(record)
        columns, name, guid = self._columns_of(system)
        self._part.provider(name, guid)
        return (number, self._part.log, record_id, time, *columns, _payload(line, end))

    def _columns_of(self, system: dict[str, Any]) -> tuple[tuple[Any, ...], Any, Any]:
        """The columns behind the time, and the provider's name and GUID."""
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
        columns = (
            kind,
            _attributes(system, "Security").get("UserID") or "",
            execution.get("ProcessID"),
            execution.get("ThreadID"),
            _attributes(system, "Correlation").get("ActivityID") or "",
        )
        return columns, provider.get("Name"), provider.get("Guid")


def header_time(record: dict[str, Any]) -> str | None:
    """The time the record was written, ``2020-11-24T01:01:43.1234567Z UTC``, in the index's form."""
    stamp = str(record.get("timestamp") or "").removesuffix(" UTC").removesuffix("Z")
    day, _, fraction = stamp.partition(".")
    return f"{day}.{fraction[:6]:0<6}Z" if day else None


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
