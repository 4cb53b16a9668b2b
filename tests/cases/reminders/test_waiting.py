"""Who is waited for is reminded on working days, told of the end of waiting, and never left in silence."""

import re
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
import time_machine
from django.core.exceptions import ValidationError

from accounts.models import User
from cases.appointments import services as appointments
from cases.appointments.models import Medium
from cases.events import EventKind
from cases.evidence_requests import services as evidence_requests
from cases.models import Case, MessageKind
from cases.own_reminders import services as own_reminders
from cases.pauses import proposals
from cases.pauses.models import Suspension, SuspensionProposal
from cases.reminders import waiting
from cases.reminders.models import Escalation, Level, Reminder, ReminderPlan
from cases.scopes import services as scopes
from cases.services import post_message
from cases.signals import ActivityKind
from cases.status import Status
from cases.working_days.models import SpecialDay, WorkingCalendar
from tests.activity import listening
from tests.people import reading_english, report, signed_in

pytestmark = pytest.mark.django_db

MONDAY = datetime(2026, 11, 2, 2, 0, tzinfo=UTC)
"""Ten in the morning in Shanghai."""


def on(day: int, hour: int = 10) -> datetime:
    """A day of November 2026 in Shanghai; 31 is the first of December."""
    return MONDAY + timedelta(days=day - 2, hours=hour - 10)


@pytest.fixture
def silent(alice: User, jia: User) -> Case:
    """A case that waits for its customer since Monday the second."""
    case = report(alice, engineer=jia, at=on(1))
    evidence_requests.ask(case, by=jia, items=[("log", "System")], at=MONDAY)
    return case


def ticks(until: datetime, since: datetime = MONDAY) -> Iterator[datetime]:
    """Morning and evening of each day."""
    while since <= until:
        yield since
        since += timedelta(hours=12)


def test_three_reminders_then_the_announced_end_of_waiting(silent: Case, alice: User) -> None:
    with listening() as heard:
        for now in ticks(on(25)):
            waiting.tell(now)
    told = [(activity.kind, activity.at) for activity in heard]
    assert told == [
        ("waiting_reminder", on(5)),
        ("waiting_reminder", on(11)),
        ("long_wait", on(12)),
        ("waiting_reminder", on(18)),
        ("long_wait", on(19)),
        ("suspended", on(23)),
    ]
    facts = [activity.facts for activity in heard if activity.kind == "waiting_reminder"]
    assert [(fact["number"], fact["total"]) for fact in facts] == [(1, 3), (2, 3), (3, 3)]
    assert [fact["suspends_at"] for fact in facts] == [None, None, on(23).isoformat()]
    silent.refresh_from_db()
    assert silent.status == Status.SUSPENDED
    suspension = Suspension.objects.get()
    assert (suspension.way, suspension.person, suspension.by) == ("silence", None, None)
    assert suspension.agreed_at == on(18)
    entry = silent.messages.filter(kind=MessageKind.SYSTEM).get()
    assert not entry.internal and "2026-11-18" in entry.body
    assert (
        "Our reminders had no answer"
        in reading_english(alice).get(silent.get_absolute_url()).content.decode()
    )


def test_the_customers_page_names_the_day_once_it_was_announced(silent: Case, alice: User) -> None:
    browser, address = reading_english(alice), silent.get_absolute_url()
    for now in ticks(on(17)):
        waiting.tell(now)
    sentence = "If we hear nothing, the case is closed for the time being"
    assert sentence not in browser.get(address).content.decode()
    waiting.tell(on(18))
    assert sentence in browser.get(address).content.decode()


def test_the_page_of_a_result_promises_what_comes_and_it_comes_so(alice: User, jia: User) -> None:
    case = report(alice, engineer=jia, at=on(1))
    case.send_result(by=jia, at=MONDAY)
    browser, address = reading_english(alice), case.get_absolute_url()

    def page() -> str:
        return squeezed(browser.get(address))

    promise = "If we hear nothing for 15 working days, the case is closed for the time being."
    announced = "If we hear nothing, the case is closed for the time being: "
    word = "A word of yours takes it up again at any time."
    assert page().count(promise) == page().count(word) == 1 and "stays open" not in page()
    for now in ticks(on(22, 22)):
        waiting.tell(now)
    assert page().count(announced) == page().count(word) == 1 and promise not in page()
    assert 'datetime="2026-11-23T02:00:00+00:00"' in browser.get(address).content.decode()
    case.refresh_from_db()
    assert case.status == Status.RESULT_SENT
    waiting.tell(on(23))
    assert Suspension.objects.get().at == on(23), "fifteen working days after the second"
    assert "Your answer still counts" in page() and word not in page()
    post_message(case, by=alice, body="We try it next week, please wait.")
    assert Case.objects.get(pk=case.pk).status == Status.IN_PROGRESS


