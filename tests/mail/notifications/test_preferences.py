"""How each person is told: what she chose, when she wants quiet, her daily mail, and the link in a mail."""

from datetime import UTC, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
import time_machine
from django.test import Client

from accounts.models import Organisation, User
from cases.models import Case, MessageKind
from cases.service_levels import Severity
from cases.services import post_message
from cases.signals import ActivityKind, announce
from mail.notifications import digests
from mail.notifications.models import CaseCc, Channel, DigestItem, NotificationPreference, NotificationTimes
from mail.notifications.preferences import choices_of, choose, set_times
from mail.outbound.models import Delivery
from mail.review import services as review
from mail.store.models import MailMessage
from mail.tasks import send_digests
from tests.mail.mails import deliver, letter, outgoing
from tests.people import reading_english, report

pytestmark = pytest.mark.django_db

NIGHT = datetime(2027, 3, 9, 15, 30, tzinfo=UTC)
"""Half past eleven in the evening in Shanghai, half past ten in the morning in New York."""


def mails_to(person: User) -> list[MailMessage]:
    return [mail for mail in outgoing() if mail.address == person.email]


def quiet(person: User, zone: str = "Asia/Shanghai") -> None:
    times = NotificationTimes(
        person=person, quiet_from=time(22), quiet_until=time(7, 30), digest_hour=9, time_zone=zone
    )
    set_times(times)


@pytest.mark.parametrize(
    ("hour", "minute", "ends"),
    [
        (21, 59, None),
        (22, 0, datetime(2027, 3, 9, 23, 30, tzinfo=UTC)),
        (23, 59, datetime(2027, 3, 9, 23, 30, tzinfo=UTC)),
        (0, 0, datetime(2027, 3, 8, 23, 30, tzinfo=UTC)),
        (7, 29, datetime(2027, 3, 8, 23, 30, tzinfo=UTC)),
        (7, 30, None),
    ],
)
def test_quiet_hours_over_midnight_have_their_ends(hour: int, minute: int, ends: datetime | None) -> None:
    times = NotificationTimes(quiet_from=time(22), quiet_until=time(7, 30))
    # Shanghai is eight hours before UTC, all year.
    now = datetime(2027, 3, 9, hour, minute, tzinfo=UTC) - timedelta(hours=8)
    assert times.end_of_quiet(now) == ends


def test_there_are_no_quiet_hours_unless_somebody_wants_some() -> None:
    assert NotificationTimes().end_of_quiet(NIGHT) is None
    assert NotificationTimes(quiet_from=time(9), quiet_until=time(9)).end_of_quiet(NIGHT) is None
    day = NotificationTimes(quiet_from=time(9), quiet_until=time(18))
    assert day.end_of_quiet(NIGHT) is None
    assert day.end_of_quiet(NIGHT - timedelta(hours=12)) is not None


def test_a_mail_of_the_night_waits_for_the_morning_of_its_reader(
    case: Case, alice: User, bob: User, jia: User
) -> None:
    quiet(alice)
    with time_machine.travel(NIGHT):
        post_message(case, by=jia, body="It is late.")
        held = Delivery.objects.get(mail=mails_to(alice)[-1])
        assert held.not_before == datetime(2027, 3, 9, 23, 30, tzinfo=UTC)
        quiet(alice, "America/New_York")
        post_message(case, by=jia, body="It is morning where you are.")
        assert Delivery.objects.get(mail=mails_to(alice)[-1]).not_before is None
        quiet(alice)
        Case.objects.update(severity=Severity.A)
        post_message(Case.objects.get(), by=jia, body="The plant stands still.")
        assert Delivery.objects.get(mail=mails_to(alice)[-1]).not_before is None


def test_a_person_chooses_how_she_is_told(case: Case, alice: User, jia: User) -> None:
    choose(alice, {ActivityKind.REPLY: Channel.PORTAL, ActivityKind.CLOSED: Channel.DIGEST})
    before = len(mails_to(alice))
    post_message(case, by=jia, body="Only on the page.")
    case.change("close", by=jia, reason="Done.")
    assert len(mails_to(alice)) == before
    (item,) = DigestItem.objects.all()
    assert (item.person, item.kind) == (alice, "closed")
    # What is chosen as it was needs no row: the next version's defaults hold for her.
    choose(alice, {ActivityKind.REPLY: Channel.AT_ONCE, ActivityKind.CLOSED: Channel.AT_ONCE})
    assert not NotificationPreference.objects.exists()


