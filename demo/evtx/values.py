"""The value types of binary XML and their bytes.

Source: the published description of the Windows XML Event Log format (libyal, "Windows XML
Event Log (EVTX) format", section "Value types") and [MS-EVEN6] 2.2.12.
"""

import struct
import uuid
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from enum import IntEnum
from functools import lru_cache

_EPOCH = datetime(1601, 1, 1, tzinfo=UTC)
_DAY = 86_400 * 10_000_000


class ValueType(IntEnum):
    """The type byte of a substitution value."""

    NULL = 0x00
    STRING = 0x01
    INT8 = 0x03
    UINT8 = 0x04
    INT16 = 0x05
    UINT16 = 0x06
    INT32 = 0x07
    UINT32 = 0x08
    INT64 = 0x09
    UINT64 = 0x0A
    DOUBLE = 0x0C
    BOOLEAN = 0x0D
    BINARY = 0x0E
    GUID = 0x0F
    FILETIME = 0x11
    SYSTEMTIME = 0x12
    SID = 0x13
    HEX32 = 0x14
    HEX64 = 0x15


@dataclass(frozen=True, slots=True)
class Value:
    """A value with its type said outright, where the Python type would say another one."""

    kind: ValueType
    value: "Plain"


Plain = str | int | bool | float | bytes | datetime | uuid.UUID | None
Datum = Plain | Value

_NUMBERS = {
    ValueType.INT8: struct.Struct("<b"),
    ValueType.UINT8: struct.Struct("<B"),
    ValueType.INT16: struct.Struct("<h"),
    ValueType.UINT16: struct.Struct("<H"),
    ValueType.INT32: struct.Struct("<i"),
    ValueType.UINT32: struct.Struct("<I"),
    ValueType.INT64: struct.Struct("<q"),
    ValueType.UINT64: struct.Struct("<Q"),
    ValueType.DOUBLE: struct.Struct("<d"),
    ValueType.BOOLEAN: struct.Struct("<i"),
    ValueType.HEX32: struct.Struct("<I"),
    ValueType.HEX64: struct.Struct("<Q"),
}


def filetime(moment: datetime) -> int:
    """100-nanosecond steps since 1601-01-01 UTC; ``moment`` must know its zone."""
    since: timedelta = moment - _EPOCH
    return since.days * _DAY + since.seconds * 10_000_000 + since.microseconds * 10


@lru_cache(maxsize=4096)
def utf16(text: str) -> bytes:
    """UTF-16 little-endian without end mark; lone surrogates pass, as Windows lets them."""
    return text.encode("utf-16-le", "surrogatepass")


@lru_cache(maxsize=256)
def sid(text: str) -> bytes:
    """The bytes of a security identifier such as ``S-1-5-18``.

    Raises ``ValueError`` for a text of another form.
    """
    parts = text.split("-")
    if len(parts) < 3 or parts[0] != "S":
        raise ValueError(f"not a security identifier: {text!r}")
    revision, authority, *subs = (int(part) for part in parts[1:])
    return struct.pack(f"<BB6s{len(subs)}I", revision, len(subs), authority.to_bytes(6, "big"), *subs)


def _system_time(moment: datetime) -> bytes:
    utc = moment.astimezone(UTC)
    weekday = (utc.weekday() + 1) % 7
    return struct.pack(
        "<8H",
        utc.year,
        utc.month,
        weekday,
        utc.day,
        utc.hour,
        utc.minute,
        utc.second,
        utc.microsecond // 1000,
    )


def encode(datum: Datum) -> tuple[ValueType, bytes]:
    """The type byte and the bytes of one value.

    A plain ``int`` becomes an unsigned 32-bit number (64-bit when it needs to, signed when
    negative), ``datetime`` a FILETIME, ``str`` a Unicode string; ``Value`` names its type.
    Raises ``TypeError`` for a Python type without a counterpart.
    """
    match datum:
        case str():
            return ValueType.STRING, utf16(datum)
        case None:
            return ValueType.NULL, b""
        case bool():
            return ValueType.BOOLEAN, _NUMBERS[ValueType.BOOLEAN].pack(datum)
        case int():
            kind = _fitting(datum)
            return kind, _NUMBERS[kind].pack(datum)
        case float():
            return ValueType.DOUBLE, _NUMBERS[ValueType.DOUBLE].pack(datum)
        case bytes():
            return ValueType.BINARY, datum
        case datetime():
            return ValueType.FILETIME, struct.pack("<Q", filetime(datum))
        case uuid.UUID():
            return ValueType.GUID, datum.bytes_le
        case Value(kind=kind, value=value):
            return kind, _typed(kind, value)
    raise TypeError(f"no event log value for {type(datum).__name__}")


def _fitting(number: int) -> ValueType:
    if number < 0:
        return ValueType.INT32 if number >= -(2**31) else ValueType.INT64
    return ValueType.UINT32 if number < 2**32 else ValueType.UINT64


def _typed(kind: ValueType, value: Plain) -> bytes:
    if number := _NUMBERS.get(kind):
        return number.pack(value)
    match kind, value:
        case ValueType.SID, str():
            return sid(value)
        case ValueType.SYSTEMTIME, datetime():
            return _system_time(value)
        case ValueType.FILETIME, int():
            return struct.pack("<Q", value)
    plain_kind, data = encode(value)
    if plain_kind is not kind:
        raise TypeError(f"{type(value).__name__} is no value of type {kind.name}")
    return data
