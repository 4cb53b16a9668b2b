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
from cases.signals import Activity
from cases.status import Status
from tests.activity import listening
from tests.people import reading_english

pytestmark = pytest.mark.django_db

LOG, DUMPS, CABLE = ("log", "System"), ("dump", ""), ("other", "Which cable was new?")


@pytest.fixture
def request_(case: Case, alice: User, jia: User) -> EvidenceRequest:
    User.objects.filter(pk=alice.pk).update(language="en")
    case.take_up(by=jia)
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