def test_nobody_chooses_what_is_not_hers_to_choose(alice: User, jia: User) -> None:
    assert ActivityKind.DELETION not in choices_of(alice)
    assert {ActivityKind.MENTIONED, ActivityKind.OVERDUE, ActivityKind.MAIL_FAILED}.isdisjoint(
        choices_of(alice)
    )
    assert ActivityKind.DELETION not in choices_of(jia)
    choose(alice, {ActivityKind.DELETION: Channel.PORTAL, ActivityKind.MENTIONED: Channel.PORTAL})
    assert not NotificationPreference.objects.exists()


def test_the_daily_mail_tells_all_of_it_once_at_her_hour(case: Case, alice: User, jia: User) -> None:
    User.objects.filter(pk=alice.pk).update(language="en")
    choose(alice, {ActivityKind.REPLY: Channel.DIGEST})
    quiet(alice)
    case = Case.objects.get()
    other = report(User.objects.get(pk=alice.pk), title="The clock is wrong", engineer=jia)
    with time_machine.travel(NIGHT) as clock:
        post_message(case, by=jia, body="First words.")
        clock.shift(60)
        post_message(other, by=jia, body="About the clock.")
        clock.shift(60)
        post_message(case, by=jia, body="Second words.")
        before = len(outgoing())
        send_digests()
        assert len(outgoing()) == before
        # Nine in the morning in Shanghai.
        clock.move_to(datetime(2027, 3, 10, 1, 0, 1, tzinfo=UTC))
        send_digests()
        send_digests()
        (mail,) = outgoing()[before:]
    assert not DigestItem.objects.exists()
    assert (mail.address, mail.kind, mail.case) == (alice.email, "digest", None)
    assert mail.facts["subject"] == "3 pieces of news of your cases"
    text = mail.facts["text"]
    words = [
        "Hello Alice,",
        case.number,
        "2027-03-09 23:30 Reply",
        "First words.",
        "23:32 Reply",
        "Second words.",
    ]
    words += [other.number, "The clock is wrong", "23:31 Reply", "About the clock."]
    places = [text.index(word) for word in words]
    assert places == sorted(places)


@pytest.mark.parametrize(
    ("begin", "end", "hour", "before", "arrives"),
    [
        # In Shanghai's hours; the reply comes at noon of the 9th.
        (time(20), time(10), 9, (10, 9, 59, 59), (10, 10, 0, 0)),
        (time(9), time(10), 9, (10, 9, 0, 0), (10, 10, 0, 0)),
        (time(8), time(9), 9, (10, 8, 59, 59), (10, 9, 0, 0)),
        (time(22), time(7), 23, (10, 6, 59, 59), (10, 7, 0, 0)),
        (time(22), time(7), 22, (9, 22, 0, 0), (10, 7, 0, 0)),
        (time(22), time(7), 21, (9, 20, 59, 59), (9, 21, 0, 0)),
    ],
)
def test_the_daily_mail_waits_for_the_end_of_quiet_hours(
    case: Case,
    alice: User,
    jia: User,
    begin: time,
    end: time,
    hour: int,
    before: tuple[int, int, int, int],
    arrives: tuple[int, int, int, int],
) -> None:
    shanghai = ZoneInfo("Asia/Shanghai")
    choose(alice, {ActivityKind.REPLY: Channel.DIGEST})
    set_times(NotificationTimes(person=alice, quiet_from=begin, quiet_until=end, digest_hour=hour))
    with time_machine.travel(datetime(2027, 3, 9, 12, tzinfo=shanghai), tick=False) as clock:
        post_message(case, by=jia, body="Good morning.")
        count = len(mails_to(alice))
        clock.move_to(datetime(2027, 3, *before, tzinfo=shanghai))
        send_digests()
        assert len(mails_to(alice)) == count
        clock.move_to(datetime(2027, 3, *arrives, tzinfo=shanghai))
        send_digests()
        assert len(mails_to(alice)) == count + 1
        assert Delivery.objects.get(mail=mails_to(alice)[-1]).not_before is None


def test_of_what_stands_still_the_daily_mail_tells_in_quiet_hours(case: Case, alice: User, jia: User) -> None:
    other = report(alice, title="The plant stands still", engineer=jia)
    Case.objects.filter(pk=other.pk).update(severity=Severity.A)
    choose(alice, {ActivityKind.REPLY: Channel.DIGEST})
    post_message(case, by=jia, body="About the certificate.")
    post_message(Case.objects.get(pk=other.pk), by=jia, body="About the plant.")
    quiet(alice)
    DigestItem.objects.update(due_at=NIGHT - timedelta(days=999))
    digests.send_due(NIGHT)
    mail = mails_to(alice)[-1]
    assert (mail.kind, mail.case) == ("digest", other)
    assert "About the plant." in mail.facts["text"] and "certificate" not in mail.facts["text"]
    digests.send_due(NIGHT + timedelta(hours=8))
    assert "About the certificate." in mails_to(alice)[-1].facts["text"]


