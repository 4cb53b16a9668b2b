"""The end of a case is the customer's word: solved, not solved, back again; and what stands against it."""

import re
from datetime import timedelta
from typing import Any

import pytest
from django.utils import timezone

from accounts.errors import NotAllowed
from accounts.models import User
from cases.answers.errors import BeforeTheCase, InTheFuture, NotTheCustomer
from cases.answers.models import Way
from cases.answers.services import Heard
from cases.desk.progress import progress_of
from cases.desk.queries import needs_doing_for
from cases.evidence_requests import services as evidence_requests
from cases.models import Case, MessageKind
from cases.outcomes import services
from cases.outcomes.errors import AlreadyRated, NoReason, NoResultWaits, NotClosed
from cases.outcomes.models import Outcome, Rating
from cases.services import post_message
from cases.status import Status
from tests.activity import listening
from tests.people import reading_english, signed_in

pytestmark = pytest.mark.django_db


@pytest.fixture
def answered(case: Case, jia: User) -> Case:
    """The case, its result sent."""
    case.change("take_up", by=jia)
    post_message(case, by=jia, body="Restart the service, then it works.", result=True)
    return case


def groups(user: User) -> dict[str, list[Case]]:
    return {group.key: group.cases for group in needs_doing_for(user) if group.cases}


def page(user: User, case: Case) -> str:
    return reading_english(user).get(case.get_absolute_url()).content.decode()


def test_the_form_for_her_word_has_no_label_for_what_nobody_fills_in(answered: Case, jia: User) -> None:
    form = reading_english(jia).get(f"/cases/{answered.number}/outcome/record/").content.decode()
    assert re.search(r'<input type="hidden" name="shown"', form) and "Shown" not in form


def test_solved_closes_the_case_by_the_customers_own_word(answered: Case, alice: User, jia: User) -> None:
    assert "Is your problem solved?" in page(alice, answered)
    with listening() as heard:
        done = reading_english(alice).post(f"/cases/{answered.number}/outcome/", {"solved": "yes"})
    assert done.status_code == 302
    answered.refresh_from_db()
    assert (answered.status, answered.next_due_at) == (Status.CLOSED, None)
    outcome = Outcome.objects.get()
    assert (outcome.solved, outcome.person, outcome.recorded_by, outcome.way) == (True, alice, None, "button")
    ending = answered.events.filter(to_status="closed").get()
    assert (ending.actor, ending.reason) == (alice, "The customer confirmed that it is solved.")
    assert [activity.kind for activity in heard] == ["closed", "solved"]
    assert outcome.message.author == alice
    assert "Solved" in page(jia, answered) and groups(jia) == {}


def card(user: User, case: Case) -> str:
    """What her page says of the end of her case."""
    return page(user, case).partition('id="closed-head"')[2].partition("</section>")[0]


def test_her_page_says_who_closed_the_case_and_why(
    answered: Case, alice: User, bob: User, jia: User, max_: User
) -> None:
    answered.change("close", by=max_, reason="Alice <called>: it works.")
    assert "Max closed it." in card(alice, answered)
    assert "Alice &lt;called&gt;: it works." in card(alice, answered)
    answered.change("resume", by=jia, reason="One more look.")
    services.record(answered, Heard(alice), by=jia, solved=True, words="It runs again.")
    assert "You said that it is solved." in card(alice, answered)
    assert "Alice said that it is solved." in card(bob, answered)
    assert "closed it" not in card(bob, answered) and "It runs again." not in card(bob, answered)


def test_not_solved_asks_why_and_the_case_goes_on(answered: Case, alice: User, jia: User) -> None:
    browser, address = reading_english(alice), f"/cases/{answered.number}/outcome/"
    assert "What still does not work?" in browser.get(address).content.decode()
    refused = browser.post(address, {"solved": "no", "words": "  "})
    assert refused.status_code == 400
    assert "Say what still does not work" in refused.content.decode()
    with listening() as heard:
        browser.post(address, {"solved": "no", "words": "It stops after <two> minutes."})
    answered.refresh_from_db()
    assert answered.status == Status.IN_PROGRESS and answered.next_due_at is not None
    (told,) = heard
    assert (told.kind, told.by, told.reason) == ("not_solved", alice, "It stops after <two> minutes.")
    assert "It stops after &lt;two&gt; minutes." in page(jia, answered)
    assert groups(jia) == {"answered": [answered]}
    with pytest.raises(NoResultWaits):
        services.answer(answered, by=alice, solved=True)


