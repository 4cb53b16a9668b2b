"""The links in mails that answer without signing in: a result, a scope, times, an appointment, a pause."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.core import signing
from django.core.cache import cache
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from accounts.models import User
from cases.answer_links import links
from cases.answer_links.kinds import KINDS, OfAppointment, OfPause, OfResult, OfScope, OfTimes
from cases.answer_links.question import Question
from cases.appointments import services as appointments
from cases.appointments.models import Appointment, AppointmentState, Medium
from cases.models import Case, MessageKind
from cases.outcomes.models import Outcome
from cases.pauses import proposals
from cases.pauses.models import ProposalState, Suspension
from cases.scopes import services as scopes
from cases.scopes.models import Scope, ScopeState
from cases.services import post_message
from cases.status import Status
from tests.people import signed_in

pytestmark = pytest.mark.django_db

Asks = Callable[[Case, User, User], Question[Any, Any]]

LATER = timezone.now().replace(second=0, microsecond=0) + timedelta(days=2)


def _result(case: Case, alice: User, jia: User) -> OfResult:
    case.change("take_up", by=jia)
    case.send_result(by=jia)
    return OfResult(alice, case)


def _scope(case: Case, alice: User, jia: User) -> OfScope:
    scope = scopes.draft(case, by=jia, problem="The service stops", excluded="Updates")
    scopes.send(scope, by=jia)
    return OfScope(alice, scope)


def _times(case: Case, alice: User, jia: User) -> OfTimes:
    starts = [LATER, LATER + timedelta(days=1)]
    return OfTimes(
        alice, appointments.propose(case, by=jia, starts=starts, minutes=30, medium=Medium.PHONE, note="Hush")
    )


def _appointment(case: Case, alice: User, jia: User) -> OfAppointment:
    appointment = _times(case, alice, jia).subject
    appointments.agree(appointment, LATER, by=alice)
    return OfAppointment(alice, appointment)


def _pause(case: Case, alice: User, jia: User) -> OfPause:
    return OfPause(alice, proposals.propose(case, by=jia, resumes_when="when the logs are there"))


ALL: dict[str, tuple[Asks, str, dict[str, str], str]] = {
    "result": (_result, "Is it solved?", {"solved": "yes"}, "The case is closed"),
    "scope": (_scope, "The service stops", {"answer": "agree"}, "The scope is agreed"),
    "times": (
        _times,
        "Which of these times suits you?",
        {"answer": "decline", "words": "On Friday"},
        "proposes other",
    ),
    "appointment": (
        _appointment,
        "Call the appointment off?",
        {"reason": "A holiday"},
        "The appointment is cancelled",
    ),
    "pause": (_pause, "It goes on: when the logs are there.", {"answer": "agree"}, "closed for the time"),
}


@pytest.fixture(autouse=True)
def _english(alice: User) -> None:
    cache.clear()
    User.objects.filter(pk=alice.pk).update(language="en")
    alice.refresh_from_db()


def state(case: Case) -> tuple[Any, ...]:
    case.refresh_from_db()
    rows = [model.objects.order_by("pk").values_list("state", flat=True) for model in (Scope, Appointment)]
    proposed = case.suspension_proposals.values_list("state", flat=True)
    return case.status, case.messages.count(), *map(list, rows), list(proposed)


def test_every_kind_is_tried_here() -> None:
    assert {kind.kind for kind in KINDS} == ALL.keys()


@pytest.mark.parametrize("kind", ALL)
def test_it_asks_without_sign_in_and_opening_it_changes_nothing(
    case: Case, alice: User, bob: User, charlie: User, jia: User, kind: str
) -> None:
    asks, question, form, thanks = ALL[kind]
    stranger = Client(headers={"Accept-Language": "en"})
    address = links.path_of(asks(case, alice, jia))
    before = state(case)
    for _ in range(2):
        shown = stranger.get(address)
        text = shown.content.decode()
        assert "You answer as Alice." in text and question in text
        assert case.number in text, "she may have several cases"
        assert case.title not in text and "Jia" not in text and "Hush" not in text
        assert stranger.head(address).status_code == 200
        assert "no-store" in shown["Cache-Control"]
    for other in (jia, bob, charlie):
        assert signed_in(other).get(address).status_code == 404
        assert signed_in(other).post(address, form).status_code == 404
    assert state(case) == before
    assert signed_in(alice).get(address).status_code == 200
    done = stranger.post(address, form)
    assert done.status_code == 200 and thanks in done.content.decode()
    after = state(case)
    assert after != before
    for answer in (stranger.post(address, form), stranger.get(address)):
        assert answer.status_code == 410 and "answers nothing any more" in answer.content.decode()
    assert state(case) == after, "a link answers once"


@pytest.mark.parametrize("kind", ALL)
def test_it_is_void_for_who_may_not_see_the_case_any_more_or_has_changed_it(
    case: Case, alice: User, charlie: User, jia: User, kind: str
) -> None:
    question = ALL[kind][0](case, alice, jia)
    token = links.make(question)
    assert links.read(token) is not None
    for other in (charlie, jia):
        assert links.read(links.make(type(question)(other, question.subject))) is None
    assert links.read(token[:-2] + "xx") is None
    facts = signing.loads(token, salt=links.SALT)
    assert links.read(signing.dumps(facts, salt="elsewhere")) is None
    for changed in ("other", [], ["none", *facts[1:]], [*facts[:3], 0], ["x", "y"]):
        assert links.read(signing.dumps(changed, salt=links.SALT)) is None
    assert links.read("") is None and links.read("a:b:c") is None
    alice.is_active = False
    alice.save()
    assert links.read(token) is None


@pytest.mark.parametrize("kind", ALL)
def test_it_ends_after_thirty_days_and_with_the_case(
    case: Case, alice: User, jia: User, kind: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    token = links.make(ALL[kind][0](case, alice, jia))
    assert timedelta(days=30) == links.MAX_AGE
    with monkeypatch.context() as later:
        later.setattr(links, "MAX_AGE", timedelta(seconds=-1))
        assert links.read(token) is None
    case.change("close", by=jia, reason="Done.")
    if kind != "appointment":  # That still stands in calendars.
        assert links.read(token) is None


def test_a_newer_question_voids_the_links_of_the_one_before(case: Case, alice: User, jia: User) -> None:
    replaced: list[Asks] = [_scope, _times, _pause]
    tokens = [links.make(asks(case, alice, jia)) for asks in replaced]
    newer = [links.make(asks(case, alice, jia)) for asks in replaced]
    assert [links.read(token) for token in tokens] == [None, None, None]
    assert all(links.read(token) for token in newer)
    result = _result(case, alice, jia)
    token = links.make(result)
    case.send_result(by=jia, at=timezone.now() + timedelta(seconds=1))
    assert links.read(token) is None


def test_each_answer_is_kept_with_the_way_it_came(case: Case, alice: User, jia: User) -> None:
    scope, times, pause = _scope(case, alice, jia), _times(case, alice, jia), _pause(case, alice, jia)
    stranger = Client()
    stranger.post(links.path_of(scope), {"answer": "object", "words": "Updates <b>too</b>"})
    chosen = times.subject.times.last()
    assert chosen is not None
    stranger.post(links.path_of(times), {"answer": "agree", "time": chosen.pk})
    stranger.post(links.path_of(pause), {"answer": "agree"})
    for row, expected in (
        (scope.subject, ScopeState.OBJECTED),
        (times.subject, AppointmentState.AGREED),
        (pause.subject, ProposalState.AGREED),
    ):
        row.refresh_from_db()
        assert (row.state, row.way, row.answered_by, row.recorded_by) == (expected, "link", alice, None)
    assert (scope.subject.words, times.subject.starts_at) == ("Updates <b>too</b>", chosen.starts_at)
    suspension = Suspension.objects.get()
    assert (suspension.way, suspension.person, suspension.proposal) == ("link", alice, pause.subject)
    entries = case.messages.filter(kind=MessageKind.SYSTEM)
    assert [entry.author for entry in entries] == [alice] * 3
    page = signed_in(jia).get(case.get_absolute_url()).content.decode()
    assert "通过邮件中的链接" in page and "Updates &lt;b&gt;too&lt;/b&gt;" in page


def test_what_is_missing_is_asked_for_and_the_words_stay(case: Case, alice: User, jia: User) -> None:
    scope, times = _scope(case, alice, jia), _times(case, alice, jia)
    stranger = Client()
    refused = stranger.post(links.path_of(scope), {"answer": "object", "words": " "})
    assert refused.status_code == 400 and "Say what is not right" in refused.content.decode()
    refused = stranger.post(links.path_of(times), {"answer": "agree"})
    assert refused.status_code == 400 and "Choose one of the proposed times" in refused.content.decode()
    assert stranger.post(links.path_of(times), {"answer": "agree", "time": "0"}).status_code == 422
    assert stranger.post(links.path_of(scope), {}).status_code == 422
    assert (Scope.objects.get().state, Appointment.objects.get().state) == ("sent", "proposed")


def test_solved_by_link_closes_the_case(case: Case, alice: User, jia: User) -> None:
    question = _result(case, alice, jia)
    assert "closed" in Client().post(links.path_of(question), {"solved": "yes"}).content.decode()
    case.refresh_from_db()
    assert case.status == Status.CLOSED
    assert (Outcome.objects.get().way, Outcome.objects.get().person) == ("link", alice)


def test_whoever_opens_links_without_end_is_stopped(case: Case, alice: User, jia: User) -> None:
    stranger, address = Client(), links.path_of(_scope(case, alice, jia))
    for _ in range(120):
        assert stranger.get("/answer/forged/").status_code == 410
    assert stranger.get(address).status_code == 429
    assert Client(REMOTE_ADDR="203.0.113.9").get(address).status_code == 200


def test_nobody_finds_the_link_in_a_mail_that_was_quoted(case: Case, alice: User, jia: User) -> None:
    path = links.path_of(_result(case, alice, jia))
    body = f"Not yet.\n\n> Tell us:\n> https://support.vendor.example{path}\n> Regards"
    entry = post_message(case, by=alice, body=body, kind=MessageKind.MAIL_IN)
    assert entry.body == "Not yet.\n\n> Tell us:\n> https://support.vendor.example/answer/…/\n> Regards"


def test_nor_the_one_that_ends_the_mails_of_whoever_quotes_it(case: Case, jia: User) -> None:
    path = reverse("unsubscribe", args=[signing.dumps(["reply", jia.pk])])
    body = f"Today.\n\n> Stop:\n> https://support.vendor.example{path}"
    entry = post_message(case, by=jia, body=body, kind=MessageKind.MAIL_IN)
    assert entry.body == "Today.\n\n> Stop:\n> https://support.vendor.example/mail/unsubscribe/…/"
