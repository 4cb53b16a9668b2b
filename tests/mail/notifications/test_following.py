"""Who writes in a case, or was told of its double, is told of what comes of it."""

import pytest
from django.utils import timezone

from accounts.models import User
from cases.models import Case, MessageKind, Queue
from cases.relations import services as relations
from cases.relations.kinds import RelationKind
from cases.relations.models import Relation
from cases.services import post_message
from mail.notifications import followers
from mail.notifications.models import CaseCc, CaseFollower
from mail.store.models import MailMessage
from tests.mail.mails import outgoing
from tests.people import report

pytestmark = pytest.mark.django_db

SITE = "site@plant.example"


@pytest.fixture
def double(bob: User, yi: User, jia: User, queue: Queue) -> Case:
    """Bob's report of the same trouble, which Yi follows, with the site on its Cc list."""
    double = report(bob, title="The service again", engineer=jia, queue=queue)
    CaseFollower.objects.create(case=double, person=yi)
    CaseCc.objects.create(case=double, address=SITE, added_by=bob, added_at=timezone.now())
    return double


def told_of_an_answer(case: Case, by: User) -> set[str]:
    before = {mail.pk for mail in outgoing()}
    post_message(case, by=by, body="Please try the newer driver.")
    return {mail.address.partition("@")[0] for mail in outgoing() if mail.pk not in before}


def test_who_is_told_of_a_double_is_told_of_the_case_that_goes_on_until_that_is_taken_back(
    case: Case, double: Case, bob: User, jia: User
) -> None:
    assert told_of_an_answer(case, jia) == {"alice"}
    relation = relations.relate(double, case, RelationKind.DOUBLE, by=jia)
    assert told_of_an_answer(case, jia) == {"alice", "bob", "yi", "site"}
    relations.take_back(Relation.objects.get(pk=relation.pk), by=jia)
    assert told_of_an_answer(case, jia) == {"alice"}
    assert told_of_an_answer(double, jia) == {"bob", "yi", "site"}


def test_who_followed_by_herself_since_the_merge_stays(
    case: Case, double: Case, bob: User, jia: User
) -> None:
    relation = relations.relate(double, case, RelationKind.DOUBLE, by=jia)
    followers.follow(case, by=bob)
    relations.take_back(Relation.objects.get(pk=relation.pk), by=jia)
    assert told_of_an_answer(case, jia) == {"alice", "bob"}


def mails_to(address: str) -> list[MailMessage]:
    """Oldest first."""
    return sorted((mail for mail in outgoing() if mail.address == address), key=lambda mail: mail.created_at)


def test_the_mail_of_a_merge_names_the_case_that_goes_on_and_opens_it(
    case: Case, double: Case, bob: User, jia: User
) -> None:
    User.objects.update(language="en")
    relation = relations.relate(Case.objects.get(pk=double.pk), case, RelationKind.DOUBLE, by=jia)
    relations.take_back(Relation.objects.get(pk=relation.pk), by=jia)
    merged, parted = mails_to(bob.email)[-2:]
    assert f"go on in case {case.number}" in merged.facts["text"]
    assert merged.facts["action"]["url"].endswith(case.get_absolute_url())
    assert f"no double of case {case.number}" in parted.facts["text"]
    kinds = {mail.kind for mail in outgoing()}
    assert "merged" in kinds and not kinds & {"closed", "reopened"}
    assert mails_to(SITE)[-2].kind == "merged"


def test_whoever_writes_is_told_of_the_answer(case: Case, bob: User, yi: User, jia: User) -> None:
    post_message(case, by=bob, body="I am her colleague, here it is the same.", kind=MessageKind.MAIL_IN)
    post_message(case, by=yi, body="I have seen this before.")
    assert told_of_an_answer(case, jia) == {"alice", "bob", "yi"}
    assert not CaseFollower.objects.filter(person__in=(case.contact, jia)).exists()


def test_a_note_inside_makes_nobody_follow(case: Case, yi: User) -> None:
    post_message(case, by=yi, body="Ask the lab.", internal=True)
    assert not CaseFollower.objects.exists()