def test_an_answer_is_to_the_result_that_was_read(answered: Case, alice: User, jia: User) -> None:
    browser, address = reading_english(alice), f"/cases/{answered.number}/outcome/"
    read = re.search(r'name="shown" value="([^"]+)"', page(alice, answered))
    assert read is not None
    answered.refresh_from_db()
    answered.send_result(by=jia, at=timezone.now() + timedelta(seconds=2))
    words = {"solved": "no", "words": "Step 3 fails", "shown": read[1]}
    for refused in (browser.post(address, words), browser.post(address, words | {"solved": "yes"})):
        assert refused.status_code == 409
        assert "A newer result was sent meanwhile" in refused.content.decode()
    again = browser.post(address, words).content.decode()
    assert "Step 3 fails" in again
    now = re.search(r'name="shown" value="([^"]+)"', again)
    assert now is not None and now[1] != read[1]
    for reader, word in ((alice, {}), (jia, {"person": alice.email})):
        old = {"solved": True, "shown": read[1]} | word
        api = signed_in(reader).post(f"/api/cases/{answered.number}/outcome", old)
        assert api.status_code == 409, api.content
    assert browser.post(address, words | {"shown": now[1]}).status_code == 302
    answered.refresh_from_db()
    assert answered.status == Status.IN_PROGRESS


def test_a_second_click_on_solved_is_thanked_as_the_first(answered: Case, alice: User) -> None:
    browser, address = reading_english(alice), f"/cases/{answered.number}/outcome/"
    for _click in range(2):
        text = browser.post(address, {"solved": "yes"}, follow=True).content.decode()
        assert "Thank you. The case is closed" in text
    assert Outcome.objects.count() == 1


def test_her_words_that_it_is_not_solved_send_it_back_to_work(answered: Case, alice: User, jia: User) -> None:
    post_message(answered, by=alice, body="没有解决，还是一样报错", kind=MessageKind.MAIL_IN)
    assert answered.status == Status.IN_PROGRESS and answered.next_due_at is not None
    assert "Your turn" not in page(alice, answered)


def test_a_word_that_it_is_not_solved_leaves_what_is_missing_missing(
    case: Case, alice: User, jia: User
) -> None:
    evidence_requests.ask(case, by=jia, items=[("log", "System")])
    services.record(case, Heard(alice), by=jia, solved=False, words="No")
    assert case.status == Status.WAITING


def test_only_the_cases_customers_answer(answered: Case, bob: User, charlie: User, jia: User) -> None:
    for other in (charlie, jia):
        with pytest.raises(NotAllowed):
            services.answer(answered, by=other, solved=True)
    assert services.answer(answered, by=bob, solved=True).person == bob


def test_a_word_by_phone_is_recorded_with_whose_and_when(case: Case, alice: User, jia: User) -> None:
    case.change("take_up", by=jia)
    said = timezone.now() - timedelta(days=1)
    outcome = services.record(case, Heard(alice, said_at=said), by=jia, solved=True)
    assert (outcome.person, outcome.recorded_by, outcome.at) == (alice, jia, said)
    assert "Alice" in outcome.message.body and outcome.message.author == jia
    assert case.status == Status.CLOSED
    text = page(jia, case)
    assert "Alice · by phone" in text and "written down by Jia" in text


def test_a_word_that_cannot_have_been_said_is_refused(
    case: Case, alice: User, charlie: User, jia: User
) -> None:
    now = timezone.now()
    word: dict[str, Any] = {"by": jia, "solved": True, "heard": Heard(alice)}
    for changed, refusal in (
        ({"heard": Heard(charlie)}, NotTheCustomer),
        ({"heard": Heard(jia)}, NotTheCustomer),
        ({"heard": Heard(alice, said_at=now + timedelta(hours=1))}, InTheFuture),
        ({"heard": Heard(alice, said_at=now - timedelta(days=3000))}, BeforeTheCase),
        ({"by": alice}, NotAllowed),
        ({"heard": Heard(alice, Way.BUTTON)}, NotAllowed),
        ({"solved": False}, NoReason),
    ):
        with pytest.raises(refusal):
            services.record(case, **word | changed)
    case.change("close", by=jia, reason="Done.")
    with pytest.raises(NoResultWaits):
        services.record(case, **word)
    assert not Outcome.objects.exists()


