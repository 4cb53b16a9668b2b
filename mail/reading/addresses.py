"""Mail addresses out of header fields, in every shape that mailers write; in time linear in the field.

Why not by the standard library: ``email.utils.getaddresses`` finds two people in ``Zhang, Ms <a@b.example>``,
and ``email.headerregistry`` took half a minute for a field that was made for it.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from engine.text_safety import one_line, plain
from mail.reading.charsets import words

MAX_FROM_LENGTH = 4000
"""Characters of a From field that is read; a long Chinese name in encoded words has some hundreds."""
MAX_RECIPIENTS = 20_000
MAX_NAME_LENGTH = 200
MAX_ADDRESS_LENGTH = 254
"""RFC 5321, 4.5.3.1.3, without the angle brackets."""

_ATOM = r"[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]{1,64}"
_LABEL = r"[A-Za-z0-9-]{1,63}"
_ADDRESS = re.compile(rf"{_ATOM}(?:\.{_ATOM})*@{_LABEL}(?:\.{_LABEL})+")
_ANGLED = re.compile(r"<([^<>]*@[^<>]*)>")
_BRACKETS_WITHIN = re.compile(r"<\s{0,9}[<‹]([^<>‹›]*)[>›]\s{0,9}>")
_DOMAIN = r"@[A-Za-z0-9.-]{1,255}"
_IN_FRONT = re.compile(
    rf"<\s{{0,9}}(?:mailto:|{_DOMAIN}(?:\s{{0,9}},\s{{0,9}}{_DOMAIN}){{0,20}}\s{{0,9}}:)\s{{0,9}}(?=[^<>@:]+@)",
    re.IGNORECASE,
)
"""What a link, or a route of old (RFC 5322, 4.4), has in front of the address."""
_QUOTES = " \t'‘’"
_FULL_WIDTH = str.maketrans("＜＞＠，；、", "<>@,;,")


@dataclass(frozen=True)
class Mailbox:
    """``address`` in lower case, ``name`` decoded; empty where there is none. ``is_mended``: out of a shape
    in which another program may find another address, or none."""

    address: str
    name: str
    is_mended: bool = False


@dataclass(frozen=True)
class _Entry:
    """What stands between two commas.

    ``bare``: outside quotes, brackets and comments; ``shown``: with what is in quotes; ``angled``: each pair
    of angle brackets' content.
    """

    bare: str
    shown: str
    angled: list[str]
    comment: str

    @property
    def address(self) -> str:
        if self.angled:
            return self.angled[-1].strip()
        last = self.bare.rpartition(":")[2].split()[-1:]
        return last[0] if last else ""

    @property
    def name(self) -> str:
        return (self.shown.strip() if self.angled else "") or self.comment.strip()


def sender_of(fields: Sequence[str]) -> Mailbox | None:
    """The one mailbox of a message's From fields (unfolded, encoded words as they came), also where the whole
    field is an encoded word, or its address stands in brackets twice, behind ``mailto:`` or a route.

    ``None`` where two programs may find two senders: several fields, mailboxes, a group, a quoted local
    part, something behind the angle brackets, or brackets with another address within a quoted name or a
    comment. A comma, a lone quotation mark or an address in the name are part of the name.
    """
    if len(fields) != 1 or len(fields[0]) > MAX_FROM_LENGTH:
        return None
    mended = _mended(fields[0])
    mailbox = _one_mailbox(mended)
    return replace(mailbox, is_mended=mended != fields[0]) if mailbox else None


def _mended(field: str) -> str:
    text = field if "@" in field else words(field)
    return _IN_FRONT.sub("<", _BRACKETS_WITHIN.sub(r"<\1>", text))


def _one_mailbox(field: str) -> Mailbox | None:
    text = field.strip(" \t,;")
    entries = list(_entries(text))
    if not entries:
        return None
    *parts_of_name, entry = entries
    if any(part.angled or "@" in part.bare for part in parts_of_name):
        return None
    if entry.angled:
        is_last = len(entry.angled) == 1 and text.endswith((">", ")"))
        is_group = ":" in entry.bare and ";" in field
        if not is_last or is_group:
            return None
    elif parts_of_name or entry.bare.strip() != entry.shown.strip() or " " in entry.bare.strip():
        return None
    address = entry.address
    if len(address) > MAX_ADDRESS_LENGTH or not _ADDRESS.fullmatch(address):
        return None
    if any(other.strip().lower() != address.lower() for other in _ANGLED.findall(text)):
        return None
    return Mailbox(address.lower(), _name(", ".join([*(part.shown for part in parts_of_name), entry.name])))


def recipients(fields: Sequence[str]) -> list[Mailbox]:
    """The mailboxes of the To, Cc or like fields of a message, each address once, in their order.

    Groups are opened; what holds no address is left out; at most ``MAX_RECIPIENTS``.
    """
    found: dict[str, Mailbox] = {}
    for field in fields:
        begun = ""
        for entry in _entries(_mended(field.translate(_FULL_WIDTH))):
            address = entry.address.strip(f"{_QUOTES}<>").lower()
            local, _, domain = address.rpartition("@")
            if not local or not domain or len(address) > MAX_ADDRESS_LENGTH or len(address.split()) > 1:
                if not entry.shown.rstrip().endswith(":"):
                    begun = f"{begun}{entry.shown.strip()}, "[-MAX_NAME_LENGTH:]
                continue
            found.setdefault(address, Mailbox(address, _name(begun + entry.name)))
            begun = ""
            if len(found) == MAX_RECIPIENTS:
                return list(found.values())
    return list(found.values())


def _name(text: str) -> str:
    return plain(one_line(words(text[:MAX_FROM_LENGTH])), MAX_NAME_LENGTH).strip(f"{_QUOTES},")


def _entries(field: str) -> Iterator[_Entry]:
    """The entries that are not empty.

    Where a quotation mark or a bracket is never closed, its writer meant the sign itself; it is read so, in
    at most three more passes.
    """
    literal = ""
    entries, is_open = _scanned(field, literal)
    while is_open:
        literal += is_open
        entries, is_open = _scanned(field, literal)
    return (entry for entry in entries if entry.shown.strip() or entry.angled)


def _scanned(field: str, literal: str) -> tuple[list[_Entry], str]:
    """The entries, and which of ``"(<`` is still open at the end; those in ``literal`` open nothing."""
    entries: list[_Entry] = []
    bare, shown, angled, angle, comment = [""], [""], [], [""], [""]
    inside, depth, is_escaped = "", 0, False
    for sign in [*field, ","]:
        if is_escaped:
            (comment if inside == "(" else shown).append(sign)
            is_escaped = False
        elif inside == "(":
            depth += (sign == "(") - (sign == ")")
            is_escaped = sign == "\\"
            if not depth:
                inside = ""
            elif not is_escaped:
                comment.append(sign)
        elif inside == '"':
            is_escaped = sign == "\\"
            if sign == '"':
                inside = ""
            elif not is_escaped:
                shown.append(sign)
        elif inside == "<":
            if sign == ">":
                angled.append("".join(angle))
                inside, angle = "", [""]
            else:
                angle.append(sign)
        elif sign in '"(<' and sign not in literal:
            inside = sign
            depth = 1
        elif sign in ",;":
            entries.append(_Entry("".join(bare), "".join(shown), angled, "".join(comment)))
            bare, shown, angled, comment = [""], [""], [], [""]
        else:
            bare.append(sign)
            shown.append(sign)
    return entries, inside
