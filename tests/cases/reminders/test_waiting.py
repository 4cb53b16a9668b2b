"""Who is waited for is reminded on working days, told of the end of waiting, and never left in silence."""

from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta

import pytest
from django.core.exceptions import ValidationError

from accounts.models import User
from cases.evidence_requests import services as evidence_requests
from cases.models import Case, MessageKind
from cases.pauses.models import Suspension
from cases.reminders import waiting
from cases.reminders.models import Reminder, ReminderPlan
from cases.services import post_message
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
    while since <= until:
        yield since
        since += timedelta(hours=1)


def test_three_reminders_then_the_announced_end_of_waiting(silent: Case, alice: User) -> None:
    with listening() as heard:
        for now in ticks(on(25)):
            waiting.tell(now)
    told = [(activity.kind, activity.at) for activity in heard]
    assert told == [
        ("waiting_reminder", on(5)),
        ("waiting_reminder", on(11)),
        ("waiting_reminder", on(18)),
        ("suspended", on(23)),
    ]
    facts = [activity.facts for activity in heard[:3]]
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
    silent.resume(by=jia, at=on(3))
    waiting.tell(on(27))
    assert not Reminder.objects.exists()
    silent.send_result(by=jia, at=on(3))
    waiting.tell(on(27))
    assert Reminder.objects.count() == 1


def test_the_days_are_a_setting(silent: Case, root: User) -> None:
    with pytest.raises(ValidationError):
        ReminderPlan(days=[3, 3]).full_clean()
    browser = signed_in(root)
    address = browser.get("/admin/cases/reminderplan/", follow=True).redirect_chain[-1][0]
    browser.post(address, {"days": "1,2", "suspend_after": "1"})
    assert ReminderPlan.objects.get().days == [1, 2]
    assert browser.get("/admin/cases/reminderplan/add/").status_code == 403
    for now in ticks(on(6)):
        waiting.tell(now)
    silent.refresh_from_db()
    assert silent.status == Status.SUSPENDED and Reminder.objects.count() == 2
    assert Suspension.objects.get().at == on(5)


def test_where_no_day_is_set_nobody_is_reminded_or_suspended(silent: Case) -> None:
    ReminderPlan.objects.create(days=[])
    waiting.tell(on(27))
    silent.refresh_from_db()
    assert silent.status == Status.WAITING and not Reminder.objects.exists()


def test_days_on_which_nobody_works_do_not_count(silent: Case) -> None:
    calendar = WorkingCalendar.objects.create()
    SpecialDay.objects.create(calendar=calendar, day=date(2026, 11, 4))
    SpecialDay.objects.create(calendar=calendar, day=date(2026, 11, 7), is_worked=True)
    for now in ticks(on(14)):
        waiting.tell(now)
    assert [reminder.at for reminder in Reminder.objects.order_by("at")] == [on(6), on(11)]
