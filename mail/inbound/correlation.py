"""Which case a mail belongs to: what it claims, held against the database and against who sent it."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from typing import TYPE_CHECKING

from cases.models import Case
from cases.numbers import PATTERN
from mail.outbound.addresses import case_of_reply_address
from mail.outbound.models import CaseMailToken, MailSettings
from mail.reading.correlation import ClaimKind, claims
from mail.store.models import MailMessage, MatchedBy, Reason

if TYPE_CHECKING:
    from accounts.models import User
    from mail.reading.correlation import Claim
    from mail.reading.mail import Mail

_MATCHED_BY = {
    ClaimKind.REFERENCE: MatchedBy.REFERENCES,
    ClaimKind.REPLY_ADDRESS: MatchedBy.REPLY_ADDRESS,
    ClaimKind.NUMBER: MatchedBy.NUMBER,
    ClaimKind.TOKEN: MatchedBy.TOKEN,
}


@dataclass(frozen=True)
class Match:
    """The case and what led there; without a case the ``reason`` why not. ``proposed``: cases that the mail
    names, of which its sender takes part in none."""

    case: Case | None = None
    by: MatchedBy | None = None
    reason: Reason | None = None


def claims_of(content: Mail) -> list[Claim]:
    """What a mail claims, its tokens by the prefix in force."""
    return claims(content, token_prefix=MailSettings.load().token_prefix)


def match(claimed: Iterable[Claim], person: User) -> Match:
    """The first claim that leads to a case in which this person takes part."""
    named = False
    visible = Case.objects.visible_to(person)
    for claim in claimed:
        cases = [case for case in _cases(claim) if case is not None]
        named |= bool(cases)
        hers = [case for case in cases if visible.filter(pk=case.pk).exists()]
        # Cut numbers may mean several: only one that is hers is sure.
        if len(hers) == 1:
            return Match(hers[0], _MATCHED_BY[claim.kind])
    return Match(reason=Reason.NOT_HERS if named else Reason.NO_CASE)


def named_cases(claimed: Iterable[Claim]) -> list[Case]:
    """Every case that the claims lead to, each once, the surest first."""
    cases = [case for claim in claimed for case in _cases(claim)]
    return list(dict.fromkeys(cases))


def _cases(claim: Claim) -> list[Case]:
    match claim.kind:
        case ClaimKind.REFERENCE:
            rows = MailMessage.objects.filter(message_id=claim.value).exclude(case=None)
            return [row.case for row in rows.select_related("case")[:3] if row.case]
        case ClaimKind.REPLY_ADDRESS:
            case = case_of_reply_address(claim.value)
            return [case] if case else []
        case ClaimKind.NUMBER:
            if PATTERN.fullmatch(claim.value):
                return list(Case.objects.filter(number=claim.value))
            if re.fullmatch(r"CAS-\d{5,9}", claim.value):
                return list(Case.objects.filter(number__startswith=f"{claim.value}-")[:3])
            return []
        case ClaimKind.TOKEN:
            if not claim.value.isdecimal() or len(claim.value) > 15:
                return []
            tokens = CaseMailToken.objects.filter(number=int(claim.value)).select_related("case")
            return [token.case for token in tokens]
    return []
