"""What a mail says about which case it belongs to, the surest first."""

from __future__ import annotations

import re
from dataclasses import dataclass
from enum import Enum, auto
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from mail.reading.message import Mail


class ClaimKind(Enum):
    """What leads to a case."""

    REFERENCE = auto()
    REPLY_ADDRESS = auto()
    NUMBER = auto()
    TOKEN = auto()


@dataclass(frozen=True)
class Claim:
    """One word of the mail: a Message-ID, an address, a case number (its suffix may be cut off) in capitals,
    or the digits of a token."""

    kind: ClaimKind
    value: str


_NUMBER = re.compile(r"CAS-\d{5,9}(?:-[0-9A-Z]{6})?")
_ADDRESS = re.compile(r"[^@+\s<>,;]{1,64}\+[^@+\s<>,;]{1,64}@[^\s<>,;]{1,255}")


def claims(mail: Mail) -> list[Claim]:
    """In the order in which they are believed."""
    references = reversed(getattr(mail, "references", []))
    listed = [Claim(ClaimKind.REFERENCE, identifier) for identifier in references]
    listed += [Claim(ClaimKind.REPLY_ADDRESS, address) for address in _ADDRESS.findall(mail.recipients)]
    listed += [Claim(ClaimKind.NUMBER, number) for number in _NUMBER.findall(mail.subject.upper())]
    return list(dict.fromkeys(listed))
