"""What a customer wrote after a result is proposed as her answer, and recorded by one click."""

import pytest
import time_machine
from django.utils import timezone

from accounts.models import User
from cases.answers.services import Heard
from cases.models import Case, Message, MessageKind
from cases.outcomes import services
from cases.outcomes.errors import NoResultWaits
from cases.outcomes.models import Outcome
from cases.outcomes.readings import reading_of
from cases.services import post_message
from cases.status import Status
from tests.people import reading_english

pytestmark = pytest.mark.django_db

QUOTED = "\n\n发件人: 工程师 <jia@vendor.example>\n主题: 案例\n\n还是不行的话请告诉我。"


@pytest.fixture
def answered(case: Case, jia: User) -> Case:
    """The case, its result sent."""
    case.change("take_up", by=jia)
    case.send_result(by=jia)
    return case


def mailed(case: Case, by: User, body: str) -> Message:
    return post_message(case, by=by, body=body, kind=MessageKind.MAIL_IN)


def page(user: User, case: Case) -> str:
    return reading_english(user).get(case.get_absolute_url()).content.decode()


def test_solved_in_a_mail_is_one_click(answered: Case, alice: User, jia: User) -> None:
    entry = mailed(answered, alice, f"已解决，谢谢{QUOTED}")
    assert not Outcome.objects.exists(), "proposed, never taken by itself"
    shown = page(jia, answered)
    assert "Reads like: solved." in shown and "The case is closed then." in shown
    assert "Reads like" not in page(alice, answered)
    data = {"entry": entry.pk, "solved": "yes"}
    reading_english(jia).post(f"/cases/{answered.number}/outcome/said/", data)
    outcome = Outcome.objects.get()
    assert (outcome.solved, outcome.person, outcome.recorded_by, outcome.way) == (True, alice, jia, "mail")
    assert (outcome.said_in, outcome.at, outcome.words) == (entry, entry.created_at, "")
    assert outcome.contradicted_by is None
    answered.refresh_from_db()
    assert answered.status == Status.CLOSED
    shown = page(jia, answered)
    assert "Reads like" not in shown and f'href="#entry-{entry.pk}"' in shown


def test_not_solved_in_a_mail_is_one_click(answered: Case, alice: User, jia: User) -> None:
    entry = mailed(answered, alice, "Still fails after the second step.")
    assert "Reads like: not solved yet." in page(jia, answered)
    services.record_reading(answered, entry.pk, by=jia, solved=False)
    outcome = Outcome.objects.get()
    assert (outcome.solved, outcome.words) == (False, "")
    answered.refresh_from_db()
    assert answered.status == Status.IN_PROGRESS


def test_only_her_newest_word_since_the_result_is_proposed(case: Case, alice: User, jia: User) -> None:
    mailed(case, alice, "Solved, thanks")
    assert reading_of(case, jia) is None, "no result was sent"
    case.change("take_up", by=jia)
    case.send_result(by=jia)
    assert reading_of(case, jia) is None
    first = mailed(case, alice, "Solved, thanks")
    with time_machine.travel(timezone.now().replace(year=2031), tick=False):
        second = mailed(case, alice, "Sorry, it still fails.")
        mailed(case, alice, "The log follows tomorrow.")
        reading = reading_of(case, jia)
        assert reading is not None and (reading.entry, reading.solved) == (second, False)
        with pytest.raises(NoResultWaits):
            services.record_reading(case, first.pk, by=jia, solved=True)
        with pytest.raises(NoResultWaits):
            services.record_reading(case, second.pk, by=jia, solved=True)


def test_who_has_answered_by_the_button_is_not_asked_again_and_a_contradiction_stands(
    answered: Case, alice: User, jia: User
) -> None:
    mailed(answered, alice, "It still fails.")
    services.record(answered, Heard(alice), by=jia, solved=True)
    assert Outcome.objects.get().contradicted_by is not None
    assert "Contradiction" in page(jia, answered) and "Reads like" not in page(jia, answered)


def test_her_newest_word_is_not_held_against_her_by_an_older_one(
    answered: Case, alice: User, jia: User
) -> None:
    mailed(answered, alice, "It still fails.")
    answered.refresh_from_db()
    answered.send_result(by=jia)
    entry = mailed(answered, alice, "收到，可以结案了")
    assert services.record_reading(answered, entry.pk, by=jia, solved=True).contradicted_by is None


def test_what_a_colleague_or_nobody_proven_wrote_is_no_answer(answered: Case, alice: User, jia: User) -> None:
    mailed(answered, jia, "Solved, I think.")
    post_message(answered, by=None, body="Solved.", kind=MessageKind.MAIL_IN, writer="Alice <a@b.example>")
    post_message(answered, by=jia, body="Solved", internal=True)
    assert reading_of(answered, jia) is None