def test_where_no_day_is_set_the_page_of_a_result_says_that_it_stays_open(alice: User, jia: User) -> None:
    ReminderPlan.objects.create(days=[])
    case = report(alice, engineer=jia, at=on(1))
    case.send_result(by=jia, at=MONDAY)
    page = squeezed(reading_english(alice).get(case.get_absolute_url()))
    assert "There is no hurry, the case stays open." in page and "If we hear nothing" not in page
    waiting.tell(on(60))
    assert Case.objects.get(pk=case.pk).status == Status.RESULT_SENT


def test_a_portal_that_stood_still_does_not_tell_all_at_once(silent: Case) -> None:
    for minute in range(5):
        waiting.tell(on(27) + timedelta(minutes=minute))
    assert Reminder.objects.count() == 1
    silent.refresh_from_db()
    assert silent.status == Status.WAITING


def test_whoever_writes_is_not_reminded_until_she_is_waited_for_again(
    silent: Case, alice: User, jia: User
) -> None:
    waiting.tell(on(5))
    post_message(silent, by=alice, body="Which of the two machines?", at=on(6))
    for now in ticks(on(27), on(6)):
        waiting.tell(now)
    assert Reminder.objects.count() == 1, "an answer is owed to her"
    post_message(silent, by=jia, body="The first.", at=on(27))
    waiting.tell(on(31))
    assert Reminder.objects.count() == 1
    waiting.tell(on(32))
    assert [reminder.number for reminder in Reminder.objects.order_by("at")] == [1, 1]


def test_only_cases_whose_next_step_is_the_customers_are_reminded_of(silent: Case, jia: User) -> None:
    silent.change("resume", by=jia, at=on(3), reason="It goes on.")
    waiting.tell(on(27))
    assert not Reminder.objects.exists()
    silent.send_result(by=jia, at=on(3))
    waiting.tell(on(27))
    assert Reminder.objects.count() == 1


@pytest.mark.parametrize("asks", ["scope", "appointment", "pause"])
@time_machine.travel(MONDAY, tick=False)
def test_a_word_that_is_waited_for_is_reminded_of_and_not_owed(alice: User, jia: User, asks: str) -> None:
    case = report(alice, engineer=jia, at=on(1))
    if asks == "scope":
        scopes.send(scopes.draft(case, by=jia, problem="It stops"), by=jia, at=MONDAY)
    elif asks == "appointment":
        starts = [on(20)]
        appointments.propose(case, by=jia, starts=starts, minutes=30, medium=Medium.PHONE, at=MONDAY)
    else:
        proposals.propose(case, by=jia, resumes_when="with the logs", at=MONDAY)
    case.refresh_from_db()
    assert case.next_due_at is None
    with listening() as heard:
        for now in ticks(on(6)):
            waiting.tell(now)
    assert [(activity.kind, activity.at) for activity in heard] == [("waiting_reminder", on(5))]
    post_message(case, by=alice, body="What does that mean?", at=on(6, 12))
    assert case.next_due_at == on(7, 12), "her question is owed an answer"
    post_message(case, by=jia, body="As it says.", at=on(6, 14))
    assert case.next_due_at is None, "her word is waited for again"
    for now in ticks(on(31), on(6, 14)):
        waiting.tell(now)
    case.refresh_from_db()
    assert case.status == Status.SUSPENDED and Suspension.objects.get().way == "silence"
    waiting.tell(on(60))
    assert Suspension.objects.count() == 1 and Reminder.objects.count() == 4
    assert not SuspensionProposal.objects.awaiting().exists()


def test_the_days_are_a_setting(silent: Case, root: User) -> None:
    with pytest.raises(ValidationError):
        ReminderPlan(days=[3, 3]).full_clean()
    browser = signed_in(root)
    address = browser.get("/admin/cases/reminderplan/", follow=True).redirect_chain[-1][0]
    browser.post(address, {"days": "1,2", "suspend_after": "2", "engineer_after": "1", "manager_after": "3"})
    assert ReminderPlan.objects.get().days == [1, 2]
    assert browser.get("/admin/cases/reminderplan/add/").status_code == 403
    for now in ticks(on(6)):
        waiting.tell(now)
    silent.refresh_from_db()
    assert silent.status == Status.SUSPENDED and Reminder.objects.count() == 2
    assert Suspension.objects.get().at == on(6)


