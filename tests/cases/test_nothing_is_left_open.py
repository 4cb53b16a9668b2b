"""What a case that has ended, or whose result is sent, asks for no more; and what comes all the same."""

from datetime import timedelta

import pytest
from django.utils import timezone

from accounts.models import User
from cases.answers.services import Heard
from cases.appointments import services as appointments
from cases.appointments.models import AppointmentState, Medium
from cases.desk.progress import progress_of
from cases.desk.progress_answer import answer_progress, progress_text
from cases.errors import CaseIsClosed, IllegalStatusChange
from cases.evidence_requests import services as evidence
from cases.evidence_requests.errors import RequestIsClosed
from cases.evidence_requests.models import Closing, EvidenceRequest, ItemState
from cases.models import Case, MessageKind, Queue
from cases.pauses import services as pauses
from cases.pauses.models import Suspension
from cases.relations import services as relations
from cases.relations.kinds import RelationKind
from cases.scopes import services as scopes
from cases.services import post_message
from cases.status import Status
from mail.notifications.letters import calendar_of
from tests.activity import listening
from tests.people import report

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize("change", ["close", "send_result"])
def test_nothing_is_missing_once_a_case_has_ended_or_its_result_is_sent(
    case: Case, alice: User, jia: User, change: str
) -> None:
    request = evidence.ask(case, by=jia, items=[("log", "System"), ("dump", "")])
    case.change_status(change, by=jia, reason="", at=timezone.now())
    assert EvidenceRequest.objects.get().closing == Closing.WITHDRAWN
    assert "Still missing" not in progress_text(Case.objects.get(pk=case.pk), "en")
    item = request.items.first()
    assert item is not None
    with pytest.raises(RequestIsClosed):
        evidence.settle(item, ItemState.UNAVAILABLE, by=alice, reason="No")


def test_what_stands_in_calendars_is_called_off_when_the_case_is_closed(
    case: Case, alice: User, jia: User
) -> None:
    start = timezone.now() + timedelta(days=3)
    appointment = appointments.propose(case, by=jia, starts=[start], minutes=30, medium=Medium.PHONE)
    appointments.agree(appointment, appointment.times.get().starts_at, by=alice)
    case.refresh_from_db()
    with listening() as heard:
        case.change("close", by=jia, reason="Done.")
    appointment.refresh_from_db()
    assert appointment.state == AppointmentState.CANCELLED
    (told,) = [activity for activity in heard if activity.kind == "appointment"]
    assert "STATUS:CANCELLED" in calendar_of(told)
    assert (case.status, case.next_due_at) == (Status.CLOSED, None)


def test_times_that_are_over_are_nobodys_turn_but_the_engineers(case: Case, jia: User) -> None:
    ago = timezone.now() - timedelta(days=2)
    appointments.propose(
        case, by=jia, starts=[ago], minutes=30, medium=Medium.PHONE, at=ago - timedelta(days=1)
    )
    case = Case.objects.get(pk=case.pk)
    assert not progress_of(case).customers_turn and not case.awaits_word


def test_a_scope_of_a_closed_case_starts_no_clock(case: Case, alice: User, jia: User) -> None:
    scope = scopes.draft(case, by=jia, problem="It stops")
    scopes.send(scope, by=jia)
    case.refresh_from_db()
    case.change("close", by=jia, reason="Done.")
    with pytest.raises(CaseIsClosed):
        scopes.answer(scope, agrees=True, by=alice)
    assert Case.objects.get(pk=case.pk).next_due_at is None


def test_a_case_is_closed_for_the_time_being_once(case: Case, alice: User) -> None:
    pauses.pause(case, by=alice, resumes_when="when I am back")
    with pytest.raises(IllegalStatusChange):
        pauses.pause(Case.objects.get(pk=case.pk), by=alice, resumes_when="when I am back")
    assert Suspension.objects.count() == 1
    assert Case.objects.get(pk=case.pk).status == Status.SUSPENDED


def test_an_upload_to_a_double_is_owed_an_answer_where_it_goes_on(
    case: Case, alice: User, jia: User, queue: Queue
) -> None:
    double = report(alice, engineer=jia, queue=queue)
    relations.relate(double, case, RelationKind.DOUBLE, by=jia)
    Case.objects.filter(pk=case.pk).update(next_due_at=None)
    post_message(double, by=alice, body="", kind=MessageKind.BUNDLE)
    assert Case.objects.get(pk=double.pk).next_due_at is None
    assert Case.objects.get(pk=case.pk).next_due_at is not None


def test_each_who_asks_how_far_it_is_is_answered_once_a_day(case: Case, alice: User, bob: User) -> None:
    assert answer_progress(case, alice) and answer_progress(case, bob)
    assert answer_progress(case, alice) is None


def test_a_word_may_have_been_given_before_the_case_was_opened(case: Case, alice: User, jia: User) -> None:
    heard = Heard(alice, said_at=case.created_at - timedelta(days=2))
    pauses.suspend(case, heard, by=jia, resumes_when="with the logs")
    assert Suspension.objects.get().agreed_at == heard.said_at
