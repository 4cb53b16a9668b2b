"""What entries and mails say of pauses, in the language in force; people's own words as they are."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.utils.translation import gettext as _

from cases import times
from cases.answers.models import Way
from cases.answers.services import said
from cases.pauses.models import ProposalState
from engine.text_safety import plain

if TYPE_CHECKING:
    from cases.models import Case
    from cases.pauses.models import Suspension, SuspensionProposal


def suspended(suspension: Suspension) -> str:
    """Why the case is closed for the time being, and with what it goes on."""
    facts = {
        "name": plain(suspension.person.name) if suspension.person else "",
        "way": suspension.get_way_display(),
        "day": times.minute(suspension.agreed_at),
    }
    if suspension.way == Way.SILENCE:
        first = _("Closed for the time being: our reminders had no answer, as announced on %(day)s.")
    elif suspension.way == Way.BUTTON and suspension.proposal is None:
        first = _("Closed for the time being, as %(name)s wishes.")
    else:
        first = _("Closed for the time being, as %(name)s agreed %(way)s on %(day)s.")
    return "\n".join([first % facts, *_goes_on(goes_on_with(suspension), suspension)])


def goes_on_with(row: Suspension | SuspensionProposal) -> str:
    """With what it goes on, in people's own words; after silence in ours."""
    return when_heard_of(row.case) if row.way == Way.SILENCE else row.resumes_when


def when_heard_of(case: Case) -> str:
    """With what a case goes on that is closed after silence."""
    if case.result_asked_at:
        return _("when you say whether it is solved, or write to us")
    return _("when you write or upload what was asked for")


def proposed(proposal: SuspensionProposal) -> str:
    """What the customer is asked."""
    first = _("May we close this case for the time being?")
    return "\n".join([first, *_goes_on(proposal.resumes_when, proposal)])


def ended(proposal: SuspensionProposal) -> str:
    """That the case goes on instead: the customer said so, or the proposal is taken back."""
    if proposal.state == ProposalState.WITHDRAWN:
        return _("The proposal to close the case for the time being is withdrawn; the case goes on.")
    if proposal.recorded_by is None:
        sentence = _("Please do not close the case for the time being; go on.")
    else:
        sentence = _("%(name)s said %(way)s on %(at)s that the case is to go on.") % said(proposal)
    return f"{sentence}\n\n{proposal.words}".strip()


def _goes_on(words: str, row: Suspension | SuspensionProposal) -> list[str]:
    lines = [_("It goes on: %(words)s.") % {"words": words}]
    if row.resumes_on:
        lines.append(_("By itself on %(day)s.") % {"day": row.resumes_on.isoformat()})
    return lines
