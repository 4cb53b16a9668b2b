"""On which days people work is the administrators' to say, and whoever counts days counts those."""

from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from django.contrib.admin.models import LogEntry
from django.db import IntegrityError, connection, transaction
from django.test.utils import CaptureQueriesContext

from accounts.models import User
from cases.working_days.counting import WorkingDays
from cases.working_days.models import SpecialDay, WorkingCalendar
from tests.people import reading_english, signed_in

pytestmark = pytest.mark.django_db

MONDAY = datetime(2026, 11, 2, 2, 0, tzinfo=UTC)
"""Ten in the morning in Shanghai."""


def on(day: int) -> datetime:
    """That day of November 2026, at the same time."""
    return MONDAY + timedelta(days=day - 2)


def special(*days: tuple[int, bool]) -> None:
    """Days of November 2026 that differ."""
    calendar = WorkingCalendar.objects.create()
    for day, is_worked in days:
        SpecialDay.objects.create(calendar=calendar, day=date(2026, 11, day), is_worked=is_worked)


def test_where_nobody_has_said_anything_people_work_from_monday_to_friday() -> None:
    days = WorkingDays.in_force()
    week = [days.is_working_day(date(2026, 11, day)) for day in range(2, 9)]
    assert week == [True] * 5 + [False] * 2
    assert days.after(MONDAY, 3) == on(5)
    assert days.after(MONDAY, 5) == on(9)
    assert days.after(on(7), 1) == on(9)  # From a Saturday.
    assert days.after(MONDAY, 0) == MONDAY
    late = datetime(2026, 11, 6, 17, 0, tzinfo=UTC)  # In Shanghai it is Saturday already.
    assert days.after(late, 1) == late + timedelta(days=2)


def test_a_holiday_is_passed_over_and_a_make_up_day_counts() -> None:
    special((4, False), (5, False), (7, True))
    days = WorkingDays.in_force()
    assert [days.is_working_day(date(2026, 11, day)) for day in range(2, 9)] == [
        *(True, True, False, False, True, True, False)
    ]
    assert days.after(MONDAY, 2) == on(6)
    assert days.after(MONDAY, 3) == on(7)
    assert days.after(MONDAY, 4) == on(9)


def test_another_week_is_another_count() -> None:
    WorkingCalendar.objects.create(weekdays=[7, 1])
    assert WorkingDays.in_force().after(MONDAY, 3) == on(15)


def test_a_year_of_days_is_counted_in_two_queries() -> None:
    special(*((day, False) for day in range(3, 30)))
    with CaptureQueriesContext(connection) as queries:
        counted = WorkingDays.in_force().after(MONDAY, 250)
    assert len(queries) == 2
    # Fifty weeks from the end of a November off.
    assert counted == datetime(2027, 11, 12, 2, 0, tzinfo=UTC)


def test_some_day_is_worked() -> None:
    with pytest.raises(IntegrityError), transaction.atomic():
        WorkingCalendar.objects.create(weekdays=[])
    with pytest.raises(ValueError, match="no weekday"):
        WorkingDays(frozenset())


def days_sent(*days: dict[str, Any], weekdays: tuple[int, ...] = (1, 2, 3, 4, 5)) -> dict[str, Any]:
    """What the administration's page sends."""
    sent: dict[str, Any] = {
        "weekdays": [str(day) for day in weekdays],
        "special_days-TOTAL_FORMS": str(len(days)),
        "special_days-INITIAL_FORMS": "0",
    }
    for place, facts in enumerate(days):
        sent |= {f"special_days-{place}-{name}": value for name, value in facts.items()}
    return sent


def test_administrators_say_which_days_are_worked_and_it_is_recorded(root: User, max_: User) -> None:
    browser = reading_english(root)
    page = browser.get("/admin/cases/workingcalendar/", follow=True)
    assert "Monday" in page.content.decode() and "Make-up working day" in page.content.decode()
    address = page.redirect_chain[-1][0]
    holiday = {"day": "2026-11-04", "is_worked": "False", "name": "Founders' day"}
    make_up = {"day": "2026-11-07", "is_worked": "True", "name": "In exchange"}
    answer = browser.post(address, days_sent(holiday, make_up, weekdays=(1, 2, 3, 4)))
    assert answer.status_code == 302
    days = WorkingDays.in_force()
    assert days.weekdays == {1, 2, 3, 4}
    assert days.special == {date(2026, 11, 4): False, date(2026, 11, 7): True}
    entry = LogEntry.objects.get()
    assert entry.user == root
    assert "2026-11-07 In exchange" in entry.get_change_message()
    assert signed_in(max_).get(address).status_code == 302, "sent to the sign-in of administrators"


@pytest.mark.parametrize(
    "sent",
    [
        days_sent(weekdays=()),
        days_sent({"day": "2026-11-04", "is_worked": "False"}, {"day": "2026-11-04", "is_worked": "True"}),
        days_sent({"day": "someday", "is_worked": "False"}),
    ],
)
def test_what_cannot_be_counted_by_is_refused(root: User, sent: dict[str, Any]) -> None:
    browser = signed_in(root)
    address = browser.get("/admin/cases/workingcalendar/", follow=True).redirect_chain[-1][0]
    assert browser.post(address, sent).status_code == 200
    assert WorkingDays.in_force() == WorkingDays(frozenset({1, 2, 3, 4, 5}))


def test_there_is_one_calendar(root: User) -> None:
    browser = signed_in(root)
    assert browser.get("/admin/cases/workingcalendar/add/").status_code == 403
    browser.get("/admin/cases/workingcalendar/")
    browser.get("/admin/cases/workingcalendar/")
    assert WorkingCalendar.objects.count() == 1
    key = WorkingCalendar.objects.get().pk
    assert browser.post(f"/admin/cases/workingcalendar/{key}/delete/", {"post": "yes"}).status_code == 403
