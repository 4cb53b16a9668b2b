"""A result asks on after its case was closed for the time being: a late answer counts, by whatever way."""

import re

import pytest
from django.conf import LazySettings
from django.test import Client
from django.utils import timezone

from accounts.models import User
from cases.answer_links import links
from cases.answer_links.kinds import OfResult
from cases.answers.services import Heard
from cases.models import Case, MessageKind
from cases.outcomes import services
from cases.outcomes.errors import NoResultWaits, ResultReplaced
from cases.outcomes.models import Outcome
from cases.pauses import services as pauses
from cases.relations import services as relations
from cases.relations.kinds import RelationKind
from cases.services import post_message
from cases.status import Status
from cases.thread.moving import move
from tests.activity import listening
from tests.mail.mails import outgoing
from tests.people import reading_english, report, signed_in, suspended

pytestmark = pytest.mark.django_db

ASKS = "Is your problem solved?"


def silence(case: Case) -> None:
    """The reminders had no answer."""
    now = timezone.now()
    pauses.suspend_after_silence(case, announced_at=now, at=now)


def page(user: User, case: Case) -> str:
    return reading_english(user).get(case.get_absolute_url()).content.decode()


def shown_on(text: str) -> str:
    """Which result the buttons of a page answer."""
    found = re.search(r'name="shown" value="([^"]+)"', text)
    assert found is not None
    return found[1]


@pytest.fixture
def mailed(case: Case, alice: User, jia: User) -> str:
    """The link in the mail of a result."""
    case.change("take_up", by=jia)
    case.send_result(by=jia)
    return links.path_of(OfResult(alice, case))


@pytest.fixture
def silent(mailed: str, case: Case) -> Case:
    """A case that was closed for the time being while its result waited."""
    silence(case)
    return case


@pytest.mark.parametrize(
    ("solved", "status", "told"),
    [
        ("yes", Status.CLOSED, ["closed", "solved"]),
        ("no", Status.IN_PROGRESS, ["resumed", "not_solved"]),
    ],
)
@pytest.mark.parametrize("way", ["link", "button", "phone"])
def test_a_late_answer_closes_the_case_or_takes_it_back_to_work(
    case: Case, mailed: str, alice: User, jia: User, way: str, solved: str, status: Status, told: list[str]
) -> None:
    shown = shown_on(page(alice, case))
    silence(case)
    answer = {"solved": solved, "words": "Step 3 fails."}
    with listening() as heard:
        if way == "link":
            assert (
                "about the result of"
                in Client(headers={"Accept-Language": "en"}).get(mailed).content.decode()
            )
            assert Client().post(mailed, answer).status_code == 200
        elif way == "button":
            answer["shown"] = shown  # Of the page as it stood open since.
            assert signed_in(alice).post(f"/cases/{case.number}/outcome/", answer).status_code == 302
        else:
            address = f"/cases/{case.number}/outcome/record/"
            shown = shown_on(signed_in(jia).get(address).content.decode())
            answer |= {"person": str(alice.pk), "way": "phone", "said_at": "", "shown": shown}
            assert signed_in(jia).post(address, answer).status_code == 302
    case.refresh_from_db()
    assert case.status == status and (case.next_due_at is None) == (status == Status.CLOSED)
    change = case.events.filter(from_status=Status.SUSPENDED).get()
    assert change.to_status == status, "by one step"
    assert [activity.kind for activity in heard] == told
    outcome = Outcome.objects.get()
    assert (outcome.way, outcome.person, outcome.solved) == (way, alice, solved == "yes")
    assert Client().get(mailed).status_code == 410, "it answers once"


def test_her_page_asks_on_and_offers_no_reminder_that_would_not_come(
    silent: Case, alice: User, jia: User
) -> None:
    text = page(alice, silent)
    assert text.count(ASKS) == 1 and "Your answer still counts" in text
    assert "It goes on: when you say whether it is solved, or write to us." in text
    assert "Remind me in 3 working days" not in text
    assert ASKS not in page(jia, silent)
    browser, address = reading_english(alice), f"/cases/{silent.number}/outcome/"
    assert browser.get(address).status_code == 200
    refused = browser.post(address, {"solved": "no", "words": " "})
    assert refused.status_code == 400 and "Say what still does not work" in refused.content.decode()
    assert browser.post(address, {"solved": "yes", "shown": shown_on(text)}).status_code == 302
    silent.refresh_from_db()
    assert silent.status == Status.CLOSED


