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

from cases.thread.quote_lines import unmarked
from cases.thread.quoting import segments
from engine.text_safety import comparable
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


class Weight(Enum):
    """How far a claim is believed."""

    STATED = auto()
    QUOTED = auto()
    """Said in an old mail alone that this one quotes: believed where all such name one case."""
    LABELLED = auto()
    """A number with a word before it instead of ``CAS-``, which may be a number of the sender's own house:
    believed where all such name one case of hers, else nothing."""
    ALIKE = auto()
    """Not to the letter: proposed to a person."""


@dataclass(frozen=True)
class Claim:
    """One word of the mail."""

    kind: ClaimKind
    value: str
    weight: Weight = field(default=Weight.STATED, compare=False)


_REPLY_ADDRESS = re.compile(r"[^@+\s]{1,64}\+cas-[0-9]{5,9}-[0-9a-z]{6}(\.[0-9a-z]{8,64})?@")

_SUFFIX_SIGNS = "CDFGHJKMNPQRTVWXY34679"
"""As ``cases.numbers.ALPHABET``, which needs Django."""
_NUMBER = re.compile(
    r"(?<![0-9A-Z])(?:"
    # As it is written, and without its separators.
    r"CAS[-:#./ ]{0,3}([0-9]{5,9}?)([-./ ]{0,3})([0-9A-Z]{6})"
    # Folded in the middle, by a mail program that does not know where a word ends.
    r"|(?:CAS|C A S) ?- ?((?:[0-9] ?){4,8}[0-9]) ?- ?((?:[0-9A-Z] ?){5}[0-9A-Z])"
    # Without its prefix, which the suffix makes up for, or without the zeros in front.
    rf"|([0-9]{{3,9}})-([{_SUFFIX_SIGNS}]{{6}})"
    r"|(?:CAS|C A S)[-:#./ ]{0,3}([0-9]{5,9}|[0-9](?: [0-9]){4,8})"
    r")(?![0-9A-Z])"
)
_SHORT = re.compile(r"CAS[-:#./ ]{0,3}([0-9]{5,9})(?![0-9])")
_IN_BRACKETS = re.compile(r"[\[【(][^\[\]【】()]{0,40}\Z")

_LABEL = (
    r"(?<!TEST )(?<!USE )(?<!IN )(?<![0-9A-Z试試])"
    r"(?:CAS|CASE|TICKET|案例|案件|个案|個案|工单|工單|服务单|服務單|(?<![一-龥])案(?=[号號])|ケ-ス|チケット%s)"
    r" ?(编号|編號|单号|單號|番号|号码|號碼|号|號|NUMBER|NUM|NO|NR|ID|№)?"
    r" ?(?:为|為|是|IS)?([-:#./ (\[【「\"“|=]{0,4})"
)
"""What makes a number a case's; ``%s`` for more words. As ``comparable`` writes it."""
_AFTER_LABEL = r"([0-9]{3,9})(?![0-9A-Z]|[-./:,][0-9]|-[A-Z]|年)"
_UNIT = re.compile(" ?[月日时時点台个個件条條次份人天元%]")
"""What makes it an amount or a day, where the label does not say that it is a number."""
_ALIKE = re.compile(_LABEL % "|C A S" + r"([0-9OQILZSB]{5,9}|[0-9]{1,4} [0-9]{1,4})(?![0-9A-Z]|[-./:,][0-9])")
_MISREAD = str.maketrans("OQILZSB", "0011258", " ")
_LOGGED = re.compile(r"[0-9]{2}:[0-9]{2}:[0-9]{2}")
"""In a line of a log, “ticket 10023” is none of ours."""


