"""An engineer asks whether a case may be closed for the time being; only the customer's word closes it."""

from datetime import timedelta

import pytest
from django.utils import timezone

from accounts.errors import NotAllowed
from accounts.models import User
from cases import times
from cases.answers.services import Heard
from cases.desk.progress import progress_of
from cases.desk.queries import needs_doing_for
from cases.errors import IllegalStatusChange
from cases.evidence_requests import services as evidence_requests
from cases.models import Case, MessageKind
from cases.pauses import proposals
from cases.pauses import services as pauses
from cases.pauses.errors import NoLaterDay, NotProposed, NoWayOn
from cases.pauses.models import Suspension, SuspensionProposal
from cases.services import post_message
from cases.status import Status
from tests.activity import listening
from tests.people import reading_english, signed_in

pytestmark = pytest.mark.django_db

WHEN = "when the logs of the next shift are there"


@pytest.fixture
def proposal(case: Case, jia: User) -> SuspensionProposal:
    case.change("take_up", by=jia)
    return proposals.propose(case, by=jia, resumes_when=f" {WHEN}. ")


def page(user: User, case: Case) -> str:
    return reading_english(user).get(case.get_absolute_url()).content.decode()


def test_nothing_changes_before_she_agrees(
    case: Case, proposal: SuspensionProposal, alice: User, jia: User
) -> None:
    case.refresh_from_db()
    assert (case.status, case.next_due_at) == (Status.IN_PROGRESS, None), "nothing is owed meanwhile"
    assert (proposal.state, proposal.resumes_when, proposal.message.kind) == ("proposed", WHEN, "pause")
    assert not Suspension.objects.exists()
    hers = page(alice, case)
    assert "Jia asks you: may we close this case for the time being?" in hers
    assert f"It goes on: {WHEN}." in hers and " left" not in hers.split("thread-head")[0]
    assert "Please say whether we may close the case for the time being." in hers
    assert "Waits for the customer's word" in page(jia, case)
    assert progress_of(case).customers_turn
    (group,) = [group for group in needs_doing_for(jia) if group.cases]
    assert group.key == "waiting"


def test_agreed_on_her_page_it_is_closed_for_the_time_being(
    case: Case, proposal: SuspensionProposal, alice: User, bob: User, jia: User
) -> None:
    with listening() as heard:
        signed_in(bob).post(f"/cases/{case.number}/suspension/{proposal.pk}/answer/", {"answer": "agree"})
    case.refresh_from_db()
    proposal.refresh_from_db()
    assert case.status == Status.SUSPENDED
    assert (proposal.state, proposal.way, proposal.answered_by) == ("agreed", "button", bob)
    suspension = Suspension.objects.get()
    assert (suspension.person, suspension.way, suspension.proposal) == (bob, "button", proposal)
    assert suspension.resumes_when == WHEN
    assert [activity.kind for activity in heard] == ["suspended"]
    assert "Agreed to by Bob, on the portal" in page(jia, case)
    with pytest.raises(NotProposed):
        proposals.answer(proposal, agrees=False, by=alice)


def test_asked_to_go_on_the_engineer_is_told_and_the_clock_runs(
    case: Case, proposal: SuspensionProposal, alice: User, jia: User
) -> None:
    with listening() as heard:
        proposals.answer(proposal, agrees=False, by=alice, words="We <need> it this week")
    case.refresh_from_db()
    assert case.status == Status.IN_PROGRESS and case.next_due_at is not None
    (told,) = heard
    assert (told.kind, told.facts["state"], told.by) == ("suspension_asked", "declined", alice)
    assert told.reason == "We <need> it this week"
    assert "We &lt;need&gt; it this week" in page(jia, case)
    (group,) = [group for group in needs_doing_for(jia) if group.cases]
    assert group.key == "answered"


def test_it_is_taken_back_and_replaced(
    case: Case, proposal: SuspensionProposal, alice: User, jia: User
) -> None:
    second = proposals.propose(case, by=jia, resumes_when="after the stocktaking")
    proposal.refresh_from_db()
    assert (proposal.state, second.state) == ("superseded", "proposed")
    with pytest.raises(NotProposed):
        proposals.answer(proposal, agrees=True, by=alice)
    with pytest.raises(NotAllowed):
        proposals.withdraw(second, by=alice)
    with listening() as heard:
        reading_english(jia).post(f"/cases/{case.number}/suspension/{second.pk}/withdraw/")
    second.refresh_from_db()
    case.refresh_from_db()
    assert (second.state, second.ended_by) == ("withdrawn", jia)
    assert case.next_due_at is not None, "the engineer's turn again"
    assert [(told.kind, told.facts["state"]) for told in heard] == [("suspension_asked", "withdrawn")]
    assert "may we close this case" not in page(alice, case).split("thread-head")[0]
    for act in (
        lambda: proposals.withdraw(second, by=jia),
        lambda: proposals.answer(second, agrees=True, by=alice),
    ):
        with pytest.raises(NotProposed):
            act()


