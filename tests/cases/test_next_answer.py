"""When the next answer is due: by severity, while it is the vendor's turn."""

from datetime import timedelta

import pytest
from django.utils import timezone

from accounts.models import User
from cases.events import EventKind
from cases.evidence_requests import services as evidence_requests
from cases.models import Case, MessageKind
from cases.services import post_message
from cases.status import Status
from tests.people import suspended

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(("severity", "within"), [("A", 4), ("B", 24), ("C", 72)])
def test_the_next_answer_is_due_by_severity(alice: User, severity: str, within: int) -> None:
    from tests.people import report

    at = timezone.now()
    assert report(alice, severity=severity, at=at).next_due_at == at + timedelta(hours=within)


@pytest.mark.parametrize("pause", ["wait_for_customer", "suspend", "close"])
def test_the_clock_stands_still_while_nothing_is_owed(case: Case, jia: User, pause: str) -> None:
    suspended(case) if pause == "suspend" else case.change(pause, by=jia, reason="Not now.")
    assert case.next_due_at is None
    at = timezone.now()
    case.change("resume", by=jia, at=at, reason="It goes on.")
    assert case.next_due_at == at + timedelta(hours=24)


def test_going_on_does_not_give_more_time(case: Case, jia: User) -> None:
    due = case.next_due_at
    case.change("scope", by=jia)
    case.change("take_up", by=jia)
    case.begin_analysis(by=None)
    case.end_analysis(by=None)
    assert case.next_due_at == due


def test_an_answer_restarts_the_clock_and_a_note_does_not(case: Case, jia: User) -> None:
    due, at = case.next_due_at, timezone.now() + timedelta(hours=5)
    post_message(case, by=jia, body="For us only", internal=True, at=at)
    assert case.next_due_at == due
    post_message(case, by=jia, body="We look into it.", at=at)
    assert case.next_due_at == at + timedelta(hours=24)


@pytest.mark.parametrize("pause", ["wait_for_customer", "suspend", "close"])
def test_an_answer_starts_no_clock_that_stands(case: Case, jia: User, pause: str) -> None:
    suspended(case) if pause == "suspend" else case.change(pause, by=jia, reason="Not now.")
    post_message(case, by=jia, body="One more hint.")
    assert case.next_due_at is None


def test_an_answer_in_words_ends_the_customers_turn_where_nothing_asked_for_is_missing(
    case: Case, alice: User, jia: User
) -> None:
    case.wait_for_customer(by=jia)
    at = timezone.now()
    post_message(case, by=alice, body="It is the cable of the second disk.", at=at)
    assert case.status == Status.IN_PROGRESS
    assert case.next_due_at == at + timedelta(hours=24)


def test_a_question_about_what_is_missing_leaves_the_turn_and_starts_the_clock(
    case: Case, alice: User, jia: User
) -> None:
    evidence_requests.ask(case, by=jia, items=[("log", "System")])
    at = timezone.now()
    post_message(case, by=alice, body="Which logs?", at=at)
    assert case.status == Status.WAITING
    assert case.next_due_at == at + timedelta(hours=24)


def test_asking_again_does_not_move_the_promise(case: Case, alice: User) -> None:
    due = case.next_due_at
    post_message(case, by=alice, body="Any news?", at=timezone.now() + timedelta(hours=20))
    assert case.next_due_at == due


def test_a_customer_who_writes_resumes_a_case_closed_for_the_time_being(
    case: Case, alice: User, jia: User
) -> None:
    suspended(case)
    post_message(case, by=alice, body="Here it stops again, too.")
    assert case.status == Status.IN_PROGRESS
    event = case.events.filter(kind=EventKind.STATUS).last()
    assert event is not None
    assert event.actor == alice
    assert event.reason == "The customer wrote again."


def test_an_upload_that_resumes_it_is_told_as_one(case: Case, alice: User) -> None:
    suspended(case)
    post_message(case, by=alice, body="logs.zip", kind=MessageKind.BUNDLE)
    event = case.events.filter(kind=EventKind.STATUS, from_status=Status.SUSPENDED).get()
    assert (event.actor, event.reason) == (alice, "The customer uploaded files.")
