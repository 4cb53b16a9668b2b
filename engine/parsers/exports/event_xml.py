"""Event logs saved as XML: Event Viewer ("Save as XML"), ``wevtutil qe /f:xml`` and ``/f:RenderedXml``.

Event Viewer writes one root around all events, ``wevtutil`` and PowerShell's ``ToXml`` none. Each ``<Event>``
is cut out of the text and parsed by itself: a broken one costs itself and is named, a document type with
its entities never reaches the XML parser, and memory is that of one event.
Source: Microsoft, "Event Schema" (https://schemas.microsoft.com/win/2004/08/events/event).
"""

import re
from collections import Counter
from collections.abc import Iterator
from typing import Any
from xml.etree import ElementTree

from engine.artifacts import Artifact
from engine.index.values import LogForm
from engine.parsers.evtx.log_facts import LogFacts
from engine.parsers.exports.entries import number_of, unnamed
from engine.parsers.exports.times import Clock
from engine.parsers.parser import Parsed, Parser, Yields
from engine.parsers.sample import Sample
from engine.parsers.text_log import MAX_VALUES, LoggedEvent, keep_log, store_events, text_pieces
from engine.parsers.unread import UnreadLines
from engine.sandbox.sandbox import Emit
from engine.text import text
from engine.text_safety import xml_legal

KIND = "event-xml"
MAX_BYTES = 1 << 30
MAX_EVENT = 2 << 20
"""Characters of one event."""
MAX_DEPTH = 6
MAX_TEXT = 65_536

BEGIN = re.compile(r"<Event(?=[\s>])")
END = "</Event>"
SIGNS = re.compile(
    r"\s{0,200}(?:<\?xml[^>]{0,200}>\s{0,200})?(?:<!--[^>]{0,400}-->\s{0,20})?(?:<Events(?:\s[^>]{0,400})?>\s{0,200})?"
    r"<Event\s{1,20}xmlns\s{0,4}=\s{0,4}[\"']https?://schemas\.microsoft\.com/win/2004/08/events/event"
)
_CLOCK = Clock()


def recognises(sample: Sample) -> bool:
    """By the first event and its namespace."""
    return SIGNS.match(sample.text) is not None


def fragments(artifact: Artifact, unread: UnreadLines) -> Iterator[tuple[int, str]]:
    """Each ``<Event>`` as it stands, with the number of its first line; one without an end is noted."""
    line, buffer, at = 1, "", 0  # the line is that of buffer[at]
    for piece in text_pieces(artifact, MAX_BYTES):
        buffer, at = buffer[at:] + piece, 0
        while begin := BEGIN.search(buffer, at):
            line += buffer.count("\n", at, begin.start())
            at = begin.start()
            following = BEGIN.search(buffer, begin.end())
            end = buffer.find(END, begin.end(), following.start() if following else len(buffer))
            if end < 0 and following is None and len(buffer) - at <= MAX_EVENT:
                break
            if end < 0:
                unread.miss(line, "事件没有结束标记", "the event has no end")
                behind = following.start() if following else len(buffer)
            else:
                behind = end + len(END)
                yield line, buffer[at:behind]
            line += buffer.count("\n", at, behind)
            at = behind
        else:
            kept = max(at, len(buffer) - len("<Event "))
            line += buffer.count("\n", at, kept)
            at = kept
    if BEGIN.search(buffer, at):
        unread.miss(line, "事件没有结束标记", "the event has no end")