def test_a_word_that_the_engineer_heard_is_recorded(
    case: Case, proposal: SuspensionProposal, alice: User, charlie: User, jia: User
) -> None:
    address = f"/cases/{case.number}/suspension/{proposal.pk}/answer/"
    form = {"answer": "agree", "person": alice.pk, "way": "mail"}
    signed_in(jia).post(address, form | {"person": charlie.pk})
    assert not Suspension.objects.exists(), "she is none of theirs"
    signed_in(jia).post(address, form)
    suspension = Suspension.objects.get()
    assert (suspension.person, suspension.way, suspension.by) == (alice, "mail", jia)
    assert "Alice" in case.messages.filter(kind=MessageKind.SYSTEM).get().body


def test_a_word_noted_without_the_proposal_overtakes_it(
    case: Case, proposal: SuspensionProposal, alice: User, jia: User
) -> None:
    pauses.suspend(case, Heard(alice), by=jia, resumes_when="in May")
    proposal.refresh_from_db()
    assert proposal.state == "lapsed" and Suspension.objects.get().proposal is None


def test_its_day_and_the_end_of_the_case_end_it(case: Case, alice: User, jia: User) -> None:
    now = timezone.now()
    day = times.day_of(now) + timedelta(days=3)
    proposal = proposals.propose(case, by=jia, resumes_when=WHEN, resumes_on=day)
    pauses.resume_those_whose_day_has_come(now + timedelta(days=2))
    proposal.refresh_from_db()
    assert proposal.state == "proposed"
    with pytest.raises(NotProposed):
        proposals.answer(proposal, agrees=True, by=alice, at=now + timedelta(days=3))
    pauses.resume_those_whose_day_has_come(now + timedelta(days=3))
    proposal.refresh_from_db()
    case.refresh_from_db()
    assert proposal.state == "lapsed" and case.next_due_at is not None
    second = proposals.propose(case, by=jia, resumes_when=WHEN)
    case.change("close", by=jia, reason="Done.")
    case.change("resume", by=jia, reason="It goes on.")
    second.refresh_from_db()
    assert second.state == "lapsed" and not progress_of(case).customers_turn


@pytest.mark.parametrize("step", ["begin_analysis", "send_result"])
def test_life_that_goes_on_overtakes_it(
    case: Case, proposal: SuspensionProposal, alice: User, step: str
) -> None:
    case.change_status(step, by=None, reason="", at=timezone.now())
    proposal.refresh_from_db()
    assert proposal.state == "lapsed"
    assert "may we close this case" not in page(alice, case).split("thread-head")[0]


@pytest.mark.parametrize("way", ["by hand", "with a reply"])
def test_waiting_for_her_word_lets_the_question_stand(
    case: Case, proposal: SuspensionProposal, alice: User, jia: User, way: str
) -> None:
    browser = signed_in(jia)
    if way == "by hand":
        form = {"change": "wait_for_customer", "reason": "May we close it?"}
        browser.post(f"/cases/{case.number}/status/", form)
    else:
        form = {"kind": "reply", "body": "May we close it?", "then": "wait_for_customer"}
        browser.post(f"/cases/{case.number}/reply/", form)
    case.refresh_from_db()
    assert case.status == Status.WAITING
    assert "Jia asks you: may we close this case for the time being?" in page(alice, case)
    proposals.answer(proposal, agrees=True, by=alice)
    case.refresh_from_db()
    assert case.status == Status.SUSPENDED


@pytest.mark.parametrize("waits", [False, True])
def test_another_request_overtakes_it(
    case: Case, proposal: SuspensionProposal, jia: User, waits: bool
) -> None:
    if waits:
        case.wait_for_customer(by=jia)
    evidence_requests.ask(case, by=jia, items=[("log", "System")])
    proposal.refresh_from_db()
    assert proposal.state == "lapsed"