@pytest.mark.parametrize(
    ("post", "solved", "contradicts"),
    [
        ("重装之后还是没有解决", True, True),
        ("It still crashes every morning.", True, True),
        ("已经解决了，谢谢", True, False),
        ("I will try it tomorrow.", True, False),
        ("It is fixed now.", False, True),
    ],
)
def test_words_against_the_button_are_shown_beside_it(
    answered: Case, alice: User, jia: User, post: str, solved: bool, contradicts: bool
) -> None:
    message = post_message(answered, by=alice, body=post)
    words = "" if solved else "As before"
    with listening() as heard:
        outcome = services.record(answered, Heard(alice), by=jia, solved=solved, words=words)
    assert outcome.contradicted_by == (message if contradicts else None)
    assert ("Contradiction" in page(jia, answered)) == contradicts
    assert heard[-1].facts["contradicted"] is contradicts


def test_a_case_closed_against_its_customers_words_stays_in_a_list_until_somebody_writes(
    answered: Case, alice: User, jia: User
) -> None:
    post_message(answered, by=alice, body="It is not solved.")
    assert (answered.status, answered.next_due_at is not None) == (Status.IN_PROGRESS, True)
    services.record(answered, Heard(alice), by=jia, solved=True)
    assert groups(jia) == {"answered": [answered]}
    post_message(answered, by=jia, body="Which of the two is right?")
    assert groups(jia) == {}


def test_of_two_words_the_newer_one_counts(answered: Case, alice: User, jia: User) -> None:
    now = timezone.now()
    post_message(answered, by=alice, body="It is not solved.", at=now - timedelta(hours=3))
    post_message(answered, by=alice, body="It is solved now!", at=now - timedelta(hours=1))
    assert services.record(answered, Heard(alice), by=jia, solved=True).contradicted_by is None


@pytest.mark.parametrize("thanks", ["谢谢！", "Thank you very much!", "收到，谢谢工程师。"])
def test_thanks_reopen_nothing_and_are_in_nobodys_list(
    case: Case, alice: User, jia: User, thanks: str
) -> None:
    case.change("close", by=jia, reason="Done.")
    post_message(case, by=alice, body=thanks, kind=MessageKind.MAIL_IN)
    assert (case.status, case.next_due_at) == (Status.CLOSED, None)
    assert groups(jia) == {}
    assert "Nothing more to do" in page(alice, case)


def test_thanks_for_a_result_start_no_clock(answered: Case, alice: User) -> None:
    post_message(answered, by=alice, body="收到，谢谢")
    assert (answered.status, answered.next_due_at) == (Status.RESULT_SENT, None)
    post_message(answered, by=alice, body="How do I do step 3?")
    assert answered.status == Status.RESULT_SENT and answered.next_due_at is not None


def test_a_question_within_the_grace_time_reopens_the_case(case: Case, alice: User, jia: User) -> None:
    now = timezone.now()
    case.change("close", by=jia, at=now - timedelta(days=29), reason="Done.")
    with listening() as heard:
        post_message(case, by=alice, body="Does it also happen with V2020-L?", at=now)
    assert (case.status, case.closed_at) == (Status.IN_PROGRESS, None)
    assert case.next_due_at == now + timedelta(hours=24)
    assert [activity.kind for activity in heard] == ["reopened", "reply"]


