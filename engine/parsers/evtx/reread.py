"""Cited records read a second time, by python-evtx: an independent parser must see the same.

It is some hundred times slower than the first, so only records that a finding cites come here.
"""

import base64
import re
import struct
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

from Evtx.BinaryParser import BinaryParserException
from Evtx.Evtx import ChunkHeader, Record

from engine.index.event_record import EventRecord
from engine.parsers.evtx.integrity import CHUNK_SIZE, ChunkFacts
from engine.parsers.evtx.rows import record_id_of, written_at
from engine.text_safety import shortened

AGREES, NOT_READ, OTHER_FORM = "agrees", "not read", "form not known"

# What python-evtx raises on broken bytes: nearly anything, but never what stops a run.
_BROKEN = (
    BinaryParserException,
    ElementTree.ParseError,
    struct.error,
    ValueError,
    LookupError,
    ArithmeticError,
    TypeError,
    AttributeError,
    AssertionError,
    RuntimeError,
)
_MAX_VALUE_LENGTH = 80
_RECORD_HEADER, _FRAGMENT_HEADER, _TOKEN, _TEMPLATE_INSTANCE = 24, 4, 0x0F, 0x0C
_RESTRICTED = re.compile("[\x01-\x08\x0b\x0c\x0e-\x1f\x7f-\x84\x86-\x9f]")


@dataclass(frozen=True, slots=True)
class SecondReading:
    """Where a record lies (chunk from 0, byte offset in the file) and what the second parser
    says of it: ``agrees``, ``differs: field: “first” ≠ “second”``, ``not read``, or ``form not known`` of a
    record that is sound but not laid out as it knows (forwarded without a template, XML in a value).
    ``checksum`` of its chunk: ``valid``, ``bad``, ``none`` where the log carries no checksums, or
    ``not covered`` for a record behind the end that a stale chunk header tells."""

    chunk: int
    offset: int
    verdict: str
    checksum: str


def reread(
    file: Path, chunks: Iterable[ChunkFacts], events: Iterable[EventRecord]
) -> dict[int, SecondReading]:
    """The second reading of each event of one log, by its id in the index; one that is not found is left out.

    It is looked for by the number in its header. Of several records under one number in a damaged log the
    one counts that says the same, be it in any chunk.
    """
    wanted: dict[int, list[EventRecord]] = {}
    for event in events:
        wanted.setdefault(event.number, []).append(event)
    readings: dict[int, SecondReading] = {}
    with file.open("rb") as log:
        for chunk in chunks:
            if chunk.first is None or chunk.last is None:
                continue
            here = {
                number: events
                for number, events in wanted.items()
                if chunk.first <= number <= chunk.last and any(_is_open(event, readings) for event in events)
            }
            if not here:
                continue
            log.seek(chunk.offset)
            data = log.read(CHUNK_SIZE)
            if chunk.unlisted:
                data = data[:48] + struct.pack("<I", chunk.end) + data[52:]
            if _chains_end(data):
                _read(data, chunk, here, readings)
    return readings


def _is_open(event: EventRecord, readings: Mapping[int, SecondReading]) -> bool:
    reading = readings.get(event.id)
    return reading is None or reading.verdict not in {AGREES, OTHER_FORM}


def _read(
    data: bytes,
    facts: ChunkFacts,
    wanted: Mapping[int, Iterable[EventRecord]],
    readings: dict[int, SecondReading],
) -> None:
    try:
        for record in ChunkHeader(data, 0).records():
            number = record.record_num()
            for event in wanted.get(number, ()):
                if not _is_open(event, readings):
                    continue
                verdict, checksum = _verdict(record, event), _checksum(facts, number)
                if verdict == NOT_READ and checksum == "valid":
                    verdict = OTHER_FORM
                if verdict == AGREES or event.id not in readings:
                    place = facts.offset + record.offset()
                    readings[event.id] = SecondReading(facts.number, place, verdict, checksum)
    except _BROKEN:
        return


def _checksum(facts: ChunkFacts, number: int) -> str:
    if number > facts.listed:
        return "not covered"
    if facts.unchecked:
        return "none"
    return "valid" if facts.header_valid and facts.data_valid else "bad"


def _chains_end(data: bytes) -> bool:
    """Whether the chunk's name and template chains end; python-evtx would follow a ring for ever."""
    if len(data) < CHUNK_SIZE:
        return False
    for head in struct.unpack_from("<96I", data, 0x80):
        met: set[int] = set()
        while head:
            if head in met or head > CHUNK_SIZE - 4:
                return False
            met.add(head)
            (head,) = struct.unpack_from("<I", data, head)
    return True


def _verdict(record: Record, event: EventRecord) -> str:
    if record.unpack_byte(_RECORD_HEADER + _FRAGMENT_HEADER) & _TOKEN != _TEMPLATE_INSTANCE:
        return OTHER_FORM
    try:
        xml = record.xml()
        if "<!" in xml:
            return NOT_READ
        root = ElementTree.fromstring(xml)  # noqa: S314  Without "<!" it declares no entity.
    except _BROKEN:
        return NOT_READ
    system = root.find("{*}System")
    if system is None:
        return "differs: System"
    for name, first, second in _pairs(event, record, root, system):
        if not _same(first, second):
            return f"differs: {name}: {_short(first)} ≠ {_short(second)}"
    return AGREES


