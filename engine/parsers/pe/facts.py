"""Facts of a Windows executable: headers, version resource, sections, overlay, signature.

The file is mapped, not loaded; only the import and resource directories are walked besides the
headers. Source: Microsoft, PE Format (sections, optional header, CheckSum, attribute certificates).
"""

import hashlib
import math
import mmap
import struct
from array import array
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

import pefile

from engine.artifacts import Artifact, State
from engine.parsers.pe import tables as pe_tables
from engine.parsers.pe.authenticode import UNSIGNED, Signature, file_digest, read_signature
from engine.parsers.pe.tables import Resource
from engine.schema.executables import Executable, Section
from engine.text import text

CHUNK = 1 << 20
MAX_SAMPLED_CHUNKS = 64
"""Chunks that the entropy of a very long range is taken from; its hash is always of the whole."""

MAX_SECTIONS = 96
"""Windows loads no more; a forged table could have one file hashed thousands of times."""

MACHINES = {0x14C: "x86", 0x8664: "x64", 0xAA64: "ARM64", 0x1C4: "ARM"}
IMPORT, RESOURCE, SECURITY = 1, 2, 4
ENTRY_BYTES = 16
CHECKSUM_IN_OPTIONAL_HEADER = 64


class NotPe(Exception):
    """The file is no PE executable; the message is the reader's."""


@dataclass(frozen=True)
class PeFacts:
    """An executable. The overlay is what lies behind the last section, certificates left out;
    ``time`` is the link time (UTC text, may be invented); ``cut`` says that the file ends before
    its last section does; ``headers`` are the numbers of the COFF and optional header by the names
    of the specification; ``imports`` are ``dll!function``; ``entry_offset`` is where the first
    instruction lies in the file, ``entry_bytes`` its first bytes (hex). ``digests`` are those by which a
    catalogue may list an unsigned file (lower-case hex). ``None`` is "not there"."""

    artifact: str
    sha256: str
    size: int
    machine: str
    time: str | None
    entry_point: int
    entry_section: str | None
    file_version: str | None
    product_version: str | None
    product: str | None
    description: str | None
    original_name: str | None
    sections: tuple[Section, ...]
    overlay_offset: int | None
    overlay_size: int
    overlay_sha256: str | None
    overlay_entropy: float | None
    checksum_stated: int
    checksum_computed: int
    certificate_size: int
    cut: bool = False
    signature: Signature = UNSIGNED
    headers: tuple[tuple[str, int], ...] = ()
    imports: tuple[str, ...] = ()
    resources: tuple[Resource, ...] = ()
    entry_offset: int | None = None
    entry_bytes: str = ""
    digests: frozenset[str] = frozenset()

    @property
    def checksum_fits(self) -> bool:
        """A stated checksum of 0 claims nothing."""
        return self.checksum_stated in {0, self.checksum_computed}

    def as_entry(self) -> Executable:
        """As the result document has it: of imports and resources their number."""
        return Executable(
            artifact=self.artifact,
            sha256=self.sha256,
            size=self.size,
            machine=self.machine,
            time=self.time,
            entry_point=self.entry_point,
            entry_section=self.entry_section,
            file_version=self.file_version,
            product_version=self.product_version,
            product=self.product,
            description=self.description,
            original_name=self.original_name,
            overlay_offset=self.overlay_offset,
            overlay_size=self.overlay_size,
            overlay_sha256=self.overlay_sha256,
            overlay_entropy=self.overlay_entropy,
            checksum_stated=self.checksum_stated,
            checksum_computed=self.checksum_computed,
            certificate_size=self.certificate_size,
            cut=self.cut,
            entry_offset=self.entry_offset,
            entry_bytes=self.entry_bytes,
            version=self.file_version,
            checksum_fits=self.checksum_fits,
            sections=list(self.sections),
            signature=self.signature.state,
            signer=self.signature.signer,
            authenticode=self.signature.as_entry(),
            imports=len(self.imports),
            resources=len(self.resources),
        )


def read_pe(artifact: Artifact) -> PeFacts:
    """Raises ``NotPe``; a damaged part of a real executable makes the artifact ``partly`` read."""
    # Mapped here, not by pefile: its close() runs a whole garbage collection for each file.
    try:
        with artifact.file.open("rb") as file, mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ) as data:
            return _facts(pefile.PE(data=data, fast_load=True), artifact)
    except (
        pefile.PEFormatError,
        struct.error,
        ValueError,
        OverflowError,
        AttributeError,
        IndexError,
    ) as error:
        raise NotPe(str(error)) from error


