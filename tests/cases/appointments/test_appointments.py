"""Appointments: times proposed, one agreed by a click or on the phone, moved, called off; calendars."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
import time_machine
from django.utils import timezone
from icalendar import Calendar

from accounts.errors import NotAllowed
from accounts.models import User
from cases.answers.errors import NotTheCustomer
from cases.answers.services import Heard
from cases.appointments import services as appointments
from cases.appointments.calendar_file import ics_of
from cases.appointments.errors import (
    NoTimes,
    NotInACalendar,
    NotOpen,
    NotProposed,
    NoWords,
    TimeIsOver,
)
from cases.appointments.models import Appointment, Medium
from cases.desk.progress import progress_of
from cases.models import Case, Message, MessageKind
from cases.services import post_message
from cases.signals import ActivityKind
from cases.sweeping import one_by_one
from tests.activity import listening
from tests.people import reading_english, signed_in

pytestmark = pytest.mark.django_db

DAY = timedelta(days=1)


@pytest.fixture
def first() -> datetime:
    return (timezone.now() + DAY).replace(second=0, microsecond=0)


@pytest.fixture
def proposed(case: Case, jia: User, first: datetime) -> Appointment:
    return propose(case, jia, first + DAY, first)


def propose(case: Case, by: User, *starts: datetime) -> Appointment:
    return appointments.propose(
        case, by=by, starts=starts, minutes=60, medium=Medium.REMOTE, note="TeamViewer"
    )


def event_of(appointment: Appointment) -> Any:
    return Calendar.from_ical(ics_of(appointment)).events[0]


def test_the_form_proposes_times_by_the_clock_of_the_computer(case: Case, jia: User, alice: User) -> None:
    year = timezone.now().year + 1
    form = {
        "time_1": f"{year}-01-05T14:00",
        "time_1_zone": "Europe/Berlin",
        "time_2": f"{year}-01-05T09:30",
        "time_2_zone": "Asia/Shanghai",
        "medium": "phone",
        "minutes": "30",
        "note": "Call me",
    }
    with listening() as heard:
        answer = signed_in(jia).post(f"/cases/{case.number}/appointments/", form)
    appointment = Appointment.objects.get()
    assert answer["Location"].endswith(f"#entry-{appointment.message_id}")
    assert [time.starts_at for time in appointment.times.all()] == [
        datetime(year, 1, 5, 1, 30, tzinfo=UTC),
        datetime(year, 1, 5, 13, 0, tzinfo=UTC),
    ]
    assert appointment.message.body == (
        "电话，30 分钟。以下哪个时间合适？\n"
        f"1. {year}-01-05 09:30 (UTC+08:00)\n2. {year}-01-05 21:00 (UTC+08:00)\n\nCall me"
    )
    (told,) = [activity for activity in heard if activity.kind == ActivityKind.APPOINTMENT]
    assert (told.facts["state"], told.facts["starts_at"]) == ("proposed", None)
    progress = progress_of(case)
    assert progress.customers_turn and not progress.by_status
    page = reading_english(alice).get(case.get_absolute_url()).content.decode()
    assert "Jia proposes: Phone, 30 min. Which of these times suits you?" in page
    assert f"{year}-01-05 09:30 (UTC+08:00)" in page


def test_the_customer_agrees_with_a_click(
    case: Case, proposed: Appointment, first: datetime, alice: User, jia: User
) -> None:
    time = proposed.times.get(starts_at=first)
    address = f"/cases/{case.number}/appointments/{proposed.pk}/"
    assert signed_in(alice).get(f"{address}calendar.ics").status_code == 404
    with listening() as heard:
        signed_in(alice).post(f"{address}answer/", {"answer": "agree", "time": time.pk})
    proposed.refresh_from_db()
    assert (proposed.state, proposed.starts_at, proposed.answered_by) == ("agreed", first, alice)
    (told,) = [activity for activity in heard if activity.kind == ActivityKind.APPOINTMENT]
    assert told.facts["state"] == "agreed" and told.facts["starts_at"] == first.isoformat()
    assert not [activity for activity in heard if activity.kind == ActivityKind.REPLY]
    assert not progress_of(case).customers_turn
    for who in (alice, jia):
        assert f"{address}calendar.ics" in signed_in(who).get(case.get_absolute_url()).content.decode()
    file = signed_in(alice).get(f"{address}calendar.ics")
    assert file["Content-Type"].startswith("text/calendar")
    assert file["Content-Disposition"] == f'attachment; filename="{case.number}.ics"'
    with pytest.raises(NotOpen):
        appointments.agree(proposed, first, by=alice)


def test_no_time_suits_and_she_says_when(
    case: Case, proposed: Appointment, first: datetime, alice: User, jia: User
) -> None:
    with pytest.raises(NoWords):
        appointments.decline(proposed, " ", by=alice)
    with pytest.raises(NotProposed):
        appointments.agree(proposed, first + timedelta(minutes=1), by=alice)
    appointments.decline(proposed, "Only <b>Friday</b>", by=alice)
    assert proposed.state == "declined" and not progress_of(case).customers_turn
    page = reading_english(jia).get(case.get_absolute_url()).content.decode()
    assert "None of the times suits" in page and "Only &lt;b&gt;Friday&lt;/b&gt;" in page
    again = propose(case, jia, first + 3 * DAY)
    proposed.refresh_from_db()
    assert (proposed.state, again.state, again.uid) == ("moved", "proposed", proposed.uid)
    with pytest.raises(NotInACalendar):
        ics_of(proposed)


def test_a_word_on_the_phone_is_noted_with_any_time(
    case: Case, proposed: Appointment, first: datetime, alice: User, bob: User, charlie: User, jia: User
) -> None:
    address = f"/cases/{case.number}/appointments/{proposed.pk}/answer/"
    other = (first + 5 * DAY).astimezone(UTC)
    form = {"answer": "agree", "other": f"{other:%Y-%m-%dT%H:%M}", "other_zone": "UTC"}
    signed_in(jia).post(address, form | {"way": "phone", "person": charlie.pk})
    proposed.refresh_from_db()
    assert proposed.state == "proposed"
    signed_in(jia).post(address, form | {"way": "phone", "person": bob.pk})
    proposed.refresh_from_db()
    assert (proposed.state, proposed.starts_at) == ("agreed", other)
    assert (proposed.answered_by, proposed.recorded_by) == (bob, jia)
    note = Message.objects.get(kind=MessageKind.SYSTEM)
    assert note.author == jia and not note.internal and "Bob" in note.body
    with pytest.raises(NotTheCustomer):
        appointments.decline(proposed, "x", by=jia, heard=Heard(charlie))
    with pytest.raises(NotAllowed):
        appointments.decline(proposed, "x", by=jia)


def test_calendars_are_told_of_what_is_agreed_moved_and_called_off(
    case: Case, proposed: Appointment, first: datetime, alice: User, jia: User
) -> None:
    Case.objects.update(title='A "title"; with, commas\r\nBEGIN:VEVENT \u202e')
    proposed.case.refresh_from_db()
    appointments.agree(proposed, first, by=alice)
    agreed = event_of(proposed)
    calendar = Calendar.from_ical(ics_of(proposed))
    assert calendar["method"] == "REQUEST" and len(calendar.events) == 1
    assert (agreed.start, agreed.end) == (first, first + timedelta(hours=1))
    assert agreed["status"] == "CONFIRMED" and agreed["sequence"] == 0
    assert case.number in agreed["summary"] and "TeamViewer" in agreed["description"]
    assert agreed["attendee"] == f"mailto:{alice.email}" and jia.email not in ics_of(proposed).decode()
    moved = propose(case, jia, first + 3 * DAY)
    proposed.refresh_from_db()
    cancelled = event_of(proposed)
    assert Calendar.from_ical(ics_of(proposed))["method"] == "CANCEL"
    assert (cancelled["uid"], cancelled["sequence"], cancelled["status"]) == (agreed["uid"], 1, "CANCELLED")
    appointments.agree(moved, first + 3 * DAY, by=alice)
    assert (event_of(moved)["uid"], event_of(moved)["sequence"]) == (agreed["uid"], 2)
    with listening() as heard:
        signed_in(alice).post(
            f"/cases/{case.number}/appointments/{moved.pk}/cancel/", {"reason": "A\nholiday"}
        )
    moved.refresh_from_db()
    assert (moved.state, moved.ended_by, moved.reason) == ("cancelled", alice, "A holiday")
    assert (event_of(moved)["sequence"], event_of(moved)["status"]) == (3, "CANCELLED")
    (told,) = [activity for activity in heard if activity.kind == ActivityKind.APPOINTMENT]
    assert (told.facts["state"], told.reason) == ("cancelled", "A holiday")
    with pytest.raises(NotOpen):
        appointments.cancel(moved, by=jia)


def test_times_are_one_to_five_and_ahead(case: Case, jia: User, alice: User, first: datetime) -> None:
    with pytest.raises(NoTimes):
        propose(case, jia)
    with pytest.raises(NoTimes):
        propose(case, jia, *(first + number * DAY for number in range(6)))
    for wrong in (timezone.now() - DAY, timezone.now() + 400 * DAY):
        with pytest.raises(TimeIsOver):
            propose(case, jia, first, wrong)
    with pytest.raises(NotAllowed):
        propose(case, alice, first)
    same = propose(case, jia, first, first)
    assert same.times.count() == 1
    with pytest.raises(TimeIsOver):
        appointments.agree(same, first, by=alice, at=first + DAY)


def test_times_that_have_passed_without_an_answer_are_the_engineers_turn(
    case: Case, proposed: Appointment, first: datetime
) -> None:
    case.refresh_from_db()
    assert case.next_due_at is None, "her word is waited for"
    appointments.take_the_turn_back(timezone.now())
    case.refresh_from_db()
    assert case.next_due_at is None
    later = first + 2 * DAY
    with time_machine.travel(later, tick=False):
        appointments.take_the_turn_back(later)
        appointments.take_the_turn_back(later + timedelta(minutes=1))
    case.refresh_from_db()
    assert case.next_due_at == later + DAY


def test_what_she_asks_while_they_are_swept_is_not_postponed(
    case: Case, proposed: Appointment, alice: User, first: datetime, monkeypatch: pytest.MonkeyPatch
) -> None:
    later = first + 2 * DAY

    def ask_first(rows: list[int], act: Callable[[int], object]) -> None:
        with time_machine.travel(later - timedelta(hours=2), tick=False):
            post_message(case, by=alice, body="Does it suit you tomorrow?")
        one_by_one(rows, act)

    monkeypatch.setattr(appointments, "one_by_one", ask_first)
    with time_machine.travel(later, tick=False):
        appointments.take_the_turn_back(later)
    case.refresh_from_db()
    assert case.next_due_at == later - timedelta(hours=2) + DAY


def test_what_fails_is_logged_by_its_name_and_without_the_title(
    case: Case,
    proposed: Appointment,
    first: datetime,
    monkeypatch: pytest.MonkeyPatch,
    caplog: pytest.LogCaptureFixture,
) -> None:
    def fail(self: Case, **_: Any) -> None:
        raise ValueError("broken")

    monkeypatch.setattr(Case, "vendor_answered", fail)
    with time_machine.travel(first + 2 * DAY, tick=False):
        appointments.take_the_turn_back(first + 2 * DAY)
    (record,) = caplog.records
    said = record.getMessage()
    assert said == f"cases.appointments.services._take_the_turn_back failed for {case.pk}"


def test_programs_read_the_appointment_with_its_entry(
    case: Case, proposed: Appointment, alice: User, first: datetime
) -> None:
    rows = signed_in(alice).get(f"/api/cases/{case.number}/messages/").json()["results"]
    (shown,) = [row["appointment"] for row in rows if row["kind"] == "meeting"]
    times = [datetime.fromisoformat(time) for time in shown.pop("times")]
    assert times == [first, first + DAY]
    assert shown == {
        "state": "proposed",
        "medium": "remote",
        "minutes": 60,
        "note": "TeamViewer",
        "starts_at": None,
        "answered_by": None,
        "way": "",
        "words": "",
    }
