"""Cases that have to do with each other: related, following, doubles; seen by who sees both."""

from datetime import timedelta

import pytest
from django.utils import timezone

from accounts.errors import NotAllowed
from accounts.models import User
from cases.answers.services import Heard
from cases.models import Case, Message, Queue
from cases.pauses import services as pauses
from cases.pauses.models import Suspension
from cases.relations import services as relations
from cases.relations.errors import (
    CannotBeMerged,
    NoSuchCase,
    OtherOrganisation,
    RelatedAlready,
    SameCase,
    TakenBack,
)
from cases.relations.kinds import RelationKind
from cases.relations.models import Relation
from cases.services import post_message
from cases.status import Status
from tests.activity import listening
from tests.people import reading_english, report, signed_in

pytestmark = pytest.mark.django_db

DOUBLE, RELATED, FOLLOW_UP = RelationKind.DOUBLE, RelationKind.RELATED, RelationKind.FOLLOW_UP


@pytest.fixture
def double(alice: User, jia: User, queue: Queue) -> Case:
    return report(alice, title="Again the service", description="Twice.", engineer=jia, queue=queue)


def page(user: User, case: Case) -> str:
    return reading_english(user).get(case.get_absolute_url()).content.decode()


def test_a_double_is_closed_and_both_cases_say_so(case: Case, double: Case, alice: User, jia: User) -> None:
    before = list(Message.objects.filter(case=double).values_list("pk", flat=True))
    due = timezone.now() + timedelta(hours=1)
    Case.objects.filter(pk=double.pk).update(next_due_at=due)
    form = {"kind": "double", "number": case.number.lower()}
    assert signed_in(jia).post(f"/cases/{double.number}/relations/", form).status_code == 302
    case.refresh_from_db()
    double.refresh_from_db()
    assert (double.status, double.next_due_at) == (Status.CLOSED, None)
    assert (case.status, case.next_due_at) == (Status.NEW, due), "who waits, waits in the other case"
    assert double.merged_into == case
    kept = Message.objects.filter(case=double).exclude(kind="system").values_list("pk", flat=True)
    assert list(kept) == before
    assert case.number in double.messages.get(kind="system").body
    assert double.number in case.messages.get(kind="system").body
    for reader in (alice, jia):
        assert "Double of" in page(reader, double) and case.number in page(reader, double)
        assert "Has the double" in page(reader, case) and double.number in page(reader, case)


def test_what_the_customer_writes_to_a_double_is_written_to_the_case_that_goes_on(
    case: Case, double: Case, alice: User, jia: User
) -> None:
    relations.relate(double, case, DOUBLE, by=jia)
    with listening() as heard:
        message = post_message(double, by=alice, body="One more thing.")
    assert message.case == case
    assert [(activity.kind, activity.case) for activity in heard] == [("reply", case)]
    assert double.status == Status.CLOSED
    answer = signed_in(alice).post(f"/cases/{double.number}/reply/", {"body": "And another."})
    assert answer.headers["Location"].startswith(case.get_absolute_url())


@pytest.mark.parametrize(
    ("ways", "status"),
    [
        ((), Status.NEW),
        (("scope",), Status.SCOPING),
        (("wait_for_customer",), Status.WAITING),
        (("take_up", "send_result"), Status.RESULT_SENT),
        (("close",), Status.CLOSED),
    ],
)
def test_a_merge_can_be_taken_back(
    case: Case, double: Case, jia: User, ways: tuple[str, ...], status: Status
) -> None:
    for change in ways:
        double.change_status(change, by=jia, reason="", at=timezone.now())
    relation = relations.relate(double, case, DOUBLE, by=jia)
    address = f"/cases/{case.number}/relations/{relation.pk}/remove/"
    assert signed_in(jia).post(address).status_code == 302
    double.refresh_from_db()
    assert double.status == status and double.merged_into is None
    relation.refresh_from_db()
    assert relation.removed_by == jia
    assert case.messages.filter(kind="system").count() == 2
    assert relations.seen_by(jia, double) == []
    with pytest.raises(TakenBack):
        relations.take_back(relation, by=jia)
    relations.relate(double, case, DOUBLE, by=jia)


def test_what_cannot_be_related_is_refused(
    case: Case, double: Case, alice: User, charlie: User, yi: User, jia: User, ding: User, max_: User
) -> None:
    elsewhere = report(charlie)
    third = report(alice)
    for first, other, kind, by, refusal in (
        (case, case, RELATED, jia, SameCase),
        (double, case, DOUBLE, alice, NotAllowed),
        (double, case, RELATED, ding, NotAllowed),
        (elsewhere, case, DOUBLE, max_, OtherOrganisation),
    ):
        with pytest.raises(refusal):
            relations.relate(first, other, kind, by=by)
    relations.relate(double, case, DOUBLE, by=jia)
    for first, other in ((third, double), (case, third), (double, third)):
        with pytest.raises(CannotBeMerged):
            relations.relate(first, other, DOUBLE, by=max_)
    relations.relate(third, case, RELATED, by=max_)
    for first, other in ((third, case), (case, third)):
        with pytest.raises(RelatedAlready):
            relations.relate(first, other, RELATED, by=max_)
    with pytest.raises(NoSuchCase):
        relations.find("CAS-00000-ZZZZZZ", jia)
    assert Relation.objects.count() == 2


