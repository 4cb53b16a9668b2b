"""Messages out of the executables and libraries of a bundle: message tables and manifests.

A classic event's message has the number ``qualifiers << 16 | id`` in the file that its provider
names. A manifest (``WEVT_TEMPLATE``) says for the provider's GUID which number each event's
message has. Language files (``a.dll.mui``) hold the tables of the library of that name.
Source: Microsoft, PE Format (resources), ``MESSAGE_RESOURCE_DATA``; libfwevt, "Windows Event
manifest binary format".
"""

import mmap
import struct
from collections.abc import Container, Iterator
from dataclasses import dataclass, field
from typing import Any

import pefile
from evtx import wevt

from engine.artifacts import Artifact
from engine.messages import languages
from engine.messages.captured import base_name

MAX_BYTES = 256 << 20
MAX_TABLE_BYTES = 32 << 20
MAX_MESSAGES = 200_000
"""Entries walked in one file, whatever its tables claim."""

_RESOURCE, _MESSAGE_TABLE, _MANIFEST = 2, 11, "WEVT_TEMPLATE"
_NO_MESSAGE = 0xFFFFFFFF
_ANSI = {0x04: "gbk", 0x11: "cp932", 0x12: "cp949"}
_BLOCK = struct.Struct("<3I")
_HEAD = struct.Struct("<2H")
_BROKEN = (
    pefile.PEFormatError,
    struct.error,
    ValueError,
    LookupError,
    OverflowError,
    AttributeError,
    TypeError,
    RuntimeError,
    OSError,
)

Texts = dict[str, str]
"""A message by language."""


@dataclass
class Resources:
    """``tables``: messages by library and number; ``manifests``: by provider GUID, event id and
    version the library and the message's number; ``names``: libraries by what they call themselves;
    ``parameters``: all texts of the files that say what ``%%1234`` means, by file and number."""

    tables: dict[str, dict[int, Texts]] = field(default_factory=dict)
    manifests: dict[str, dict[tuple[int, int], tuple[str, int]]] = field(default_factory=dict)
    names: dict[str, str] = field(default_factory=dict)
    parameters: dict[str, dict[int, Texts]] = field(default_factory=dict)
    unreadable: list[str] = field(default_factory=list)

    def add(self, other: "Resources") -> None:
        """Takes in what another file tells; what is known already stays."""
        for mine, theirs in ((self.tables, other.tables), (self.parameters, other.parameters)):
            for library, messages in theirs.items():
                table = mine.setdefault(library, {})
                for number, texts in messages.items():
                    table[number] = texts | table.get(number, {})
        for guid, events in other.manifests.items():
            self.manifests[guid] = events | self.manifests.get(guid, {})
        self.names = other.names | self.names
        self.unreadable += other.unreadable

    def of_manifest(self, guid: str, event_id: int, version: int) -> Texts:
        """The message that the provider's manifest names; empty when there is none."""
        library, number = self.manifests.get(plain_guid(guid), {}).get((event_id, version), ("", 0))
        return self.tables.get(library, {}).get(number, {})

    def of_library(self, library: str, event_id: int, qualifiers: int | None) -> Texts:
        """A classic event's message in a library; empty when there is none."""
        table = self.tables.get(library, {})
        return table.get((qualifiers or 0) << 16 | event_id, {})


def read_library(
    artifact: Artifact, names: tuple[str, ...], wanted: Container[int], parameter_files: Container[str] = ()
) -> Resources:
    """Of one executable; ``names`` are what it calls itself besides its file name, and only messages
    whose low 16 bits are in ``wanted`` are kept, but all of a file named in ``parameter_files``.

    Never raises for what the file contains: a broken one is named in ``unreadable``.
    """
    resources, library = Resources(), base_name(artifact.path)
    try:
        tables = artifact.size <= MAX_BYTES and _read(
            artifact, library, resources, wanted, library in parameter_files
        )
    except _BROKEN:
        return Resources(unreadable=[artifact.path])
    if artifact.size > MAX_BYTES:
        resources.unreadable.append(artifact.path)
    if tables:
        for name in (*names, library):
            resources.names.setdefault(library_name(name), library)
    return resources


