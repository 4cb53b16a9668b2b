"""A case moves only by the table of legal changes, and its history keeps every step."""

from datetime import datetime, timedelta
from pathlib import Path
from threading import Barrier, Thread
from typing import Any

import pytest
from django.conf import settings
from django.db import connection, connections, transaction
from django.db.models import TextChoices
from django.db.utils import DatabaseError
from django.utils import timezone, translation
from django.utils.translation import gettext_lazy as _

from accounts.errors import NotAllowed
from accounts.models import User
from cases.desk.activity import with_activity
from cases.desk.queries import needs_doing_for
from cases.errors import HistoryIsKept, IllegalStatusChange, NotAnEngineer
from cases.events import EventKind
from cases.evidence_requests import services as evidence_requests
from cases.models import Case, CaseEvent, MessageKind
from cases.services import post_message
from cases.status import CHANGES, CLOSED, ENDED, Status, StatusFacts, changes_by_hand

pytestmark = pytest.mark.django_db

TABLE = """
            scope   take_up     wait_for_customer begin_analysis end_analysis send_result suspend   resume      close
new         scoping in_progress waiting           analysing      -            -           suspended -           closed
scoping     -       in_progress waiting           analysing      -            -           suspended -           closed
in_progress scoping -           waiting           analysing      -            result_sent suspended -           closed
waiting     -       -           -                 analysing      -            result_sent suspended in_progress closed
analysing   -       -           waiting           -              in_progress  result_sent suspended -           closed
result_sent -       -           waiting           analysing      -            result_sent suspended in_progress closed
suspended   -       -           -                 analysing      -            -           -         in_progress closed
closed      -       -           -                 -              -            -           -         in_progress -
"""  # noqa: E501
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
    "result_sent": "upload",
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
    if to == "-":
        with pytest.raises(IllegalStatusChange):
            case.change(name, by=jia)
        assert Case.objects.get(pk=case.pk).status == status
        assert not case.events.filter(kind=EventKind.STATUS).exists()
    else:
        case.change(name, by=jia)
        assert case.status == to
        assert Case.objects.get(pk=case.pk).status == to


def test_the_table_leaves_no_status_and_no_change_out() -> None:
    assert {(status, name) for status, name, _to in cells()} == {
        (status.value, change) for status in Status for change in CHANGES
    }


def test_a_status_of_which_something_was_forgotten_is_refused_at_import_and_the_fact_named() -> None:
    with pytest.raises(TypeError, match="'turn'"):
        StatusFacts(now=_("Now"), next=_("Next"), reached=_("Reached"))  # type: ignore[call-arg]
    with pytest.raises(TypeError, match="'facts'"):
        TextChoices("Half", {"__new__": Status.__dict__["_new_member_"], "HALF": ("half", _("Half"))})  # type: ignore[call-overload]


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
    case.take_up(by=jia, reason="I know this one.", at=at)
    event = case.events.get(kind=EventKind.STATUS)
    assert (event.actor, event.at, event.reason) == (jia, at, "I know this one.")
    assert (event.from_status, event.to_status) == (Status.NEW, Status.IN_PROGRESS)
    assert case.status_since == at


def test_a_refusal_says_what_is_possible_instead(case: Case, jia: User) -> None:
    put(case, Status.CLOSED)
    with translation.override("en"), pytest.raises(IllegalStatusChange) as refusal:
        case.suspend(by=jia)
    with translation.override("en"):
        assert str(refusal.value) == (
            "“Close for the time being” is not possible while the case is “Closed”. Possible now: “Resume”."
        )
    assert refusal.value.code == "illegal-status-change"
    assert refusal.value.status == 409


def test_it_judges_the_row_and_not_an_old_copy(case: Case, jia: User) -> None:
    stale = Case.objects.get(pk=case.pk)
    case.close(by=jia)
    with pytest.raises(IllegalStatusChange):
        stale.take_up(by=jia)


@pytest.mark.django_db(transaction=True)
def test_of_two_who_take_up_at_the_same_moment_one_is_refused(case: Case, jia: User, yi: User) -> None:
    barrier = Barrier(2)
    outcomes: list[str] = []

    def take_up(by: User) -> None:
        barrier.wait()
        try:
            Case.objects.get(pk=case.pk).take_up(by=by)
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
    case.close(by=jia)
    assert case.closed_at == case.status_since
    case.resume(by=jia)
    assert case.closed_at is None


@pytest.mark.parametrize(("severity", "within"), [("A", 4), ("B", 24), ("C", 72)])
def test_the_next_answer_is_due_by_severity(alice: User, severity: str, within: int) -> None:
    from tests.people import report

    at = timezone.now()
    assert report(alice, severity=severity, at=at).next_due_at == at + timedelta(hours=within)


@pytest.mark.parametrize("pause", ["wait_for_customer", "suspend", "close"])
def test_the_clock_stands_still_while_nothing_is_owed(case: Case, jia: User, pause: str) -> None:
    getattr(case, pause)(by=jia)
    assert case.next_due_at is None
    at = timezone.now()
    case.resume(by=jia, at=at)
    assert case.next_due_at == at + timedelta(hours=24)


def test_going_on_does_not_give_more_time(case: Case, jia: User) -> None:
    due = case.next_due_at
    case.scope(by=jia)
    case.take_up(by=jia)
    case.begin_analysis(by=None)
    case.end_analysis(by=None)
    assert case.next_due_at == due


