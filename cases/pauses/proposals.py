"""Asking the customer whether her case may be closed for the time being: proposed, answered, taken back."""

from __future__ import annotations

from datetime import date, datetime
from typing import TYPE_CHECKING

from django.db import transaction
from django.utils import timezone, translation

from cases import rights, times
from cases.answers.models import Way
from cases.answers.services import Heard, answer_of
from cases.errors import IllegalStatusChange
from cases.models import Case, Message, MessageKind
from cases.pauses import texts
from cases.pauses.errors import NotProposed
from cases.pauses.models import ProposalState, SuspensionProposal
from cases.pauses.services import later_day, put_aside, way_on
from cases.services import post_message
from cases.signals import ActivityKind, announce
from cases.status import CHANGES, Status, is_possible
from engine.text_safety import paragraphs

if TYPE_CHECKING:
    from accounts.models import User

MAX_LENGTH = 5_000
"""Characters of the customer's words."""


@transaction.atomic
def propose(
    case: Case, *, by: User, resumes_when: str, resumes_on: date | None = None, at: datetime | None = None
) -> SuspensionProposal:
    """Asks the customer; a proposal that still waits is replaced.

    Raises ``NotAllowed``, ``NoWayOn``, ``NoLaterDay``, ``IllegalStatusChange``.
    """
    at = at or timezone.now()
    rights.require(rights.may_change_status, by, case)
    words, day = way_on(resumes_when), later_day(resumes_on, at)
    case.lock()
    if not is_possible("suspend", case.status):
        raise IllegalStatusChange(CHANGES["suspend"], Status(case.status))
    before = SuspensionProposal.objects.awaiting().filter(case=case)
    before.update(state=ProposalState.SUPERSEDED, ended_by=by, ended_at=at)
    proposal = SuspensionProposal(case=case, made_by=by, made_at=at, resumes_when=words, resumes_on=day)
    with translation.override(case.contact.language):
        body = texts.proposed(proposal)
    proposal.message = post_message(case, by=by, body=body, kind=MessageKind.SUSPENSION, at=at)
    proposal.save()
    # Nothing is owed to her until she gives her word.
    case.vendor_answered(at=at)
    _announce(proposal, by, at, proposal.message)
    return proposal


@transaction.atomic
def answer(
    proposal: SuspensionProposal,
    *,
    agrees: bool,
    by: User,
    words: str = "",
    way: Way = Way.BUTTON,
    heard: Heard | None = None,
    at: datetime | None = None,
) -> None:
    """The customer's word, her own or ``heard``: agreed closes the case for the time being, else it goes on.

    Raises ``NotProposed`` and what ``answer_of`` raises.
    """
    at = at or timezone.now()
    case = proposal.case
    given = answer_of(case, by=by, way=way, heard=heard, at=at)
    case.lock()
    proposal.refresh_from_db()
    day = proposal.resumes_on
    overtaken = not is_possible("suspend", case.status) or (day is not None and day <= times.day_of(at))
    if proposal.state != ProposalState.PROPOSED or overtaken:
        raise NotProposed()
    fields = given.enter(proposal, paragraphs(words)[:MAX_LENGTH].strip())
    proposal.state = ProposalState.AGREED if agrees else ProposalState.DECLINED
    proposal.save(update_fields=["state", *fields])
    if agrees:
        put_aside(case, given, proposal.resumes_when, day, at, proposal=proposal)
    else:
        _tell(proposal, given.by, at)


@transaction.atomic
def withdraw(proposal: SuspensionProposal, *, by: User, at: datetime | None = None) -> Message:
    """The vendor takes it back; the case goes on. Raises ``NotAllowed``, ``NotProposed``."""
    at = at or timezone.now()
    rights.require(rights.may_change_status, by, proposal.case)
    proposal.case.lock()
    proposal.refresh_from_db()
    if proposal.state != ProposalState.PROPOSED:
        raise NotProposed()
    proposal.state, proposal.ended_by, proposal.ended_at = ProposalState.WITHDRAWN, by, at
    proposal.save(update_fields=["state", "ended_by", "ended_at"])
    return _tell(proposal, by, at)


def _tell(proposal: SuspensionProposal, by: User, at: datetime) -> Message:
    with translation.override(proposal.case.contact.language):
        body = texts.ended(proposal)
    message = post_message(proposal.case, by=by, body=body, kind=MessageKind.SYSTEM, at=at)
    _announce(proposal, by, at, message)
    return message


def _announce(proposal: SuspensionProposal, by: User, at: datetime, message: Message) -> None:
    announce(
        ActivityKind.SUSPENSION_PROPOSED,
        proposal.case,
        by=by,
        at=at,
        message=message,
        reason=proposal.words,
        state=str(proposal.state),
        proposal=proposal.pk,
    )