def test_the_api_takes_the_answer_too(silent: Case, alice: User) -> None:
    silent.refresh_from_db()
    answer = {"solved": True, "shown": silent.status_since.isoformat()}
    assert signed_in(alice).post(f"/api/cases/{silent.number}/outcome", answer).status_code == 200
    silent.refresh_from_db()
    assert silent.status == Status.CLOSED


def test_the_mail_that_it_is_closed_for_the_time_being_asks_with_a_link(
    mailed: str, case: Case, alice: User, settings: LazySettings
) -> None:
    settings.PORTAL_URL = "https://portal.example"
    User.objects.filter(pk=alice.pk).update(language="en")
    case.contact.refresh_from_db()
    before = len(outgoing())
    silence(case)
    (mail,) = (mail for mail in outgoing()[before:] if mail.address == alice.email)
    text = mail.facts["text"]
    assert "It goes on: when you say whether it is solved, or write to us." in text
    assert "Your answer still counts: tell us whether it is solved" in text
    assert "https://portal.example/answer/result." in text and "upload what is missing" not in text


def test_an_answer_is_to_the_newest_result_however_often_the_case_was_put_aside(
    silent: Case, mailed: str, alice: User, jia: User
) -> None:
    old = shown_on(page(alice, silent))
    silent.send_result(by=jia)
    for _ in range(2):
        assert Client().get(mailed).status_code == 410
        answer = {"solved": "yes", "shown": old}
        assert signed_in(alice).post(f"/cases/{silent.number}/outcome/", answer).status_code == 409
        for shown in (old, "2026-01-01T00:00:00Z"):
            word = {"solved": True, "shown": shown, "person": alice.email}
            assert signed_in(jia).post(f"/api/cases/{silent.number}/outcome", word).status_code == 409
        if silent.status == Status.RESULT_SENT:
            silence(silent)
    with pytest.raises(ResultReplaced):
        services.answer(silent, by=alice, solved=True, shown=timezone.now())
    assert Client().get(links.path_of(OfResult(alice, silent))).status_code == 200


def test_a_case_that_went_on_before_it_was_put_aside_asks_about_no_result(
    silent: Case, mailed: str, alice: User, jia: User
) -> None:
    post_message(silent, by=alice, body="Which of the two machines?")
    assert silent.status == Status.IN_PROGRESS
    for aside in (silence, suspended):
        aside(silent)
        assert Client().get(mailed).status_code == 410 and ASKS not in page(alice, silent)
        with pytest.raises(NoResultWaits):
            services.answer(silent, by=alice, solved=True)
        silent.change("resume", by=jia, reason="It goes on.")


def test_a_result_that_was_put_aside_by_consent_may_be_answered_as_well(
    case: Case, mailed: str, alice: User
) -> None:
    suspended(case, "after the maintenance window")
    assert ASKS in page(alice, case) and "after the maintenance window" in page(alice, case)
    Client().post(mailed, {"solved": "yes"})
    case.refresh_from_db()
    assert case.status == Status.CLOSED


def test_what_is_led_back_to_being_put_aside_asks_on(
    silent: Case, mailed: str, alice: User, jia: User
) -> None:
    mail = post_message(silent, by=alice, body="The label is wrong.", kind=MessageKind.MAIL_IN)
    assert Client().get(mailed).status_code == 410
    move(mail, None, by=jia)
    assert Client().get(mailed).status_code == 200
    other = report(alice, engineer=jia, queue=silent.queue)
    relation = relations.relate(silent, other, RelationKind.DOUBLE, by=jia)
    assert Client().get(mailed).status_code == 410
    relations.take_back(relation, by=jia)
    assert Client().get(mailed).status_code == 200
    services.record(silent, Heard(alice), by=jia, solved=True)
    silent.refresh_from_db()
    assert silent.status == Status.CLOSED


def test_who_may_not_see_the_case_answers_nothing(
    silent: Case, mailed: str, charlie: User, ding: User, jia: User
) -> None:
    address = f"/cases/{silent.number}/outcome/"
    for person, status in ((charlie, 404), (ding, 404), (jia, 403)):
        assert signed_in(person).post(address, {"solved": "yes"}).status_code == status
        assert signed_in(person).get(mailed).status_code == 404
    assert not Case.objects.visible_to(charlie).asking_for_outcome().exists()
