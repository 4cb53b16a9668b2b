"""A case moves only by the table of legal changes, and its history keeps every step."""

import re
from datetime import timedelta
from pathlib import Path
from threading import Barrier, Thread
from typing import Any

import pytest
from django.conf import settings
from django.db import connections
from django.db.models import TextChoices
from django.utils import timezone, translation
from django.utils.translation import gettext_lazy as _

from accounts.errors import NotAllowed
from accounts.models import User
from cases.desk.activity import with_activity
from cases.desk.queries import needs_doing_for
from cases.errors import IllegalStatusChange, NobodyAgreed
from cases.events import EventKind
from cases.models import OF_CHANGES, Case, MessageKind
from cases.outcomes import services as outcomes
from cases.services import post_message
from cases.status import CHANGES, CLOSED, ENDED, Status, StatusFacts, changes_by_hand
from tests.activity import listening
from tests.people import reading_english, suspended

pytestmark = pytest.mark.django_db

TABLE = """
            scope   take_up     wait_for_customer begin_analysis end_analysis send_result suspend   resume      close
new         scoping in_progress waiting           analysing      -            result_sent suspended -           closed
scoping     -       in_progress waiting           analysing      -            result_sent suspended -           closed
in_progress scoping -           waiting           analysing      -            result_sent suspended -           closed
waiting     -       -           -                 analysing      -            result_sent suspended in_progress closed
analysing   -       -           waiting           -              in_progress  result_sent suspended -           closed
result_sent -       -           waiting           analysing      -            result_sent suspended in_progress closed
suspended   -       -           -                 analysing      -            result_sent -         in_progress closed
closed      -       -           -                 -              -            -           -         in_progress -
"""  # noqa: E501 (a row is a status)
"""From each status (row) by each change (column) to which status; ``-``: refused."""

BUTTONS = {
    "new": ["Agree on the scope", "Take up", "Wait for the customer", "Close"],
    "scoping": ["Take up", "Wait for the customer", "Close"],
    "in_progress": ["Agree on the scope", "Wait for the customer", "Close"],
    "waiting": ["Resume", "Close"],
    "analysing": ["Wait for the customer", "Close"],
    "result_sent": ["Wait for the customer", "Resume", "Close"],
    "suspended": ["Resume", "Close"],
    "closed": ["Resume"],
}

RESUMES_ON = {
    "new": "",
    "scoping": "",
    "in_progress": "",
    "waiting": "answer, upload, items",
    "analysing": "",
    "result_sent": "not_solved, upload",
    "suspended": "post, upload, items",
    "closed": "",
}
"""What of the customer's sends a case of this status back to work."""


def cells() -> list[tuple[str, str, str]]:
    """Status, change, new status of each cell of ``TABLE``."""
    head, *rows = (line.split() for line in TABLE.strip().splitlines())
    return [(row[0], name, to) for row in rows for name, to in zip(head, row[1:], strict=True)]


def put(case: Case, status: Status) -> Case:
    """The case, as if its history had led here."""
    Case.objects.filter(pk=case.pk).update(status=status)
    case.refresh_from_db()
    return case


@pytest.mark.parametrize(("status", "name", "to"), cells())
def test_every_change_happens_or_is_refused_by_the_table(
    case: Case, jia: User, status: str, name: str, to: str
) -> None:
    put(case, Status(status))

    def change() -> None:
        if name == "suspend":
            suspended(case)
        else:
            case.change_status(name, by=jia, reason="", at=timezone.now())

    if to == "-":
        with pytest.raises(IllegalStatusChange):
            change()
        assert Case.objects.get(pk=case.pk).status == status
        assert not case.events.filter(kind=EventKind.STATUS).exists()
    else:
        change()
        assert case.status == to
        assert Case.objects.get(pk=case.pk).status == to


def test_the_table_leaves_no_status_and_no_change_out() -> None:
    assert {(status, name) for status, name, _to in cells()} == {
        (status.value, change) for status in Status for change in CHANGES
    }


def test_a_status_of_which_something_was_forgotten_is_refused_at_import_and_the_fact_named() -> None:
    facts: Any = StatusFacts
    choices: Any = TextChoices
    with pytest.raises(TypeError, match="'turn'"):
        facts(now=_("Now"), next=_("Next"), reached=_("Reached"))
    with pytest.raises(TypeError, match="'facts'"):
        choices("Half", {"__new__": Status.__dict__["_new_member_"], "HALF": ("half", _("Half"))})


def test_the_changes_that_statuses_name_exist_and_lead_to_every_status() -> None:
    named = {change for status in Status for change in status.facts.changes}
    assert named == {*CHANGES}
    assert {change.to for change in CHANGES.values()} == {*Status} - {Status.NEW}


