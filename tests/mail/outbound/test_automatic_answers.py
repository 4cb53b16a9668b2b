"""What the portal answers by itself goes once a day, alone or along with another mail, and is told once."""

from collections.abc import Iterator
from datetime import timedelta

import pytest
import time_machine
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from accounts.models import User
from cases.models import Case
from mail.outbound import automatic_answers
from mail.outbound.automatic_answers import carries_on, is_told_already, take_along
from mail.outbound.outbox import enqueue, enqueue_again
from mail.store.models import MailMessage, MailState
from tests.mail.mails import outgoing

pytestmark = pytest.mark.django_db


@pytest.fixture
def clock() -> Iterator[time_machine.Traveller]:
    with time_machine.travel(timezone.now(), tick=False) as traveller:
        yield traveller


def answered(case: Case, alice: User, text: str) -> bool:
    return automatic_answers.answer(alice, case, kind="files_elsewhere", text=text, answers="")


@pytest.fixture
def waiting(clock: time_machine.Traveller, case: Case, alice: User) -> MailMessage:
    """An answer that waits until this day is over: she has had one."""
    assert answered(case, alice, "The first.")
    clock.shift(timedelta(hours=1))
    assert not answered(case, alice, "The second.")
    return outgoing()[-1]


def reply(case: Case, alice: User, hours: float = 0) -> MailMessage:
    """A mail to her that leaves in so many hours."""
    at = timezone.now() + timedelta(hours=hours)
    return enqueue(
        alice.email, kind="reply", text="A reply.", person=alice, case=case, not_before=at if hours else None
    )


def test_a_mail_that_leaves_earlier_takes_it_along(case: Case, alice: User, waiting: MailMessage) -> None:
    carrier = reply(case, alice, hours=22)
    assert take_along(carrier) == "The second."
    waiting.refresh_from_db()
    assert not is_told_already(waiting), "the mail has not left yet"
    MailMessage.objects.filter(pk=carrier.pk).update(state=MailState.SENT)
    assert is_told_already(waiting)


def test_a_mail_that_leaves_later_takes_nothing_along(case: Case, alice: User, waiting: MailMessage) -> None:
    assert take_along(reply(case, alice, hours=24)) == ""


@pytest.mark.parametrize("became", [MailState.BOUNCED, MailState.WITHHELD, MailState.FAILED])
def test_what_a_mail_took_along_that_nobody_read_is_still_to_be_told(
    case: Case, alice: User, waiting: MailMessage, became: str
) -> None:
    carrier = reply(case, alice)
    assert take_along(carrier) == "The second."
    MailMessage.objects.filter(pk=carrier.pk).update(state=became)
    waiting.refresh_from_db()
    assert not is_told_already(waiting)
    assert take_along(reply(case, alice)) == "The second."


def test_a_mail_that_goes_again_in_another_still_carries_it(
    case: Case, alice: User, waiting: MailMessage
) -> None:
    carrier = reply(case, alice)
    take_along(carrier)
    successor = enqueue_again(carrier, alice.email, linked=True)
    carries_on(carrier, successor)
    MailMessage.objects.filter(pk=carrier.pk).update(state=MailState.WITHHELD)
    MailMessage.objects.filter(pk=successor.pk).update(state=MailState.SENT)
    waiting.refresh_from_db()
    assert is_told_already(waiting)


def test_what_waits_is_read_as_whoever_had_it_last_left_it(
    case: Case, alice: User, waiting: MailMessage
) -> None:
    """Both rows are locked: of one that is only joined, a statement that waited has what was there before."""
    with CaptureQueriesContext(connection) as queries:
        take_along(reply(case, alice))
    (locking,) = [query["sql"] for query in queries if "FOR UPDATE" in query["sql"]]
    assert 'FOR UPDATE OF "mail_delivery", "mail_mailmessage"' in locking
