"""“Remind me in three days”: hers alone, told once, taken back with a click, ended by an answer."""

import re
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from django.db import IntegrityError, transaction
from django.test import Client
from django.utils import timezone

from accounts.errors import NotAllowed
from accounts.models import User
from cases.evidence_requests import services as evidence_requests
from cases.evidence_requests.models import ItemState
from cases.models import Case, MessageKind
from cases.own_reminders import services as own_reminders
from cases.own_reminders.errors import HasAnother, NotThen
from cases.own_reminders.models import OwnReminder
from cases.services import post_message
from cases.working_days.models import SpecialDay, WorkingCalendar
from mail.webhooks.models import Webhook, WebhookDelivery
from tests.activity import listening
from tests.mail.mails import outgoing
from tests.people import reading_english, signed_in

pytestmark = pytest.mark.django_db

DAY = timedelta(days=1)


def remind(case: Case, by: User, days: int = 3) -> OwnReminder:
    return own_reminders.remind(case, by=by, due_at=timezone.now() + days * DAY)


def in_force(person: User) -> list[OwnReminder]:
    return list(OwnReminder.objects.visible_to(person).in_force())


def undo_of(answer: Any) -> str:
    """Where the button of the message leads."""
    found = re.search(r'<form class="undo" method="post" action="([^"]*)"', answer.content.decode())
    assert found
    return found[1]


@pytest.mark.parametrize(
    ("now", "name", "due"),
    [
        # Thursday, 10:00 in Shanghai; Friday is a holiday and Sunday is worked.
        (datetime(2026, 11, 5, 2, tzinfo=UTC), "tomorrow", datetime(2026, 11, 6, 1, tzinfo=UTC)),
        (datetime(2026, 11, 5, 2, tzinfo=UTC), "working-days", datetime(2026, 11, 10, 1, tzinfo=UTC)),
        (datetime(2026, 11, 5, 2, tzinfo=UTC), "week", datetime(2026, 11, 12, 1, tzinfo=UTC)),
        # Friday already where the portal stands.
        (datetime(2026, 11, 5, 17, tzinfo=UTC), "tomorrow", datetime(2026, 11, 7, 1, tzinfo=UTC)),
    ],
)
def test_usual_times_are_nine_in_the_morning_of_days_that_count(
    now: datetime, name: str, due: datetime
) -> None:
    calendar = WorkingCalendar.objects.create()
    SpecialDay.objects.create(calendar=calendar, day=date(2026, 11, 6))
    SpecialDay.objects.create(calendar=calendar, day=date(2026, 11, 8), is_worked=True)
    assert {preset.name: preset.due_at for preset in own_reminders.presets(now)}[name] == due


def test_she_sets_it_on_the_case_and_finds_it_on_her_desk_when_it_is_due(
    case: Case, jia: User, yi: User
) -> None:
    browser = reading_english(jia)
    address = f"/cases/{case.number}/remind/"
    answer = browser.post(address, {"when": "tomorrow"}, follow=True)
    assert answer.redirect_chain[-1][0] == case.get_absolute_url()
    assert "You will be reminded: tomorrow 09:00." in answer.content.decode()
    (reminder,) = in_force(jia)
    assert "You wanted to be reminded" not in browser.get("/").content.decode()
    OwnReminder.objects.update(due_at=timezone.now())
    assert "You wanted to be reminded" in browser.get("/").content.decode()
    for page in ("/", case.get_absolute_url()):
        text = reading_english(yi).get(page).content.decode()
        assert "You wanted to be reminded" not in text and "You will be reminded" not in text
    browser.post(f"{address}{reminder.pk}/withdraw/", {"next": "/"})
    assert "You wanted to be reminded" not in browser.get("/").content.decode()


def test_a_manager_has_reminders_too(case: Case, max_: User) -> None:
    remind(case, max_)
    OwnReminder.objects.update(due_at=timezone.now())
    assert "You wanted to be reminded" in reading_english(max_).get("/").content.decode()


@pytest.mark.parametrize(
    "chosen",
    [
        {},
        {"when": "never"},
        {"when": "day", "day": ""},
        {"when": "day", "day": "2020-01-01"},
        {"when": "day", "day": "2020-13-41"},
        {"when": "day", "day": "9999-12-31"},
        {"when": "day", "day": "someday"},
    ],
)
def test_a_time_that_is_none_is_refused(case: Case, jia: User, chosen: dict[str, str]) -> None:
    answer = reading_english(jia).post(f"/cases/{case.number}/remind/", chosen, follow=True)
    assert "Choose a day after today, within a year." in answer.content.decode()
    assert in_force(jia) == []