def _facts(pe: Any, artifact: Artifact) -> PeFacts:
    data = pe.__data__
    present = sum(max(0, min(s.SizeOfRawData, len(data) - s.PointerToRawData)) for s in pe.sections)
    if len(pe.sections) > MAX_SECTIONS or present > 2 * len(data):
        raise NotPe("its sections overlap or are too many for Windows to load")
    sections = tuple(_section(section, data) for section in pe.sections)
    imports, resources, strings = _tables(pe, artifact)
    overlay, certificate = _overlay(pe, data)
    start, end = overlay
    entry = int(pe.OPTIONAL_HEADER.AddressOfEntryPoint)
    checksum_at = pe.OPTIONAL_HEADER.get_file_offset() + CHECKSUM_IN_OPTIONAL_HEADER
    digest, entropy = _measure(data, start, end)
    entry_offset = _offset_of(entry, sections)
    signature = _signature(pe, data, checksum_at)
    return PeFacts(
        artifact=artifact.path,
        sha256=artifact.sha256,
        size=artifact.size,
        machine=MACHINES.get(pe.FILE_HEADER.Machine, f"0x{pe.FILE_HEADER.Machine:04X}"),
        time=_time(int(pe.FILE_HEADER.TimeDateStamp)),
        entry_point=entry,
        entry_section=next(
            (s.name for s in sections if s.address <= entry < s.address + max(s.virtual_size, 1)), None
        ),
        file_version=strings.get("FileVersion"),
        product_version=strings.get("ProductVersion"),
        product=strings.get("ProductName"),
        description=strings.get("FileDescription"),
        original_name=strings.get("OriginalFilename"),
        sections=sections,
        overlay_offset=start if end > start else None,
        overlay_size=end - start,
        overlay_sha256=digest if end > start else None,
        overlay_entropy=entropy if end > start else None,
        checksum_stated=int(pe.OPTIONAL_HEADER.CheckSum),
        checksum_computed=checksum(data, checksum_at),
        certificate_size=certificate,
        cut=_cut(sections, artifact),
        signature=signature,
        digests=_digests(pe, data, checksum_at, artifact) if signature.state == "unsigned" else frozenset(),
        headers=pe_tables.headers(pe),
        imports=imports,
        resources=resources,
        entry_offset=entry_offset,
        entry_bytes=data[entry_offset : entry_offset + ENTRY_BYTES].hex() if entry_offset is not None else "",
    )


def _signature(pe: Any, data: mmap.mmap | bytes, checksum_at: int) -> Signature:
    directories = pe.OPTIONAL_HEADER.DATA_DIRECTORY
    if len(directories) <= SECURITY:
        return UNSIGNED
    return read_signature(data, checksum_at, directories[SECURITY].get_file_offset())


def _digests(pe: Any, data: mmap.mmap | bytes, checksum_at: int, artifact: Artifact) -> frozenset[str]:
    directories = pe.OPTIONAL_HEADER.DATA_DIRECTORY
    if len(directories) <= SECURITY:
        return frozenset()
    fields, end = (checksum_at, directories[SECURITY].get_file_offset()), (len(data), 0)
    own = {file_digest(data, algorithm, fields, end) for algorithm in ("sha1", "sha256")}
    flat = hashlib.sha1(data, usedforsecurity=False).hexdigest()
    return frozenset(digest for digest in (*own, flat, artifact.sha256.lower()) if digest)


def _offset_of(address: int, sections: tuple[Section, ...]) -> int | None:
    """Where the byte at that virtual address lies in the file."""
    for section in sections:
        if section.address <= address < section.address + section.raw_size:
            return section.offset + address - section.address
    return None


def _cut(sections: tuple[Section, ...], artifact: Artifact) -> bool:
    end = max((section.offset + section.raw_size for section in sections if section.raw_size), default=0)
    if end <= artifact.size:
        return False
    artifact.state = State.PARTLY
    artifact.detail = text(
        f"可执行文件不完整：应有至少 {end:,} 字节，实际只有 {artifact.size:,} 字节，因此不参与比较。"
        "请重新上传该文件。",
        f"The executable is cut off: it should have at least {end:,} bytes and has {artifact.size:,}, "
        "so it is not compared. Please upload it again.",
    )
    return True


