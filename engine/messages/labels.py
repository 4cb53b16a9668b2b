"""Values of an event made readable: ``10`` as a logon type, ``159`` as a bug check.

A text of the catalogue asks for it: ``{LogonType|logon_type}``. Besides the tables of
data/labels.yaml there are the forms ``hex``, ``utc``,
``address`` (a socket address), ``ipv4`` (a number in network order) and ``win32``.
"""

import ipaddress
import re

from engine.messages import data_files, parameters
from engine.messages.languages import CHINESE

FORMS = ("hex", "utc", "address", "ipv4", "win32")
_IN_HEX = {"bugcheck", "ntstatus", "hresult", "exception"}
_PLAIN = {"yes_no"}
_TIME = re.compile(r"(\d{4}-\d\d-\d\d)[T ](\d\d:\d\d:\d\d)(?:\.\d{1,9})?Z?")
_NUMBER = re.compile(r"-?(?:0[xX][0-9a-fA-F]{1,16}|\d{1,20})")
_BARE_HEX = re.compile(r"[0-9a-fA-F]{8}")
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
    number = _number(value, bare_hex=label in _IN_HEX)
    if number is None:
        return value
    if label == "hex":
        return f"0x{number:X}"
    if label == "ipv4":
        return str(ipaddress.IPv4Address((number & _U32).to_bytes(4, "little")))
    if label == "win32":
        return parameters.known(parameters.SYSTEM, number, language) or value
    # Tables are keyed by the number as the documentation prints it, without a sign.
    label_text = data_files.labels()[label].get(number & _U32)
    shown = f"0x{number & _U32:08X}" if label in _IN_HEX else value
    if label_text is None:
        return shown
    word = label_text if isinstance(label_text, str) else label_text[0 if language == CHINESE else 1]
    if label in _PLAIN:
        return word
    return f"{word}（{shown}）" if language == CHINESE else f"{word} ({shown})"


def _number(value: str, *, bare_hex: bool) -> int | None:
    if bare_hex and _BARE_HEX.fullmatch(value):
        return int(value, 16)
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