def test_what_she_writes_instead_is_pointed_out_and_the_question_still_waits(
    case: Case, alice: User, jia: User
) -> None:
    case.wait_for_customer(by=jia)
    proposal = proposals.propose(case, by=jia, resumes_when=WHEN)
    assert "She has written since" not in page(jia, case)
    post_message(case, by=alice, body="Agreed, but not for long.")
    case.refresh_from_db()
    proposal.refresh_from_db()
    assert (case.status, proposal.state) == (Status.IN_PROGRESS, "proposed")
    assert "She has written since. If that is her word, note it down" in page(jia, case)
    assert "what was written since; this question still waits for your word" in page(alice, case)


def test_whose_word_it_is_has_to_be_chosen(case: Case, proposal: SuspensionProposal, jia: User) -> None:
    assert '<option value="" selected>Choose who said it</option>' in page(jia, case)
    browser = reading_english(jia)
    form = {"resumes_when": WHEN, "way": "phone"}
    address = f"/cases/{case.number}/suspend/"
    assert '<option value="" selected>Choose who said it</option>' in browser.get(address).content.decode()
    assert browser.post(address, form).status_code == 422
    assert not Suspension.objects.exists()


def test_what_cannot_be_proposed(case: Case, alice: User, jia: User) -> None:
    today = times.day_of(timezone.now())
    with pytest.raises(NoWayOn):
        proposals.propose(case, by=jia, resumes_when=" 。")
    with pytest.raises(NoLaterDay):
        proposals.propose(case, by=jia, resumes_when=WHEN, resumes_on=today)
    with pytest.raises(NotAllowed):
        proposals.propose(case, by=alice, resumes_when=WHEN)
    browser, address = reading_english(jia), f"/cases/{case.number}/suspension/"
    assert "With what does it go on?" in browser.get(address).content.decode()
    assert browser.post(address, {"resumes_when": " "}).status_code == 422
    case.change("close", by=jia, reason="Done.")
    with pytest.raises(IllegalStatusChange):
        proposals.propose(case, by=jia, resumes_when=WHEN)
    assert browser.post(address, {"resumes_when": WHEN}).status_code == 409
    assert not SuspensionProposal.objects.exists()


def test_a_question_of_hers_meanwhile_is_owed_an_answer(
    case: Case, proposal: SuspensionProposal, alice: User, jia: User
) -> None:
    post_message(case, by=alice, body="For how long?")
    assert case.next_due_at is not None and progress_of(case).customers_turn
    assert "Answer to you" in page(alice, case)
    post_message(case, by=jia, body="Until May.")
    assert case.next_due_at is None


def test_its_day_postpones_no_answer_that_she_is_owed(case: Case, alice: User, jia: User) -> None:
    now = timezone.now()
    day = times.day_of(now) + timedelta(days=1)
    proposals.propose(case, by=jia, resumes_when=WHEN, resumes_on=day)
    post_message(case, by=alice, body="For how long?")
    case.refresh_from_db()
    due = case.next_due_at
    assert due is not None
    pauses.resume_those_whose_day_has_come(now + timedelta(days=1))
    case.refresh_from_db()
    assert case.suspension_proposals.get().state == "lapsed" and case.next_due_at == due


def test_programs_propose_answer_and_take_back(case: Case, alice: User, charlie: User, jia: User) -> None:
    address, json = f"/api/cases/{case.number}/suspension/proposal", "application/json"
    vendor, customer = signed_in(jia), signed_in(alice)
    assert customer.post(address, {"resumes_when": WHEN}, json).status_code == 403
    assert signed_in(charlie).post(address, {"resumes_when": WHEN}, json).status_code == 404
    assert vendor.delete(address).json()["error"]["code"] == "not-proposed"
    assert vendor.post(address, {"resumes_when": WHEN}, json).json()["next_due_at"] is None
    rows = customer.get(f"/api/cases/{case.number}/messages/").json()["results"]
    (shown,) = [row["suspension_proposal"] for row in rows if row["kind"] == "pause"]
    assert (shown["state"], shown["resumes_when"], shown["way"]) == ("proposed", WHEN, "")
    assert vendor.delete(address).json()["next_due_at"] is not None
    vendor.post(address, {"resumes_when": WHEN}, json)
    heard = {"agrees": True, "person": alice.email, "way": "mail"}
    assert vendor.post(f"{address}/answer", {"agrees": True}, json).status_code == 400
    assert vendor.post(f"{address}/answer", heard, json).json()["status"] == "suspended"
    assert customer.post(f"{address}/answer", {"agrees": True}, json).status_code == 409
