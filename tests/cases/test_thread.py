"""What is written on a case, and who reads it."""

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
from django.db import connections
from django.utils import timezone

from accounts.errors import NotAllowed
from accounts.models import Organisation, User
from cases import services
from cases.desk.activity import with_activity
from cases.errors import NothingSaid, NoTitle, NotOfThisOrganisation, TooLong
from cases.events import EventKind
from cases.models import Case, CaseEvent, Message, MessageKind, Queue
from cases.services import post_message, report_case
from tests.people import report

pytestmark = pytest.mark.django_db


def test_a_reported_case_begins_with_what_the_customer_said(alice: User, queue: Queue) -> None:
    case = report(alice, description="After a reboot\r\nthe service is gone.")
    (message,) = case.messages.all()
    assert (message.author, message.body) == (alice, "After a reboot\nthe service is gone.")
    assert case.queue == queue
    assert case.events.get().kind == EventKind.CREATED


def test_a_customer_reports_for_nobody_else(charlie: User, alice: User, northwind: Organisation) -> None:
    with pytest.raises(NotAllowed):
        report_case(by=charlie, organisation=northwind, contact=alice, title="x")
    with pytest.raises(NotOfThisOrganisation):
        report_case(by=None, organisation=northwind, contact=charlie, title="x")


@pytest.mark.parametrize("who", ["alice", "jia"])
def test_somebody_who_left_reports_nothing(
    who: str, alice: User, northwind: Organisation, request: pytest.FixtureRequest
) -> None:
    person = request.getfixturevalue(who)
    person.is_active = False
    person.save()
    with pytest.raises(NotAllowed):
        report_case(by=person, organisation=northwind, contact=alice, title="x")


def test_a_case_without_a_title_is_refused(alice: User) -> None:
    with pytest.raises(NoTitle):
        report(alice, title=" \n ")


def test_an_empty_or_endless_message_is_refused(case: Case, alice: User) -> None:
    with pytest.raises(NothingSaid):
        post_message(case, by=alice, body=" \n\x00")
    with pytest.raises(TooLong):
        post_message(case, by=alice, body="x" * (services.MAX_BODY_LENGTH + 1))
    assert len(post_message(case, by=alice, body="x" * services.MAX_BODY_LENGTH).body) == 100_000


def test_a_note_is_internal_whatever_else_is_said(case: Case, jia: User, alice: User) -> None:
    note = post_message(case, by=jia, body="Between us", kind=MessageKind.NOTE, internal=False)
    assert note.internal
    assert note not in Message.objects.visible_to(alice)
    assert note in Message.objects.visible_to(jia)


@pytest.mark.parametrize("who", ["alice", "bob", "charlie", "ding"])
def test_customers_and_strangers_write_no_notes(case: Case, who: str, request: pytest.FixtureRequest) -> None:
    with pytest.raises(NotAllowed):
        post_message(case, by=request.getfixturevalue(who), body="x", internal=True)


@pytest.mark.parametrize("who", ["charlie", "ding"])
def test_strangers_write_nothing_at_all(case: Case, who: str, request: pytest.FixtureRequest) -> None:
    with pytest.raises(NotAllowed):
        post_message(case, by=request.getfixturevalue(who), body="x")


@pytest.mark.parametrize(
    ("who", "sees"),
    [
        ("alice", True),
        ("bob", True),
        ("charlie", False),
        ("jia", True),
        ("yi", True),
        ("ding", False),
        ("max_", True),
        ("root", True),
    ],
)
def test_who_sees_the_case_sees_its_thread_and_history(
    case: Case, who: str, sees: bool, request: pytest.FixtureRequest
) -> None:
    user = request.getfixturevalue(who)
    assert Case.objects.visible_to(user).filter(pk=case.pk).exists() is sees
    assert Message.objects.visible_to(user).filter(case=case).exists() is sees
    assert CaseEvent.objects.visible_to(user).filter(case=case).exists() is sees
    assert Case.objects.search(case.number, user).exists() is sees


def test_customers_do_not_read_who_else_worked_on_their_case(
    case: Case, alice: User, jia: User, yi: User, max_: User
) -> None:
    case.assign(yi, by=max_)
    case.change("take_up", by=yi)
    kinds = {
        user.name: [event.kind for event in CaseEvent.objects.filter(case=case).visible_to(user)]
        for user in (alice, jia)
    }
    assert kinds == {"Alice": ["created", "status"], "Jia": ["created", "assigned", "status"]}


def test_somebody_who_left_sees_nothing(case: Case, alice: User) -> None:
    alice.is_active = False
    alice.save()
    assert not Case.objects.visible_to(alice).exists()


def test_a_customer_does_not_find_a_case_by_the_words_of_a_note(case: Case, alice: User, jia: User) -> None:
    post_message(case, by=jia, body="probably 勒索软件", internal=True)
    assert list(Case.objects.search("勒索", jia)) == [case]
    assert not Case.objects.search("勒索", alice).exists()


@pytest.mark.parametrize("text", ["certificate", "REBOOT service", "CAS-"])
def test_every_word_must_be_somewhere(case: Case, alice: User, text: str) -> None:
    assert list(Case.objects.search(text, alice)) == [case]
    assert not Case.objects.search(text + " zebra", alice).exists()


@pytest.mark.parametrize("text", ["", "  ", "%", "\x00"])
def test_searching_for_nothing_finds_nothing(case: Case, alice: User, text: str) -> None:
    assert not Case.objects.search(text, alice).exists()


def test_activity_knows_nothing_of_notes(case: Case, jia: User) -> None:
    later = timezone.now() + timedelta(hours=1)
    post_message(case, by=jia, body="Between us", internal=True, at=later)
    annotated = with_activity(Case.objects.all()).get()
    assert annotated.last_message_at == annotated.last_customer_at == case.created_at
    assert annotated.last_vendor_at is None
    assert annotated.draft_waits is False


def test_the_newest_report_decides_whether_a_draft_waits(case: Case, jia: User) -> None:
    draft = post_message(case, by=None, body="", kind=MessageKind.REPORT, internal=True)
    assert with_activity(Case.objects.all()).get().draft_waits is True
    post_message(case, by=None, body="", kind=MessageKind.REPORT)
    assert draft.internal
    assert with_activity(Case.objects.all()).get().draft_waits is False


@pytest.mark.django_db(transaction=True)
def test_many_who_write_at_the_same_time_do_not_stop_each_other(case: Case, alice: User, jia: User) -> None:
    def write(number: int) -> None:
        try:
            post_message(Case.objects.get(pk=case.pk), by=(alice, jia)[number % 2], body=str(number))
        finally:
            connections.close_all()

    with ThreadPoolExecutor(8) as pool:
        list(pool.map(write, range(40)))
    assert case.messages.count() == 41