def plain_guid(guid: str) -> str:
    """Without braces, in lower case."""
    return guid.strip("{} ").casefold()


def library_name(name: str) -> str:
    """The form in which a provider's name is compared with what a library calls itself."""
    name = base_name(name)
    return name.removesuffix(".exe").removesuffix(".dll").removesuffix(".sys").strip()


def _read(
    artifact: Artifact, library: str, into: Resources, wanted: Container[int], parameters: bool
) -> bool:
    any_table = False
    with artifact.file.open("rb") as file, mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ) as data:
        pe = pefile.PE(data=data, fast_load=True)
        for kind, language, content in _contents(pe):
            if kind == _MANIFEST:
                _manifest(content, library, into)
            else:
                _table(content, language, into.tables.setdefault(library, {}), wanted)
                if parameters:
                    _table(content, language, into.parameters.setdefault(library, {}), range(1 << 16))
            any_table = True
    return any_table


def _contents(pe: Any) -> Iterator[tuple[Any, int, bytes]]:
    """Each message table and manifest: its kind, its language number, its bytes."""
    pe.parse_data_directories([_RESOURCE])
    root = getattr(pe, "DIRECTORY_ENTRY_RESOURCE", None)
    for kind in getattr(root, "entries", ()):
        name = _MANIFEST if kind.name is not None and str(kind.name) == _MANIFEST else kind.id
        if name not in (_MANIFEST, _MESSAGE_TABLE):
            continue
        for entry in getattr(getattr(kind, "directory", None), "entries", ()):
            for language in getattr(getattr(entry, "directory", None), "entries", ()):
                place = language.data.struct
                if 0 < place.Size <= MAX_TABLE_BYTES:
                    yield name, int(language.id or 0), pe.get_data(place.OffsetToData, place.Size)


def _manifest(content: bytes, library: str, into: Resources) -> None:
    for provider in _parsed(content).providers:
        events = into.manifests.setdefault(plain_guid(provider.identifier), {})
        for event in provider.events:
            if event.message_identifier != _NO_MESSAGE:
                events.setdefault((event.identifier, event.version), (library, event.message_identifier))


def _parsed(content: bytes) -> Any:
    try:
        return wevt.Manifest.parse(content)
    except BaseException as error:
        # A panic inside the Rust library arrives as a BaseException of its own.
        if type(error).__name__ == "PanicException":
            raise ValueError(str(error)) from error
        raise


def _table(content: bytes, language: int, into: dict[int, Texts], wanted: Container[int]) -> None:
    (blocks,) = struct.unpack_from("<I", content)
    walked = 0
    for block in range(min(blocks, len(content) // _BLOCK.size)):
        low, high, at = _BLOCK.unpack_from(content, 4 + block * _BLOCK.size)
        for number in range(low, high + 1):
            if at + _HEAD.size > len(content) or walked >= MAX_MESSAGES:
                break
            walked += 1
            length, flags = _HEAD.unpack_from(content, at)
            if length < _HEAD.size:
                break
            if number & 0xFFFF in wanted and len(into) < MAX_MESSAGES:
                message = _text(content[at + _HEAD.size : at + length], flags, language)
                if message:
                    into.setdefault(number, {}).setdefault(languages.of_number(language, message), message)
            at += length


def _text(raw: bytes, flags: int, language: int) -> str:
    match flags:
        case 1:
            decoded = raw.decode("utf-16-le", "replace")
        case 2:
            decoded = raw.decode("utf-8", "replace")
        case _:
            decoded = raw.decode(_ANSI.get(language & 0x3FF, "cp1252"), "replace")
    return decoded.rstrip("\0").rstrip()