def event_of(line: int, fragment: str) -> LoggedEvent | None:
    """The event of one fragment; ``None`` for one that is no well-formed event."""
    try:
        root = ElementTree.fromstring(xml_legal(fragment))  # noqa: S314  It begins behind any DTD.
    except ElementTree.ParseError:
        return None
    system = root.find("{*}System")
    if system is None:
        return None
    provider, execution = _attributes(system, "Provider"), _attributes(system, "Execution")
    event_id = system.find("{*}EventID")
    rendering = root.find("{*}RenderingInfo")
    message = rendering.findtext("{*}Message") if rendering is not None else None
    return LoggedEvent(
        line,
        _CLOCK.read(_attributes(system, "TimeCreated").get("SystemTime", "")),
        provider.get("Name") or provider.get("EventSourceName") or "",
        (system.findtext("{*}Channel") or "").strip(),
        event_id=number_of(event_id.text) if event_id is not None else None,
        level=number_of(system.findtext("{*}Level")),
        computer=(system.findtext("{*}Computer") or "").strip() or None,
        data=_payload(root),
        record_id=number_of(system.findtext("{*}EventRecordID")),
        rendering=(rendering.get("Culture", ""), message.strip()[:MAX_TEXT])
        if rendering is not None and message
        else None,
        qualifiers=number_of(event_id.get("Qualifiers")) if event_id is not None else None,
        version=number_of(system.findtext("{*}Version")),
        task=number_of(system.findtext("{*}Task")),
        opcode=number_of(system.findtext("{*}Opcode")),
        keywords=system.findtext("{*}Keywords"),
        user=_attributes(system, "Security").get("UserID", ""),
        process_id=number_of(execution.get("ProcessID")),
        thread_id=number_of(execution.get("ThreadID")),
        activity_id=_attributes(system, "Correlation").get("ActivityID", ""),
        # One of so many elements has at least so many closing tags.
        cut=fragment.count(">") > MAX_VALUES and any(len(element) > MAX_VALUES for element in root.iter()),
    )


def events(artifact: Artifact, unread: UnreadLines) -> Iterator[LoggedEvent]:
    """Those of the file."""
    for line, fragment in fragments(artifact, unread):
        event = event_of(line, fragment)
        if event is None:
            unread.miss(line, "不是完整的事件", "this is no well-formed event")
        else:
            yield event


def _attributes(system: ElementTree.Element, name: str) -> dict[str, str]:
    element = system.find(f"{{*}}{name}")
    return dict(element.attrib) if element is not None else {}


def _payload(root: ElementTree.Element) -> dict[str, Any]:
    """As the parser of ``.evtx`` gives it: named values, unnamed ones in a list, ``UserData`` nested."""
    payload: dict[str, Any] = {}
    data = root.find("{*}EventData")
    if data is not None:
        values: list[str] = []
        for element in list(data)[:MAX_VALUES]:
            name, content = element.get("Name"), (element.text or "")[:MAX_TEXT]
            if _plain(element.tag) == "Binary":
                payload["Binary"] = content.strip().upper()
            elif name:
                del element.attrib["Name"]
                payload[name] = content if len(element) == 0 else _nested(element, 0)
            else:
                values.append(content)
        payload |= unnamed(values)
    user_data = root.find("{*}UserData")
    if user_data is not None:
        for element in list(user_data)[:MAX_VALUES]:
            payload[_plain(element.tag)] = _nested(element, 0)
    return payload


def _nested(element: ElementTree.Element, depth: int) -> Any:
    children = list(element)[:MAX_VALUES]
    attributes = {_plain(name): value[:MAX_TEXT] for name, value in list(element.items())[:MAX_VALUES]}
    if not children or depth >= MAX_DEPTH:
        content = (element.text or "")[:MAX_TEXT]
        if not attributes:
            return content
        return {"#attributes": attributes} | ({"#text": content} if content else {})
    inside: dict[str, Any] = {"#attributes": attributes} if attributes else {}
    seen: Counter[str] = Counter()
    for child in children:
        name = _plain(child.tag)
        inside[f"{name}_{seen[name]}" if seen[name] else name] = _nested(child, depth + 1)
        seen[name] += 1
    return inside


def _plain(tag: str) -> str:
    return tag.rpartition("}")[2]


def parse(emit: Emit, artifact: Artifact, number: int) -> Parsed[LogFacts]:
    """Reads the events."""
    unread, form = UnreadLines(), LogForm.NUMBERED
    return store_events(
        artifact, number, events(artifact, unread), MAX_BYTES, form=form, emit=emit, unread=unread
    )


PARSER = Parser(
    kind=KIND,
    label=text("导出的事件日志（XML）", "exported event log (XML)"),
    source="https://learn.microsoft.com/windows/win32/wes/eventschema-schema",
    yields=Yields.EVENTS,
    recognises=recognises,
    max_bytes=MAX_BYTES,
    parse=parse,
    keep=keep_log,
)
