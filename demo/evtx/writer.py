"""Writes Windows event logs (EVTX) that the common parsers read and whose checksums hold.

Source: libyal, "Windows XML Event Log (EVTX) format", sections "File header", "Chunk" and
"Event record". ``write_log`` is all that callers need.
"""

import struct
import uuid
import zlib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from functools import lru_cache
from pathlib import Path

from demo.evtx.binxml import (
    END_OF_STREAM,
    FRAGMENT,
    NAMESPACE,
    Element,
    Literal,
    Slot,
    Tables,
    instance,
)
from demo.evtx.values import Datum, ValueType, encode, filetime, sid, utf16

FILE_HEADER_SIZE = 4096
CHUNK_SIZE = 65536
CHUNK_HEADER_SIZE = 512
DIRTY, FULL = 0x1, 0x2

_SYSTEM_SLOTS = 19
_RECORD_HEADER = struct.Struct("<4sIQQ")
_DESCRIPTORS = struct.Struct("<HBx")
_U8, _U16, _U32, _U64 = (struct.Struct(f"<{code}") for code in "BHIQ")


class EventTooLarge(ValueError):
    """The event does not fit into one chunk (65,024 bytes) or a value exceeds 65,535 bytes."""


UserData = Datum | Mapping[str, "UserData | list[UserData]"]


@dataclass(frozen=True, slots=True)
class Event:
    """One event. ``time`` knows its zone; ``data`` is a mapping (named) or a sequence (unnamed).

    ``record_id`` is the next number unless given; a jump leaves a gap, as a lost record does. ``number`` is
    the one in the record's header, the same unless given.
    ``user`` is a security identifier; ``binary`` fills the ``Binary`` element of classic events;
    ``rendering`` is the culture and the message that a forwarded event carries. ``user_data`` stands in the
    place of ``data``: an element in each name, which holds a value or elements, a list of them where it is
    repeated; what begins with ``@`` is an attribute. It comes with no rendering.
    """

    time: datetime
    provider: str
    event_id: int
    data: Mapping[str, Datum] | Sequence[Datum] = ()
    channel: str = "System"
    computer: str = "DESKTOP-CM01"
    level: int = 4
    qualifiers: int | None = None
    version: int | None = 0
    task: int = 0
    opcode: int | None = 0
    keywords: int = 0x8000000000000000
    guid: uuid.UUID | None = None
    source: str | None = None
    user: str | None = None
    activity: uuid.UUID | None = None
    process_id: int = 0
    thread_id: int = 0
    binary: bytes | None = None
    record_id: int | None = None
    number: int | None = None
    rendering: tuple[str, str] | None = None
    user_data: Mapping[str, UserData] | None = None


@dataclass
class _Chunk:
    """64 KiB of records in the making."""

    first_number: int
    tables: Tables = field(default_factory=Tables)
    body: bytearray = field(default_factory=bytearray)
    ids: list[int] = field(default_factory=list)
    last_offset: int = CHUNK_HEADER_SIZE

    def add(self, event: Event, record_id: int, number: int) -> bool:
        """Appends the event, or leaves the chunk as it was and says False when it is full."""
        template = _template(_shape(event))
        before = None if template in self.tables.templates else self.tables.copy()
        offset = CHUNK_HEADER_SIZE + len(self.body)
        head = instance(template, offset + _RECORD_HEADER.size + len(FRAGMENT), self.tables)
        content = FRAGMENT + head + _values(event, record_id) + END_OF_STREAM
        size = (_RECORD_HEADER.size + len(content) + 4 + 7) // 8 * 8
        if offset + size > CHUNK_SIZE:
            self.tables = before or self.tables
            return False
        self.body += _RECORD_HEADER.pack(b"**\0\0", size, number, filetime(event.time))
        self.body += content.ljust(size - _RECORD_HEADER.size - 4, b"\0") + _U32.pack(size)
        self.ids.append(number)
        self.last_offset = offset
        return True

    def packed(self) -> bytes:
        """The chunk as it stands in the file, checksums included."""
        header = struct.pack(
            "<8s4Q4I64xI",
            b"ElfChnk\0",
            self.first_number,
            self.first_number + len(self.ids) - 1,
            self.ids[0],
            self.ids[-1],
            128,
            self.last_offset,
            CHUNK_HEADER_SIZE + len(self.body),
            zlib.crc32(self.body),
            0,
        )
        tables = self.tables.packed()
        checksum = zlib.crc32(tables, zlib.crc32(header[:120]))
        return (header + _U32.pack(checksum) + tables + self.body).ljust(CHUNK_SIZE, b"\0")


