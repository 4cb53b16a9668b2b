"""A case is closed for the time being by recorded consent or after announced silence, and goes on."""

from datetime import timedelta
from typing import Any

import pytest
from django.utils import timezone

from accounts.errors import NotAllowed
from accounts.models import User
from cases import times
from cases.answers.errors import InTheFuture, NotTheCustomer
from cases.answers.models import Way
from cases.answers.services import Heard
from cases.errors import IllegalStatusChange
from cases.models import Case, MessageKind
from cases.pauses import services as pauses
from cases.pauses.errors import NoLaterDay, NoWayOn
from cases.pauses.models import Suspension
from cases.services import post_message
from cases.status import Status
from tests.activity import listening
from tests.people import reading_english, report, signed_in

pytestmark = pytest.mark.django_db


def page(user: User, case: Case) -> str:
    return reading_english(user).get(case.get_absolute_url()).content.decode()


def consent(jia: User, alice: User, **changed: Any) -> dict[str, Any]:
    heard: dict[str, Any] = {
        "person": alice,
        "way": Way.PHONE,
        "said_at": timezone.now() - timedelta(hours=1),
    }
    heard |= {name: changed.pop(name) for name in heard.keys() & changed.keys()}
    facts = {"by": jia, "resumes_when": "when the logs of the next shift are there."}
    return {"heard": Heard(**heard)} | facts | changed


def test_the_engineer_records_whose_consent_it_is_and_with_what_the_case_goes_on(
    case: Case, alice: User, jia: User
) -> None:
    assert "When?" in reading_english(jia).get(f"/cases/{case.number}/suspend/").content.decode()
    with listening() as heard:
        suspension = pauses.suspend(case, **consent(jia, alice))
    assert (suspension.person, suspension.way, suspension.by) == (alice, "phone", jia)
    assert (case.status, case.next_due_at) == (Status.SUSPENDED, None)
    assert [activity.kind for activity in heard] == ["suspended"]
    entry = case.messages.filter(kind=MessageKind.SYSTEM).get()
    assert "Alice" in entry.body and "the next shift" in entry.body and not entry.internal
    for reader in (alice, jia):
        text = page(reader, case)
        assert "It goes on: when the logs of the next shift are there." in text
        assert "Agreed to by Alice, by phone" in text


def test_without_consent_nothing_is_suspended(
    case: Case, alice: User, charlie: User, jia: User, yi: User
) -> None:
    later = timezone.now() + timedelta(hours=1)
    today = times.day_of(timezone.now())
    for changed, refusal in (
        ({"person": charlie}, NotTheCustomer),
        ({"person": yi}, NotTheCustomer),
        ({"said_at": later}, InTheFuture),
        ({"resumes_when": " 。 "}, NoWayOn),
        ({"resumes_on": today}, NoLaterDay),
        ({"by": alice}, NotAllowed),
        ({"way": Way.SILENCE}, NotAllowed),
    ):
        with pytest.raises(refusal):
            pauses.suspend(case, **consent(jia, alice, **changed))
    assert signed_in(jia).post(f"/cases/{case.number}/status/", {"change": "suspend"}).status_code == 422
    case.refresh_from_db()
    assert case.status == Status.NEW and not Suspension.objects.exists()
    case.change("close", by=jia, reason="Done.")
    with pytest.raises(IllegalStatusChange):
        pauses.suspend(case, **consent(jia, alice))
    assert not Suspension.objects.exists()


def test_the_customer_pauses_her_case_by_a_button(case: Case, alice: User, charlie: User, jia: User) -> None:
    case.wait_for_customer(by=jia)
    address = f"/cases/{case.number}/suspend/"
    assert address in page(alice, case)
    assert signed_in(charlie).post(address, {"resumes_when": "x"}).status_code == 404
    assert reading_english(alice).post(address, {"resumes_when": " "}).status_code == 422
    reading_english(alice).post(address, {"resumes_when": "after the stocktaking"})
    case.refresh_from_db()
    assert case.status == Status.SUSPENDED
    assert (Suspension.objects.get().person, Suspension.objects.get().way) == (alice, "button")
    post_message(case, by=alice, body="Here we go.")
    case.refresh_from_db()
    assert case.status == Status.IN_PROGRESS
    assert "after the stocktaking" not in page(alice, case).split("thread-head")[0]


def test_on_the_day_that_was_agreed_the_case_goes_on_by_itself(case: Case, alice: User, jia: User) -> None:
    now = timezone.now()
    day = times.day_of(now) + timedelta(days=10)
    pauses.suspend(case, **consent(jia, alice, resumes_on=day))
    assert day.isoformat() in page(alice, case)
    pauses.resume_those_whose_day_has_come(now + timedelta(days=9))
    case.refresh_from_db()
    assert case.status == Status.SUSPENDED
    with listening() as heard:
        pauses.resume_those_whose_day_has_come(now + timedelta(days=10))
        pauses.resume_those_whose_day_has_come(now + timedelta(days=11))
    case.refresh_from_db()
    assert case.status == Status.IN_PROGRESS and case.next_due_at is not None
    assert [(activity.kind, activity.by) for activity in heard] == [("resumed", None)]
    pauses.suspend(case, **consent(jia, alice))
    pauses.resume_those_whose_day_has_come(now + timedelta(days=12))
    case.refresh_from_db()
    assert case.status == Status.SUSPENDED, "the day of an earlier pause is over"


def test_a_case_that_cannot_go_on_keeps_no_other_waiting(
    case: Case, alice: User, jia: User, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    other = report(alice, engineer=jia)
    day = times.day_of(timezone.now()) + timedelta(days=3)
    for each in (case, other):
        pauses.suspend(each, **consent(jia, alice, resumes_on=day))
    change_status = Case.change_status

    def broken(self: Case, *given: Any, **facts: Any) -> None:
        if self.pk == case.pk:
            raise RuntimeError("broken")
        change_status(self, *given, **facts)

    now = timezone.now() + timedelta(days=3)
    with monkeypatch.context() as patched:
        patched.setattr(Case, "change_status", broken)
        pauses.resume_those_whose_day_has_come(now)
    case.refresh_from_db()
    other.refresh_from_db()
    assert (case.status, other.status) == (Status.SUSPENDED, Status.IN_PROGRESS)
    assert "broken" in caplog.text
    pauses.resume_those_whose_day_has_come(now)
    case.refresh_from_db()
    assert case.status == Status.IN_PROGRESS, "the next sweep tries it again"
