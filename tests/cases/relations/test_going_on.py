"""Where a case goes on that was merged or closed long ago, whoever writes to it, and when two do at once."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
from django.db import connection, transaction
from django.utils import timezone

from accounts.models import User
from cases.errors import IsADouble
from cases.models import Case, Message, Queue
from cases.outcomes import services as outcomes
from cases.relations import services as relations
from cases.relations.errors import GoesInCircles, OtherOrganisation
from cases.relations.kinds import RelationKind
from cases.relations.models import Relation
from cases.services import post_message
from cases.status import Status
from tests.people import reading_english, report, signed_in
from tests.processes import wait_until
from tests.waiting import somebody_waits_for_this_transaction

pytestmark = pytest.mark.django_db

DOUBLE, RELATED, FOLLOW_UP = RelationKind.DOUBLE, RelationKind.RELATED, RelationKind.FOLLOW_UP
NEWS = "It stops again, error 0x6"


def long_closed(case: Case) -> Case:
    """The same, closed 90 days ago."""
    ago = timezone.now() - timedelta(days=90)
    Case.objects.filter(pk=case.pk).update(status="closed", closed_at=ago, next_due_at=None)
    case.refresh_from_db()
    return case


def related(case: Case, other: Case, kind: RelationKind, by: User) -> Relation:
    """As earlier versions let people relate anything."""
    return Relation.objects.create(case=case, other=other, kind=kind, by=by, at=timezone.now())


def elsewhere(act: Callable[[], object]) -> Callable[[], object]:
    """The act over a connection of its own."""

    def done() -> object:
        try:
            return act()
        finally:
            connection.close()

    return done


def test_no_case_goes_on_in_itself(case: Case, alice: User, jia: User, queue: Queue) -> None:
    second, third = (report(alice, engineer=jia, queue=queue) for _ in range(2))
    relations.relate(second, case, FOLLOW_UP, by=jia)
    for first, other, kind in ((case, second, FOLLOW_UP), (second, case, DOUBLE)):
        with pytest.raises(GoesInCircles):
            relations.relate(first, other, kind, by=jia)
    relations.relate(third, second, FOLLOW_UP, by=jia)
    with pytest.raises(GoesInCircles):
        relations.relate(third, case, DOUBLE, by=jia)
    relations.relate(case, third, RELATED, by=jia)


@pytest.mark.parametrize(
    "pairs", [((0, 1, FOLLOW_UP), (1, 0, FOLLOW_UP)), ((0, 1, FOLLOW_UP), (0, 1, DOUBLE))]
)
def test_what_is_written_is_kept_even_where_two_cases_go_on_in_each_other(
    alice: User, jia: User, queue: Queue, pairs: tuple[tuple[int, int, RelationKind], ...]
) -> None:
    both = [long_closed(report(alice, engineer=jia, queue=queue)) for _ in range(2)]
    for first, other, kind in pairs:
        related(both[first], both[other], kind, jia)
    for case in both:
        assert signed_in(alice).post(f"/cases/{case.number}/reply/", {"body": NEWS}).status_code == 302
        assert Case.objects.open().filter(messages__body=NEWS).exists()


def test_a_case_goes_on_only_in_one_of_its_own_organisation(
    case: Case, alice: User, charlie: User, jia: User, queue: Queue
) -> None:
    foreign = report(charlie, engineer=jia, queue=queue)
    with pytest.raises(OtherOrganisation):
        relations.relate(foreign, case, FOLLOW_UP, by=jia)
    related(foreign, case, FOLLOW_UP, jia)
    long_closed(case)
    assert signed_in(alice).post(f"/cases/{case.number}/reply/", {"body": NEWS}).status_code == 302
    assert Case.objects.visible_to(alice).filter(messages__body=NEWS).exists()
    assert not Case.objects.visible_to(charlie).filter(messages__body=NEWS).exists()


def test_a_double_is_worked_on_where_it_went(case: Case, alice: User, jia: User, queue: Queue) -> None:
    double = report(alice, engineer=jia, queue=queue)
    relation = relations.relate(double, case, DOUBLE, by=jia)
    double = Case.objects.get(pk=double.pk)
    with pytest.raises(IsADouble, match=case.number):
        double.change("resume", by=jia, reason="It goes on.")
    refused = signed_in(jia).post(f"/api/cases/{double.number}/status", {"change": "resume"})
    assert refused.status_code == 409
    browser = reading_english(jia)
    assert "Change the status" not in browser.get(double.get_absolute_url()).content.decode()
    relations.take_back(relation, by=jia)
    assert "Change the status" in browser.get(double.get_absolute_url()).content.decode()


def test_that_a_double_came_back_is_said_where_it_goes_on(
    case: Case, alice: User, jia: User, queue: Queue
) -> None:
    double = report(alice, engineer=jia, queue=queue)
    relations.relate(double, case, DOUBLE, by=jia)
    answer = reading_english(alice).post(f"/cases/{double.number}/again/", {"words": NEWS}, follow=True)
    page = answer.content.decode()
    assert answer.redirect_chain[-1][0] == case.get_absolute_url()
    assert "written here" in page and "follow-up" not in page and NEWS in page


@pytest.mark.django_db(transaction=True)
def test_two_who_write_at_once_to_a_case_closed_long_ago_get_one_follow_up(
    alice: User, bob: User, jia: User, queue: Queue
) -> None:
    old = long_closed(report(alice, engineer=jia, queue=queue))

    def write() -> Message:
        return post_message(Case.objects.get(pk=old.pk), by=bob, body="Here it stops, too, error 0x6")

    with ThreadPoolExecutor(1) as other_process:
        with transaction.atomic():
            post_message(old, by=alice, body=NEWS)
            second = other_process.submit(elsewhere(write))
            wait_until(somebody_waits_for_this_transaction)
        message = second.result(timeout=30)
    follow_up = Relation.objects.get(kind=FOLLOW_UP).case
    assert isinstance(message, Message) and message.case == follow_up


@pytest.mark.django_db(transaction=True)
def test_who_writes_to_a_double_while_the_merge_is_taken_back_is_not_refused(
    alice: User, jia: User, queue: Queue
) -> None:
    case, double = (report(alice, engineer=jia, queue=queue) for _ in range(2))
    relation = relations.relate(double, case, DOUBLE, by=jia)

    def write() -> Message:
        return outcomes.came_back(Case.objects.get(pk=double.pk), by=alice, words=NEWS)

    with ThreadPoolExecutor(1) as other_process:
        with transaction.atomic():
            # As ``take_back`` does: the lower key first, then the other.
            Case.objects.locked().get(pk=case.pk)
            message = other_process.submit(elsewhere(write))
            wait_until(somebody_waits_for_this_transaction)
            relations.take_back(relation, by=jia)
        written = message.result(timeout=30)
    assert isinstance(written, Message) and written.case == double
    double.refresh_from_db()
    assert double.status == Status.NEW
