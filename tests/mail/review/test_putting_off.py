"""A mail that nobody can decide about today is put off: it is counted and listed again from its time on."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
import time_machine
from django.urls import reverse
from django.utils import timezone

from accounts.errors import NotAllowed
from accounts.models import User
from cases.models import Case
from cases.working_days.models import SpecialDay, WorkingCalendar
from mail.review import senders, services
from mail.review.errors import AlreadyUndone, NotThen, NotWaiting
from mail.review.models import MailDecision
from mail.store.models import MailMessage, MailState
from mail.templatetags.mail_tags import waiting_mails
from tests.mail.mails import deliver, letter
from tests.people import reading_english, signed_in

FRIDAY = datetime(2026, 11, 27, 9, 30, tzinfo=UTC)
"""17:30 in Shanghai."""
MONDAY_NINE = datetime(2026, 11, 30, 1, 0, tzinfo=UTC)


@pytest.fixture
def parked(case: Case) -> MailMessage:
    return deliver(letter(case, results=None, Subject=f"The older one {case.number}"))


def click(client: Any, mail: MailMessage, until: str) -> str:
    answer = client.post(
        reverse("mail-put-off", args=[mail.pk]), {"until": until, "show": "parked"}, follow=True
    )
    return str(answer.content.decode())


def test_until_the_next_working_morning_unless_another_time_is_chosen(db: None) -> None:
    assert services.next_morning(FRIDAY) == MONDAY_NINE
    calendar = WorkingCalendar.objects.create()
    SpecialDay.objects.create(calendar=calendar, day="2026-11-28", is_worked=True)
    assert services.next_morning(FRIDAY) == datetime(2026, 11, 28, 1, 0, tzinfo=UTC)


def test_it_is_counted_until_it_is_put_off_and_from_its_time_on(parked: MailMessage, jia: User) -> None:
    now = timezone.now()
    until = now + timedelta(days=3)
    services.put_off(parked, until, by=jia)
    assert (waiting_mails(jia), list(senders.waiting(jia))) == ("", [])
    with time_machine.travel(until - timedelta(microseconds=1), tick=False):
        assert waiting_mails(jia) == ""
    with time_machine.travel(until, tick=False):
        assert (waiting_mails(jia), list(senders.waiting(jia))) == ("1", [parked])


def test_one_click_puts_it_off_and_one_takes_that_back(parked: MailMessage, jia: User) -> None:
    client = reading_english(jia)
    with time_machine.travel(FRIDAY, tick=False):
        page = client.get(reverse("mail-review")).content.decode()
        assert "Put off until" in page and 'value="2026-11-30T09:00:00+08:00"' in page
        page = click(client, parked, "2026-11-30T09:00:00+08:00")
        assert "Put off until Mon 09:00; the mail waits again then." in page
        assert "The older one" not in page and 'class="nav-count"' not in page
        parked.refresh_from_db()
        assert (parked.state, parked.put_off_until) == (MailState.PARKED, MONDAY_NINE)
        page = client.get(f"{reverse('mail-review')}?show=put-off").content.decode()
        assert "The older one" in page and "Jia" in page and "Take it back" in page
        decision = MailDecision.objects.get()
        assert (decision.by, decision.at) == (jia, FRIDAY)
        client.post(reverse("mail-undo", args=[decision.pk]))
    parked.refresh_from_db()
    assert (parked.state, parked.put_off_until) == (MailState.PARKED, None)
    decision.refresh_from_db()
    assert decision.undone_by == jia


def test_it_comes_back_on_top_with_who_put_it_off_and_since_when(
    parked: MailMessage, case: Case, jia: User, yi: User
) -> None:
    deliver(letter(case, results=None, Message_ID="<2@x>", Subject=f"The newer one {case.number}"))
    now = timezone.now()
    services.put_off(parked, now + timedelta(hours=1), by=jia)
    with time_machine.travel(now + timedelta(hours=2), tick=False):
        page = reading_english(yi).get(reverse("mail-review")).content.decode()
    assert 0 < page.index("The older one") < page.index("The newer one")
    row = page[page.index("data-mail-row") : page.index("The newer one")]
    assert "Back" in row and "Jia" in row and f'datetime="{MailDecision.objects.get().at.isoformat()}"' in row


def test_a_time_of_her_own_counts_by_her_clock(parked: MailMessage, jia: User) -> None:
    data = {"until": "2026-12-04T08:15", "until_zone": "Europe/Berlin"}
    with time_machine.travel(FRIDAY, tick=False):
        signed_in(jia).post(reverse("mail-put-off", args=[parked.pk]), data)
    parked.refresh_from_db()
    assert parked.put_off_until == datetime(2026, 12, 4, 7, 15, tzinfo=UTC)


@pytest.mark.parametrize("until", ["", "nonsense", "2001-01-01T00:00", "9000-01-01T00:00"])
def test_no_time_that_has_passed_or_never_comes(parked: MailMessage, jia: User, until: str) -> None:
    assert "Choose a time to come, within a year." in click(reading_english(jia), parked, until)
    parked.refresh_from_db()
    assert parked.put_off_until is None


def test_neither_now_nor_in_more_than_a_year(parked: MailMessage, jia: User) -> None:
    with time_machine.travel(FRIDAY, tick=False):
        for until in (FRIDAY, FRIDAY + timedelta(days=366, seconds=1)):
            with pytest.raises(NotThen):
                services.put_off(parked, until, by=jia)
        services.put_off(parked, FRIDAY + timedelta(days=366), by=jia)


def test_whatever_is_decided_ends_it_and_taking_that_back_does_not(
    parked: MailMessage, case: Case, jia: User
) -> None:
    until = timezone.now() + timedelta(days=3)
    services.put_off(parked, until, by=jia)
    for decided in (_taken_into, _set_aside):
        decision = decided(parked, case, jia)
        assert MailMessage.objects.get(pk=parked.pk).put_off_until is None
        services.undo(decision, by=jia)
        parked.refresh_from_db()
        assert (parked.state, parked.put_off_until) == (MailState.PARKED, until)
    services.read_again(parked, by=jia)
    parked.refresh_from_db()
    assert (parked.state, parked.put_off_until) == (MailState.RECEIVED, None)


def _taken_into(mail: MailMessage, case: Case, by: User) -> MailDecision:
    return services.take_into(mail, case, by=by)


def _set_aside(mail: MailMessage, case: Case, by: User) -> MailDecision:
    return services.set_aside(mail, by=by)


def test_put_off_twice_it_is_taken_back_once(parked: MailMessage, jia: User) -> None:
    first, second = (timezone.now() + timedelta(days=days) for days in (1, 2))
    former = services.put_off(parked, first, by=jia)
    decision = services.put_off(parked, second, by=jia)
    with pytest.raises(AlreadyUndone):
        services.undo(former, by=jia)
    services.undo(decision, by=jia)
    parked.refresh_from_db()
    assert parked.put_off_until == first


def test_what_waits_for_nobody_is_not_put_off(parked: MailMessage, jia: User, alice: User) -> None:
    until = timezone.now() + timedelta(days=1)
    with pytest.raises(NotAllowed):
        services.put_off(parked, until, by=alice)
    services.set_aside(parked, by=jia)
    with pytest.raises(NotWaiting):
        services.put_off(parked, until, by=jia)


def test_one_that_was_put_off_is_not_swept_away_with_the_flood_of_its_sender(
    case: Case, jia: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(senders, "MIN_FLOOD", 2)
    mails = [deliver(letter(case, results=None, Message_ID=f"<{number}@x>")) for number in range(3)]
    now = timezone.now()
    services.put_off(mails[0], now + timedelta(hours=1), by=jia)
    with time_machine.travel(now + timedelta(hours=2)):
        assert [flood.count for flood in senders.floods(jia)] == [2]
        page = signed_in(jia).get(reverse("mail-review")).content.decode()
        assert f"mail={mails[0].pk}" in page and page.count("data-mail-row") == 1
        senders.set_aside_all("customer.example", until=timezone.now(), by=jia)
        assert list(senders.waiting(jia)) == [mails[0]]


def test_colleagues_who_do_not_see_its_case_do_not_find_it(
    parked: MailMessage, jia: User, ding: User
) -> None:
    services.put_off(parked, timezone.now() + timedelta(days=1), by=jia)
    address = f"{reverse('mail-review')}?show=put-off"
    assert "The older one" in signed_in(jia).get(address).content.decode()
    assert "The older one" not in signed_in(ding).get(address).content.decode()
