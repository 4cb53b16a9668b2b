"""The tables inside a Windows executable: header fields, imported functions, resources, version.

pefile has parsed them; here they become plain values, with limits, for they are hostile.
Source: Microsoft, PE Format (COFF header, optional header, .idata, .rsrc); VS_VERSIONINFO.
"""

import hashlib
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from engine.text_safety import printable

MAX_LENGTH = 200
"""Characters of a string that are kept."""

MAX_IMPORTS = 20_000
MAX_RESOURCES = 5_000
MAX_DEPTH = 3

COFF_FIELDS = ("Machine", "NumberOfSections", "TimeDateStamp", "Characteristics")
OPTIONAL_FIELDS = (
    "MajorLinkerVersion",
    "MinorLinkerVersion",
    "SizeOfCode",
    "SizeOfInitializedData",
    "SizeOfUninitializedData",
    "AddressOfEntryPoint",
    "ImageBase",
    "SectionAlignment",
    "FileAlignment",
    "SizeOfImage",
    "SizeOfHeaders",
    "CheckSum",
    "Subsystem",
    "DllCharacteristics",
)
RESOURCE_TYPES = {
    1: "cursor", 2: "bitmap", 3: "icon", 4: "menu", 5: "dialog", 6: "string", 9: "accelerator",
    10: "data", 11: "message table", 12: "cursor group", 14: "icon group", 16: "version", 24: "manifest",
}  # fmt: skip


@dataclass(frozen=True)
class Resource:
    """One resource: ``name`` is type, name and language, ``sha256`` of its bytes."""

    name: str
    size: int
    sha256: str


def headers(pe: Any) -> tuple[tuple[str, int], ...]:
    """The numbers of the COFF and the optional header."""
    coff = [(name, int(getattr(pe.FILE_HEADER, name, 0))) for name in COFF_FIELDS]
    return (*coff, *((name, int(getattr(pe.OPTIONAL_HEADER, name, 0))) for name in OPTIONAL_FIELDS))


def imports(pe: Any) -> tuple[str, ...]:
    """``dll!function``, in the table's order; a function without a name by its ordinal."""
    functions: list[str] = []
    for library in getattr(pe, "DIRECTORY_ENTRY_IMPORT", ()):
        name = string((library.dll or b"").decode("utf-8", "replace")).lower()
        for entry in library.imports:
            function = entry.name.decode("utf-8", "replace") if entry.name else f"#{entry.ordinal}"
            functions.append(f"{name}!{string(function)}")
            if len(functions) >= MAX_IMPORTS:
                return tuple(functions)
    return tuple(functions)


def resources(pe: Any) -> tuple[Resource, ...]:
    """The leaves of the resource tree."""
    root = getattr(pe, "DIRECTORY_ENTRY_RESOURCE", None)
    leaves: list[Resource] = []
    for path, entry in _leaves(root, ()) if root is not None else ():
        size = int(entry.struct.Size)
        data = pe.get_data(int(entry.struct.OffsetToData), size)
        leaves.append(Resource("/".join(path), size, hashlib.sha256(data).hexdigest()))
        if len(leaves) >= MAX_RESOURCES:
            break
    return tuple(leaves)


def version_strings(pe: Any) -> dict[str, str]:
    """The version resource's strings, those that are not empty."""
    strings: dict[str, str] = {}
    for file_info in getattr(pe, "FileInfo", []):
        for block in file_info:
            for table in getattr(block, "StringTable", []):
                for key, value in table.entries.items():
                    name = key.decode("utf-8", "replace")
                    strings.setdefault(name, string(value.decode("utf-8", "replace")))
    return {name: value for name, value in strings.items() if value}


def string(value: str) -> str:
    """A string of the file, fit to show, at most ``MAX_LENGTH`` characters."""
    return printable(value.strip("\0 "))[:MAX_LENGTH]


def _leaves(directory: Any, path: tuple[str, ...]) -> Iterator[tuple[tuple[str, ...], Any]]:
    for entry in directory.entries:
        here = (*path, _label(entry, top=not path))
        if hasattr(entry, "directory") and len(here) < MAX_DEPTH:
            yield from _leaves(entry.directory, here)
        elif hasattr(entry, "data"):
            yield here, entry.data


def _label(entry: Any, *, top: bool) -> str:
    if entry.name is not None:
        return string(str(entry.name))
    number = int(entry.id or 0)
    return RESOURCE_TYPES.get(number, str(number)) if top else str(number)