def test_where_no_day_is_set_nobody_is_reminded_or_suspended(silent: Case) -> None:
    ReminderPlan.objects.create(days=[], engineer_after=None, manager_after=None)
    waiting.tell(on(27))
    assert not Escalation.objects.exists()
    silent.refresh_from_db()
    assert silent.status == Status.WAITING and not Reminder.objects.exists()


def test_the_engineer_is_told_what_has_been_waited_for_and_then_the_managers_too(
    silent: Case, max_: User, root: User
) -> None:
    with listening() as heard:
        for now in ticks(on(20)):
            waiting.tell(now)
    first, second = (activity for activity in heard if activity.kind == "long_wait")
    assert (first.by, first.message, first.people) == (None, None, ())
    assert first.facts == {
        "level": "engineer",
        "missing": [["log", "System"]],
        "since": MONDAY.isoformat(),
        "reminded": 2,
        "suspends_at": None,
    }
    assert set(second.people) == {max_, root}
    assert dict(second.facts) == dict(first.facts) | {
        "level": "manager",
        "reminded": 3,
        "suspends_at": on(23).isoformat(),
    }
    assert [(row.level, row.missing) for row in Escalation.objects.all()] == [
        (Level.ENGINEER, 1),
        (Level.MANAGER, 1),
    ]


def test_where_an_answer_is_waited_for_the_engineer_is_told_as_well(alice: User, jia: User) -> None:
    case = report(alice, engineer=jia, at=on(1))
    post_message(case, by=jia, body="Which cable was new?", at=MONDAY)
    case.wait_for_customer(by=jia, at=MONDAY)
    with listening() as heard:
        for now in ticks(on(13)):
            waiting.tell(now)
    (told,) = (activity for activity in heard if activity.kind == "long_wait")
    assert (told.facts["missing"], told.facts["since"]) == ([], MONDAY.isoformat())


def test_managers_who_are_told_late_have_a_working_day_before_the_closing(silent: Case) -> None:
    for now in ticks(on(18)):
        waiting.tell(now)
    # The portal stands still over the announced day, the 23rd, and comes back on Tuesday.
    for now in ticks(on(25), since=on(24)):
        waiting.tell(now)
    assert Escalation.objects.get(level=Level.MANAGER).at == on(24)
    assert Suspension.objects.get().at == on(25)


def test_a_level_can_be_left_out_or_told_without_any_reminder(silent: Case) -> None:
    ReminderPlan.objects.create(days=[], engineer_after=2, manager_after=None)
    for now in ticks(on(27)):
        waiting.tell(now)
    assert [(row.level, row.at) for row in Escalation.objects.all()] == [(Level.ENGINEER, on(4))]
    silent.refresh_from_db()
    assert silent.status == Status.WAITING and not Reminder.objects.exists()


@pytest.mark.parametrize(
    ("facts", "field"),
    [
        ({"engineer_after": 15, "manager_after": None}, "engineer_after"),
        ({"manager_after": 15}, "manager_after"),
        ({"engineer_after": 9, "manager_after": 8}, "manager_after"),
        ({"manager_after": 251}, "manager_after"),
    ],
)
def test_a_plan_that_tells_nobody_in_time_is_refused(facts: dict[str, int | None], field: str) -> None:
    ReminderPlan().full_clean()
    with pytest.raises(ValidationError) as refused:
        ReminderPlan(**facts).full_clean()
    assert set(refused.value.message_dict) == {field}


def test_what_somebody_sends_by_a_link_breaks_the_silence(silent: Case) -> None:
    silent.messages.create(kind=MessageKind.BUNDLE, body="part-1.zip", created_at=on(4))
    for now in ticks(on(9)):
        waiting.tell(now)
    assert [reminder.at for reminder in Reminder.objects.all()] == [on(9)]


@pytest.mark.parametrize("kind", [EventKind.INCIDENT, EventKind.STEP])
def test_what_the_customer_does_breaks_the_silence_as_well(
    silent: Case, alice: User, kind: EventKind
) -> None:
    silent.record(kind, by=alice, at=on(4))
    for now in ticks(on(9)):
        waiting.tell(now)
    assert [reminder.at for reminder in Reminder.objects.all()] == [on(9)]


