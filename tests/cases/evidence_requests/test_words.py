"""What a customer says of an item by a button is read in the thread and told to the engineer, once."""

from collections.abc import Iterator
from datetime import datetime, timedelta

import pytest
from django.utils import timezone

from accounts.models import User
from cases.desk import queries
from cases.evidence_requests import services as evidence_requests
from cases.evidence_requests.errors import IsSettled, RequestIsClosed
from cases.evidence_requests.models import EvidenceItem, EvidenceRequest, ItemState
from cases.models import Case, MessageKind
from cases.reminders import waiting
from cases.services import post_message
from cases.signals import Activity, ActivityKind, announce
from cases.status import Status
from tests.activity import listening
from tests.mail.mails import last_to
from tests.people import reading_english, suspended

pytestmark = pytest.mark.django_db

LOG, DUMPS, CABLE = ("log", "System"), ("dump", ""), ("other", "Which cable was new?")


@pytest.fixture
def request_(case: Case, alice: User, jia: User) -> EvidenceRequest:
    User.objects.filter(pk=alice.pk).update(language="en")
    case.change("take_up", by=jia)
    return evidence_requests.ask(Case.objects.get(), by=jia, items=[LOG, DUMPS, CABLE])


@pytest.fixture
def heard(request_: EvidenceRequest) -> Iterator[list[Activity]]:
    with listening() as activities:
        yield activities


def item(kind: str) -> EvidenceItem:
    return EvidenceItem.objects.get(kind=kind)


def test_that_something_cannot_be_sent_is_said_in_the_thread_and_told(
    case: Case, alice: User, jia: User, heard: list[Activity]
) -> None:
    evidence_requests.settle(item("dump"), ItemState.UNAVAILABLE, by=alice, reason="None are <written>")
    (told,) = heard
    assert (told.kind, told.by) == ("reply", alice)
    entry = told.message
    assert entry is not None
    assert (entry.author, entry.internal, entry.kind) == (alice, False, MessageKind.SYSTEM)
    assert (
        entry.body == "I cannot send this: Minidumps of the blue screens (.dmp)\nReason: None are <written>"
    )
    page = reading_english(jia).get(case.get_absolute_url()).content.decode()
    assert (
        "I cannot send this: Minidumps of the blue screens (.dmp)" in page
        and "None are &lt;written&gt;" in page
    )
    case.refresh_from_db()
    assert (case.status, case.next_due_at) == (Status.WAITING, None), "the rest is still waited for"
    groups = {group.key: group.cases for group in queries.needs_doing_for(jia)}
    assert groups["answered"] == [case]


def test_that_it_is_taken_back_is_said_as_well(alice: User, heard: list[Activity]) -> None:
    evidence_requests.settle(item("dump"), ItemState.UNAVAILABLE, by=alice, reason="Not at hand")
    evidence_requests.settle(item("dump"), ItemState.OPEN, by=alice)
    evidence_requests.settle(item("dump"), ItemState.OPEN, by=alice)
    evidence_requests.settle(item("other"), ItemState.ARRIVED, by=alice)
    evidence_requests.settle(item("other"), ItemState.OPEN, by=alice)
    assert [activity.message.body for activity in heard if activity.message] == [
        "I cannot send this: Minidumps of the blue screens (.dmp)\nReason: Not at hand",
        "I can send this after all: Minidumps of the blue screens (.dmp)",
        "This is done: Which cable was new?",
        "This is not done yet: Which cable was new?",
    ]


def test_the_last_word_moves_the_case_on_and_the_clock_runs(
    case: Case, alice: User, heard: list[Activity]
) -> None:
    for kind in ("log", "dump"):
        evidence_requests.settle(item(kind), ItemState.UNAVAILABLE, by=alice, reason="Gone")
    evidence_requests.settle(item("other"), ItemState.ARRIVED, by=alice)
    case.refresh_from_db()
    assert case.status == Status.IN_PROGRESS and case.next_due_at is not None
    assert [activity.kind for activity in heard] == ["reply"] * 3
    evidence_requests.settle(item("dump"), ItemState.OPEN, by=alice)
    case.refresh_from_db()
    assert case.status == Status.WAITING and case.next_due_at is None
    assert heard[-1].message is not None and heard[-1].message.body.startswith("I can send this after all")


def test_what_the_engineer_settles_is_no_reply(jia: User, heard: list[Activity]) -> None:
    evidence_requests.settle(item("dump"), ItemState.WAIVED, by=jia)
    evidence_requests.settle(item("log"), ItemState.UNAVAILABLE, by=jia, reason="She called")
    assert heard == []


