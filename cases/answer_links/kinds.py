"""What can be answered by the link in a mail: a result, a scope, proposed times, an appointment that is to be
called off, a proposed suspension."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING, Any, Self

from django.db.models import QuerySet
from django.utils import timezone
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from cases import times
from cases.answer_links.question import Question
from cases.answers.models import Way
from cases.appointments import forms as appointment_forms
from cases.appointments import services as appointments
from cases.appointments.errors import NotProposed
from cases.appointments.models import Appointment, AppointmentState
from cases.models import Case
from cases.outcomes import forms as outcome_forms
from cases.outcomes import services as outcomes
from cases.pauses import forms as pause_forms
from cases.pauses import proposals
from cases.pauses.models import SuspensionProposal
from cases.scopes import forms as scope_forms
from cases.scopes import services as scopes
from cases.scopes.models import Scope
from cases.status import CLOSED

if TYPE_CHECKING:
    from accounts.models import User


class OfResult(Question[Case, outcome_forms.AnswerForm]):
    """Whether the result that was sent helped."""

    kind, template = "result", "cases/answer_links/result.html"
    label = _("Say whether it helped")

    @classmethod
    def waiting(cls, person: User) -> QuerySet[Case]:
        """Cases whose result waits for an answer."""
        return Case.objects.visible_to(person).asking_for_outcome().select_related("contact")

    @classmethod
    def in_case(cls, person: User, case: Case) -> Self | None:
        """The question about the result of this case."""
        return cls.of(person, case.pk)

    @property
    def moment(self) -> datetime:
        """When the result was sent."""
        sent_at = self.subject.result_asked_at
        assert sent_at is not None
        return sent_at

    def form(self, data: Any = None) -> outcome_forms.AnswerForm:
        """Solved, or not and why."""
        return outcome_forms.AnswerForm(data, initial={"solved": "no"})

    def answer(self, form: outcome_forms.AnswerForm) -> str:
        """Closes the case, or sends it back to work."""
        solved, words = form.is_solved(), form.cleaned_data["words"]
        outcomes.answer(self.subject, by=self.person, solved=solved, words=words, way=Way.LINK)
        return outcomes.thanks(solved)


class OfScope(Question[Scope, scope_forms.AnswerForm]):
    """Whether the scope is right."""

    kind, template = "scope", "cases/answer_links/scope.html"
    label = _("Agree or object")

    @classmethod
    def waiting(cls, person: User) -> QuerySet[Scope]:
        """Scopes that wait for the customer's word."""
        rows = Scope.objects.visible_to(person).awaiting().exclude(case__status__in=CLOSED)
        return rows.select_related("case__contact")

    @property
    def moment(self) -> datetime:
        """When this version was sent."""
        assert self.subject.sent_at is not None
        return self.subject.sent_at

    def form(self, data: Any = None) -> scope_forms.AnswerForm:
        """Agree, or object with words."""
        return scope_forms.AnswerForm(data)

    def answer(self, form: scope_forms.AnswerForm) -> str:
        """Agrees or objects."""
        agrees, words = form.agrees(), form.cleaned_data["words"]
        scopes.answer(self.subject, agrees=agrees, by=self.person, words=words, way=Way.LINK)
        if agrees:
            return gettext("Thank you. The scope is agreed, and we work on it.")
        return gettext("Thank you. Your engineer reads what is not right and corrects it.")


class OfTimes(Question[Appointment, appointment_forms.AnswerForm]):
    """Which of the proposed times suits."""

    kind, template = "times", "cases/answer_links/times.html"
    label = _("Choose a time")

    @classmethod
    def waiting(cls, person: User) -> QuerySet[Appointment]:
        """Appointments whose times wait for a choice."""
        rows = Appointment.objects.visible_to(person).filter(state=AppointmentState.PROPOSED)
        return rows.exclude(case__status__in=CLOSED).select_related("case__contact")

    @property
    def moment(self) -> datetime:
        """When the times were proposed."""
        return self.subject.made_at

    def form(self, data: Any = None) -> appointment_forms.AnswerForm:
        """One of the times, or words."""
        return appointment_forms.AnswerForm(data, appointment=self.subject)

    def answer(self, form: appointment_forms.AnswerForm) -> str:
        """Agrees to a time, or says that none suits."""
        words = form.cleaned_data["words"]
        if form.declines():
            appointments.decline(self.subject, words, by=self.person, way=Way.LINK)
            return gettext("Thank you. Your engineer reads it and proposes other times.")
        start = form.start()
        if start is None:
            raise NotProposed()
        appointments.agree(self.subject, start, by=self.person, way=Way.LINK)
        thanks = gettext("Thank you. It is agreed: %(at)s. A file for your calendar comes by mail.")
        return thanks % {"at": times.with_zone(start)}


class OfAppointment(Question[Appointment, appointment_forms.CancelForm]):
    """Whether an agreed appointment is called off: nobody waits for it, but she may."""

    kind, template = "appointment", "cases/answer_links/appointment.html"
    label = _("Call it off")

    @classmethod
    def waiting(cls, person: User) -> QuerySet[Appointment]:
        """Agreed appointments that have not begun."""
        rows = Appointment.objects.visible_to(person).filter(state=AppointmentState.AGREED)
        return rows.filter(starts_at__gt=timezone.now()).select_related("case__contact")

    @property
    def moment(self) -> datetime:
        """When the time was agreed."""
        assert self.subject.answered_at is not None
        return self.subject.answered_at

    def form(self, data: Any = None) -> appointment_forms.CancelForm:
        """Why."""
        return appointment_forms.CancelForm(data)

    def answer(self, form: appointment_forms.CancelForm) -> str:
        """Calls it off."""
        appointments.cancel(self.subject, by=self.person, reason=form.cleaned_data["reason"])
        return gettext("The appointment is cancelled. Your engineer is told.")


class OfPause(Question[SuspensionProposal, pause_forms.AnswerForm]):
    """Whether the case may be closed for the time being."""

    kind, template = "pause", "cases/answer_links/pause.html"
    label = _("I agree / Please go on")

    @classmethod
    def waiting(cls, person: User) -> QuerySet[SuspensionProposal]:
        """Proposals that wait for the customer's word."""
        rows = SuspensionProposal.objects.visible_to(person).awaiting().exclude(case__status__in=CLOSED)
        return rows.select_related("case__contact")

    @property
    def moment(self) -> datetime:
        """When it was proposed."""
        return self.subject.made_at

    def form(self, data: Any = None) -> pause_forms.AnswerForm:
        """Agree, or ask to go on."""
        return pause_forms.AnswerForm(data)

    def answer(self, form: pause_forms.AnswerForm) -> str:
        """Closes the case for the time being, or lets it go on."""
        agrees, words = form.agrees(), form.cleaned_data["words"]
        proposals.answer(self.subject, agrees=agrees, by=self.person, words=words, way=Way.LINK)
        if agrees:
            return gettext("Thank you. The case is closed for the time being; a reply by mail lets it go on.")
        return gettext("Thank you. The case goes on, and your engineer knows.")


KINDS: tuple[type[Question[Any, Any]], ...] = (OfResult, OfScope, OfTimes, OfAppointment, OfPause)
AWAITED: tuple[type[Question[Any, Any]], ...] = (OfScope, OfTimes, OfPause)
"""What waits for a word beside the status, the first first."""
