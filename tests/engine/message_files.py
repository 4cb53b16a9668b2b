"""Small libraries with message tables and manifests, and records to describe, for the tests.

Source: Microsoft, PE Format (headers, resource directory), ``MESSAGE_RESOURCE_DATA``; libfwevt,
"Windows Event manifest binary format" (CRIM, WEVT, EVNT).
"""

import hashlib
import json
import struct
import uuid
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from engine.artifacts import Artifact
from engine.index.event_record import RENDERING, EventRecord

CHINESE, ENGLISH = 0x0804, 0x0409
MESSAGE_TABLE = 11
Resources = Sequence[tuple[int | str, int, bytes]]
"""Kind (a number or a name), language, content."""
_ADDRESS = 0x1000
_HEADERS = 0x200


def record(
    provider: str = "Acme Service",
    event_id: int = 7,
    data: Any = None,
    *,
    version: int | None = None,
    qualifiers: int | None = None,
    rendering: tuple[str, str] | None = None,
    payload: str | None = None,
) -> EventRecord:
    """An event as the index gives it back; ``data`` is a mapping, or a list of unnamed values."""
    if isinstance(data, list):
        data = {"Data": {"#text": data}}
    if rendering is not None:
        data = (data or {}) | {RENDERING: list(rendering)}
    return EventRecord(
        "System.evtx", 1, "2020-11-24T01:01:43.000000Z", provider, event_id, qualifiers, version,
        2, 0, 0, None, "System", "PC", None, 1, 1, None,
        payload if payload is not None else data if data is None else json.dumps(data),
        None,
    )  # fmt: skip


def artifact(folder: Path, name: str, data: bytes, kind: str) -> Artifact:
    """A file of a bundle."""
    file = folder / name.replace("/", "_")
    file.write_bytes(data)
    return Artifact(name, file, hashlib.sha256(data).hexdigest(), len(data), kind)


def message_table(messages: Mapping[int, str]) -> bytes:
    """One block for each message, Unicode."""
    head, body = b"", b""
    start = 4 + 12 * len(messages)
    for number, message in messages.items():
        raw = message.encode("utf-16-le") + b"\0\0"
        raw += b"\0" * (-len(raw) % 4)
        head += struct.pack("<3I", number, number, start + len(body))
        body += struct.pack("<2H", len(raw) + 4, 1) + raw
    return struct.pack("<I", len(messages)) + head + body


def manifest(guid: str, events: Mapping[tuple[int, int], int]) -> bytes:
    """A provider's events, ``(id, version) → message number``, none with a template."""
    listed = b"".join(
        struct.pack("<H4BHQ8I", event_id, version, 0, 0, 0, 0, 0, number, 0, 0, 0, 0, 0, 0, 0)
        for (event_id, version), number in events.items()
    )
    provider_at = 16 + 20
    events_at = provider_at + 20 + 8
    evnt = struct.pack("<4s3I", b"EVNT", 16 + len(listed), len(events), 0) + listed
    wevt = struct.pack("<4s4I", b"WEVT", 28 + len(evnt), 0xFFFFFFFF, 1, 0) + struct.pack("<2I", events_at, 0)
    body = uuid.UUID(guid).bytes_le + struct.pack("<I", provider_at) + wevt + evnt
    return struct.pack("<4sI2HI", b"CRIM", 16 + len(body), 3, 1, 1) + body


def library(resources: Resources) -> bytes:
    """A PE32 file of nothing but resources."""
    section = _resources(resources)
    section += b"\0" * (-len(section) % _HEADERS)
    dos = b"MZ".ljust(0x3C, b"\0") + struct.pack("<I", 0x40)
    coff = b"PE\0\0" + struct.pack("<2H3I2H", 0x14C, 1, 0, 0, 0, 224, 0x2102)
    optional = struct.pack(
        "<H2B9I6H4I2H6I",
        0x10B, 14, 0, 0, len(section), 0, 0, _ADDRESS, _ADDRESS, 0x10000000, 0x1000, 0x200,
        6, 0, 0, 0, 6, 0, 0, 0x1000 + (len(section) + 0xFFF & ~0xFFF), _HEADERS, 0,
        2, 0, 0x100000, 0x1000, 0x100000, 0x1000, 0, 16,
    )  # fmt: skip
    directories = [(0, 0)] * 16
    directories[2] = (_ADDRESS, len(section))
    optional += b"".join(struct.pack("<2I", *directory) for directory in directories)
    table = struct.pack(
        "<8s6I2HI", b".rsrc", len(section), _ADDRESS, len(section), _HEADERS, 0, 0, 0, 0, 0x40000040
    )
    return (dos + coff + optional + table).ljust(_HEADERS, b"\0") + section


def _resources(resources: Resources) -> bytes:
    kinds: dict[int | str, dict[int, bytes]] = {}
    for kind, language, content in resources:
        kinds.setdefault(kind, {})[language] = content
    named = [kind for kind in kinds if isinstance(kind, str)]
    order = named + [kind for kind in kinds if isinstance(kind, int)]
    out = bytearray(16 + 8 * len(order))
    struct.pack_into("<12xHH", out, 0, len(named), len(order) - len(named))
    for place, kind in enumerate(order):
        name = kind if isinstance(kind, int) else 0x80000000 | len(out)
        if isinstance(kind, str):
            out += struct.pack("<H", len(kind)) + kind.encode("utf-16-le")
            out += b"\0" * (-len(out) % 4)
        struct.pack_into("<2I", out, 16 + 8 * place, name, 0x80000000 | len(out))
        out += struct.pack("<12xHH2I", 0, 1, 1, 0x80000000 | len(out) + 24)
        languages = kinds[kind]
        out += struct.pack("<12xHH", 0, len(languages))
        at = len(out)
        out += bytes(8 * len(languages))
        for number, (language, content) in enumerate(languages.items()):
            struct.pack_into("<2I", out, at + 8 * number, language, len(out))
            out += struct.pack("<4I", _ADDRESS + len(out) + 16, len(content), 0, 0) + content
            out += b"\0" * (-len(out) % 4)
    return bytes(out)
