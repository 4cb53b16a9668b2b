"""Nobody is taken at her silence whom the reminders did not reach: her case stays open, and its engineer is
told."""

import smtplib
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
import time_machine
from django.core.mail.backends import locmem

from accounts.models import User
from cases.evidence_requests import services as evidence_requests
from cases.models import Case
from cases.pauses.models import Suspension
from cases.reminders import waiting
from cases.reminders.models import Reminder
from cases.services import post_message
from cases.signals import ActivityKind
from cases.status import Status
from mail.inbound import bounces
from mail.notifications.models import Channel
from mail.notifications.preferences import choose
from mail.outbound.models import Delivery
from mail.reading.bounces import FailedRecipient
from tests.mail.mails import last_to, outgoing, send_all
from tests.people import reading_english, report

pytestmark = pytest.mark.django_db

MONDAY = datetime(2026, 11, 2, 2, 0, tzinfo=UTC)
"""Ten in the morning in Shanghai."""
STAYS_OPEN = (
    "The case was to be closed for the time being now, and stays open: the mail that announced it did not "
    "reach the contact. Please reach her in another way. Once you write in the case, the reminders begin "
    "anew."
)


def on(day: int) -> datetime:
    return MONDAY + timedelta(days=day - 2)


@pytest.fixture(autouse=True)
def _transport(settings: Any) -> None:
    settings.MAIL_TRANSPORT = "django.core.mail.backends.locmem.EmailBackend"


@pytest.fixture
def clock() -> Iterator[time_machine.Traveller]:
    with time_machine.travel(MONDAY, tick=False) as clock:
        yield clock


@pytest.fixture
def silent(clock: time_machine.Traveller, alice: User, jia: User) -> Case:
    """A case that waits for its customer since Monday the second; its end is announced on the 18th for the
    23rd."""
    User.objects.filter(pk=jia.pk).update(language="en")
    jia.refresh_from_db()
    case = report(alice, engineer=jia)
    evidence_requests.ask(case, by=jia, items=[("log", "System")])
    return case


@pytest.fixture
def days_pass(clock: time_machine.Traveller) -> Callable[[datetime, datetime], None]:
    """Beat and the workers, once a day."""

    def go_on(since: datetime, until: datetime) -> None:
        while since <= until:
            clock.move_to(since)
            waiting.tell(since)
            send_all()
            since += timedelta(days=1)

    return go_on


def refusing(monkeypatch: pytest.MonkeyPatch, address: str, answer: bytes = b"5.7.1 looks like spam") -> None:
    """The mail server takes no mail to this address."""
    take = locmem.EmailBackend.send_messages

    def answers(self: Any, messages: Any) -> Any:
        if address in messages[0].to:
            raise smtplib.SMTPRecipientsRefused({address: (554, answer)})
        return take(self, messages)

    monkeypatch.setattr(locmem.EmailBackend, "send_messages", answers)


def status_of(case: Case) -> str:
    case.refresh_from_db()
    return case.status


def test_who_was_reached_is_taken_at_her_silence(
    silent: Case, days_pass: Callable[[datetime, datetime], None]
) -> None:
    days_pass(MONDAY, on(23))
    assert status_of(silent) == Status.SUSPENDED


def test_the_page_of_a_result_says_that_its_case_stays_open_where_it_does(
    silent: Case,
    alice: User,
    jia: User,
    days_pass: Callable[[datetime, datetime], None],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    silent.send_result(by=jia, at=MONDAY)
    refusing(monkeypatch, alice.email)
    days_pass(MONDAY, on(24))
    assert status_of(silent) == Status.RESULT_SENT
    page = reading_english(alice).get(silent.get_absolute_url()).content.decode()
    assert "the case stays open" in page and "If we hear nothing" not in page


def test_a_refused_announcement_leaves_the_case_open_until_somebody_writes(
    silent: Case,
    alice: User,
    jia: User,
    days_pass: Callable[[datetime, datetime], None],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    refusing(monkeypatch, alice.email)
    days_pass(MONDAY, on(27))
    assert status_of(silent) == Status.WAITING and not Suspension.objects.exists()
    told = [mail for mail in outgoing() if mail.address == jia.email and STAYS_OPEN in mail.facts["text"]]
    assert [(mail.kind, mail.created_at, mail.facts["internal"]) for mail in told] == [
        ("long_wait", on(23), True)
    ]
    address = silent.get_absolute_url()
    page = reading_english(jia).get(address).content.decode()
    assert "stays open: the announced closing did not reach the contact" in page
    assert "closed for the time being on 11-23" not in page
    hers = reading_english(alice).get(address).content.decode()
    assert "If we hear nothing, the case is closed" not in hers and "did not reach" not in hers
    # From here on she is reached; what was announced for the 23rd is not carried out after it.
    monkeypatch.undo()
    days_pass(on(27), on(31))
    assert status_of(silent) == Status.WAITING and Reminder.objects.count() == 3
    post_message(silent, by=jia, body="Could you send the log?", at=on(31))
    days_pass(on(31), on(60))
    assert status_of(silent) == Status.SUSPENDED and Reminder.objects.count() == 6
    assert Suspension.objects.get().at > on(50)


def test_an_announcement_that_comes_back_leaves_it_open(
    silent: Case, alice: User, days_pass: Callable[[datetime, datetime], None]
) -> None:
    days_pass(MONDAY, on(20))
    mail = last_to(alice.email)
    assert (mail.kind, mail.created_at) == ("waiting_reminder", on(18))
    failed = FailedRecipient(alice.email, "5.1.1", "failed", "550 no such user", mail.message_id)
    assert bounces.record([failed], reporter="mailer-daemon@mx.customer.example")
    days_pass(on(21), on(24))
    assert status_of(silent) == Status.WAITING


def test_an_announcement_that_never_left_leaves_it_open(
    silent: Case,
    days_pass: Callable[[datetime, datetime], None],
    clock: time_machine.Traveller,
) -> None:
    days_pass(MONDAY, on(17))
    clock.move_to(on(18))
    waiting.tell(on(18))
    assert Delivery.objects.filter(state="queued").exists(), "no worker runs"
    for day in (19, 23):
        clock.move_to(on(day))
        waiting.tell(on(day))
    assert status_of(silent) == Status.WAITING


def test_who_reads_reminders_on_the_portal_alone_is_reached_there(
    silent: Case,
    alice: User,
    days_pass: Callable[[datetime, datetime], None],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    choose(alice, {ActivityKind.WAITING_REMINDER: Channel.PORTAL})
    refusing(monkeypatch, alice.email)
    days_pass(MONDAY, on(23))
    assert status_of(silent) == Status.SUSPENDED


def test_a_contact_who_came_after_the_announcement_was_not_reached_by_it(
    silent: Case, bob: User, days_pass: Callable[[datetime, datetime], None]
) -> None:
    days_pass(MONDAY, on(20))
    Case.objects.filter(pk=silent.pk).update(contact=bob)
    days_pass(on(21), on(24))
    assert status_of(silent) == Status.WAITING
