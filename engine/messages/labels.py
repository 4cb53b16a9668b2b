"""Values of an event made readable: ``10`` as a logon type, ``159`` as a bug check.

A text of the catalogue asks for it: ``{LogonType|logon_type}``, and so does a field in
data/fields-*.csv. Besides the tables of data/labels.yaml (numbers), names.yaml (names and GUIDs)
and flags.yaml (bits) there are the forms ``hex``, ``utc``,
``address`` (a socket address), ``ipv4`` (a number in network order), ``list`` (items a line each),
``seconds`` (of milliseconds), ``size`` (of bytes)
and the families of error codes (``codes.words``): ``win32``, ``ntstatus``, ``hresult``, ``code`` …
"""

import ipaddress
import re
from collections.abc import Mapping
from typing import Any

from engine.messages import data_files
from engine.messages.codes import words
from engine.messages.languages import CHINESE

FORMS = ("hex", "utc", "address", "ipv4", "list", "seconds", "size", *words.FAMILIES)
_PLAIN = {"yes_no", "defender_action"}
_TIME = re.compile(r"(\d{4}-\d\d-\d\d)[T ](\d\d:\d\d:\d\d)(?:\.\d{1,9})?Z?")
_NUMBER = re.compile(r"-?(?:0[xX][0-9a-fA-F]{1,16}|\d{1,20})")
_GUID = re.compile(r"%?\{([0-9a-fA-F]{8}(?:-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12})\}")
_STOP = re.compile(r"0x([0-9a-fA-F]{8}) \(([0-9a-fA-Fx, ]{1,120})\)")
"""A stop code with its parameters, as event 1001 has them."""
_UNITS = (("TiB", 40), ("GiB", 30), ("MiB", 20), ("KiB", 10))
_INET, _INET6 = 2, 23
_U32 = 0xFFFFFFFF


def names() -> set[str]:
    """What may stand behind the bar."""
    return {*FORMS, *data_files.labels(), *data_files.names(), *data_files.flags()}


def labelled(value: str, label: str, language: str) -> str:
    """The value in the form that ``label`` names; one that does not fit stays as it is."""
    match label:
        case "utc":
            return _TIME.sub(r"\1 \2 UTC", value, count=1)
        case "address":
            return _address(value)
        case "list":
            return listed(value, language)
    if label in words.FAMILIES:
        if label == "bugcheck" and (stop := _STOP.fullmatch(value)):
            parameters = "，参数 " if language == CHINESE else ", parameters "
            return f"{words.spoken(label, int(stop[1], 16), language)}{parameters}{stop[2]}"
        code = words.number_of(value, label)
        return value if code is None else words.spoken(label, code, language)
    if label in data_files.names():
        return _named(value, data_files.names()[label], language)
    number = _number(value)
    if number is None:
        return value
    if label == "hex":
        return f"0x{number:X}"
    if label == "ipv4":
        return str(ipaddress.IPv4Address((number & _U32).to_bytes(4, "little")))
    if label in ("seconds", "size"):
        return _seconds(number) if label == "seconds" else _size(number)
    if label in data_files.flags():
        return _bits(value, number & _U32, data_files.flags()[label], language)
    # Tables are keyed by the number as the documentation prints it, without a sign.
    label_text = data_files.labels()[label].get(number & _U32)
    if label_text is None:
        return value
    word = _word(label_text, language)
    return word if label in _PLAIN else _behind(word, value, language)


def listed(value: str, language: str) -> str:
    """The items of a value that has one a line, as a list: sentences are parted by semicolons."""
    lines = [line for line in (line.strip() for line in value.splitlines()) if line]
    items = [*(line.rstrip(".,;。，；") or line for line in lines[:-1]), *lines[-1:]]
    if any(" " in item for item in items):
        return ("；" if language == CHINESE else "; ").join(items)
    return ("、" if language == CHINESE else ", ").join(items)


def _named(value: str, table: Mapping[str, Any], language: str) -> str:
    """A name, or each GUID in a text, with what it means before it."""
    if word := table.get(value.strip("%{} ").casefold()):
        return _behind(_word(word, language), value.strip("%"), language)

    def put(mark: re.Match[str]) -> str:
        known = table.get(mark[1].casefold())
        return _behind(_word(known, language), mark[0].strip("%"), language) if known else mark[0]

    return _GUID.sub(put, value)


def _bits(value: str, number: int, table: Mapping[int, Any], language: str) -> str:
    meanings = [_word(word, language) for bit, word in table.items() if number & bit]
    joined = ("、" if language == CHINESE else ", ").join(meanings)
    return _behind(joined, value, language) if meanings else value


def _word(wording: Any, language: str) -> str:
    return wording if isinstance(wording, str) else str(wording[0 if language == CHINESE else 1])


def _behind(word: str, value: str, language: str) -> str:
    """The word, and the value that it stands for behind it."""
    if word.casefold() == value.casefold():
        return word
    return f"{word}（{value}）" if language == CHINESE else f"{word} ({value})"


def _seconds(milliseconds: int) -> str:
    return (
        f"{milliseconds / 1000:.1f}".removesuffix(".0")
        if milliseconds < 10_000
        else f"{milliseconds / 1000:,.0f}"
    )


def _size(count: int) -> str:
    unit, bits = next((unit for unit in _UNITS if count >> unit[1]), ("B", 0))
    return f"{count / (1 << bits):,.1f} {unit}" if bits else f"{count} B"


def _number(value: str) -> int | None:
    if value in {"true", "false"}:
        return int(value == "true")
    return int(value, 0 if "x" in value.casefold() else 10) if _NUMBER.fullmatch(value) else None


def _address(value: str) -> str:
    """The IP address in the hex of a socket address (Winsock ``SOCKADDR``)."""
    try:
        raw = bytes.fromhex(value)
    except ValueError:
        return value
    family = int.from_bytes(raw[:2], "little")
    if family == _INET and len(raw) >= 8:
        return str(ipaddress.IPv4Address(raw[4:8]))
    if family == _INET6 and len(raw) >= 24:
        return str(ipaddress.IPv6Address(raw[8:24]))
    return value