def test_an_answer_restarts_the_clock_and_a_note_does_not(case: Case, jia: User) -> None:
    due, at = case.next_due_at, timezone.now() + timedelta(hours=5)
    post_message(case, by=jia, body="For us only", internal=True, at=at)
    assert case.next_due_at == due
    post_message(case, by=jia, body="We look into it.", at=at)
    assert case.next_due_at == at + timedelta(hours=24)


@pytest.mark.parametrize("pause", ["wait_for_customer", "suspend", "close"])
def test_an_answer_starts_no_clock_that_stands(case: Case, jia: User, pause: str) -> None:
    getattr(case, pause)(by=jia)
    post_message(case, by=jia, body="One more hint.")
    assert case.next_due_at is None


def test_an_answer_in_words_ends_the_customers_turn_where_nothing_asked_for_is_missing(
    case: Case, alice: User, jia: User
) -> None:
    case.wait_for_customer(by=jia)
    at = timezone.now()
    post_message(case, by=alice, body="It is the cable of the second disk.", at=at)
    assert case.status == Status.IN_PROGRESS
    assert case.next_due_at == at + timedelta(hours=24)


def test_a_question_about_what_is_missing_leaves_the_turn_and_starts_the_clock(
    case: Case, alice: User, jia: User
) -> None:
    evidence_requests.ask(case, by=jia, items=[("log", "System")])
    at = timezone.now()
    post_message(case, by=alice, body="Which logs?", at=at)
    assert case.status == Status.WAITING
    assert case.next_due_at == at + timedelta(hours=24)


def test_asking_again_does_not_move_the_promise(case: Case, alice: User) -> None:
    due = case.next_due_at
    post_message(case, by=alice, body="Any news?", at=timezone.now() + timedelta(hours=20))
    assert case.next_due_at == due


def test_a_customer_who_writes_resumes_a_case_closed_for_the_time_being(
    case: Case, alice: User, jia: User
) -> None:
    case.suspend(by=jia)
    post_message(case, by=alice, body="What is the progress?")
    assert case.status == Status.IN_PROGRESS
    event = case.events.filter(kind=EventKind.STATUS).last()
    assert event is not None
    assert event.actor == alice
    assert event.reason == "The customer wrote again."


@pytest.mark.parametrize("who", ["alice", "charlie", "ding"])
def test_only_the_vendors_people_of_the_case_change_its_status(
    case: Case, who: str, request: pytest.FixtureRequest
) -> None:
    with pytest.raises(NotAllowed):
        case.take_up(by=request.getfixturevalue(who))


def test_a_case_is_given_to_an_engineer_once(
    case: Case, yi: User, max_: User, alice: User, ding: User
) -> None:
    case.assign(yi, by=max_)
    case.assign(yi, by=max_)
    event = case.events.get(kind=EventKind.ASSIGNED)
    assert (event.actor, event.assignee) == (max_, yi)
    with pytest.raises(NotAnEngineer):
        case.assign(alice, by=max_)
    for other in (alice, ding):
        with pytest.raises(NotAllowed):
            case.assign(ding, by=other)
    case.refresh_from_db()
    assert case.engineer == yi


def test_a_case_is_not_given_to_an_engineer_who_left(case: Case, yi: User, jia: User, max_: User) -> None:
    yi.is_active = False
    yi.save()
    with pytest.raises(NotAnEngineer):
        case.assign(yi, by=max_)
    case.refresh_from_db()
    assert case.engineer == jia


def test_an_engineer_of_no_queue_sees_the_case_she_is_given(case: Case, ding: User, max_: User) -> None:
    assert case not in Case.objects.visible_to(ding)
    case.assign(ding, by=max_)
    assert case in Case.objects.visible_to(ding)


def test_history_cannot_be_changed_or_deleted(case: Case) -> None:
    event = case.events.get()
    for attempt in (
        event.save,
        event.delete,
        case.events.all().delete,
        lambda: case.events.update(reason="x"),
    ):
        with pytest.raises(HistoryIsKept):
            attempt()


@pytest.mark.parametrize(
    "statement", ["UPDATE cases_caseevent SET reason = 'x'", "DELETE FROM cases_caseevent"]
)
def test_the_database_keeps_history_as_well(case: Case, statement: str) -> None:
    with (
        pytest.raises(DatabaseError, match="never changed"),
        transaction.atomic(),
        connection.cursor() as cursor,
    ):
        cursor.execute(statement)
    assert CaseEvent.objects.filter(case=case).count() == 1


def test_a_time_in_the_past_can_be_told(case: Case, jia: User) -> None:
    past: dict[str, Any] = {"by": jia, "at": datetime.fromisoformat("2020-11-09T09:18:00Z")}
    case.take_up(**past)
    assert case.status_since == past["at"]


def test_a_customer_who_writes_on_an_old_page_resumes_nothing_twice(
    case: Case, alice: User, jia: User
) -> None:
    case.suspend(by=jia)
    stale = Case.objects.get(pk=case.pk)
    case.resume(by=jia)
    post_message(stale, by=alice, body="What is the progress?")
    assert stale.status == Status.IN_PROGRESS
    assert case.events.filter(kind=EventKind.STATUS).count() == 2


def test_what_the_vendor_uploads_is_no_answer(case: Case, jia: User) -> None:
    due = case.next_due_at
    post_message(case, by=jia, body="dump.zip", kind=MessageKind.BUNDLE)
    assert case.next_due_at == due
    assert with_activity(Case.objects.all()).get().last_vendor_at is None
