"""Two copies of one executable side by side: what changed where, and what was left alone.

Only the facts that ``pe.facts.read_pe`` took and the files' bytes are compared; nothing is parsed anew.
Source of the terms: Microsoft, PE Format.
"""

import mmap
import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from engine.parsers.pe.facts import PeFacts
from engine.schema.executables import (
    CertificatePair,
    EntryPoint,
    EntryState,
    ExecutableComparison,
    HeaderChange,
    NameChanges,
    OverlayPair,
    PartState,
    Section,
    SectionPair,
)

BLOCK = 1 << 16
MIN_BYTES_APART = 16
"""Differing bytes with fewer equal ones between them are one place."""

MAX_PLACES = 20
MAX_NAMES = 50
JUMPS = {"e9": 5, "e8": 5}
"""Opcodes (hex) with a 32-bit relative target, and their length: jmp, call."""


@dataclass(frozen=True)
class SectionChange:
    """One section in both copies. ``state``: ``same``, ``changed``, ``added``, ``removed``;
    ``changed`` counts differing bytes; ``places`` are ``(offset in the other file, length)``."""

    name: str
    state: PartState
    offset: tuple[int | None, int | None]
    size: tuple[int | None, int | None]
    entropy: tuple[float | None, float | None]
    changed: int = 0
    places: tuple[tuple[int, int], ...] = ()
    more_places: int = 0


@dataclass(frozen=True)
class Comparison:
    """``other`` against ``reference``. ``headers`` are ``(field, reference, other)``;
    ``entry`` says what became of the program's first instructions: ``same``, ``moved``,
    ``patched``; ``jump`` where a patched beginning leads: ``(virtual address, section)``.
    ``kept`` names what claims that nothing changed; ``changed_bytes`` of all sections;
    ``header_bytes`` differ before the first section, those of ``headers`` included."""

    reference: PeFacts
    other: PeFacts
    headers: tuple[tuple[str, int, int], ...]
    sections: tuple[SectionChange, ...]
    entry: EntryState
    jump: tuple[int, str | None] | None
    imports_added: tuple[str, ...]
    imports_removed: tuple[str, ...]
    resources_added: tuple[str, ...]
    resources_removed: tuple[str, ...]
    resources_changed: tuple[str, ...]
    kept: tuple[str, ...]
    header_bytes: int = 0

    @property
    def changed_bytes(self) -> int:
        return sum(section.changed for section in self.sections)

    @property
    def overlay_added(self) -> int:
        """Bytes behind the last section that the reference does not have."""
        return self.other.overlay_size - self.reference.overlay_size

    @property
    def overlay_changed(self) -> bool:
        return self.other.overlay_sha256 != self.reference.overlay_sha256

    @property
    def identical(self) -> bool:
        return self.reference.sha256 == self.other.sha256

    def as_entry(self) -> ExecutableComparison:
        """As the result document has it: of long lists the beginning and the number."""
        first, second = self.reference, self.other
        return ExecutableComparison(
            reference=first.artifact,
            other=second.artifact,
            size=(first.size, second.size),
            changed_bytes=self.changed_bytes,
            header_bytes=self.header_bytes,
            headers=[HeaderChange(field=f, reference=a, other=b) for f, a, b in self.headers],
            sections=[
                SectionPair(
                    name=section.name,
                    state=section.state,
                    offset=section.offset,
                    size=section.size,
                    entropy=section.entropy,
                    changed_bytes=section.changed,
                    places=list(section.places),
                    more_places=section.more_places,
                )
                for section in self.sections
            ],
            entry_point=EntryPoint(
                state=self.entry,
                address=(first.entry_point, second.entry_point),
                section=(first.entry_section, second.entry_section),
                bytes=(first.entry_bytes, second.entry_bytes),
                jump=self.jump,
            ),
            imports=NameChanges(
                added=list(self.imports_added[:MAX_NAMES]),
                added_count=len(self.imports_added),
                removed=list(self.imports_removed[:MAX_NAMES]),
                removed_count=len(self.imports_removed),
            ),
            resources=NameChanges(
                added=list(self.resources_added[:MAX_NAMES]),
                added_count=len(self.resources_added),
                removed=list(self.resources_removed[:MAX_NAMES]),
                removed_count=len(self.resources_removed),
                changed=list(self.resources_changed[:MAX_NAMES]),
                changed_count=len(self.resources_changed),
            ),
            overlay=OverlayPair(
                size=(first.overlay_size, second.overlay_size),
                offset=(first.overlay_offset, second.overlay_offset),
                entropy=(first.overlay_entropy, second.overlay_entropy),
                changed=self.overlay_changed,
            ),
            certificates=CertificatePair(
                size=(first.certificate_size, second.certificate_size),
                offset=(first.signature.table_offset or None, second.signature.table_offset or None),
                signature=(first.signature.state, second.signature.state),
                signer=(first.signature.signer, second.signature.signer),
            ),
            checksum_fits=(first.checksum_fits, second.checksum_fits),
            kept=list(self.kept),
        )


