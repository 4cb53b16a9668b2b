"""Whether the operator's own mail server has proven a From address (RFC 8601). Why not by ``authres``:
docs/decisions/0017.

Of all ``Authentication-Results`` fields the topmost of that server counts, and it proves the address by a
DMARC pass for its domain (RFC 7489), or else a DKIM pass whose signing domain is that domain or one above
it (RFC 6376). What cannot be read to the letter proves nothing, and nothing below it either: the field that
a server wrote on top may be broken by what the sender wrote, and the next one down be the sender's forgery.
The server must take away such fields that others wrote in its name, as RFC 8601, section 5, asks.
``ARC-Authentication-Results`` are another server's word and are never read.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

EXCHANGE_ONLINE = "exchange-online"
"""In place of a server's name: the topmost field has none, as Exchange Online writes it."""
MAX_FIELD_LENGTH = 16 * 1024
MAX_FIELDS = 20
"""From the top; other servers' may stand above that of the trusted one."""

_METHOD = re.compile(r"([a-z][a-z0-9-]*)(?:/[0-9]+)?")
_PROPERTY = re.compile(r"[a-z][a-z0-9_-]*(?:\.[a-z0-9_-]+)?")
_RESULT = re.compile(r"[a-z]+")
_NAME = re.compile(r"[a-z0-9._-]+")

_PUBLIC_SUFFIX = re.compile(
    r"[^.]*|(?:com|net|org|edu|gov|gob|gouv|mil|ac|ad|co|ne|or|go|gr|lg|ed|re|pe|nom|info|biz|idv|game|ebiz|club"
    r"|sch|web|ltd|plc|me|id|asn)\.[a-z]{2}"
    r"|(?:ah|bj|cq|fj|gd|gs|gx|gz|ha|hb|he|hi|hk|hl|hn|jl|js|jx|ln|mo|nm|nx|qh|sc|sd|sh|sn|sx|tj|tw|xj|xz|yn|zj)\.cn"
)
"""Below which strangers have their domains: nobody's signature for another's."""


class Proof(StrEnum):
    """What the results say of a From address."""

    DMARC = "dmarc"
    DKIM = "dkim"
    MISSING = "missing"
    """No result of the trusted server."""
    UNREADABLE = "unreadable"
    FAILED = "failed"
    """It did not prove this address."""

    @property
    def holds(self) -> bool:
        """Whether the address is its sender's."""
        return self in {Proof.DMARC, Proof.DKIM}


class _Unreadable(Exception):
    pass


@dataclass(frozen=True)
class _Result:
    method: str
    result: str
    properties: dict[str, str]


def proof(address: str, fields: Sequence[str], authserv_id: str) -> Proof:
    """How the address (lower case) is proven by ``fields``: Authentication-Results, unfolded, topmost first.

    ``authserv_id``: the name by which the trusted server writes them, or ``EXCHANGE_ONLINE``.
    """
    trusted = "" if authserv_id == EXCHANGE_ONLINE else authserv_id.lower()
    if not authserv_id:
        return Proof.MISSING
    for field in fields[:MAX_FIELDS]:
        try:
            server, results = _read(field, nameless=not trusted)
        except _Unreadable:
            return Proof.UNREADABLE
        if server == trusted:
            return _judged(address, results)
        if not trusted:
            break
    return Proof.MISSING


def _judged(address: str, results: list[_Result]) -> Proof:
    domain = address.rpartition("@")[2]
    dmarc = [result for result in results if result.method == "dmarc" and result.result in {"pass", "fail"}]
    if dmarc:
        of_address = any(result.properties.get("header.from") in {domain, address} for result in dmarc)
        passed = all(result.result == "pass" for result in dmarc)
        return Proof.DMARC if passed and of_address else Proof.FAILED
    for result in results:
        signer = result.properties.get("header.d") or result.properties.get("header.i", "")
        signer = signer.rpartition("@")[2]
        is_above = signer == domain or (
            f".{domain}".endswith(f".{signer}") and not _PUBLIC_SUFFIX.fullmatch(signer)
        )
        if result.method == "dkim" and result.result == "pass" and is_above:
            return Proof.DKIM
    return Proof.FAILED


def _read(field: str, *, nameless: bool) -> tuple[str, list[_Result]]:
    """The server's name, empty where there is none, and the results. Raises ``_Unreadable``."""
    if len(field) > MAX_FIELD_LENGTH:
        raise _Unreadable
    head, *parts = _parts(field)
    if nameless:
        if not any("=" in word for word in head):
            return "-", []
        parts.insert(0, head)
        server = ""
    else:
        # A version may stand behind the name.
        if not head or not _NAME.fullmatch(head[0]) or head[1:] not in ([], ["1"]):
            raise _Unreadable
        server = head[0]
    return server, [_result(part) for part in parts if part and part != ["none"]]


def _result(words: list[str]) -> _Result:
    method, _, value = words[0].partition("=")
    name = _METHOD.fullmatch(method)
    if not name or not _RESULT.fullmatch(value):
        raise _Unreadable
    properties: dict[str, str] = {}
    for word in words[1:]:
        key, equals, said = word.partition("=")
        if not equals or not _PROPERTY.fullmatch(key) or properties.setdefault(key, said) != said:
            raise _Unreadable
    return _Result(name[1], value, properties)


def _parts(field: str) -> list[list[str]]:
    """The words, in lower case, of each part between semicolons, without comments. Raises ``_Unreadable``
    where quotes or comments are open.

    Parts of it repeat what the sender wrote (smtp.mailfrom), so quoting is read to the letter; a quoted
    string stays in its quotes and therefore equals nothing that is looked for.
    """
    parts: list[list[str]] = [[]]
    word: list[str] = []
    depth, is_quoted, is_escaped = 0, False, False

    def end() -> None:
        if word:
            parts[-1].append("".join(word).lower())
            word.clear()

    for sign in field:
        if is_escaped:
            is_escaped = False
            if is_quoted:
                word.append(sign)
        elif sign == "\\":
            if not (is_quoted or depth):
                raise _Unreadable
            is_escaped = True
        elif depth:
            depth += (sign == "(") - (sign == ")")
        elif sign == '"':
            is_quoted = not is_quoted
            word.append(sign)
        elif is_quoted:
            word.append(sign)
        elif sign == "(":
            end()
            depth = 1
        elif sign == ")":
            raise _Unreadable
        elif sign == ";":
            end()
            parts.append([])
        elif sign.isspace():
            end()
        else:
            word.append(sign)
    end()
    if depth or is_quoted:
        raise _Unreadable
    return parts