def _section(section: Any, data: mmap.mmap | bytes) -> Section:
    start, size = int(section.PointerToRawData), int(section.SizeOfRawData)
    digest, entropy = _measure(data, start, min(start + size, len(data)))
    return Section(
        name=pe_tables.string(section.Name.rstrip(b"\0").decode("utf-8", "replace")),
        address=int(section.VirtualAddress),
        virtual_size=int(section.Misc_VirtualSize),
        offset=start,
        raw_size=size,
        sha256=digest,
        entropy=entropy,
    )


def _overlay(pe: Any, data: mmap.mmap | bytes) -> tuple[tuple[int, int], int]:
    """The overlay's range in the file and the bytes of the certificate table.

    Symbol table and certificates lie behind the sections too and are no overlay.
    """
    size, certificate = len(data), 0
    start = max((int(s.PointerToRawData) + int(s.SizeOfRawData) for s in pe.sections), default=size)
    start, end = min(start, size), size
    tables = [_symbols(pe, data)]
    directories = pe.OPTIONAL_HEADER.DATA_DIRECTORY
    if len(directories) > SECURITY and directories[SECURITY].Size:
        # For this directory the "address" is an offset in the file.
        at, certificate = int(directories[SECURITY].VirtualAddress), int(directories[SECURITY].Size)
        tables.append((at, at + certificate))
    for first, last in sorted(tables):
        if start <= first < start + 8 and last <= size:
            start = last
        elif last == size and first >= start:
            end = first
    return (start, max(start, end)), certificate


def _symbols(pe: Any, data: mmap.mmap | bytes) -> tuple[int, int]:
    """The COFF symbol table (18 bytes a symbol) with the string table behind it."""
    at, count = int(pe.FILE_HEADER.PointerToSymbolTable), int(pe.FILE_HEADER.NumberOfSymbols)
    strings = at + 18 * count
    if not at or strings + 4 > len(data):
        return (0, 0)
    return at, strings + int.from_bytes(data[strings : strings + 4], "little")


def _tables(pe: Any, artifact: Artifact) -> tuple[tuple[str, ...], tuple[Resource, ...], dict[str, str]]:
    """Imports, resources and version strings."""
    imports: tuple[str, ...] = ()
    resources: tuple[Resource, ...] = ()
    strings: dict[str, str] = {}
    try:
        pe.parse_data_directories([RESOURCE])
        resources = pe_tables.resources(pe)
        strings = pe_tables.version_strings(pe)
        pe.parse_data_directories([IMPORT])
        imports = pe_tables.imports(pe)
    except Exception:  # Hostile tables break pefile in many ways; the rest of the file is still true.
        artifact.state = State.PARTLY
        artifact.detail = text(
            "可执行文件的资源表或导入表已损坏，其余部分已读取。",
            "The resource or import table of the executable is damaged; the rest was read.",
        )
    return imports, resources, strings


def _measure(data: mmap.mmap | bytes, start: int, end: int) -> tuple[str, float]:
    """SHA-256 (lower-case hex) and Shannon entropy of a range."""
    digest, counts = hashlib.sha256(), Counter[int]()
    step = max(1, (end - start) // (CHUNK * MAX_SAMPLED_CHUNKS))
    for number, chunk in enumerate(_chunks(data, start, end)):
        digest.update(chunk)
        if number % step == 0:
            counts.update(chunk)
    total = counts.total()
    entropy = -sum(n / total * math.log2(n / total) for n in counts.values()) if total else 0.0
    return digest.hexdigest(), round(abs(entropy), 3)


def checksum(data: mmap.mmap | bytes, field_at: int) -> int:
    """The optional header's CheckSum: 16-bit words folded, its own field left out, plus the length."""
    total = 0
    for chunk in _chunks(data, 0, len(data)):
        words = array("H")
        words.frombytes(chunk + b"\0" * (len(chunk) % 2))
        total += sum(words)
    own = data[field_at : field_at + 4]
    # e_lfanew is a multiple of 4 in every file that Windows loads; elsewhere the value is only told.
    total -= int.from_bytes(own[:2], "little") + int.from_bytes(own[2:], "little")
    while total > 0xFFFF:
        total = (total & 0xFFFF) + (total >> 16)
    return (total + len(data)) & 0xFFFFFFFF


def _chunks(data: mmap.mmap | bytes, start: int, end: int) -> Iterator[bytes]:
    for at in range(start, end, CHUNK):
        yield data[at : min(at + CHUNK, end)]


def _time(stamp: int) -> str | None:
    return datetime.fromtimestamp(stamp, UTC).strftime("%Y-%m-%dT%H:%M:%SZ") if stamp else None
