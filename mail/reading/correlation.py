"""Which case a mail may belong to, by all that it says: its claims, the surest first.

A claim is a stranger's word. Whether there is such a mail or case, and whether the sender takes part in it,
the database decides; the first claim that leads to a case of the sender's wins.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from enum import Enum, auto
from typing import TYPE_CHECKING

from cases.thread.quoting import segments
from mail.reading.addresses import recipients

if TYPE_CHECKING:
    from mail.reading.message import Mail

MAX_REFERENCES = 100
MAX_OF_A_KIND = 20
"""Claims of one kind in one place; a list of hundreds of cases is no claim."""
MAX_SUBJECT_LENGTH = 4000
MAX_TEXT_LENGTH = 64 * 1024
TOKEN_PREFIX = "CMIT:"  # noqa: S105


class ClaimKind(Enum):
    """By what a mail names its case."""

    REFERENCE = auto()
    """The Message-ID, with its angle brackets, of a mail that it answers."""
    REPLY_ADDRESS = auto()
    """An address with a case number that it was sent to, in lower case; its signature is to be checked."""
    NUMBER = auto()
    """A case number as the portal writes it; ``CAS-03282`` where the suffix was cut off."""
    TOKEN = auto()
    """The digits of the vendor's token, ``0001866``."""


@dataclass(frozen=True)
class Claim:
    """One word of the mail."""

    kind: ClaimKind
    value: str
    is_quoted: bool = field(default=False, compare=False)
    """Said in an old mail alone that this one quotes."""


_REPLY_ADDRESS = re.compile(r"[^@+\s]{1,64}\+cas-[0-9]{5,9}-[0-9a-z]{6}(\.[0-9a-z]{8,64})?@")

_FULL_WIDTH = {0xFF00 + place: chr(0x20 + place) for place in range(1, 0x5F)}
_DASHES = dict.fromkeys(
    map(
        ord,
        "\u00b7\u30fb\u2022\u2010\u2011\u2012\u2013\u2014\u2015\u2212\u2043\ufe58\ufe63\uff0d\u30fc\u2500\u2501_",
    ),
    "-",
)
_SPACES = dict.fromkeys(map(ord, "\t\r\n\u00a0\u2002\u2003\u2009\u202f\u3000"), " ")
_INVISIBLE = dict.fromkeys((0xAD, 0x200B, 0x200C, 0x200D, 0x2060, 0xFEFF))
_PLAIN = {**_FULL_WIDTH, **_DASHES, **_SPACES, **_INVISIBLE}

_NUMBER = re.compile(
    r"(?<![0-9A-Z])(?:"
    # As it is written, and without its separators.
    r"CAS[-:#./ ]{0,3}([0-9]{5,9}?)([-./ ]{0,3})([0-9A-Z]{6})"
    # Folded in the middle, by a mail program that does not know where a word ends.
    r"|CAS ?- ?((?:[0-9] ?){4,8}[0-9]) ?- ?((?:[0-9A-Z] ?){5}[0-9A-Z])"
    r"|([0-9]{5,9})-([CDFGHJKMNPQRTVWXY34679]{6})"
    r"|CAS[-:#./ ]{0,3}([0-9]{5,9})"
    r")(?![0-9A-Z])"
)
_SHORT = re.compile(r"CAS[-:#./ ]{0,3}([0-9]{5,9})(?![0-9])")
_IN_BRACKETS = re.compile(r"[\[【(][^\[\]【】()]{0,40}\Z")


def claims(mail: Mail, *, token_prefix: str = TOKEN_PREFIX, envelope: Sequence[str] = ()) -> list[Claim]:
    """In the order in which they are believed: mails that it answers, newest first; where it was sent to;
    its subject; its new text; last the old mails quoted in it, which may be of another case."""
    parts = segments(mail.text[:MAX_TEXT_LENGTH])
    own = "\n".join(part.text for part in parts if not part.quoted)
    quoted = "\n".join(part.text for part in parts if part.quoted)
    found = [Claim(ClaimKind.REFERENCE, identifier) for identifier in _references(mail)]
    found += _reply_addresses([mail.recipients, mail.delivered_to, *envelope])
    for place in (mail.subject[:MAX_SUBJECT_LENGTH], own):
        found += _named(place, token_prefix)
    found += [replace(claim, is_quoted=True) for claim in _named(quoted, token_prefix)]
    return list(dict.fromkeys(found))


def _references(mail: Mail) -> list[str]:
    newest_first = [*reversed(mail.in_reply_to), *reversed(mail.references)]
    return list(dict.fromkeys(newest_first))[:MAX_REFERENCES]


def _reply_addresses(fields: list[str]) -> list[Claim]:
    matches = [match for box in recipients(fields) if (match := _REPLY_ADDRESS.match(box.address))]
    # Those with a signature first: the others are anybody's to write.
    matches.sort(key=lambda match: match[1] is None)
    return [Claim(ClaimKind.REPLY_ADDRESS, match.string) for match in matches[:MAX_OF_A_KIND]]


def _named(text: str, token_prefix: str) -> list[Claim]:
    """Numbers and tokens of a text: ``[Case: CAS-…]`` before a token, that before a number in passing."""
    text = text.translate(_PLAIN).upper()
    ranked = [*_numbers(text), *_tokens(text, token_prefix)]
    ranked.sort(key=lambda pair: pair[0])
    return [claim for _, claim in ranked]


def _numbers(text: str) -> Iterator[tuple[int, Claim]]:
    for _, match in zip(range(MAX_OF_A_KIND), _NUMBER.finditer(text), strict=False):
        count, separator, suffix, folded, folded_suffix, bare, bare_suffix, short = match.groups()
        before = text[max(0, match.start() - 50) : match.start()].rstrip()
        rank = 6 - 3 * before.endswith(":") - 3 * bool(_IN_BRACKETS.search(before))
        count = (count or folded or bare or short).replace(" ", "")
        suffix = (suffix or folded_suffix or bare_suffix or "").replace(" ", "")
        yield (
            rank + (not suffix),
            Claim(ClaimKind.NUMBER, f"CAS-{count}-{suffix}" if suffix else f"CAS-{count}"),
        )
        # “CAS-03282 server down”: what looks like a suffix may be a word.
        is_sure = bare or (separator and separator.strip()) or (folded and " " not in folded_suffix)
        if suffix and not is_sure and (cut := _SHORT.match(match.group())):
            yield rank + 1, Claim(ClaimKind.NUMBER, f"CAS-{cut[1]}")


def _tokens(text: str, prefix: str) -> Iterator[tuple[int, Claim]]:
    label = prefix.translate(_PLAIN).upper().strip(" -:#.")
    if not label:
        return
    pattern = rf"(?<![0-9A-Z]){re.escape(label)}[-:#. ]{{0,3}}([0-9]{{3,15}})(?![0-9])"
    for _, match in zip(range(MAX_OF_A_KIND), re.finditer(pattern, text), strict=False):
        yield 2, Claim(ClaimKind.TOKEN, match[1])
