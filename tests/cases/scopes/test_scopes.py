"""The scope: proposed, agreed to or objected to by the customer, on the page or on the phone; versions."""

import pytest

from accounts.errors import NotAllowed
from accounts.models import User
from cases.answers.errors import NotTheCustomer
from cases.answers.services import Heard
from cases.desk.progress import progress_of
from cases.errors import CaseIsClosed
from cases.models import Case, Message, MessageKind
from cases.scopes import services as scopes
from cases.scopes.errors import NoObjection, NoProblem, NotOpenToAnswer
from cases.scopes.models import Scope, ScopeState
from cases.signals import ActivityKind
from tests.activity import listening
from tests.people import reading_english, signed_in

pytestmark = pytest.mark.django_db

PROBLEM = "After a restart CodeMeter.exe stops with 0xc0000005."


@pytest.fixture
def scope(case: Case, jia: User) -> Scope:
    scope = scopes.draft(case, by=jia, problem=PROBLEM, included="The cause", excluded="Updates")
    scopes.send(scope, by=jia)
    return scope


def states(case: Case) -> list[tuple[int, str]]:
    return list(case.scopes.order_by("version").values_list("version", "state"))


def test_a_draft_is_the_vendors_alone_and_can_be_written_again(case: Case, jia: User, alice: User) -> None:
    scopes.draft(case, by=jia, problem="Not yet said")
    again = scopes.draft(case, by=jia, problem=" Better\nsaid ")
    assert states(case) == [(1, "drafted")] and again.problem == "Better\nsaid"
    assert not Scope.objects.visible_to(alice).exists()
    assert "Better" not in signed_in(alice).get(f"/cases/{case.number}/").content.decode()
    assert "Better" in signed_in(jia).get(f"/cases/{case.number}/").content.decode()
    assert not Message.objects.filter(kind=MessageKind.SCOPE).exists()
    with pytest.raises(NoProblem):
        scopes.draft(case, by=jia, problem="  \n ")
    with pytest.raises(NotAllowed):
        scopes.draft(case, by=alice, problem="x")


def test_sending_it_asks_the_customer_and_begins_scoping(case: Case, jia: User, alice: User) -> None:
    User.objects.filter(pk=alice.pk).update(language="en")
    case.contact.refresh_from_db()
    with listening() as heard:
        form = {"problem": PROBLEM, "included": "The cause", "excluded": ""}
        answer = signed_in(jia).post(f"/cases/{case.number}/scope/", form)
    case.refresh_from_db()
    entry = Message.objects.get(kind=MessageKind.SCOPE)
    assert answer["Location"].endswith(f"#entry-{entry.pk}")
    assert entry.body == f"Scope, version 1\n\nProblem:\n{PROBLEM}\n\nIn scope:\nThe cause"
    assert case.status == "scoping"
    (told,) = [activity for activity in heard if activity.kind == ActivityKind.SCOPE]
    assert (told.by, told.message, dict(told.facts)) == (
        jia,
        entry,
        {"state": "sent", "version": 1, "scope": entry.scope.pk},
    )
    progress = progress_of(case)
    assert progress.customers_turn and not progress.by_status
    page = reading_english(alice).get(f"/cases/{case.number}/").content.decode()
    assert "Jia asks you: is this what the case is about?" in page and PROBLEM in page
    home = reading_english(alice).get("/").content.decode()
    assert "Please say whether the scope of the case is right." in home


def test_the_customer_agrees_on_her_page_and_work_begins(
    case: Case, scope: Scope, alice: User, jia: User
) -> None:
    with listening() as heard:
        signed_in(alice).post(f"/cases/{case.number}/scope/{scope.pk}/answer/", {"answer": "agree"})
    scope.refresh_from_db()
    case.refresh_from_db()
    assert (scope.state, scope.answered_by, scope.recorded_by) == ("agreed", alice, None)
    assert case.status == "in_progress" and not progress_of(case).customers_turn
    (told,) = [activity for activity in heard if activity.kind == ActivityKind.SCOPE]
    assert told.facts["state"] == "agreed" and told.message == Message.objects.last()
    assert not [activity for activity in heard if activity.kind == ActivityKind.REPLY], "told once"
    page = reading_english(jia).get(f"/cases/{case.number}/").content.decode()
    assert "Agreed" in page and "is this what the case is about" not in page
    with pytest.raises(NotOpenToAnswer):
        scopes.answer(scope, agrees=False, by=alice, words="After all not")