def test_a_relation_is_seen_by_who_sees_both_cases(
    case: Case, alice: User, charlie: User, jia: User, max_: User
) -> None:
    elsewhere = report(charlie, title="A purple machine")
    Case.objects.filter(pk=elsewhere.pk).update(queue=None)
    relation = relations.relate(case, elsewhere, RELATED, by=max_)
    assert elsewhere.number in page(max_, case) and case.number in page(max_, elsewhere)
    for reader in (alice, jia):
        text = page(reader, case)
        assert elsewhere.number not in text and "purple" not in text
    assert case.number not in page(charlie, elsewhere)
    address = f"/cases/{case.number}/relations/"
    refused = reading_english(jia).post(address, {"kind": "related", "number": elsewhere.number})
    unknown = reading_english(jia).post(address, {"kind": "related", "number": "CAS-1"})
    assert refused.status_code == unknown.status_code == 400
    assert "No case has the number" in refused.content.decode()
    assert signed_in(jia).post(f"{address}{relation.pk}/remove/").status_code == 404


def test_taking_a_merge_back_gives_status_promise_and_suspension_back(
    case: Case, double: Case, alice: User, jia: User
) -> None:
    due, others = timezone.now() + timedelta(minutes=30), Case.objects.get(pk=case.pk).next_due_at
    Case.objects.filter(pk=double.pk).update(next_due_at=due)
    relation = relations.relate(double, case, DOUBLE, by=jia)
    case.refresh_from_db()
    assert case.next_due_at == due
    with listening() as heard:
        relations.take_back(relation, by=jia)
    for each in (case, double):
        each.refresh_from_db()
    assert (double.status, double.next_due_at, case.next_due_at) == (Status.NEW, due, others)
    assert [(activity.kind, activity.facts["undone"]) for activity in heard] == [("merged", True)]


def test_a_suspension_outlives_a_merge_that_is_taken_back(
    case: Case, double: Case, alice: User, jia: User
) -> None:
    suspension = closed_for_the_time_being(double, alice, jia)
    relation = relations.relate(double, case, DOUBLE, by=jia)
    relations.take_back(Relation.objects.get(pk=relation.pk), by=jia)
    double.refresh_from_db()
    assert double.status == Status.SUSPENDED and pauses.in_force(double) == suspension


def test_merging_into_a_suspended_case_resumes_it_until_that_is_taken_back(
    case: Case, double: Case, alice: User, jia: User
) -> None:
    closed_for_the_time_being(case, alice, jia)
    relation = relations.relate(double, case, DOUBLE, by=jia)
    case.refresh_from_db()
    assert case.status == Status.IN_PROGRESS and case.next_due_at is not None
    relations.take_back(Relation.objects.get(pk=relation.pk), by=jia)
    parted = Case.objects.get(pk=case.pk)
    assert (parted.status, parted.next_due_at) == (Status.SUSPENDED, None)


def test_what_came_of_the_other_case_since_stands_when_a_merge_is_taken_back(
    case: Case, double: Case, alice: User, jia: User
) -> None:
    closed_for_the_time_being(case, alice, jia)
    relation = relations.relate(double, case, DOUBLE, by=jia)
    Case.objects.get(pk=case.pk).send_result(by=jia)
    relations.take_back(Relation.objects.get(pk=relation.pk), by=jia)
    case.refresh_from_db()
    assert case.status == Status.RESULT_SENT


def test_the_history_of_both_tells_of_each_relation(case: Case, double: Case, alice: User, jia: User) -> None:
    for kind in RelationKind:
        relations.take_back(relations.relate(double, case, kind, by=jia), by=jia)
    of_double, of_case = (
        ("Related to", "Follow-up of", "Double of"),
        (
            "Related to",
            "Continued in",
            "Has the double",
        ),
    )
    for each, other, whats in ((double, case, of_double), (case, double, of_case)):
        events = each.events.filter(kind="relation").values_list("reason", "after", "before")
        told = [row for what in whats for row in ((what, other.number, ""), (what, "", other.number))]
        assert list(events) == told
    text = page(jia, case).replace('<span class="strong mono">', "")
    assert f"Taken back: Has the double {double.number}" in text


def closed_for_the_time_being(case: Case, person: User, by: User) -> Suspension:
    return pauses.suspend(case, Heard(person), by=by, resumes_when="with the logs")