def test_the_daily_mail_of_one_case_hangs_on_its_thread(case: Case, alice: User, jia: User) -> None:
    choose(alice, {ActivityKind.REPLY: Channel.DIGEST})
    post_message(case, by=jia, body="Alone.")
    DigestItem.objects.update(due_at=NIGHT - timedelta(days=999))
    digests.send_due(NIGHT)
    mail = mails_to(alice)[-1]
    assert (mail.case, mail.facts["subject"]) == (case, "")


def test_a_daily_mail_says_nothing_of_a_case_that_she_has_left(
    case: Case, alice: User, jia: User, contoso: Organisation
) -> None:
    choose(alice, {ActivityKind.REPLY: Channel.DIGEST})
    post_message(case, by=jia, body="A secret of Northwind.")
    User.objects.filter(pk=alice.pk).update(organisation=contoso)
    before = len(outgoing())
    DigestItem.objects.update(due_at=NIGHT - timedelta(days=999))
    digests.send_due(NIGHT)
    assert len(outgoing()) == before and not DigestItem.objects.exists()


def test_a_daily_mail_says_what_was_moved_only_of_the_case_that_it_is_in(
    case: Case, alice: User, jia: User
) -> None:
    choose(jia, {ActivityKind.REPLY: Channel.DIGEST})
    other = report(alice, title="The clock is wrong", engineer=jia)
    received = deliver(letter(case))
    post_message(case, by=alice, body="The dongle is plugged in.")
    review.take_into(received, other, by=jia)
    DigestItem.objects.update(due_at=NIGHT - timedelta(days=999))
    digests.send_due(NIGHT)
    text = mails_to(jia)[-1].facts["text"]
    assert text.count("Here are the logs.") == 1
    places = [text.index(words) for words in (case.number, "The dongle", other.number, "Here are the logs.")]
    assert places == sorted(places)


def test_a_daily_mail_says_nothing_of_a_kind_that_she_has_chosen_away_since(
    case: Case, alice: User, jia: User
) -> None:
    choose(alice, {ActivityKind.REPLY: Channel.DIGEST})
    post_message(case, by=jia, body="First words.")
    choose(alice, {ActivityKind.REPLY: Channel.PORTAL})
    before = len(outgoing())
    DigestItem.objects.update(due_at=NIGHT - timedelta(days=999))
    digests.send_due(NIGHT)
    assert len(outgoing()) == before and not DigestItem.objects.exists()


def test_a_new_hour_moves_what_waits(case: Case, alice: User, jia: User) -> None:
    choose(alice, {ActivityKind.REPLY: Channel.DIGEST})
    with time_machine.travel(NIGHT):
        post_message(case, by=jia, body="Waits.")
        assert DigestItem.objects.get().due_at == datetime(2027, 3, 10, 1, tzinfo=UTC)
        set_times(NotificationTimes(person=alice, digest_hour=6))
        assert DigestItem.objects.get().due_at == datetime(2027, 3, 9, 22, tzinfo=UTC)


def test_the_page_shows_and_keeps_her_choices(alice: User, jia: User) -> None:
    browser = reading_english(alice)
    page = browser.get("/mail/notifications/").content.decode()
    assert 'name="reply"' in page and 'name="mentioned"' not in page and 'name="deletion"' not in page
    sent = {"reply": "digest", "quiet_from": "22:00", "quiet_until": "07:00", "digest_hour": "8"}
    answer = browser.post("/mail/notifications/", sent | {"time_zone": "Europe/Berlin"})
    assert answer.status_code == 302
    assert choices_of(alice)[ActivityKind.REPLY] == Channel.DIGEST
    times = NotificationTimes.of(alice)
    assert (times.quiet_from, times.quiet_until, times.digest_hour) == (time(22), time(7), 8)
    assert times.time_zone == "Europe/Berlin"
    assert 'value="22:00"' in browser.get("/mail/notifications/").content.decode()
    for wrong in (
        {"quiet_until": ""},
        {"time_zone": "Mars/Olympus"},
        {"digest_hour": "24"},
        {"reply": "pigeon"},
    ):
        answer = browser.post("/mail/notifications/", sent | {"time_zone": "Europe/Berlin"} | wrong)
        assert answer.status_code == 422, wrong
    assert choices_of(jia)[ActivityKind.REPLY] == Channel.AT_ONCE