def test_an_objection_needs_words_and_can_become_an_agreement(
    case: Case, scope: Scope, alice: User, bob: User, jia: User
) -> None:
    answer = reading_english(alice).post(
        f"/cases/{case.number}/scope/{scope.pk}/answer/", {"answer": "object"}, follow=True
    )
    assert "Say what is not right about the scope" in answer.content.decode()
    with pytest.raises(NoObjection):
        scopes.answer(scope, agrees=False, by=alice)
    scopes.answer(scope, agrees=False, by=alice, words="<b>Updates</b> belong to it")
    scope.refresh_from_db()
    assert (scope.state, scope.words) == ("objected", "<b>Updates</b> belong to it")
    assert case.status == "scoping" and not progress_of(case).customers_turn
    assert (
        "&lt;b&gt;Updates&lt;/b&gt; belong to it"
        in signed_in(jia).get(case.get_absolute_url()).content.decode()
    )
    scopes.answer(scope, agrees=True, by=bob)
    assert (scope.state, scope.answered_by) == ("agreed", bob)


def test_a_newer_version_replaces_the_one_before(case: Case, scope: Scope, alice: User, jia: User) -> None:
    scopes.answer(scope, agrees=True, by=alice)
    second = scopes.draft(case, by=jia, problem="Narrower")
    assert states(case) == [(1, "agreed"), (2, "drafted")], "a draft replaces nothing"
    scopes.send(second, by=jia)
    assert states(case) == [(1, "superseded"), (2, "sent")]
    with pytest.raises(NotOpenToAnswer):
        scopes.answer(scope, agrees=True, by=alice)
    with pytest.raises(NotOpenToAnswer):
        scopes.send(second, by=jia)
    case.refresh_from_db()
    assert progress_of(case).customers_turn and case.status == "in_progress"


def test_a_word_on_the_phone_is_noted_with_whose_it_is(
    case: Case, scope: Scope, alice: User, bob: User, charlie: User, jia: User, yi: User
) -> None:
    address = f"/cases/{case.number}/scope/{scope.pk}/answer/"
    form = {"answer": "agree", "person": bob.pk, "way": "phone", "words": "Fine with us"}
    assert signed_in(jia).post(address, form | {"person": charlie.pk}).status_code == 422
    scope.refresh_from_db()
    assert scope.state == ScopeState.SENT, "she is none of theirs"
    signed_in(jia).post(address, form)
    scope.refresh_from_db()
    assert (scope.state, scope.answered_by, scope.recorded_by) == ("agreed", bob, jia)
    note = Message.objects.get(kind=MessageKind.SYSTEM)
    assert note.author == jia and not note.internal and note.body.endswith("Fine with us")
    page = reading_english(alice).get(case.get_absolute_url()).content.decode()
    assert "by phone, noted by Jia" in page
    with pytest.raises(NotTheCustomer):
        scopes.answer(scope, agrees=True, by=jia, heard=Heard(yi))
    # A customer speaks for herself, whatever her form says.
    second = scopes.draft(case, by=jia, problem="x")
    scopes.send(second, by=jia)
    signed_in(alice).post(f"/cases/{case.number}/scope/{second.pk}/answer/", form)
    second.refresh_from_db()
    assert (second.answered_by, second.recorded_by) == (alice, None)


def test_a_closed_case_asks_for_nothing(case: Case, scope: Scope, jia: User) -> None:
    case.change("close", by=jia, reason="Done.")
    assert not progress_of(case).customers_turn
    with pytest.raises(CaseIsClosed):
        scopes.draft(case, by=jia, problem="x")


def test_programs_read_the_scope_with_its_entry(case: Case, scope: Scope, alice: User, charlie: User) -> None:
    scopes.answer(scope, agrees=False, by=alice, words="No")
    rows = signed_in(alice).get(f"/api/cases/{case.number}/messages/").json()["results"]
    shown = [row["scope"] for row in rows if row["kind"] == "scope"]
    assert shown[0].pop("answered_at")
    assert shown == [
        {
            "version": 1,
            "state": "objected",
            "problem": PROBLEM,
            "included": "The cause",
            "excluded": "Updates",
            "answered_by": "Alice",
            "way": "button",
            "words": "No",
        }
    ]
    assert [row["scope"] for row in rows if row["kind"] != "scope"] == [None, None]
    assert signed_in(charlie).get(f"/api/cases/{case.number}/messages/").status_code == 404
