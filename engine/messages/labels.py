"""Values of an event made readable: ``10`` as a logon type, ``159`` as a bug check.

A text of the catalogue asks for it: ``{LogonType|logon_type}``. Besides the tables of
data/labels.yaml there are the forms ``hex``, ``utc``,
``address`` (a socket address), ``ipv4`` (a number in network order), ``list`` (items a line each)
and the families of error codes (``codes.words``): ``win32``, ``ntstatus``, ``hresult``, ``code`` …
"""

import ipaddress
import re

from engine.messages import data_files
from engine.messages.codes import words
from engine.messages.languages import CHINESE

FORMS = ("hex", "utc", "address", "ipv4", "list", *words.FAMILIES)
_PLAIN = {"yes_no"}
_TIME = re.compile(r"(\d{4}-\d\d-\d\d)[T ](\d\d:\d\d:\d\d)(?:\.\d{1,9})?Z?")
_NUMBER = re.compile(r"-?(?:0[xX][0-9a-fA-F]{1,16}|\d{1,20})")
_INET, _INET6 = 2, 23
_U32 = 0xFFFFFFFF


def names() -> set[str]:
    """What may stand behind the bar."""
    return {*FORMS, *data_files.labels()}


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
        code = words.number_of(value, label)
        return value if code is None else words.spoken(label, code, language)
    number = _number(value)
    if number is None:
        return value
    if label == "hex":
        return f"0x{number:X}"
    if label == "ipv4":
        return str(ipaddress.IPv4Address((number & _U32).to_bytes(4, "little")))
    # Tables are keyed by the number as the documentation prints it, without a sign.
    label_text = data_files.labels()[label].get(number & _U32)
    if label_text is None:
        return value
    word = label_text if isinstance(label_text, str) else label_text[0 if language == CHINESE else 1]
    if label in _PLAIN:
        return word
    return f"{word}（{value}）" if language == CHINESE else f"{word} ({value})"


def listed(value: str, language: str) -> str:
    """The items of a value that has one a line, one behind the other."""
    items = filter(None, (line.strip() for line in value.splitlines()))
    return ("、" if language == CHINESE else ", ").join(items)


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