def test_after_the_grace_time_a_question_begins_a_follow_up_case(
    case: Case, alice: User, bob: User, jia: User
) -> None:
    now = timezone.now()
    case.change("close", by=jia, at=now - timedelta(days=31), reason="Done.")
    with listening() as heard:
        post_message(case, by=bob, body="It is there again.", at=now)
    case.refresh_from_db()
    assert (case.status, case.next_due_at) == (Status.CLOSED, None)
    follow_up = Case.objects.exclude(pk=case.pk).get()
    assert (follow_up.title, follow_up.contact, follow_up.engineer) == (case.title, bob, jia)
    assert (follow_up.organisation, follow_up.queue) == (case.organisation, case.queue)
    assert follow_up.status == Status.NEW and follow_up.next_due_at == now + timedelta(hours=24)
    assert follow_up.messages.get().body == "It is there again."
    assert follow_up.number in case.messages.latest("pk").body
    assert [(activity.kind, activity.case) for activity in heard] == [("case_received", follow_up)]
    assert groups(jia) == {"todo": [follow_up]}
    again = post_message(case, by=alice, body="And on the second machine, too.", at=now)
    assert again.case == follow_up and Case.objects.count() == 2
    assert post_message(case, by=alice, body="谢谢", at=now).case == case


def test_it_came_back_is_one_button(case: Case, alice: User, jia: User) -> None:
    with pytest.raises(NotClosed):
        services.came_back(case, by=alice, words="Again")
    case.change("close", by=jia, reason="Done.")
    browser, address = reading_english(alice), f"/cases/{case.number}/again/"
    assert address in page(alice, case)
    assert browser.post(address, {"words": ""}).status_code == 422
    assert browser.post(address, {"words": "谢谢"}).status_code == 302
    case.refresh_from_db()
    assert case.status == Status.IN_PROGRESS


def test_an_upload_to_a_closed_case_has_a_clock_and_no_page_says_that_nothing_is_to_be_done(
    case: Case, alice: User, jia: User
) -> None:
    case.change("close", by=jia, reason="Done.")
    post_message(case, by=alice, body="more.zip", kind=MessageKind.BUNDLE)
    assert case.status == Status.CLOSED and case.next_due_at is not None
    assert groups(jia) == {"answered": [case]}
    progress = progress_of(case)
    assert str(progress.next) != "Nothing more to do"
    for text in (page(alice, case), reading_english(alice).get("/").content.decode()):
        assert "Nothing more to do" not in text
    assert "Your engineer answers you" in page(alice, case)
    later = case.next_due_at + timedelta(minutes=1)
    assert {group.key for group in needs_doing_for(jia, later) if group.cases} == {"overdue"}
    post_message(case, by=jia, body="Received; nothing new in it.")
    assert case.next_due_at is None and groups(jia) == {}


@pytest.mark.parametrize("status", [Status.CLOSED, Status.SUSPENDED])
@pytest.mark.parametrize("owed", [True, False])
def test_an_end_says_nothing_to_do_exactly_where_nothing_is_owed(
    case: Case, alice: User, jia: User, status: Status, owed: bool
) -> None:
    due = timezone.now() + timedelta(hours=23) if owed else None
    Case.objects.filter(pk=case.pk).update(status=status, next_due_at=due, closed_at=timezone.now())
    case.refresh_from_db()
    for text in (page(alice, case), reading_english(alice).get("/").content.decode()):
        assert not (" left" in text and "Nothing more to do" in text)
    api = signed_in(alice).get(f"/api/cases/{case.number}/").json()
    assert (api["next_due_at"] is not None) == owed
    assert groups(jia) == ({"answered": [case]} if owed else {})


def test_a_rating_is_given_once_and_read_by_engineer_and_manager(
    case: Case, alice: User, jia: User, max_: User
) -> None:
    browser, address = reading_english(alice), f"/cases/{case.number}/rating/"
    with pytest.raises(NotClosed):
        services.rate(case, by=alice, stars=5)
    case.change("close", by=jia, reason="Done.")
    assert "How were you served?" in page(alice, case)
    browser.post(address, {"stars": "6"})
    assert not Rating.objects.exists()
    browser.post(address, {"stars": "4", "words": "Quick <but> dry"})
    with pytest.raises(AlreadyRated):
        services.rate(case, by=alice, stars=1)
    for reader in (jia, max_):
        assert "Rated 4 of 5" in page(reader, case) and "Quick &lt;but&gt; dry" in page(reader, case)
    assert "How were you served?" not in page(alice, case)