def test_a_customer_takes_back_her_own_word_only(alice: User, jia: User, request_: EvidenceRequest) -> None:
    evidence_requests.settle(item("dump"), ItemState.WAIVED, by=jia)
    evidence_requests.note_arrivals(request_, {item("log").pk: "System.evtx"})
    for kind in ("dump", "log"):
        for state in (ItemState.OPEN, ItemState.UNAVAILABLE):
            with pytest.raises(IsSettled):
                evidence_requests.settle(item(kind), state, by=alice, reason="Stale page")
    assert item("log").found == "System.evtx"


def test_an_upload_brings_it_after_all(case: Case, alice: User, request_: EvidenceRequest) -> None:
    dumps = item("dump")
    evidence_requests.settle(dumps, ItemState.UNAVAILABLE, by=alice, reason="Not at hand")
    evidence_requests.note_arrivals(request_, {dumps.pk: "0101.dmp"})
    dumps.refresh_from_db()
    assert (dumps.state, dumps.found) == (ItemState.ARRIVED, "0101.dmp")


def test_her_word_breaks_the_silence(case: Case, alice: User, request_: EvidenceRequest) -> None:
    long_ago: datetime = timezone.now() - timedelta(days=60)
    Case.objects.filter(pk=case.pk).update(status_since=long_ago)
    evidence_requests.settle(item("dump"), ItemState.UNAVAILABLE, by=alice, reason="Not at hand")
    waiting.tell(timezone.now())
    assert not case.reminders.exists()


def test_of_a_settled_request_only_what_cannot_be_sent_is_asked_for_again(
    case: Case, alice: User, jia: User, request_: EvidenceRequest
) -> None:
    evidence_requests.note_arrivals(request_, {item("log").pk: "System.evtx"})
    evidence_requests.settle(item("other"), ItemState.ARRIVED, by=alice)
    evidence_requests.settle(item("dump"), ItemState.UNAVAILABLE, by=alice, reason="Not at hand")
    with pytest.raises(RequestIsClosed):
        evidence_requests.settle(item("other"), ItemState.OPEN, by=alice)
    case.refresh_from_db()
    assert case.status == Status.IN_PROGRESS


def test_the_history_tells_of_each_word(
    case: Case, alice: User, jia: User, request_: EvidenceRequest
) -> None:
    evidence_requests.settle(item("dump"), ItemState.WAIVED, by=jia)
    evidence_requests.settle(item("dump"), ItemState.OPEN, by=jia)
    evidence_requests.settle(item("other"), ItemState.ARRIVED, by=alice)
    told = case.events.filter(kind="request").values_list("reason", "actor__name")
    assert list(told)[1:] == [
        ("An item of the evidence request is not needed any more.", "Jia"),
        ("An item of the evidence request is asked for again.", "Jia"),
        ("An item of the evidence request counts as arrived.", "Alice"),
    ]


def given_up(request_: EvidenceRequest, alice: User) -> EvidenceItem:
    """The dumps cannot be sent, the rest has arrived: the request has ended without them."""
    evidence_requests.settle(item("dump"), ItemState.UNAVAILABLE, by=alice, reason="Not at hand")
    evidence_requests.settle(item("other"), ItemState.ARRIVED, by=alice)
    evidence_requests.note_arrivals(request_, {item("log").pk: "System.evtx"})
    return item("dump")


def left(case: Case, jia: User, status: Status) -> None:
    """The case goes on from "in progress" to this status."""
    case.refresh_from_db()
    if status == Status.SCOPING:
        case.change("scope", by=jia)
    elif status == Status.WAITING:
        case.wait_for_customer(by=jia)
    elif status == Status.ANALYSING:
        case.begin_analysis(by=None)
    elif status == Status.RESULT_SENT:
        case.send_result(by=jia)
    elif status == Status.SUSPENDED:
        suspended(case, "with the dumps")


@pytest.mark.parametrize(
    ("status", "after"),
    [
        (Status.SCOPING, [Status.WAITING]),
        (Status.IN_PROGRESS, [Status.WAITING]),
        (Status.WAITING, []),
        (Status.ANALYSING, []),
        # The result stands, and still asks whether it helped.
        (Status.RESULT_SENT, []),
        (Status.SUSPENDED, [Status.IN_PROGRESS, Status.WAITING]),
    ],
)
def test_that_it_can_be_sent_after_all_is_said_whatever_the_open_case_does(
    case: Case, alice: User, jia: User, request_: EvidenceRequest, status: Status, after: list[Status]
) -> None:
    dumps = given_up(request_, alice)
    left(case, jia, status)
    assert case.status == status
    assert "I can send it after all" in reading_english(alice).get(case.get_absolute_url()).content.decode()
    steps = case.events.filter(kind="status").count()
    evidence_requests.settle(dumps, ItemState.OPEN, by=alice)
    case.refresh_from_db()
    assert case.status == (after or [status])[-1]
    told = case.events.filter(kind="status")[steps:]
    assert [(event.to_status, event.actor, event.reason) for event in told] == [
        (step, alice, "What could not be sent can be had after all.") for step in after
    ]
    asked = evidence_requests.open_request(case)
    assert asked == request_ and [row.kind for row in asked.missing] == ["dump"]
    groups = {group.key: group.cases for group in queries.needs_doing_for(jia)}
    group = "analysing" if case.status == Status.ANALYSING else "answered"
    assert groups[group] == [case], "the engineer sees that she wrote"
    turn = reading_english(alice).get(case.get_absolute_url()).content.decode().split("thread-head")[0]
    assert "Minidumps of the blue screens (.dmp)" in turn, "she sees where to send it"
    assert ("Is your problem solved?" in turn) == (status == Status.RESULT_SENT)


