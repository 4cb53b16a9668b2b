"""Authenticode without a network: is an executable signed, by whom, and does the signature hold.

Six answers: ``unsigned``; ``valid`` (the digest is the file's, the signature verifies, the
embedded certificates vouch for each other; trust in the root is *not* established here);
``broken`` (readable, but one of these does not hold); ``unverified`` (nothing speaks against it, but
its algorithm cannot be checked here); ``damaged`` (there is a table and no
readable signature in it); ``padded`` (valid, but foreign bytes stand in the certificate table,
which no digest covers: CVE-2013-3900). Source of facts: Microsoft, "PE Format" (the attribute
certificate table) and "Windows Authenticode Portable Executable Signature Format"; advisory
2915720 (padding).
"""

import hashlib
import mmap
import struct
from dataclasses import dataclass
from typing import Any

from engine.parsers.pe.signature_facts import Message, Timestamp, Unreadable
from engine.schema.executables import Authenticode, SignatureState

CHUNK = 1 << 20
PKCS_SIGNED_DATA = 2
ENTRY_HEADER = 8
ALIGNMENT = 8
MAX_BYTES = 16 * 2**20
"""Bytes of a certificate table that are read; real ones have some tens of kilobytes."""

MAX_NESTED = 4
HARMLESS = {"expired", "unsupported"}
"""Faults that say nothing against the file."""


@dataclass(frozen=True)
class Signature:
    """The verdict on one executable. ``faults`` (see ``signature_facts.Message``) has besides:
    ``beyond_end``, ``entry``, ``message`` (damaged), ``digest``, ``bytes_behind`` and ``nested`` (broken),
    ``padding``; ``expired`` alone makes no state. ``padding`` counts the foreign bytes that are not zero,
    ``slack`` all of them; digests are lower-case hex. ``nested`` holds the states of further signatures."""

    state: SignatureState
    faults: tuple[str, ...] = ()
    message: Message | None = None
    digest_computed: str | None = None
    table_offset: int = 0
    table_size: int = 0
    message_size: int = 0
    slack: int = 0
    padding: int = 0
    nested: tuple[str, ...] = ()

    @property
    def signer(self) -> str | None:
        """Who signed, as the certificate names it: hostile text, and a claim unless ``valid``."""
        return self.message.signer if self.message else None

    @property
    def timestamp(self) -> Timestamp | None:
        return self.message.timestamp if self.message else None

    def as_entry(self) -> Authenticode:
        """As the result document has it."""
        message = self.message
        return Authenticode(
            state=self.state,
            faults=list(self.faults),
            signer=self.signer,
            organisation=message.organisation if message else None,
            chain=list(message.chain) if message else [],
            root_embedded=message.root_embedded if message else False,
            trust="not established",
            timestamp=self.timestamp,
            digest_algorithm=message.digest_algorithm if message else None,
            digest_stated=message.digest if message else None,
            digest_computed=self.digest_computed,
            table_offset=self.table_offset,
            table_size=self.table_size,
            message_size=self.message_size,
            slack=self.slack,
            padding=self.padding,
            nested=list(self.nested),
        )


UNSIGNED = Signature("unsigned")


def read_signature(data: bytes | mmap.mmap, checksum_at: int, directory_at: int) -> Signature:
    """Judges the file's certificate table.

    ``checksum_at`` and ``directory_at`` are the file offsets of CheckSum (4 bytes) and of the
    certificate table's directory entry (8 bytes), which no digest covers. Raises nothing that
    hostile bytes could cause.
    """
    field = data[directory_at : directory_at + 8]
    if len(field) < 8:
        return Signature("damaged", ("beyond_end",))
    at, size = struct.unpack("<2I", field)
    if not size:
        return UNSIGNED
    table = Signature("damaged", table_offset=at, table_size=size)
    if at + size > len(data) or at < directory_at + 8 or size < ENTRY_HEADER:
        return _with(table, faults=("beyond_end",))
    length, _revision, kind = struct.unpack("<I2H", data[at : at + ENTRY_HEADER])
    if kind != PKCS_SIGNED_DATA or not ENTRY_HEADER < length <= size or length > MAX_BYTES:
        return _with(table, faults=("entry",))
    entry = data[at + ENTRY_HEADER : at + length]
    message_size = der_size(entry)
    if message_size is None or message_size > len(entry):
        return _with(table, faults=("message",))
    table = _with(table, message_size=message_size)
    try:
        message = _message(entry[:message_size])
    except Unreadable:
        return _with(table, faults=("message",))
    return _judge(table, message, data, (checksum_at, directory_at), entry)