def write_log(
    file: Path,
    events: Iterable[Event],
    *,
    dirty: bool = False,
    full: bool = False,
    first_record_id: int = 1,
    saved: bool = False,
) -> int:
    """Writes the events, in their order, as one log; returns how many.

    ``saved`` numbers the headers from 1 whatever the records' own numbers are, as Event Viewer does.
    ``dirty`` leaves the log as a running machine does: the flag set and the file header still
    saying what it said after the first chunk. Raises ``EventTooLarge``.
    """
    count = chunks = 0
    next_id = first_record_id
    next_number = stale_next_number = 1 if saved else first_record_id
    chunk = _Chunk(first_number=1)
    with file.open("wb") as out:
        out.write(b"\0" * FILE_HEADER_SIZE)
        for event in events:
            record_id = next_id if event.record_id is None else event.record_id
            number = event.number
            if number is None:
                number = next_number if saved else record_id
            if not chunk.add(event, record_id, number):
                if chunk.ids:
                    out.write(chunk.packed())
                    chunks += 1
                    stale_next_number = stale_next_number if chunks > 1 else next_number
                chunk = _Chunk(first_number=count + 1)
                if not chunk.add(event, record_id, number):
                    raise EventTooLarge(
                        f"event {event.event_id} of {event.provider} does not fit into a chunk"
                    )
            next_id, next_number = record_id + 1, number + 1
            count += 1
        if chunk.ids:
            out.write(chunk.packed())
            chunks += 1
        flags = DIRTY * dirty | FULL * full
        stale = dirty and chunks > 1
        out.seek(0)
        out.write(file_header(1 if stale else chunks, stale_next_number if stale else next_number, flags))
    return count


def file_header(chunks: int, next_record_id: int, flags: int) -> bytes:
    """The 4,096 bytes at the start of a log, checksum included (format version 3.1)."""
    fields = struct.pack(
        "<8s3QI4H76x",
        b"ElfFile\0",
        0,
        max(chunks - 1, 0),
        next_record_id,
        128,
        1,
        3,
        FILE_HEADER_SIZE,
        chunks,
    )
    return (fields + struct.pack("<II", flags, zlib.crc32(fields))).ljust(FILE_HEADER_SIZE, b"\0")


def _values(event: Event, record_id: int) -> bytes:
    values: list[tuple[int, bytes]] = [
        (ValueType.STRING, utf16(event.provider)),
        _optional(ValueType.GUID, event.guid and event.guid.bytes_le),
        _optional(ValueType.STRING, event.source and utf16(event.source)),
        _optional(ValueType.UINT16, None if event.qualifiers is None else _U16.pack(event.qualifiers)),
        (ValueType.UINT16, _U16.pack(event.event_id)),
        _optional(ValueType.UINT8, None if event.version is None else _U8.pack(event.version)),
        (ValueType.UINT8, _U8.pack(event.level)),
        (ValueType.UINT16, _U16.pack(event.task)),
        _optional(ValueType.UINT8, None if event.opcode is None else _U8.pack(event.opcode)),
        (ValueType.HEX64, _U64.pack(event.keywords)),
        (ValueType.FILETIME, _U64.pack(filetime(event.time))),
        (ValueType.UINT64, _U64.pack(record_id)),
        _optional(ValueType.GUID, event.activity and event.activity.bytes_le),
        (ValueType.UINT32, _U32.pack(event.process_id)),
        (ValueType.UINT32, _U32.pack(event.thread_id)),
        (ValueType.STRING, utf16(event.channel)),
        (ValueType.STRING, utf16(event.computer)),
        _optional(ValueType.SID, event.user and sid(event.user)),
        (ValueType.NULL, b""),
    ]
    data: list[Datum] = []
    if event.user_data is not None:
        _nested("UserData", event.user_data, data)
    else:
        data += event.data.values() if isinstance(event.data, Mapping) else event.data
    values += [encode(datum) for datum in data]
    if event.binary is not None:
        values.append((ValueType.BINARY, event.binary))
    values += [encode(datum) for datum in event.rendering or ()]
    if any(len(packed) > 0xFFFF for _, packed in values):
        raise EventTooLarge(f"a value of event {event.event_id} of {event.provider} exceeds 65,535 bytes")
    descriptors = b"".join(_DESCRIPTORS.pack(len(packed), kind) for kind, packed in values)
    return _U32.pack(len(values)) + descriptors + b"".join(packed for _, packed in values)