@pytest.mark.parametrize("status", Status)
def test_what_makes_a_case_go_on_by_itself(status: Status) -> None:
    assert ", ".join(prompt.name.lower() for prompt in status.facts.resumes_on) == RESUMES_ON[status]


def test_one_status_is_the_end() -> None:
    assert [str(status) for status in CLOSED] == ["closed"]


@pytest.mark.parametrize("status", Status)
def test_whatever_is_owed_can_be_late_on_a_closed_case_too(case: Case, status: Status) -> None:
    put(case, status).next_due_at = timezone.now() - timedelta(hours=1)
    case.save()
    assert case.is_overdue and Case.objects.overdue().exists()


def test_every_status_has_its_place_on_the_engineers_desk_or_has_ended(max_: User) -> None:
    groups = {group.key for group in needs_doing_for(max_)}
    for status in Status:
        assert status.facts.desk_group in groups or status in ENDED, status


def test_the_colour_of_every_status_is_in_the_style_sheet() -> None:
    style = (Path(settings.BASE_DIR) / "static/src/base/controls.css").read_text("utf-8")
    for status in Status:
        assert not status.facts.pill or f".{status.facts.pill} " in style, status


def test_a_status_fits_its_column() -> None:
    longest = Case._meta.get_field("status").max_length
    assert longest is not None
    assert all(len(status) <= longest for status in Status)


@pytest.mark.parametrize("status", Status.values)
def test_people_are_offered_what_they_may_ask_for_and_nothing_else(status: str) -> None:
    with translation.override("en"):
        assert [str(change.label) for change in changes_by_hand(status)] == BUTTONS[status]


def test_a_closed_case_is_not_sent_to_analysis(case: Case) -> None:
    put(case, Status.CLOSED)
    with pytest.raises(IllegalStatusChange):
        case.begin_analysis(by=None)


def test_a_change_is_recorded_with_who_when_and_why(case: Case, jia: User) -> None:
    at = timezone.now() - timedelta(hours=3)
    case.change("take_up", by=jia, reason="I know this one.", at=at)
    event = case.events.get(kind=EventKind.STATUS)
    assert (event.actor, event.at, event.reason) == (jia, at, "I know this one.")
    assert (event.from_status, event.to_status) == (Status.NEW, Status.IN_PROGRESS)
    assert case.status_since == at


@pytest.mark.parametrize("name", ["scope", "take_up"])
def test_what_explains_itself_needs_no_reason(case: Case, jia: User, name: str) -> None:
    case.change(name, by=jia)
    assert case.events.filter(kind=EventKind.STATUS).count() == 1


@pytest.mark.parametrize(
    ("status", "name"),
    [
        (Status.IN_PROGRESS, "wait_for_customer"),
        (Status.ANALYSING, "wait_for_customer"),
        (Status.WAITING, "resume"),
        (Status.RESULT_SENT, "resume"),
        (Status.SUSPENDED, "resume"),
        (Status.CLOSED, "resume"),
        (Status.IN_PROGRESS, "close"),
        (Status.RESULT_SENT, "close"),
    ],
)
def test_a_reader_of_the_history_learns_why_a_case_waits_ends_and_goes_on(
    case: Case, jia: User, status: Status, name: str
) -> None:
    put(case, status)
    browser = reading_english(jia)
    page = browser.post(f"/cases/{case.number}/status/", {"change": name, "reason": " "})
    assert page.status_code == 400 and "Say in a few words why" in page.content.decode()
    api = browser.post(f"/api/cases/{case.number}/status", {"change": name})
    assert (api.status_code, api.json()["error"]["code"]) == (400, "no-reason-given")
    assert not case.events.filter(kind=EventKind.STATUS).exists()
    browser.post(f"/cases/{case.number}/status/", {"change": name, "reason": "Alice called"})
    event = case.events.get(kind=EventKind.STATUS)
    assert (event.actor, event.reason) == (jia, "Alice called")


def test_nobody_asks_by_name_for_what_follows_from_an_act(case: Case, jia: User) -> None:
    for name in ("suspend", "send_result", "begin_analysis", "end_analysis"):
        with pytest.raises(NotAllowed):
            case.change(name, by=jia, reason="By hand")


def test_no_case_is_closed_for_the_time_being_without_consent_or_announced_silence(case: Case) -> None:
    with pytest.raises(NobodyAgreed):
        case.change_status("suspend", by=None, reason="Because", at=timezone.now())
    case.refresh_from_db()
    assert case.status == Status.NEW and not case.events.filter(kind=EventKind.STATUS).exists()


def test_a_refusal_says_what_is_possible_instead(case: Case, jia: User) -> None:
    put(case, Status.CLOSED)
    with translation.override("en"), pytest.raises(IllegalStatusChange) as refusal:
        suspended(case)
    with translation.override("en"):
        assert str(refusal.value) == (
            "“Close for the time being” is not possible while the case is “Closed”. Possible now: “Resume”."
        )
    assert refusal.value.code == "illegal-status-change"
    assert refusal.value.status == 409