def test_a_day_of_her_own_is_taken(case: Case, jia: User) -> None:
    day = timezone.localdate() + 20 * DAY
    signed_in(jia).post(f"/cases/{case.number}/remind/", {"when": "day", "day": day.isoformat()})
    (reminder,) = in_force(jia)
    local = timezone.localtime(reminder.due_at)
    assert (local.date(), local.hour, local.minute) == (day, 9, 0)


def test_each_click_can_be_undone_without_a_script(case: Case, jia: User) -> None:
    browser = reading_english(jia)
    address = f"/cases/{case.number}/remind/"
    undo = undo_of(browser.post(address, {"when": "week"}, follow=True))
    browser.post(undo)
    assert in_force(jia) == []
    # What was undone comes back by the same button.
    browser.post(undo)
    (week,) = in_force(jia)
    undo = undo_of(browser.post(address, {"when": "tomorrow"}, follow=True))
    (tomorrow,) = in_force(jia)
    assert tomorrow != week and tomorrow.due_at < week.due_at
    said = browser.post(undo, follow=True).content.decode()
    assert in_force(jia) == [week] and "Taken back. You will be reminded:" in said
    undo = undo_of(browser.post(f"{address}{week.pk}/withdraw/", follow=True))
    assert in_force(jia) == []
    browser.post(undo)
    assert in_force(jia) == [week]


def test_what_was_told_is_not_told_again_when_its_end_is_undone(case: Case, jia: User) -> None:
    reminder = remind(case, jia)
    OwnReminder.objects.update(due_at=timezone.now())
    own_reminders.tell(timezone.now())
    reminder.refresh_from_db()
    own_reminders.withdraw(reminder)
    own_reminders.undo(reminder)
    with listening() as heard:
        own_reminders.tell(timezone.now())
    assert heard == [] and in_force(jia) == [reminder]


def test_an_old_undo_does_not_make_a_second_one(case: Case, jia: User) -> None:
    first = remind(case, jia)
    own_reminders.withdraw(first)
    second = remind(case, jia, 5)
    with pytest.raises(HasAnother):
        own_reminders.undo(first)
    assert in_force(jia) == [second]
    with pytest.raises(IntegrityError), transaction.atomic():
        OwnReminder.objects.filter(pk=first.pk).update(ended_at=None)


def test_she_leaves_the_page_that_she_clicked_on_for_no_other_site(case: Case, jia: User) -> None:
    reminder, browser = remind(case, jia), signed_in(jia)
    address = f"/cases/{case.number}/remind/{reminder.pk}/withdraw/"
    assert browser.post(address, {"next": "/"}).headers["Location"] == "/"
    for elsewhere in ("https://elsewhere.example/", "//elsewhere.example/", "javascript:alert(1)", ""):
        assert browser.post(address, {"next": elsewhere}).headers["Location"] == case.get_absolute_url()


def test_she_alone_is_told_once_by_her_channel(case: Case, jia: User, yi: User, root: User) -> None:
    User.objects.filter(pk=jia.pk).update(language="en")
    hook: dict[str, Any] = {"kinds": ["own_reminder"], "format": "slack", "made_by": root}
    Webhook.objects.create(name="Group", address="https://hooks.example/x", **hook)
    reminder = remind(case, jia)
    before = len(outgoing())
    own_reminders.tell(timezone.now() + 2 * DAY)
    assert len(outgoing()) == before
    OwnReminder.objects.update(due_at=timezone.now())
    own_reminders.tell(timezone.now())
    own_reminders.tell(timezone.now() + DAY)
    (mail,) = outgoing()[before:]
    assert mail.address == jia.email
    assert "You wanted to be reminded of this case" in mail.facts["text"]
    assert case.title in mail.facts["text"]
    assert mail.facts["internal"], "an answer to it is an internal note"
    assert not WebhookDelivery.objects.exists()
    reminder.refresh_from_db()
    assert reminder.told_at is not None and reminder.ended_at is None
    page = reading_english(jia).get(case.get_absolute_url()).content.decode()
    assert "You wanted to be reminded:" in page and "You will be reminded:" not in page


