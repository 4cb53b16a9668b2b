"""What the case page shows of a proposal to close the case for the time being."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.db.models import Prefetch

from cases.pauses.forms import RecordForm
from cases.pauses.models import ProposalState, SuspensionProposal
from cases.services import REPLIES
from cases.status import is_possible

if TYPE_CHECKING:
    from accounts.models import User
    from cases.models import Case


def prefetched() -> Prefetch[Any]:
    """What ``pause_asked`` and ``context`` read of many cases."""
    rows = SuspensionProposal.objects.select_related("made_by", "answered_by", "recorded_by", "ended_by")
    return Prefetch("suspension_proposals", rows)


def pause_asked(case: Case) -> SuspensionProposal | None:
    """The proposal that waits for the customer's word; none where the case cannot be suspended."""
    if not is_possible("suspend", case.status):
        return None
    waiting = (row for row in case.suspension_proposals.all() if row.state == ProposalState.PROPOSED)
    return next(waiting, None)


def context(case: Case, user: User) -> dict[str, object]:
    """The variables of templates/cases/pauses/proposal.html and turn.html."""
    asked = pause_asked(case)
    form = RecordForm(case=case) if asked and user.is_vendor else None
    return {"pause_asked": asked, "pause_answer": form, "wrote_since": asked and _wrote_since(case, asked)}


def _wrote_since(case: Case, asked: SuspensionProposal) -> bool:
    """Whether a customer wrote, in words, since she was asked: perhaps that is her answer."""
    return any(
        post.author is not None
        and post.author.is_customer
        and post.kind in REPLIES
        and post.created_at > asked.made_at
        for post in case.messages.all()
    )