def test_one_click_in_a_mail_ends_mails_of_its_kind_to_its_reader_alone(
    case: Case, alice: User, bob: User, jia: User
) -> None:
    post_message(case, by=jia, body="Hello")
    address = mails_to(alice)[-1].facts["unsubscribe"].removeprefix("https://support.vendor.example")
    stranger = Client(enforce_csrf_checks=True)
    assert stranger.get(address).status_code == 200
    assert choices_of(alice)[ActivityKind.REPLY] == Channel.AT_ONCE, "a scanner only opens it"
    assert stranger.post(address, {"List-Unsubscribe": "One-Click"}).status_code == 200
    assert choices_of(alice)[ActivityKind.REPLY] == Channel.PORTAL
    assert choices_of(alice)[ActivityKind.CLOSED] == Channel.AT_ONCE
    assert choices_of(bob)[ActivityKind.REPLY] == Channel.AT_ONCE
    forged = address.replace("/unsubscribe/", "/unsubscribe/x")
    assert stranger.post(forged).status_code == 404


def test_followers_and_the_cc_list_are_kept_on_the_case_page(
    case: Case, alice: User, bob: User, jia: User, yi: User
) -> None:
    place = f"/mail/cases/{case.number}"
    page = f"/cases/{case.number}/"
    bobs, alices, jias = reading_english(bob), reading_english(alice), reading_english(jia)
    assert "Follow this case" in bobs.get(page).content.decode()
    assert "Follow this case" not in alices.get(page).content.decode()
    bobs.post(f"{place}/follow/", {"follow": "1"})
    reading_english(yi).post(f"{place}/follow/", {"follow": "1"})
    assert "Follow no more" in bobs.get(page).content.decode()
    assert "<dt>Followers</dt><dd>Yi</dd>" in jias.get(page).content.decode()
    assert "<dt>Followers</dt>" not in bobs.get(page).content.decode()
    post_message(Case.objects.get(), by=jia, body="To all.")
    assert mails_to(bob)[-1].facts["text"].startswith("Hello Bob,")
    bobs.post(f"{place}/follow/")
    count = len(mails_to(bob))
    post_message(case, by=jia, body="Not to Bob.")
    assert len(mails_to(bob)) == count

    for address in ("no address", "support@portal.example", "a@b.example\nBcc: x@y.example"):
        alices.post(f"{place}/cc/", {"address": address})
    assert not CaseCc.objects.exists()
    alices.post(f"{place}/cc/", {"address": " Site@Plant.example "})
    alices.post(f"{place}/cc/", {"address": "site@plant.example"})
    welcome = outgoing()[-1]
    assert (welcome.address, welcome.kind) == ("site@plant.example", "cc_added")
    assert "Alice has put your address on the Cc list" in welcome.facts["text"]
    assert "visible to the people of Northwind Power" in welcome.facts["text"]
    assert "site@plant.example" in jias.get(page).content.decode()
    cc = CaseCc.objects.get()
    assert bobs.post(f"{place}/cc/{cc.pk}/remove/").status_code == 403
    assert bobs.post(f"{place}/cc/", {"address": "x@plant.example"}).status_code == 403
    # A colleague with an account follows instead.
    alices.post(f"{place}/cc/", {"address": bob.email})
    assert CaseCc.objects.count() == 1 and case.followers.filter(person=bob).exists()
    post_message(case, by=jia, body="A note", kind=MessageKind.NOTE)
    announce(ActivityKind.MENTIONED, case, by=jia, at=NIGHT, people=(bob,))
    post_message(case, by=jia, body="To the site.")
    assert outgoing()[-1].address == "site@plant.example"
    # She takes herself off by the link in her mail.
    address = outgoing()[-1].facts["unsubscribe"].removeprefix("https://support.vendor.example")
    Client(enforce_csrf_checks=True).post(address)
    cc.refresh_from_db()
    assert cc.removed_at is not None and cc.removed_by is None
    count = len([mail for mail in outgoing() if mail.address == "site@plant.example"])
    post_message(case, by=jia, body="Not to the site.")
    answer = alices.post(f"{place}/cc/", {"address": "site@plant.example"}, follow=True)
    assert "has taken herself off the Cc list" in answer.content.decode()
    assert len([mail for mail in outgoing() if mail.address == "site@plant.example"]) == count


def test_what_the_vendors_people_were_mailed_is_no_customers_to_see(
    case: Case, alice: User, jia: User
) -> None:
    post_message(case, by=alice, body="Hello")
    seen = {mail.address for mail in MailMessage.objects.visible_to(alice)}
    assert seen == {alice.email}
    assert {mail.address for mail in MailMessage.objects.visible_to(jia)} == {alice.email, jia.email}