def _optional(kind: ValueType, data: bytes | str | uuid.UUID | None) -> tuple[int, bytes]:
    return (kind, data) if isinstance(data, bytes) else (ValueType.NULL, b"")


_Shape = tuple[tuple[str | None, ...], Element | None, bool, bool]


def _shape(event: Event) -> _Shape:
    if event.user_data is not None:
        return (), _nested("UserData", event.user_data, []), False, False
    names = tuple(event.data) if isinstance(event.data, Mapping) else (None,) * len(event.data)
    return names, None, event.binary is not None, event.rendering is not None


def _nested(name: str, content: UserData, data: list[Datum]) -> Element:
    """An element of ``UserData``; its values are added to ``data``."""
    if not isinstance(content, Mapping):
        data.append(content)
        return Element(name, content=(Slot(_SYSTEM_SLOTS + len(data) - 1),))
    attributes: list[tuple[str, Slot]] = []
    inside: list[Element] = []
    for inner, value in content.items():
        for each in value if isinstance(value, list) else [value]:
            element = _nested(inner, each, data)
            if inner.startswith("@"):
                attributes += [(inner[1:], slot) for slot in element.content if isinstance(slot, Slot)]
            else:
                inside.append(element)
    return Element(name, tuple(attributes), tuple(inside))


@lru_cache(maxsize=4096)
def _template(shape: _Shape) -> Element:
    names, user_data, binary, rendering = shape
    system = Element(
        "System",
        content=(
            Element("Provider", (("Name", Slot(0)), ("Guid", Slot(1)), ("EventSourceName", Slot(2)))),
            Element("EventID", (("Qualifiers", Slot(3)),), (Slot(4),)),
            Element("Version", content=(Slot(5),)),
            Element("Level", content=(Slot(6),)),
            Element("Task", content=(Slot(7),)),
            Element("Opcode", content=(Slot(8),)),
            Element("Keywords", content=(Slot(9),)),
            Element("TimeCreated", (("SystemTime", Slot(10)),)),
            Element("EventRecordID", content=(Slot(11),)),
            Element("Correlation", (("ActivityID", Slot(12)),)),
            Element("Execution", (("ProcessID", Slot(13)), ("ThreadID", Slot(14)))),
            Element("Channel", content=(Slot(15),)),
            Element("Computer", content=(Slot(16),)),
            Element("Security", (("UserID", Slot(17)),)),
        ),
    )
    data = tuple(
        Element("Data", () if name is None else (("Name", Literal(name)),), (Slot(_SYSTEM_SLOTS + number),))
        for number, name in enumerate(names)
    )
    if binary:
        data += (Element("Binary", content=(Slot(_SYSTEM_SLOTS + len(names)),)),)
    content: tuple[Element, ...] = (system, user_data or Element("EventData", content=data))
    if rendering:
        at = _SYSTEM_SLOTS + (len(data))
        message = Element("Message", content=(Slot(at + 1),))
        content += (Element("RenderingInfo", (("Culture", Slot(at)),), (message,)),)
    return Element("Event", (("xmlns", Literal(NAMESPACE)),), content)
