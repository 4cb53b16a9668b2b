"""Executables and their signatures, and two copies of one executable against each other."""

from typing import Literal

import msgspec

from engine.parsers.pe.signature_facts import Certificate, Timestamp

SignatureState = Literal["valid", "broken", "padded", "damaged", "unverified", "unsigned"]
PartState = Literal["same", "changed", "added", "removed"]
EntryState = Literal["same", "moved", "patched"]


class Section(msgspec.Struct, frozen=True):
    """``entropy`` in bits a byte (0–8); ``sha256`` and ``entropy`` of the bytes in the file;
    ``address`` is relative to the image base, ``offset`` to the file's beginning."""

    name: str
    address: int
    virtual_size: int
    offset: int
    raw_size: int
    sha256: str
    entropy: float


class Authenticode(msgspec.Struct, frozen=True, kw_only=True):
    """The signature of an executable and what is wrong with it: ``engine.parsers.pe.authenticode.Signature``.

    ``signer`` is a claim (hostile text) unless ``state`` is ``valid``; ``trust`` in the root certificate is
    not judged offline. Digests are lower-case hex, sizes and offsets bytes.
    """

    state: SignatureState
    faults: list[str]
    signer: str | None
    organisation: str | None
    chain: list[Certificate]
    root_embedded: bool
    trust: str
    timestamp: Timestamp | None
    digest_algorithm: str | None
    digest_stated: str | None
    digest_computed: str | None
    table_offset: int
    table_size: int
    message_size: int
    slack: int
    padding: int
    nested: list[str]


class Executable(msgspec.Struct, frozen=True, kw_only=True):
    """An executable of the bundle: ``engine.parsers.pe.facts.PeFacts``, of imports and resources their
    number. ``version`` is the file version, ``signature`` the state of ``authenticode``, which is ``None``
    in results of before signatures were read."""

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
    overlay_offset: int | None
    overlay_size: int
    overlay_sha256: str | None
    overlay_entropy: float | None
    checksum_stated: int
    checksum_computed: int
    certificate_size: int
    cut: bool
    entry_offset: int | None
    entry_bytes: str
    version: str | None
    checksum_fits: bool
    sections: list[Section]
    signature: SignatureState
    signer: str | None
    authenticode: Authenticode | None
    imports: int
    resources: int


Sizes = tuple[int | None, int | None]
"""Bytes, or offsets in bytes, in the reference and in the other copy; ``None`` where it has no such part."""

Entropies = tuple[float | None, float | None]
Texts = tuple[str | None, str | None]


class HeaderChange(msgspec.Struct, frozen=True, kw_only=True):
    """A number of the COFF or optional header that differs, by its name in the specification."""

    field: str
    reference: int
    other: int


class SectionPair(msgspec.Struct, frozen=True, kw_only=True):
    """One section in both copies. ``places`` are ``(offset, length)`` in the other copy, ``more_places``
    how many are not listed; ``offset`` is ``None`` in results that do not tell it."""

    name: str
    state: PartState
    size: Sizes
    entropy: Entropies
    offset: Sizes | None = None
    changed_bytes: int = 0
    places: list[tuple[int, int]] = []
    more_places: int = 0


class EntryPoint(msgspec.Struct, frozen=True, kw_only=True):
    """Where the program begins: relative addresses, sections, first bytes (hex). ``jump`` is where a
    rewritten beginning leads: relative address and section."""

    state: EntryState
    address: tuple[int, int]
    section: Texts
    bytes: tuple[str, str]
    jump: tuple[int, str | None] | None = None


class NameChanges(msgspec.Struct, frozen=True, kw_only=True):
    """Imported functions or resources: the first names of each list, and how many there are in all."""

    added: list[str] = []
    added_count: int = 0
    removed: list[str] = []
    removed_count: int = 0
    changed: list[str] = []
    changed_count: int = 0


class OverlayPair(msgspec.Struct, frozen=True, kw_only=True):
    """What lies behind the last section, certificates left out."""

    size: tuple[int, int]
    offset: Sizes
    entropy: Entropies
    changed: bool


class CertificatePair(msgspec.Struct, frozen=True, kw_only=True):
    """The tables of certificates and the signatures in them."""

    size: tuple[int, int]
    signature: tuple[SignatureState, SignatureState]
    signer: Texts
    offset: Sizes = (None, None)


class ExecutableComparison(msgspec.Struct, frozen=True, kw_only=True):
    """Two copies of one executable; ``reference`` and ``other`` are artifacts, pairs stand in that order.

    ``changed_bytes`` of all sections, ``header_bytes`` before the first; ``kept`` names what looks
    unchanged: ``version``, ``link_time``, ``checksum``, ``size``, ``signature``.
    """

    reference: str
    other: str
    size: tuple[int, int]
    headers: list[HeaderChange]
    sections: list[SectionPair]
    entry_point: EntryPoint
    imports: NameChanges
    resources: NameChanges
    overlay: OverlayPair
    certificates: CertificatePair
    checksum_fits: tuple[bool, bool]
    kept: list[str]
    changed_bytes: int = 0
    header_bytes: int = 0