def _short(value: Any) -> str:
    shown = " ".join(_RESTRICTED.sub("", "" if value is None else str(value)).split())
    return f"“{shortened(shown, _MAX_VALUE_LENGTH)}”"


def _pairs(
    event: EventRecord, record: Record, root: ElementTree.Element, system: ElementTree.Element
) -> Iterable[tuple[str, Any, str | None]]:
    stated = record_id_of(system.findtext("{*}EventRecordID"), record.record_num())
    yield "EventRecordID", event.record_id, str(stated)
    yield "EventID", event.event_id, system.findtext("{*}EventID")
    yield "Provider", event.provider, _attribute(system, "Provider", "Name")
    yield "Computer", event.computer, system.findtext("{*}Computer")
    # python-evtx reckons times in floating point: seconds are what it can vouch for.
    at = _attribute(system, "TimeCreated", "SystemTime") or str(record.timestamp())
    yield "TimeCreated", (event.time or "")[:19], (written_at(at[:19].replace(" ", "T")) or "")[:19]
    for name, number in _numbers(event):
        second_value = system.findtext(f"{{*}}{name}")
        if second_value and number is not None:
            yield name, number, second_value
    for element, attribute, value in _attributes(event):
        second_value = _attribute(system, element, attribute)
        if second_value and value is not None:
            yield attribute, value, second_value
    yield "Channel", event.channel, system.findtext("{*}Channel")
    yield from _payload(event.data, root)
    encoded = root.findtext("{*}EventData/{*}Binary")
    if encoded and event.binary:
        yield "Binary", event.binary, base64.b64decode(encoded).hex().upper()


def _numbers(event: EventRecord) -> Iterable[tuple[str, Any]]:
    yield "Level", event.level
    yield "Task", event.task
    yield "Opcode", event.opcode
    yield "Version", event.version
    yield "Keywords", event.keywords


def _attributes(event: EventRecord) -> Iterable[tuple[str, str, Any]]:
    yield "EventID", "Qualifiers", event.qualifiers
    yield "Execution", "ProcessID", event.process_id
    yield "Execution", "ThreadID", event.thread_id
    yield "Security", "UserID", event.user
    yield "Correlation", "ActivityID", event.activity_id


def _payload(data: Mapping[str, Any], root: ElementTree.Element) -> Iterable[tuple[str, Any, str | None]]:
    """Named values by their name, unnamed ones by their place, those of UserData by their element."""
    unnamed = []
    for element in root.iterfind("{*}EventData/{*}Data"):
        name = element.get("Name")
        if name is None:
            unnamed.append(element)
        elif name in data:
            yield name, data[name], "".join(element.itertext())
    texts = data.get("Data")
    if isinstance(texts, list) and len(texts) == len(unnamed):
        for place, (value, element) in enumerate(zip(texts, unnamed, strict=True), 1):
            if not isinstance(value, (dict, list)):
                yield f"Data{place}", value, "".join(element.itertext())
    for outer in root.iterfind("{*}UserData/*"):
        values = data.get(outer.tag.rpartition("}")[2])
        for element in outer:
            name = element.tag.rpartition("}")[2]
            value = values.get(name) if isinstance(values, dict) else None
            if isinstance(value, (str, int)) and not len(element):
                yield name, value, element.text or ""


def _attribute(system: ElementTree.Element, element: str, name: str) -> str | None:
    child = system.find(f"{{*}}{element}")
    return None if child is None else child.get(name)


def _same(first: Any, second: str | None) -> bool:
    """Equal but for how the two parsers write a value (braces, case, a space for
    the ``T``, bytes as hex or base64, lists of texts in elements)."""
    plain_first, plain_second = (_plain("" if value is None else str(value)) for value in (first, second))
    if plain_first == plain_second:
        return True
    if _bytes(plain_first) is not None and _bytes(plain_first) == _base64(second):
        return True
    if plain_first.startswith("1601-01-01t00:00:00") and plain_second == "0001-01-01t00:00:00":
        return True  # FILETIME 0, no time
    if plain_second in {"true", "false"} and plain_first.isdecimal():
        return (plain_second == "true") == (int(plain_first[:10]) != 0)
    try:
        return int(plain_first, 0) == int(plain_second, 0)
    except ValueError:
        return (
            len(plain_first) >= 19
            and plain_first[:19] == plain_second[:19]
            and plain_first[4:5] == plain_second[4:5] == "-"
        )


def _bytes(digits: str) -> bytes | None:
    try:
        return bytes.fromhex(digits) or None
    except ValueError:
        return None


def _base64(letters: str | None) -> bytes | None:
    try:
        return base64.b64decode(letters or "", validate=True)
    except ValueError:
        return None


def _plain(value: str) -> str:
    value = (
        _RESTRICTED.sub("", value)
        .replace("<string>", "")
        .replace("</string>", "")
        .replace("\r\n", "\n")
        .replace("\r", "\n")
    )
    return value.strip("{} \n").replace(" ", "t").casefold()
