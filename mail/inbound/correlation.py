"""Which case a mail belongs to: what it claims, held against the database and against who sent it."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from cases.models import Case
from cases.numbers import PATTERN
from mail.outbound.addresses import number_of_reply_address
from mail.outbound.models import CaseMailToken, MailSettings
from mail.reading.correlation import Claim, ClaimKind, claims
from mail.store.models import MailMessage, MatchedBy, Reason

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
    """What a mail claims, its tokens by the prefix in force. ``envelope``: whom it was delivered to, as a
    server or the pipe tells it."""
    return claims(content, token_prefix=MailSettings.load().token_prefix, envelope=envelope)


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
    for claim in cut:
        found[claim] += Case.objects.filter(number__startswith=f"{claim.value}-")[:MAX_OF_ONE]
    rows = CaseMailToken.objects.filter(number__in=tokens.values()).select_related("case")
    by_token = {row.number: row.case for row in rows}
    for claim, token in tokens.items():
        found[claim] += [by_token[token]] if token in by_token else []
    return {claim: list(dict.fromkeys(cases))[:MAX_OF_ONE] for claim, cases in found.items()}


def match(found: dict[Claim, list[Case]], person: User) -> Match:
    """The first claim that leads to a case in which this person takes part. Cases that are named in quoted
    mails alone, as in a digest, are believed only where it is one."""
    visible = set(
        Case.objects.visible_to(person).filter(pk__in=_primary_keys(found)).values_list("pk", flat=True)
    )
    quoted: dict[Case, Claim] = {}
    for claim, cases in found.items():
        hers = [case for case in cases if case.pk in visible]
        # Cut numbers may mean several: only one that is hers is sure.
        if len(hers) != 1:
            continue
        if not claim.is_quoted:
            return Match(hers[0], _MATCHED_BY[claim.kind])
        quoted.setdefault(hers[0], claim)
    if len(quoted) == 1:
        ((case, claim),) = quoted.items()
        return Match(case, _MATCHED_BY[claim.kind])
    if quoted:
        return Match(reason=Reason.SEVERAL)
    return Match(reason=Reason.NOT_HERS if any(found.values()) else Reason.NO_CASE)


def named_cases(found: dict[Claim, list[Case]]) -> list[Case]:
    """Every case that the claims lead to, each once, the surest first."""
    return list(dict.fromkeys(case for cases in found.values() for case in cases))


def _of(claimed: list[Claim], kind: ClaimKind) -> list[Claim]:
    return [claim for claim in claimed if claim.kind == kind]


def _primary_keys(found: dict[Claim, list[Case]]) -> set[int]:
    return {case.pk for cases in found.values() for case in cases}