def test_who_wants_to_be_reminded_herself_is_not_reminded_or_suspended_before(
    silent: Case, alice: User, jia: User
) -> None:
    def told() -> list[datetime]:
        return [reminder.at for reminder in Reminder.objects.order_by("at")]

    for now in ticks(on(18)):
        waiting.tell(now)
    announced = [on(5), on(11), on(18)]
    assert told() == announced
    with time_machine.travel(on(20), tick=False):
        own = own_reminders.remind(silent, by=alice, due_at=on(25, 9))
        own_reminders.remind(silent, by=jia, due_at=on(45, 9))
        assert waiting.suspends_at(silent) is None
    for now in ticks(on(25, 8), on(20)):
        waiting.tell(now)
        own_reminders.tell(now)
    assert not Suspension.objects.exists() and told() == announced
    assert [row.level for row in Escalation.objects.all()] == [Level.ENGINEER]
    own_reminders.tell(on(25, 9))
    own.refresh_from_db()
    assert own.told_at == on(25, 9)
    for now in ticks(on(30, 10), on(25, 10)):
        waiting.tell(now)
    assert told() == [*announced, on(30, 10)], "three working days after her own, the 28th and 29th are free"


def test_who_withdraws_her_own_reminder_or_has_left_keeps_nothing_waiting(silent: Case, alice: User) -> None:
    with time_machine.travel(on(3), tick=False):
        own = own_reminders.remind(silent, by=alice, due_at=on(25, 9))
    with time_machine.travel(on(4), tick=False):
        own_reminders.withdraw(own)
    for now in ticks(on(9)):
        waiting.tell(now)
    assert [reminder.at for reminder in Reminder.objects.all()] == [on(9)]
    with time_machine.travel(on(10), tick=False):
        own_reminders.remind(silent, by=alice, due_at=on(25, 9))
    User.objects.filter(pk=alice.pk).update(is_active=False)
    for now in ticks(on(13), on(10)):
        waiting.tell(now)
    assert Reminder.objects.count() == 2


def test_a_case_that_cannot_be_reminded_of_stops_no_other(
    silent: Case, alice: User, jia: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    second = report(alice, engineer=jia, at=on(1))
    evidence_requests.ask(second, by=jia, items=[("log", "System")], at=MONDAY)

    def announced(kind: ActivityKind, case: Case, **_: Any) -> None:
        if case == silent:
            raise ZeroDivisionError

    monkeypatch.setattr(waiting, "announce", announced)
    waiting.tell(on(5))
    assert [reminder.case for reminder in Reminder.objects.all()] == [second]


def test_a_plan_that_is_emptied_takes_the_announced_day_back(silent: Case, alice: User) -> None:
    for now in ticks(on(18)):
        waiting.tell(now)
    ReminderPlan.objects.create(days=[])
    waiting.tell(on(27))
    silent.refresh_from_db()
    assert silent.status == Status.WAITING
    page = reading_english(alice).get(silent.get_absolute_url()).content.decode()
    assert "If we hear nothing, the case is closed for the time being" not in page


def test_the_desks_say_how_long_evidence_is_waited_for_and_how_often_she_was_reminded(
    silent: Case, alice: User, jia: User, max_: User
) -> None:
    for now in ticks(on(17)):
        waiting.tell(now)
    sentence = "waiting for evidence since 11-02 · reminded 2 times"
    for person, address in ((jia, "/"), (max_, "/"), (jia, silent.get_absolute_url())):
        assert sentence in squeezed(reading_english(person).get(address)), address
    waiting.tell(on(18))
    closing = f"{sentence[:-7]}3 times · without an answer closed for the time being on 11-23"
    assert closing in squeezed(reading_english(jia).get(silent.get_absolute_url()))
    assert "reminded" not in squeezed(reading_english(alice).get("/"))
    evidence_requests.withdraw(silent.evidence_requests.get(), by=jia)
    assert "reminded" not in squeezed(reading_english(jia).get("/"))


def squeezed(answer: Any) -> str:
    """The text of a page, without tags, in single spaces."""
    return " ".join(re.sub(r"<[^>]*>", "", answer.content.decode()).split())


def test_days_on_which_nobody_works_do_not_count(silent: Case) -> None:
    calendar = WorkingCalendar.objects.create()
    SpecialDay.objects.create(calendar=calendar, day=date(2026, 11, 4))
    SpecialDay.objects.create(calendar=calendar, day=date(2026, 11, 7), is_worked=True)
    for now in ticks(on(14)):
        waiting.tell(now)
    assert [reminder.at for reminder in Reminder.objects.order_by("at")] == [on(6), on(11)]