def test_it_judges_the_row_and_not_an_old_copy(case: Case, jia: User) -> None:
    stale = Case.objects.get(pk=case.pk)
    case.change("close", by=jia, reason="Done.")
    with pytest.raises(IllegalStatusChange):
        stale.change("take_up", by=jia)


@pytest.mark.django_db(transaction=True)
def test_of_two_who_take_up_at_the_same_moment_one_is_refused(case: Case, jia: User, yi: User) -> None:
    barrier = Barrier(2)
    outcomes: list[str] = []

    def take_up(by: User) -> None:
        barrier.wait()
        try:
            Case.objects.get(pk=case.pk).change("take_up", by=by)
            outcomes.append("done")
        except IllegalStatusChange:
            outcomes.append("refused")
        finally:
            connections.close_all()

    threads = [Thread(target=take_up, args=(by,)) for by in (jia, yi)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(outcomes) == ["done", "refused"]
    assert case.events.filter(kind=EventKind.STATUS).count() == 1


def test_closing_sets_the_date_and_resuming_takes_it_away(case: Case, jia: User) -> None:
    case.change("close", by=jia, reason="Done.")
    assert case.closed_at == case.status_since
    case.change("resume", by=jia, reason="It goes on.")
    assert case.closed_at is None


BY_HAND: dict[str, tuple[tuple[str, ...], str, str]] = {
    "closed": (("close",), "closed", "Closed"),
    "reopened": (("close", "resume"), "reopened", "Reopened"),
    "resumed after a pause": (("suspend", "resume"), "resumed", "Resumed"),
    "resumed while it waits": (("wait_for_customer", "resume"), "resumed", "Resumed"),
}


@pytest.mark.parametrize("name", BY_HAND)
def test_that_it_is_closed_or_goes_on_stands_in_the_thread_with_who_and_why(
    case: Case, alice: User, jia: User, max_: User, name: str
) -> None:
    (*before, change), kind, word = BY_HAND[name]
    for earlier in before:
        if earlier == "suspend":
            suspended(case)
        else:
            case.change(earlier, by=jia, reason="Earlier.")
    written, answered = case.messages.count(), with_activity(Case.objects.all()).get().last_vendor_at
    with listening() as heard:
        case.change(change, by=max_, reason=" Alice called:\r\nit <works>. ")
    (entry,) = case.messages.all()[written:]
    assert (entry.kind, entry.author, entry.body) == (kind, max_, "Alice called:\nit <works>.")
    assert entry.created_at == case.events.get(reason__contains="Alice called").at
    assert [(activity.kind, activity.message) for activity in heard] == [(kind, entry)]
    for reader in (alice, jia):
        page = reading_english(reader).get(case.get_absolute_url()).content.decode()
        shown = re.search(rf'id="entry-{entry.pk}".*?</article>', page, re.S)
        assert shown is not None and "Max" in shown[0] and f'<span class="pill">{word}</span>' in shown[0]
        assert "Alice called:\nit &lt;works&gt;." in shown[0]
    assert with_activity(Case.objects.all()).get().last_vendor_at == answered, "it answers nobody"


def test_what_others_bring_about_has_entries_of_its_own(case: Case, alice: User, jia: User) -> None:
    post_message(case, by=jia, body="Restart it.", result=True)
    outcomes.answer(case, by=alice, solved=True)
    outcomes.came_back(case, by=alice, words="Since this morning.")
    suspended(case)
    post_message(case, by=alice, body="Here are the logs.")
    assert not case.messages.filter(kind__in=OF_CHANGES).exists()


@pytest.mark.parametrize("who", ["alice", "charlie", "ding"])
def test_only_the_vendors_people_of_the_case_change_its_status(
    case: Case, who: str, request: pytest.FixtureRequest
) -> None:
    with pytest.raises(NotAllowed):
        case.change("take_up", by=request.getfixturevalue(who))


def test_a_customer_who_writes_on_an_old_page_resumes_nothing_twice(
    case: Case, alice: User, jia: User
) -> None:
    suspended(case)
    stale = Case.objects.get(pk=case.pk)
    case.change("resume", by=jia, reason="It goes on.")
    post_message(stale, by=alice, body="Here it stops again, too.")
    assert stale.status == Status.IN_PROGRESS
    assert case.events.filter(kind=EventKind.STATUS).count() == 2


def test_what_the_vendor_uploads_is_no_answer(case: Case, jia: User) -> None:
    due = case.next_due_at
    post_message(case, by=jia, body="dump.zip", kind=MessageKind.BUNDLE)
    assert case.next_due_at == due
    assert with_activity(Case.objects.all()).get().last_vendor_at is None