def test_a_customer_who_has_not_tried_the_advice_yet_is_reminded_with_the_question(
    case: Case, alice: User, bob: User, jia: User
) -> None:
    case.send_result(by=jia)
    browser, address = reading_english(alice), case.get_absolute_url()
    assert "Remind me in 3 working days" in browser.get(address).content.decode()
    said = browser.post(f"{address}remind/", {"when": "working-days"}, follow=True).content.decode()
    assert "You will be reminded:" in said and "Remind me in 3 working days" not in said
    post_message(case, by=alice, body="We try it in the maintenance window on Wednesday.")
    post_message(case, by=bob, body="Thank you!")
    OwnReminder.objects.update(due_at=timezone.now())
    before = len(outgoing())
    own_reminders.tell(timezone.now())
    (mail,) = outgoing()[before:]
    assert mail.address == alice.email
    for words in ("You wanted to be reminded of this case", "tell us whether it helped"):
        assert words in mail.facts["text"]
    page = browser.get(address).content.decode()
    assert "You will be reminded:" not in page and "Remind me in 3 working days" in page
    # The message after her first click still had its button.
    own_reminders.undo(OwnReminder.objects.get())
    assert not OwnReminder.objects.in_force().exists()


def test_a_customer_of_whom_nothing_is_asked_any_more_is_not_reminded(
    case: Case, alice: User, jia: User
) -> None:
    case.change("take_up", by=jia)
    case.send_result(by=jia)
    remind(case, alice)
    case.change("close", by=jia, reason="She said on the phone that it works.")
    OwnReminder.objects.update(due_at=timezone.now())
    with listening() as heard:
        own_reminders.tell(timezone.now())
    assert heard == [] and OwnReminder.objects.get().ended_at is not None


def test_who_no_longer_sees_the_case_is_told_nothing(case: Case, jia: User, ding: User) -> None:
    remind(case, jia)
    OwnReminder.objects.update(due_at=timezone.now())
    Case.objects.filter(pk=case.pk).update(engineer=ding, queue=None)
    assert "You wanted to be reminded" not in reading_english(jia).get("/").content.decode()
    with listening() as heard:
        own_reminders.tell(timezone.now())
    assert heard == [] and OwnReminder.objects.get().ended_at is not None


def test_who_has_left_is_told_nothing(case: Case, jia: User) -> None:
    remind(case, jia)
    OwnReminder.objects.update(due_at=timezone.now())
    User.objects.filter(pk=jia.pk).update(is_active=False)
    with listening() as heard:
        own_reminders.tell(timezone.now())
    assert heard == []


def test_an_answer_of_the_customer_ends_it(case: Case, alice: User, jia: User, yi: User, max_: User) -> None:
    for person in (jia, yi, max_):
        remind(case, person)
    post_message(case, by=jia, body="Any news?")
    post_message(case, by=alice, body="logs.zip", kind=MessageKind.BUNDLE)
    assert len(in_force(jia)) == 1, "an upload is looked at by the portal first"
    post_message(case, by=alice, body="It works again.", kind=MessageKind.MAIL_IN)
    assert not OwnReminder.objects.in_force().exists()


def test_her_word_on_an_item_is_an_answer(case: Case, alice: User, jia: User) -> None:
    asked = evidence_requests.ask(case, by=jia, items=[("log", "System"), ("dump", "")])
    remind(case, jia)
    evidence_requests.settle(asked.items.all()[0], ItemState.UNAVAILABLE, by=alice, reason="Gone")
    assert in_force(jia) == []


def test_it_is_each_persons_own(
    case: Case, alice: User, charlie: User, jia: User, yi: User, ding: User
) -> None:
    reminder = remind(case, jia)
    address = f"/cases/{case.number}/remind/"
    for person in (ding, charlie):
        with pytest.raises(NotAllowed):
            remind(case, person)
        assert signed_in(person).post(address, {"when": "week"}).status_code == 404
    for person in (alice, charlie, yi, ding):
        for act in ("withdraw", "undo"):
            assert signed_in(person).post(f"{address}{reminder.pk}/{act}/").status_code == 404
    assert in_force(jia) == [reminder]
    assert Client().post(address, {"when": "week"}).status_code == 302


def test_the_time_lies_ahead_and_within_a_year(case: Case, jia: User) -> None:
    for days in (-1, 0, 367):
        with pytest.raises(NotThen):
            remind(case, jia, days)
    assert remind(case, jia, 365) in in_force(jia)
