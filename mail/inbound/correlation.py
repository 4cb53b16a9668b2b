"""Which case a mail belongs to: what it claims, held against the database and against who sent it."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import reduce
from operator import or_
from typing import TYPE_CHECKING

from django.db.models import Q

from cases.models import Case
from cases.numbers import PATTERN
from mail.outbound.addresses import number_of_reply_address
from mail.outbound.models import CaseMailToken, MailSettings
from mail.reading.correlation import Claim, ClaimKind, Weight, claims
from mail.store.models import MailMessage, MatchedBy
from mail.store.reasons import Reason

if TYPE_CHECKING:
    from accounts.models import User
    from mail.reading.mail import Mail

_MATCHED_BY = {
    ClaimKind.REFERENCE: MatchedBy.REFERENCES,
    ClaimKind.REPLY_ADDRESS: MatchedBy.REPLY_ADDRESS,
    ClaimKind.NUMBER: MatchedBy.NUMBER,
    ClaimKind.TOKEN: MatchedBy.TOKEN,
}


MAX_OF_ONE = 3
"""Cases that one claim may mean: a number without its suffix."""
_CUT = re.compile(r"CAS-\d{5,9}")
_TOKEN = re.compile(r"[0-9]{1,15}")


@dataclass(frozen=True)
class Match:
    """The case and what led there; without a case the ``reason`` why not."""

    case: Case | None = None
    by: MatchedBy | None = None
    reason: Reason | None = None


def claims_of(content: Mail, envelope: Sequence[str] = ()) -> list[Claim]:
    """What a mail claims, by the prefix of tokens and the label of numbers in force. ``envelope``: whom it
    was delivered to, as a server or the pipe tells it."""
    mail = MailSettings.load()
    return claims(content, token_prefix=mail.token_prefix, label=mail.label, envelope=envelope)


def cases_of(claimed: Iterable[Claim]) -> dict[Claim, list[Case]]:
    """The cases that each claim leads to, at most three, in the order of the claims; a few queries however
    many there are."""
    claimed = list(claimed)
    addressed = {
        claim: number_of_reply_address(claim.value) for claim in _of(claimed, ClaimKind.REPLY_ADDRESS)
    }
    numbered = {
        claim: claim.value for claim in _of(claimed, ClaimKind.NUMBER) if PATTERN.fullmatch(claim.value)
    }
    numbered |= {claim: number for claim, number in addressed.items() if number}
    cut = [claim for claim in _of(claimed, ClaimKind.NUMBER) if _CUT.fullmatch(claim.value)]
    tokens = {
        claim: int(claim.value) for claim in _of(claimed, ClaimKind.TOKEN) if _TOKEN.fullmatch(claim.value)
    }
    references = _of(claimed, ClaimKind.REFERENCE)
    found: dict[Claim, list[Case]] = {claim: [] for claim in claimed}
    mails = MailMessage.objects.filter(message_id__in=[claim.value for claim in references]).exclude(
        case=None
    )
    for mail in mails.select_related("case"):
        if mail.case:
            found[Claim(ClaimKind.REFERENCE, mail.message_id)].append(mail.case)
    by_number = {case.number: case for case in Case.objects.filter(number__in=numbered.values())}
    for claim, number in numbered.items():
        found[claim] += [by_number[number]] if number in by_number else []
    for case in _with_counts({claim.value for claim in cut}):
        found[Claim(ClaimKind.NUMBER, case.number.rpartition("-")[0])].append(case)
    rows = CaseMailToken.objects.filter(number__in=tokens.values()).select_related("case")
    by_token = {row.number: row.case for row in rows}
    for claim, token in tokens.items():
        found[claim] += [by_token[token]] if token in by_token else []
    return {claim: list(dict.fromkeys(cases))[:MAX_OF_ONE] for claim, cases in found.items()}


def _with_counts(counts: set[str]) -> Iterable[Case]:
    if not counts:
        return ()
    beginnings = reduce(or_, (Q(number__startswith=f"{count}-") for count in sorted(counts)))
    return Case.objects.filter(beginnings)[: MAX_OF_ONE * len(counts)]


def match(found: dict[Claim, list[Case]], person: User) -> Match:
    """The first claim that leads to a case in which this person takes part. Cases that are named in quoted
    mails alone, as in a digest, or by a bare number are believed only where it is one."""
    visible = set(
        Case.objects.visible_to(person).filter(pk__in=_primary_keys(found)).values_list("pk", flat=True)
    )
    unsure: dict[Case, Claim] = {}
    is_alike = False
    for claim, cases in found.items():
        hers = [case for case in cases if case.pk in visible]
        if claim.weight == Weight.ALIKE:
            is_alike |= bool(hers)
        elif claim.weight == Weight.STATED and len(hers) == 1:
            return Match(hers[0], _MATCHED_BY[claim.kind])
        else:
            # Cut numbers may mean several: only one that is hers is sure.
            for case in hers:
                unsure.setdefault(case, claim)
    if len(unsure) == 1:
        ((case, claim),) = unsure.items()
        return Match(case, _MATCHED_BY[claim.kind])
    if unsure:
        return Match(reason=Reason.SEVERAL)
    if named_cases(found):
        return Match(reason=Reason.NOT_HERS)
    return Match(reason=Reason.ALIKE if is_alike else Reason.NO_CASE)


def named_cases(found: dict[Claim, list[Case]]) -> list[Case]:
    """Every case that is named in so many words, each once, the surest first."""
    return _cases(found, {Weight.STATED, Weight.QUOTED})


def nearly_named_cases(found: dict[Claim, list[Case]]) -> list[Case]:
    """Those that a number may mean which says less, or something a little different."""
    named = named_cases(found)
    return [case for case in _cases(found, {Weight.LABELLED, Weight.ALIKE}) if case not in named]


def _cases(found: dict[Claim, list[Case]], weights: set[Weight]) -> list[Case]:
    return list(dict.fromkeys(case for claim in found if claim.weight in weights for case in found[claim]))


def _of(claimed: list[Claim], kind: ClaimKind) -> list[Claim]:
    return [claim for claim in claimed if claim.kind == kind]


def _primary_keys(found: dict[Claim, list[Case]]) -> set[int]:
    return {case.pk for cases in found.values() for case in cases}
