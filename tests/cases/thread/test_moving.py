"""What a mail brought about in the wrong case goes when it is moved away."""

from datetime import timedelta

import pytest
from django.utils import timezone

from accounts.models import User
from cases.models import Case, Message, MessageKind
from cases.outcomes import services as outcomes
from cases.outcomes.readings import reading_of
from cases.services import hear, post_message
from cases.status import Status
from cases.thread.moving import move, move_back
from tests.people import report, signed_in

pytestmark = pytest.mark.django_db


def mail_of(person: User, case: Case, text: str = "Of another matter") -> Message:
    return post_message(case, by=person, body=text, kind=MessageKind.MAIL_IN)


def test_a_case_goes_on_waiting_once_the_mail_that_ended_it_is_gone(
    case: Case, alice: User, jia: User
) -> None:
    case.wait_for_customer(by=jia, reason="Which port?")
    mail = mail_of(alice, case)
    assert case.status == Status.IN_PROGRESS
    move(mail, None, by=jia)
    case.refresh_from_db()
    assert (case.status, case.next_due_at) == (Status.WAITING, None)
    event = case.events.last()
    assert event is not None and event.actor == jia


def test_a_case_that_such_a_mail_reopened_is_closed_since_it_was(case: Case, alice: User, jia: User) -> None:
    ago = timezone.now() - timedelta(days=3)
    case.change("close", by=jia, at=ago, reason="Done.")
    mail = mail_of(alice, case)
    move(mail, None, by=jia)
    case.refresh_from_db()
    assert (case.status, case.closed_at, case.next_due_at) == (Status.CLOSED, ago, None)


def test_no_answer_is_owed_for_a_mail_that_is_gone(case: Case, alice: User, jia: User) -> None:
    case.send_result(by=jia)
    mail = mail_of(alice, case, "Which of the two?")
    assert case.next_due_at is not None
    move(mail, None, by=jia)
    case = Case.objects.get(pk=case.pk)
    assert (case.status, case.next_due_at) == (Status.RESULT_SENT, None)


@pytest.mark.parametrize("since", ["she wrote", "it was taken up"])
def test_what_has_happened_since_stands(case: Case, alice: User, jia: User, since: str) -> None:
    case.wait_for_customer(by=jia)
    mail = mail_of(alice, case)
    if since == "she wrote":
        mail_of(alice, case, "It is port 7.")
    else:
        case.change("scope", by=jia)
    status = case.status
    move(mail, None, by=jia)
    case.refresh_from_db()
    assert case.status == status and case.next_due_at is not None


def test_nothing_of_a_moved_first_mail_is_read_or_found(alice: User, bob: User, jia: User) -> None:
    case = report(alice, title="Password", description="It is Hunter2-xyz", engineer=jia)
    moved = move(case.messages.get(), None, by=jia)
    assert not Case.objects.search("Hunter2-xyz", bob)
    assert "Hunter2" not in signed_in(bob).get(f"/api/cases/{case.number}/").content.decode()
    mail_of(alice, case, "The service stops")
    move_back(moved, by=jia)
    case.refresh_from_db()
    assert case.description == "It is Hunter2-xyz"


def test_a_moved_mail_contradicts_nobody(case: Case, alice: User, jia: User) -> None:
    case.send_result(by=jia)
    mail = mail_of(alice, case, "It is still not working")
    move(mail, None, by=jia)
    case.refresh_from_db()
    assert outcomes.answer(case, by=alice, solved=True).contradicted_by is None


def test_a_customers_mail_counts_where_it_is_moved_to_and_again_where_it_comes_back(
    case: Case, alice: User, jia: User
) -> None:
    case.wait_for_customer(by=jia)
    other = report(alice, engineer=jia)
    other.wait_for_customer(by=jia)
    mail = mail_of(alice, case, "It is port 7.")
    copy = Message.objects.create(
        case=other, kind=mail.kind, author=alice, body=mail.body, created_at=mail.created_at
    )
    moved = move(mail, copy, by=jia)
    assert [Case.objects.get(pk=each.pk).status for each in (case, other)] == ["waiting", "in_progress"]
    move_back(moved, by=jia)
    assert Case.objects.get(pk=case.pk).status == "in_progress"


def test_what_a_colleague_takes_into_a_closed_case_reopens_it_unless_it_only_thanks(
    case: Case, jia: User
) -> None:
    case.change("close", by=jia, reason="Done.")
    for text, status in (("谢谢！", "closed"), ("It stopped again. What now?", "in_progress")):
        entry = post_message(case, by=None, body=text, kind=MessageKind.MAIL_IN)
        hear(entry, by=jia, reason="Taken in.")
        assert Case.objects.get(pk=case.pk).status == status


def test_that_it_is_not_solved_sends_the_case_back_to_work_that_the_mail_is_moved_to(
    case: Case, alice: User, jia: User
) -> None:
    case.send_result(by=jia)
    other = report(alice, engineer=jia)
    mail = mail_of(alice, other, "还是不行")
    copy = Message.objects.create(
        case=case, kind=mail.kind, author=alice, body=mail.body, created_at=mail.created_at
    )
    move(mail, copy, by=jia)
    assert Case.objects.get(pk=case.pk).status == Status.IN_PROGRESS


@pytest.mark.parametrize("before", [Status.RESULT_SENT, Status.IN_PROGRESS])
def test_an_answer_that_was_read_in_a_mail_goes_with_it_and_is_proposed_anew_where_it_comes_back(
    case: Case, alice: User, jia: User, before: Status
) -> None:
    case.send_result(by=jia)
    if before == Status.IN_PROGRESS:
        case.change("resume", by=jia, reason="A colleague looks at it again.")
    since = case.status_since
    mail = mail_of(alice, case, "Hunter2-xyz works now, it is solved.")
    outcomes.record_reading(case, mail.pk, by=jia, solved=True)
    assert Case.objects.get(pk=case.pk).status == Status.CLOSED
    moved = move(mail, None, by=jia)
    case = Case.objects.get(pk=case.pk)
    assert (case.status, case.next_due_at is not None) == (before, before == Status.IN_PROGRESS)
    assert case.status_since == since, "the question of the result that was mailed is the same"
    assert outcomes.latest(case) is None and not case.messages.in_place().filter(kind="outcome").exists()
    for person in (alice, jia):
        assert "Hunter2" not in signed_in(person).get(case.get_absolute_url()).content.decode()
    move_back(moved, by=jia)
    reading = reading_of(case, jia)
    assert reading is not None and (reading.entry, reading.solved) == (mail, True)


def test_thanks_since_then_keep_no_case_closed_by_a_moved_answer(case: Case, alice: User, jia: User) -> None:
    case.send_result(by=jia)
    mail = mail_of(alice, case, "已解决")
    outcomes.record_reading(case, mail.pk, by=jia, solved=True)
    mail_of(alice, case, "谢谢！")
    move(mail, None, by=jia)
    assert Case.objects.get(pk=case.pk).status == Status.RESULT_SENT


def test_of_two_mails_that_are_moved_the_second_leads_back_to_where_it_began_too(
    case: Case, alice: User, jia: User
) -> None:
    case.send_result(by=jia)
    since = case.status_since
    for _ in range(2):
        mail = mail_of(alice, case, "还是不行")
        assert Case.objects.get(pk=case.pk).status == Status.IN_PROGRESS
        move(mail, None, by=jia)
        case = Case.objects.get(pk=case.pk)
        assert (case.status, case.status_since) == (Status.RESULT_SENT, since)
