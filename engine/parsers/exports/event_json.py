"""Event logs as JSON: ``Get-WinEvent | ConvertTo-Json``, or one ``{"Event": …}`` a line.

PowerShell 5.1 writes times as ``/Date(…)/`` and values as ``Properties``, newer ones ISO 8601. Objects are
decoded one after the other: a broken one costs itself. Sources: Microsoft, ``EventLogRecord``,
``ConvertTo-Json``; omerbenamram/evtx (``evtx_dump -o jsonl``).
"""

import json
import re
from collections.abc import Iterator
from typing import Any

from engine.artifacts import Artifact
from engine.index.values import LogForm
from engine.parsers.evtx.log_facts import LogFacts
from engine.parsers.exports.entries import Entries, number_of, text_of
from engine.parsers.exports.times import Clock
from engine.parsers.exports.words import column_of
from engine.parsers.parser import Parsed, Parser, Yields
from engine.parsers.sample import Sample
from engine.parsers.text_log import MAX_VALUES, LoggedEvent, keep_log, store_events, text_pieces
from engine.parsers.unread import UnreadLines
from engine.sandbox.sandbox import Emit
from engine.text import text

KIND = "event-json"
MAX_BYTES = 256 << 20
MAX_BROKEN = 100
SIGNS = re.compile(r"\s{0,200}\[?\s{0,200}\{[^\0]{0,8000}?\"(?:TimeCreated|TimeGenerated|Event)\"\s{0,8}:")
_POWERSHELL = re.compile(r"\"(?:ProviderName|ReplacementStrings|Source|MachineName)\"\s{0,8}:")
_SYSTEM = re.compile(r"\"System\"\s{0,8}:\s{0,8}\{")
_OBJECT = re.compile(r"\{")


def recognises(sample: Sample) -> bool:
    """By the properties of an event."""
    head = sample.text[:20_000]
    return bool(SIGNS.match(head) and (_POWERSHELL.search(head) or _SYSTEM.search(head)))


def objects(content: str, unread: UnreadLines) -> Iterator[tuple[int, dict[str, Any]]]:
    """The outermost objects, each with the number of its first line; broken ones are noted."""
    decoder, line, at, broken = json.JSONDecoder(), 1, 0, 0
    while begin := _OBJECT.search(content, at):
        line += content.count("\n", at, begin.start())
        at = begin.start()
        try:
            value, end = decoder.raw_decode(content, at)
            yield line, value
        except (ValueError, RecursionError):
            broken += 1
            if broken > MAX_BROKEN:  # each may have been read to the file's end
                unread.miss(
                    line, "损坏的对象过多，其后未读取", "too many broken objects; nothing behind was read"
                )
                return
            unread.miss(line, "不是完整的 JSON 对象", "this is no whole JSON object")
            end = _next_line(content, at)
        line += content.count("\n", at, end)
        at = end


def _next_line(content: str, at: int) -> int:
    """Behind a broken object: where an object begins a line again at the depth of the first."""
    end = content.find("\n{", at)
    return end + 1 if end >= 0 else len(content)


def events(artifact: Artifact, unread: UnreadLines) -> Iterator[LoggedEvent]:
    """One an object."""
    content = "".join(text_pieces(artifact, MAX_BYTES))
    entries = Entries(artifact.path, Clock())
    for line, value in objects(content, unread):
        try:
            event = (
                _of_system(line, value["Event"]) if "Event" in value else _of_powershell(line, value, entries)
            )
        except (AttributeError, LookupError, TypeError, ValueError):
            event = None
        if event is None:
            unread.miss(line, "看不出事件 ID 或时间", "its event id or time is not understood")
        else:
            yield event


def _of_powershell(line: int, value: dict[str, Any], entries: Entries) -> LoggedEvent | None:
    columns: dict[str, Any] = {}
    for name, content in value.items():
        column = column_of(name)
        if column and column not in columns:
            columns[column] = _scalar(content)
    if isinstance(value.get("Level"), int):
        columns["level_number"] = value["Level"] if 1 <= value["Level"] <= 5 else 4
    return entries.event(line, columns, values_of(value))


def values_of(value: dict[str, Any]) -> list[str]:
    """The values that a message is made of, in their order, at most one more than an event keeps."""
    properties = value.get("Properties") or value.get("ReplacementStrings") or []
    listed = properties if isinstance(properties, list) else [properties]
    kept = listed[: MAX_VALUES + 1]
    return [text_of(item.get("Value") if isinstance(item, dict) else item) for item in kept]


def _scalar(content: Any) -> Any:
    """A property's plain value: PowerShell writes times and users as objects of one ``value``."""
    if isinstance(content, dict):
        content = content.get("value", content.get("Value", content.get("DateTime")))
    return content if isinstance(content, str | int | float) else None


def _of_system(line: int, event: dict[str, Any]) -> LoggedEvent:
    system = event["System"]
    event_id = system["EventID"]
    qualifiers = event_id.get("#attributes", {}).get("Qualifiers") if isinstance(event_id, dict) else None
    payload = event.get("EventData") or event.get("UserData") or {}
    time = _attribute(system, "TimeCreated", "SystemTime")
    return LoggedEvent(
        line,
        Clock().read(text_of(time)),
        text_of(_attribute(system, "Provider", "Name")),
        text_of(system.get("Channel")),
        event_id=number_of(event_id.get("#text") if isinstance(event_id, dict) else event_id),
        level=number_of(system.get("Level")),
        computer=text_of(system.get("Computer")) or None,
        data=payload if isinstance(payload, dict) else {},
        record_id=number_of(system.get("EventRecordID")),
        qualifiers=number_of(qualifiers),
        version=number_of(system.get("Version")),
        task=number_of(system.get("Task")),
        opcode=number_of(system.get("Opcode")),
        keywords=text_of(system.get("Keywords")) or None,
        user=text_of(_attribute(system, "Security", "UserID")),
        process_id=number_of(_attribute(system, "Execution", "ProcessID")),
        thread_id=number_of(_attribute(system, "Execution", "ThreadID")),
        activity_id=text_of(_attribute(system, "Correlation", "ActivityID")),
    )


def _attribute(system: dict[str, Any], element: str, name: str) -> Any:
    value = system.get(element)
    attributes = value.get("#attributes", value) if isinstance(value, dict) else {}
    return attributes.get(name) if isinstance(attributes, dict) else None


def parse(emit: Emit, artifact: Artifact, number: int) -> Parsed[LogFacts]:
    """Reads the objects."""
    unread = UnreadLines()
    return store_events(
        artifact,
        number,
        events(artifact, unread),
        MAX_BYTES,
        form=LogForm.NUMBERED,
        emit=emit,
        unread=unread,
    )


PARSER = Parser(
    kind=KIND,
    label=text("导出的事件日志（JSON）", "exported event log (JSON)"),
    source="https://learn.microsoft.com/powershell/module/microsoft.powershell.utility/convertto-json",
    yields=Yields.EVENTS,
    recognises=recognises,
    max_bytes=MAX_BYTES,
    parse=parse,
    keep=keep_log,
)