def test_after_a_result_sent_without_the_rest_only_what_she_takes_back_is_asked_for(
    case: Case, alice: User, jia: User, request_: EvidenceRequest
) -> None:
    evidence_requests.settle(item("dump"), ItemState.UNAVAILABLE, by=alice, reason="Not at hand")
    left(case, jia, Status.RESULT_SENT)
    evidence_requests.settle(item("dump"), ItemState.OPEN, by=alice)
    assert (item("dump").state, item("log").state, item("other").state) == ("open", "waived", "waived")
    case.refresh_from_db()
    assert (case.status, case.awaits_items) == (Status.RESULT_SENT, False)


def test_beside_a_newer_request_it_is_asked_for_in_that(
    case: Case, alice: User, jia: User, request_: EvidenceRequest
) -> None:
    dumps = given_up(request_, alice)
    newer = evidence_requests.ask(case, by=jia, items=[("log", "Application")])
    evidence_requests.settle(dumps, ItemState.OPEN, by=alice)
    assert [(row.kind, row.detail) for row in newer.missing] == [("log", "Application"), ("dump", "")]
    with pytest.raises(IsSettled):
        evidence_requests.settle(dumps, ItemState.OPEN, by=alice)
    assert newer.items.count() == 2


def test_what_she_asked_meanwhile_is_still_owed_an_answer(
    case: Case, alice: User, jia: User, request_: EvidenceRequest
) -> None:
    dumps = given_up(request_, alice)
    post_message(case, by=alice, body="Which of the two drivers do you mean?")
    case.refresh_from_db()
    due = case.next_due_at
    assert due is not None
    evidence_requests.settle(dumps, ItemState.OPEN, by=alice)
    case.refresh_from_db()
    assert (case.status, case.next_due_at) == (Status.IN_PROGRESS, due)
    turn = reading_english(alice).get(case.get_absolute_url()).content.decode().split("thread-head")[0]
    assert "You can send this after all:" in turn and "Minidumps of the blue screens (.dmp)" in turn


@pytest.mark.parametrize("said", ["nothing", "that she can", "an upload"])
def test_it_is_offered_where_nothing_newer_was_said_of_it(
    case: Case, alice: User, jia: User, request_: EvidenceRequest, said: str
) -> None:
    dumps = given_up(request_, alice)
    newer = evidence_requests.ask(case, by=jia, items=[DUMPS, CABLE] if said == "an upload" else [CABLE])
    if said == "that she can":
        evidence_requests.settle(dumps, ItemState.OPEN, by=alice)
    elif said == "an upload":
        evidence_requests.note_arrivals(newer, {newer.items.get(kind="dump").pk: "0101.dmp"})
    page = reading_english(alice).get(case.get_absolute_url()).content.decode()
    assert (f"/items/{dumps.pk}/" in page.split("thread-head")[-1]) == (said == "nothing")


def test_a_reminder_of_a_result_asks_whether_it_is_solved_and_names_what_she_can_send(
    case: Case, alice: User, jia: User, request_: EvidenceRequest
) -> None:
    dumps = given_up(request_, alice)
    left(case, jia, Status.RESULT_SENT)
    evidence_requests.settle(dumps, ItemState.OPEN, by=alice)
    announce(ActivityKind.WAITING_REMINDER, Case.objects.get(), by=None, at=timezone.now(), number=1, total=3)
    text = last_to(alice.email).facts["text"]
    assert "tell us whether it helped" in text
    assert "You can send this after all:\n\n1. Minidumps of the blue screens (.dmp)" in text
    assert "We asked you for these things" not in text


def test_why_it_cannot_be_sent_goes_along_into_a_changed_request(
    alice: User, jia: User, case: Case, request_: EvidenceRequest
) -> None:
    evidence_requests.settle(item("dump"), ItemState.UNAVAILABLE, by=alice, reason="Not at hand")
    newer = evidence_requests.ask(case, by=jia, items=[DUMPS, CABLE])
    dumps = newer.items.get(kind="dump")
    assert (dumps.state, dumps.reason, dumps.settled_by) == ("unavailable", "Not at hand", alice)
