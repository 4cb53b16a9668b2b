"""Binary XML templates: the fixed part of an event, stored once in every chunk.

Source: libyal, "Windows XML Event Log (EVTX) format", section "Binary XML". Offsets are
relative to the start of the chunk. A name or a template stands where it is first used; later
uses point back to it, and a hash table in the chunk header points to it as well.
"""

import hashlib
import struct
from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import lru_cache

FRAGMENT = b"\x0f\x01\x01\x00"
END_OF_STREAM = b"\x00"
NAMESPACE = "http://schemas.microsoft.com/win/2004/08/events/event"

_OPEN, _OPEN_WITH_ATTRIBUTES, _CLOSE_START, _CLOSE_EMPTY, _END = 0x01, 0x41, b"\x02", b"\x03", b"\x04"
_ATTRIBUTE, _MORE = 0x06, 0x40
_STRING = 0x01
_STRING_BUCKETS, _TEMPLATE_BUCKETS = 64, 32


@dataclass(frozen=True, slots=True)
class Literal:
    """Text that is the same in every event of the template."""

    text: str


@dataclass(frozen=True, slots=True)
class Slot:
    """The place of a value: the element or attribute vanishes when the value is null."""

    index: int


@dataclass(frozen=True, slots=True)
class Element:
    """One XML element of a template."""

    name: str
    attributes: tuple[tuple[str, Literal | Slot], ...] = ()
    content: "tuple[Element | Literal | Slot, ...]" = ()


@lru_cache(maxsize=4096)
def name_hash(name: str) -> int:
    """The 16-bit hash of an element or attribute name (65599 multiplier, low half)."""
    value = 0
    for unit in struct.unpack(f"<{len(name)}H", name.encode("utf-16-le")):
        value = (value * 65599 + unit) & 0xFFFFFFFF
    return value & 0xFFFF


@dataclass
class Tables:
    """What a chunk holds already: offsets of names and templates, heads of their chains."""

    names: dict[str, int] = field(default_factory=dict)
    templates: dict[Element, int] = field(default_factory=dict)
    string_heads: list[int] = field(default_factory=lambda: [0] * _STRING_BUCKETS)
    template_heads: list[int] = field(default_factory=lambda: [0] * _TEMPLATE_BUCKETS)

    def copy(self) -> "Tables":
        """An independent copy, to return to when a record does not fit."""
        return Tables(
            dict(self.names), dict(self.templates), list(self.string_heads), list(self.template_heads)
        )

    def packed(self) -> bytes:
        """The 384 bytes of both tables as they stand in the chunk header."""
        return struct.pack("<96I", *self.string_heads, *self.template_heads)


@lru_cache(maxsize=4096)
def template_guid(template: Element) -> bytes:
    """A GUID that is the same for the same template everywhere."""
    return hashlib.sha256(repr(template).encode()).digest()[:16]


def instance(template: Element, at: int, tables: Tables) -> bytes:
    """The template instance that starts at chunk offset ``at``, up to its values.

    The first instance in a chunk carries the definition; ``tables`` learns it.
    """
    guid = template_guid(template)
    known = tables.templates.get(template)
    if known is not None:
        return struct.pack("<BB4sI", 0x0C, 1, guid[:4], known)
    offset = at + 10
    bucket = struct.unpack_from("<I", guid)[0] % _TEMPLATE_BUCKETS
    body = FRAGMENT + _element(template, offset + 24 + len(FRAGMENT), tables) + END_OF_STREAM
    definition = struct.pack("<I16sI", tables.template_heads[bucket], guid, len(body)) + body
    tables.templates[template] = tables.template_heads[bucket] = offset
    return struct.pack("<BB4sI", 0x0C, 1, guid[:4], offset) + definition


def _element(element: Element, at: int, tables: Tables) -> bytes:
    token = _OPEN_WITH_ATTRIBUTES if element.attributes else _OPEN
    body = bytearray(_name(element.name, at + 7, tables))
    if element.attributes:
        attributes = _attributes(element.attributes, at + 7 + len(body) + 4, tables)
        body += struct.pack("<I", len(attributes)) + attributes
    if not element.content:
        body += _CLOSE_EMPTY
    else:
        body += _CLOSE_START
        for node in element.content:
            body += _node(node, at + 7 + len(body), tables)
        body += _END
    return struct.pack("<BHI", token, 0xFFFF, len(body)) + body


def _attributes(attributes: Sequence[tuple[str, Literal | Slot]], at: int, tables: Tables) -> bytes:
    body = bytearray()
    last = len(attributes) - 1
    for number, (name, node) in enumerate(attributes):
        body.append(_ATTRIBUTE if number == last else _ATTRIBUTE | _MORE)
        body += _name(name, at + len(body), tables)
        body += _node(node, at + len(body), tables)
    return bytes(body)


def _node(node: Element | Literal | Slot, at: int, tables: Tables) -> bytes:
    match node:
        case Slot(index=index):
            return struct.pack("<BHB", 0x0E, index, _STRING)
        case Literal(text=text):
            data = text.encode("utf-16-le")
            return struct.pack("<BBH", 0x05, _STRING, len(data) // 2) + data
        case Element():
            return _element(node, at, tables)


def _name(name: str, at: int, tables: Tables) -> bytes:
    """The name's offset, followed by the name itself where it is used for the first time."""
    known = tables.names.get(name)
    if known is not None:
        return struct.pack("<I", known)
    offset = at + 4
    bucket = name_hash(name) % _STRING_BUCKETS
    data = name.encode("utf-16-le")
    stored = (
        struct.pack("<IHH", tables.string_heads[bucket], name_hash(name), len(data) // 2) + data + b"\0\0"
    )
    tables.names[name] = tables.string_heads[bucket] = offset
    return struct.pack("<I", offset) + stored