def compare_executables(reference: PeFacts, other: PeFacts, files: tuple[Path, Path]) -> Comparison:
    """``files`` are where the two lie on this machine, in the same order. Raises ``OSError``."""
    with (
        files[0].open("rb") as first_file,
        files[1].open("rb") as second_file,
        mmap.mmap(first_file.fileno(), 0, access=mmap.ACCESS_READ) as first,
        mmap.mmap(second_file.fileno(), 0, access=mmap.ACCESS_READ) as second,
    ):
        sections = tuple(_sections(reference, other, first, second))
        begin = min((s.offset for s in (*reference.sections, *other.sections) if s.raw_size), default=0)
        header_bytes, _, _ = _differences(first, second, (0, 0), begin)
    entry, jump = _entry(reference, other)
    before = {resource.name: resource.sha256 for resource in reference.resources}
    after = {resource.name: resource.sha256 for resource in other.resources}
    return Comparison(
        reference=reference,
        other=other,
        headers=tuple(_headers(reference, other)),
        sections=sections,
        entry=entry,
        jump=jump,
        imports_added=_new(reference.imports, other.imports),
        imports_removed=_new(other.imports, reference.imports),
        resources_added=tuple(name for name in after if name not in before),
        resources_removed=tuple(name for name in before if name not in after),
        resources_changed=tuple(n for n, digest in after.items() if n in before and before[n] != digest),
        kept=tuple(_kept(reference, other)),
        header_bytes=header_bytes,
    )


def _sections(
    reference: PeFacts, other: PeFacts, first: mmap.mmap, second: mmap.mmap
) -> Iterator[SectionChange]:
    rest = list(other.sections)
    for mine in reference.sections:
        # By name; of several of one name in their order.
        theirs = next((section for section in rest if section.name == mine.name), None)
        if theirs is None:
            yield SectionChange(
                mine.name,
                "removed",
                (mine.offset, None),
                (mine.raw_size, None),
                (mine.entropy, None),
                mine.raw_size,
            )
            continue
        rest.remove(theirs)
        yield _section(mine, theirs, first, second)
    for theirs in rest:
        yield SectionChange(
            theirs.name,
            "added",
            (None, theirs.offset),
            (None, theirs.raw_size),
            (None, theirs.entropy),
            theirs.raw_size,
            ((theirs.offset, theirs.raw_size),),
        )


def _section(mine: Section, theirs: Section, first: mmap.mmap, second: mmap.mmap) -> SectionChange:
    offsets = mine.offset, theirs.offset
    sizes, entropies = (mine.raw_size, theirs.raw_size), (mine.entropy, theirs.entropy)
    if mine.sha256 == theirs.sha256 and mine.raw_size == theirs.raw_size:
        return SectionChange(mine.name, "same", offsets, sizes, entropies)
    changed, places, more = _differences(first, second, offsets, min(mine.raw_size, theirs.raw_size))
    surplus = theirs.raw_size - mine.raw_size
    if surplus > 0:
        places.append((theirs.offset + mine.raw_size, surplus))
    return SectionChange(
        mine.name, "changed", offsets, sizes, entropies, changed + abs(surplus), tuple(places), more
    )


def _differences(
    reference: mmap.mmap, other: mmap.mmap, offsets: tuple[int, int], size: int
) -> tuple[int, list[tuple[int, int]], int]:
    """Differing bytes, the first places where they lie (in the second file), and how many more."""
    changed, more = 0, 0
    places: list[tuple[int, int]] = []
    last_end = -MIN_BYTES_APART
    for at in range(0, size, BLOCK):
        length = min(BLOCK, size - at)
        a = reference[offsets[0] + at : offsets[0] + at + length]
        b = other[offsets[1] + at : offsets[1] + at + length]
        if a == b:
            continue
        length = min(len(a), len(b))
        mixed = int.from_bytes(a[:length], "big") ^ int.from_bytes(b[:length], "big")
        differing = mixed.to_bytes(length, "big")
        changed += length - differing.count(0)
        for run in re.finditer(rb"[^\0]+", differing):
            start, end = at + run.start(), at + run.end()
            if start - last_end < MIN_BYTES_APART and not more and places:
                first = places[-1][0]
                places[-1] = (first, offsets[1] + end - first)
            elif start - last_end < MIN_BYTES_APART and more:
                pass
            elif len(places) < MAX_PLACES:
                places.append((offsets[1] + start, end - start))
            else:
                more += 1
            last_end = end
    return changed, places, more


def _headers(reference: PeFacts, other: PeFacts) -> Iterator[tuple[str, int, int]]:
    after = dict(other.headers)
    for name, value in reference.headers:
        if after.get(name, value) != value:
            yield name, value, after[name]


def _entry(reference: PeFacts, other: PeFacts) -> tuple[EntryState, tuple[int, str | None] | None]:
    if reference.entry_bytes == other.entry_bytes and reference.entry_point == other.entry_point:
        return "same", None
    state: EntryState = "patched" if reference.entry_point == other.entry_point else "moved"
    length = JUMPS.get(other.entry_bytes[:2], 0)
    if not length or len(other.entry_bytes) < 2 * length:
        return state, None
    if other.entry_bytes[:2] == reference.entry_bytes[:2] and state == "moved":
        return state, None  # compilers begin so too
    relative = int.from_bytes(bytes.fromhex(other.entry_bytes[2 : 2 * length]), "little", signed=True)
    target = other.entry_point + length + relative
    place = next(
        (s.name for s in other.sections if s.address <= target < s.address + max(s.virtual_size, s.raw_size)),
        None,
    )
    return state, (target, place)


def _kept(reference: PeFacts, other: PeFacts) -> Iterator[str]:
    """What looks alike in both: ``version``, ``link_time``, ``checksum``, ``size``, ``signature``."""
    if reference.file_version and reference.file_version == other.file_version:
        yield "version"
    if reference.time and reference.time == other.time:
        yield "link_time"
    if reference.checksum_stated and reference.checksum_stated == other.checksum_stated:
        yield "checksum"
    if reference.size == other.size:
        yield "size"
    if other.certificate_size and reference.certificate_size == other.certificate_size:
        yield "signature"


def _new(before: tuple[str, ...], after: tuple[str, ...]) -> tuple[str, ...]:
    known = set(before)
    return tuple(dict.fromkeys(name for name in after if name not in known))
