"""Whoever expects to be told of something can be: each act is announced once, within its transaction."""

from collections.abc import Callable, Iterator
from datetime import timedelta
from typing import Any

import pytest
from django.db import transaction
from django.utils import timezone

from accounts.errors import NotAllowed
from accounts.models import User
from cases.errors import IllegalStatusChange
from cases.evidence_requests import services as evidence_requests
from cases.models import Case, MessageKind, Queue
from cases.reminders import overdue
from cases.services import post_message
from cases.signals import Activity, ActivityKind, case_activity
from tests.activity import listening
from tests.people import report, suspended

pytestmark = pytest.mark.django_db


@pytest.fixture
def heard() -> Iterator[list[Activity]]:
    with listening() as activities:
        yield activities


def the_only(activities: list[Activity]) -> Activity:
    (activity,) = activities
    return activity


def test_a_report_is_announced_with_its_first_message_and_not_as_a_reply(
    alice: User, heard: list[Activity]
) -> None:
    at = timezone.now() - timedelta(hours=1)
    case = report(alice, description="It stopped.", at=at)
    activity = the_only(heard)
    assert (activity.kind, activity.case, activity.by, activity.at) == ("case_received", case, alice, at)
    assert activity.message == case.messages.get()


@pytest.mark.parametrize(
    ("kind", "internal", "announced"),
    [
        (MessageKind.PORTAL, False, True),
        (MessageKind.MAIL_IN, False, True),
        (MessageKind.PHONE, False, True),
        (MessageKind.PHONE, True, False),
        (MessageKind.PORTAL, True, False),
        (MessageKind.NOTE, False, False),
        (MessageKind.SYSTEM, False, False),
        (MessageKind.BUNDLE, False, False),
    ],
)
def test_what_both_sides_read_is_a_reply(
    case: Case, jia: User, kind: MessageKind, internal: bool, announced: bool
) -> None:
    with listening() as heard:
        message = post_message(case, by=jia, body="We look into it.", kind=kind, internal=internal)
    assert [(activity.kind, activity.by, activity.message) for activity in heard] == (
        [(ActivityKind.REPLY, jia, message)] if announced else []
    )


CHANGES: list[tuple[list[str], list[str]]] = [
    (["scope", "take_up", "wait_for_customer", "resume"], []),
    (["suspend"], ["suspended"]),
    (["suspend", "resume"], ["suspended", "resumed"]),
    (["suspend", "begin_analysis"], ["suspended", "resumed"]),
    (["suspend", "close"], ["suspended", "closed"]),
    (["close", "resume"], ["closed", "reopened"]),
]


@pytest.mark.parametrize(("changes", "kinds"), CHANGES)
def test_a_pause_an_end_and_what_ends_them_are_announced(
    case: Case, jia: User, changes: list[str], kinds: list[str]
) -> None:
    with listening() as heard:
        for change in changes:
            if change == "suspend":
                suspended(case)
            else:
                case.change_status(change, by=jia, reason=f"Because of {change}", at=timezone.now())
    assert [activity.kind for activity in heard] == kinds
    assert all(activity.case == case and activity.by == jia for activity in heard)
    if kinds:
        why = {"suspend": "with the logs", "close": "Because of close"}[changes[0]]
        assert why in heard[0].reason and heard[0].facts == {"from_status": "new"}


def test_a_customer_who_writes_to_a_paused_case_resumes_it_and_has_replied(
    case: Case, alice: User, jia: User
) -> None:
    suspended(case)
    with listening() as heard:
        post_message(case, by=alice, body="Here it stops again, too.")
    assert [(activity.kind, activity.by) for activity in heard] == [("resumed", alice), ("reply", alice)]


def test_who_is_given_a_case_is_named_once(case: Case, yi: User, max_: User) -> None:
    with listening() as heard:
        case.assign(yi, by=max_, reason="Jia is away.")
        case.assign(yi, by=max_)
    activity = the_only(heard)
    assert (activity.kind, activity.by, activity.people) == ("assigned", max_, (yi,))
    assert activity.reason == "Jia is away."


def test_a_request_is_announced_with_what_is_asked_for(case: Case, jia: User) -> None:
    with listening() as heard:
        asked = evidence_requests.ask(
            case, by=jia, items=[("log", "System"), ("dump", "")], note="Please hurry."
        )
    activity = the_only(heard)
    assert (activity.kind, activity.by, activity.message) == ("evidence_requested", jia, asked.message)
    assert activity.facts == {"items": [["log", "System"], ["dump", ""]]}
    assert activity.reason == "Please hurry."


def test_a_late_answer_is_told_of_once_for_each_time_that_it_was_due(case: Case, jia: User) -> None:
    due = case.next_due_at
    assert due is not None
    with listening() as heard:
        overdue.tell(due - timedelta(minutes=1))
        assert heard == []
        overdue.tell(due + timedelta(minutes=1))
        overdue.tell(due + timedelta(minutes=2))
        activity = the_only(heard)
        assert (activity.kind, activity.case, activity.by) == ("overdue", case, None)
        assert activity.facts == {"due_at": due.isoformat()}
        post_message(case, by=jia, body="We are at it.", at=due + timedelta(hours=1))
        overdue.tell(due + timedelta(hours=2))
        overdue.tell(due + timedelta(hours=26))
    assert [each.kind for each in heard] == ["overdue", "reply", "overdue"]


def test_what_is_refused_is_not_announced(case: Case, alice: User, jia: User, charlie: User) -> None:
    case.change("close", by=jia, reason="Done.")
    acts: list[Callable[[], Any]] = [
        lambda: case.change("close", by=jia, reason="Done."),
        lambda: post_message(case, by=charlie, body="Let me in"),
        lambda: case.assign(jia, by=alice),
        lambda: evidence_requests.ask(case, by=jia, items=[("log", "System")]),
    ]
    with listening() as heard:
        for act in acts:
            with pytest.raises((IllegalStatusChange, NotAllowed)):
                act()
    assert [activity.kind for activity in heard if activity.kind != ActivityKind.REPLY] == []


def test_what_a_listener_writes_goes_with_the_transaction_that_it_heard_of(case: Case, jia: User) -> None:
    def write(activity: Activity, **_: Any) -> None:
        Queue.objects.create(name=f"told of {activity.kind}")

    case_activity.connect(write, weak=False)
    try:
        with pytest.raises(ZeroDivisionError), transaction.atomic():
            case.change("close", by=jia, reason="Done.")
            assert Queue.objects.filter(name="told of closed").exists()
            raise ZeroDivisionError
    finally:
        case_activity.disconnect(write)
    assert not Queue.objects.filter(name__startswith="told of").exists()
