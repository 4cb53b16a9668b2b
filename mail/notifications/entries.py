"""An activity's entry in the thread as its reader is told it: what the portal says in her language, what
people say as they wrote it."""

from __future__ import annotations

from django.db.models import Model

from cases.appointments import texts as appointment_texts
from cases.appointments.models import Appointment, AppointmentState
from cases.outcomes import services as outcomes
from cases.outcomes.models import Outcome
from cases.pauses import texts as pause_texts
from cases.pauses.models import ProposalState, Suspension, SuspensionProposal
from cases.scopes import texts as scope_texts
from cases.scopes.models import Scope, ScopeState
from cases.signals import Activity, ActivityKind
from engine.text_safety import plain
from mail.notifications.letters import because, words_of

IDS: dict[str, str] = {
    ActivityKind.SCOPE: "scope",
    ActivityKind.APPOINTMENT: "appointment",
    ActivityKind.SUSPENSION_PROPOSED: "proposal",
}
"""Where the facts of an activity name its row."""


def entry_of(activity: Activity) -> str:
    """The words of the entry, in the language in force where they are ours."""
    row = _row(activity)
    if isinstance(row, Scope):
        sent = activity.facts.get("state") == ScopeState.SENT
        return plain(scope_texts.proposed(row) if sent else scope_texts.answered(row))
    if isinstance(row, Appointment):
        asks = activity.facts.get("state") == AppointmentState.PROPOSED
        return plain(
            appointment_texts.proposed(row, row.proposed_times) if asks else appointment_texts.settled(row)
        )
    if isinstance(row, SuspensionProposal):
        asks = activity.facts.get("state") == ProposalState.PROPOSED
        return plain(pause_texts.proposed(row) if asks else pause_texts.ended(row))
    if isinstance(row, Outcome):
        return plain(outcomes.as_text(row))
    return words_of(activity.message)


def reason_of(activity: Activity) -> str:
    """Why, as a paragraph; of a suspension who agreed, and with what the case goes on."""
    row = _row(activity)
    return plain(pause_texts.suspended(row)) if isinstance(row, Suspension) else because(activity.reason)


def _row(activity: Activity) -> Model | None:
    key = int(activity.facts.get(IDS.get(activity.kind, ""), 0))
    match activity.kind:
        case ActivityKind.SCOPE:
            return Scope.objects.filter(pk=key).first()
        case ActivityKind.APPOINTMENT:
            return Appointment.objects.filter(pk=key).first()
        case ActivityKind.SUSPENSION_PROPOSED:
            return SuspensionProposal.objects.filter(pk=key).first()
        case ActivityKind.SOLVED | ActivityKind.NOT_SOLVED:
            return Outcome.objects.filter(message=activity.message).first()
        case ActivityKind.SUSPENDED:
            return Suspension.objects.filter(case=activity.case, at=activity.at).first()
    return None