def claims(
    mail: Mail, *, token_prefix: str = TOKEN_PREFIX, label: str = "", envelope: Sequence[str] = ()
) -> list[Claim]:
    """In the order in which they are believed: mails that it answers, newest first; where it was sent to;
    its subject; its new text; the old mails quoted in it, which may be of another case; numbers that only a
    word before them makes ours, the vendor's ``label`` for one; last those that are nearly one."""
    parts = segments(mail.text[:MAX_TEXT_LENGTH])
    subject = comparable(mail.subject[:MAX_SUBJECT_LENGTH])
    own = "\n".join(part.text for part in parts if not part.quoted)
    quoted = "\n".join(unmarked(line) for part in parts if part.quoted for line in part.text.split("\n"))
    unlogged = comparable("\n".join(line for line in own.split("\n") if not _LOGGED.search(line)))
    found = [Claim(ClaimKind.REFERENCE, identifier) for identifier in _references(mail)]
    found += _reply_addresses([mail.recipients, mail.delivered_to, *envelope])
    for place in (subject, comparable(own)):
        found += _named(place, token_prefix)
    found += [replace(claim, weight=Weight.QUOTED) for claim in _named(comparable(quoted), token_prefix)]
    for place in (subject, unlogged):
        found += _labelled(place, label)
    for place in (subject, unlogged):
        found += _alike(place)
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
    ranked = [*_numbers(text), *_tokens(text, token_prefix)]
    ranked.sort(key=lambda pair: pair[0])
    return [claim for _, claim in ranked]


def _numbers(text: str) -> Iterator[tuple[int, Claim]]:
    for _, match in zip(range(MAX_OF_A_KIND), _NUMBER.finditer(text), strict=False):
        count, separator, suffix, folded, folded_suffix, bare, bare_suffix, short = match.groups()
        before = text[max(0, match.start() - 50) : match.start()].rstrip()
        rank = 6 - 3 * before.endswith(":") - 3 * bool(_IN_BRACKETS.search(before))
        count = (count or folded or bare or short).replace(" ", "").zfill(5)
        suffix = (suffix or folded_suffix or bare_suffix or "").replace(" ", "")
        yield (
            rank + (not suffix),
            Claim(ClaimKind.NUMBER, f"CAS-{count}-{suffix}" if suffix else f"CAS-{count}"),
        )
        # “CAS-03282 server down”, “CAS-03282 - Please”: what looks like a suffix may be a word.
        is_parted = bare or (separator and separator.strip()) or (folded and " " not in folded_suffix)
        is_sure = is_parted and set(suffix).issubset(_SUFFIX_SIGNS)
        if suffix and not is_sure and (cut := _SHORT.match(match.group())):
            yield rank + 1, Claim(ClaimKind.NUMBER, f"CAS-{cut[1]}")


def _labelled(text: str, label: str) -> Iterator[Claim]:
    """``case no. 3282``, ``Case #3282``: where nothing says that it is a number, as in “Case: 150 machines”,
    all its digits have to be there."""
    word = comparable(label).strip()
    matches = re.finditer(_LABEL % (f"|{re.escape(word)}" if word else "") + _AFTER_LABEL, text)
    for _, match in zip(range(MAX_OF_A_KIND), matches, strict=False):
        said, sign, digits = match.groups()
        is_number = said or "#" in sign or match[0].startswith("CAS-")
        if not is_number and _UNIT.match(text, match.end()):
            continue
        if len(digits) >= 5 or (is_number and not digits.startswith("0")):
            yield Claim(ClaimKind.NUMBER, f"CAS-{int(digits):05d}", Weight.LABELLED)


def _alike(text: str) -> Iterator[Claim]:
    """A number with letters read for digits or a space among them; of one that may have a wrong suffix, its
    count."""
    for _, match in zip(range(MAX_OF_A_KIND), _ALIKE.finditer(text), strict=False):
        digits = match[3].translate(_MISREAD)
        is_misread = not match[3].isdigit() and sum(sign.isdigit() for sign in match[3]) >= 3
        if is_misread and len(digits) >= 5:
            yield Claim(ClaimKind.NUMBER, f"CAS-{int(digits):05d}", Weight.ALIKE)
    for _, claim in _numbers(text):
        yield replace(claim, value="-".join(claim.value.split("-")[:2]), weight=Weight.ALIKE)


def _tokens(text: str, prefix: str) -> Iterator[tuple[int, Claim]]:
    label = comparable(prefix).strip(" -:#.")
    if not label:
        return
    pattern = rf"(?<![0-9A-Z]){re.escape(label)}[-:#. ]{{0,3}}([0-9]{{3,15}})(?![0-9])"
    for _, match in zip(range(MAX_OF_A_KIND), re.finditer(pattern, text), strict=False):
        yield 2, Claim(ClaimKind.TOKEN, match[1])