def _message(der: bytes) -> Message:
    # Imported for signed files alone: the libraries behind it take long.
    from engine.parsers.pe.signed_message import read_message

    return read_message(der)


def _judge(
    table: Signature, message: Message, data: bytes | mmap.mmap, fields: tuple[int, int], entry: bytes
) -> Signature:
    at, size = table.table_offset, table.table_size
    computed = file_digest(data, message.digest_algorithm, fields, (at, size))
    faults = list(message.faults)
    if computed is None:
        faults.append("unsupported")
    elif computed != message.digest:
        faults.insert(0, "digest")
    if at + size < len(data):
        faults.append("bytes_behind")
    nested = tuple(_nested(inner, data, fields, (at, size)) for inner in message.nested[:MAX_NESTED])
    if set(nested) - {"valid", "unverified"}:
        faults.append("nested")
    slack = size - ENTRY_HEADER - table.message_size
    nonzero = _nonzero(data, at + ENTRY_HEADER + table.message_size, at + size)
    state: SignatureState = _state(faults)
    if state == "valid" and nonzero:
        state = "padded"
    if nonzero:
        faults.append("padding")
    return _with(
        table,
        state=state,
        faults=tuple(dict.fromkeys(faults)),
        message=message,
        digest_computed=computed,
        slack=slack if slack >= ALIGNMENT else 0,
        padding=nonzero,
        nested=nested,
    )


def _nested(der: bytes, data: bytes | mmap.mmap, fields: tuple[int, int], table: tuple[int, int]) -> str:
    try:
        message = _message(der)
    except Unreadable:
        return "damaged"
    computed = file_digest(data, message.digest_algorithm, fields, table)
    wrong = ["unsupported"] if computed is None else ["digest"] if computed != message.digest else []
    return _state([*message.faults, *wrong])


def _state(faults: list[str]) -> SignatureState:
    if set(faults) - HARMLESS:
        return "broken"
    return "unverified" if "unsupported" in faults else "valid"


def file_digest(
    data: bytes | mmap.mmap, algorithm: str, fields: tuple[int, int], table: tuple[int, int]
) -> str | None:
    """The digest of all the file but CheckSum, the directory entry and the table; ``None`` for
    an algorithm that is not known."""
    if algorithm not in {"md5", "sha1", "sha256", "sha384", "sha512"}:
        return None
    digest = hashlib.new(algorithm, usedforsecurity=False)
    checksum_at, directory_at = fields
    at, size = table
    ranges = (
        (0, checksum_at),
        (checksum_at + 4, directory_at),
        (directory_at + 8, at),
        (at + size, len(data)),
    )
    for start, end in ranges:
        for position in range(start, end, CHUNK):
            digest.update(data[position : min(position + CHUNK, end)])
    return digest.hexdigest()


def der_size(der: bytes) -> int | None:
    """Bytes of the DER element that begins here, its header included; ``None`` if none does."""
    if len(der) < 2 or der[0] != 0x30:
        return None
    if der[1] < 0x80:
        return 2 + der[1]
    count = der[1] & 0x7F
    if not 1 <= count <= 4 or len(der) < 2 + count:
        return None
    return 2 + count + int.from_bytes(der[2 : 2 + count], "big")


def _nonzero(data: bytes | mmap.mmap, start: int, end: int) -> int:
    total = 0
    for position in range(start, end, CHUNK):
        chunk = data[position : min(position + CHUNK, end)]
        total += len(chunk) - chunk.count(0)
    return total


def _with(signature: Signature, **changes: Any) -> Signature:
    return Signature(
        **({name: getattr(signature, name) for name in signature.__dataclass_fields__} | changes)
    )
