"""Programs that answer each mail of ours and do not say that they are programs: they end, and nobody is left
untold."""

from collections.abc import Callable, Iterator
from datetime import timedelta
from email import message_from_bytes
from email.message import EmailMessage, Message
from typing import Any

import pytest
import time_machine
from django.core import mail as django_mail
from django.urls import reverse
from django.utils import timezone

from accounts.models import User
from cases.models import Case, MessageKind
from cases.services import post_message
from cases.signals import ActivityKind, announce
from mail.notifications.models import CaseFollower, DigestItem
from mail.notifications.telling import tell
from mail.outbound.delivery import deliver as send
from mail.outbound.models import Delivery, MailSettings
from mail.store.models import MailMessage, MailState
from mail.store.reasons import Reason
from tests.mail.mails import attach, bodies, deliver, letter, outgoing
from tests.people import reading_english, signed_in

ROUNDS = 200
Answering = Callable[[int, Message], EmailMessage]


@pytest.fixture(autouse=True)
def _told(settings: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    settings.MAIL_TRANSPORT = "django.core.mail.backends.locmem.EmailBackend"
    monkeypatch.setattr("mail.notifications.receivers.tell", tell)


@pytest.fixture
def clock() -> Iterator[time_machine.Traveller]:
    with time_machine.travel(timezone.now(), tick=False) as traveller:
        yield traveller


def send_due() -> None:
    """What the workers do with the outbox by now."""
    for key in Delivery.objects.filter(state="queued").values_list("pk", "not_before"):
        if key[1] is None or key[1] <= timezone.now():
            Delivery.objects.filter(pk=key[0]).update(not_before=None)
            send(key[0])


def live(
    clock: time_machine.Traveller, first: EmailMessage, answers: Answering, *, minutes: int = 5
) -> list[Message]:
    """Alice's robot answers each of the portal's mails to her, for ``ROUNDS`` rounds; the portal's mails."""
    came: list[Message] = []
    waiting = [first]
    for number in range(ROUNDS):
        for message in waiting:
            deliver(message)
        clock.shift(timedelta(minutes=minutes))
        send_due()
        ours = [message_from_bytes(sent.message().as_bytes()) for sent in django_mail.outbox]
        new = [mail for mail in ours if "alice@" in str(mail["To"])][len(came) :]
        came += new
        waiting = [answers(number, mail) for mail in new]
        if not waiting and not Delivery.objects.filter(state="queued").exists():
            break
    return came


def ticket(number: int, **fields: str) -> EmailMessage:
    """As a ticket system answers that says nothing of itself: another subject, no word of ours."""
    message = EmailMessage()
    results = "mx.vendor.example; dmarc=pass (p=reject) header.from=customer.example"
    message["Authentication-Results"] = results
    message["From"], message["To"] = "Alice <alice@customer.example>", "support@vendor.example"
    message["Subject"], message["Message-ID"] = f"[IT-{4000 + number}] created", f"<t{number}@x>"
    for name, value in fields.items():
        message[name.replace("_", "-")] = value
    message.set_content(f"Your request has become ticket IT-{4000 + number}.\n")
    return message


def opened(alice: User) -> int:
    return Case.objects.filter(contact=alice).count()


def test_a_robot_that_answers_each_confirmation_with_a_new_ticket_ends(
    clock: time_machine.Traveller, alice: User, jia: User
) -> None:
    came = live(clock, ticket(0), lambda number, _ours: ticket(number + 1))
    assert (len(came), opened(alice)) == (5, 5)
    last = MailMessage.objects.filter(direction="in").order_by("-created_at")[0]
    assert (last.state, last.reason) == (MailState.PARKED, Reason.STORM)


def test_a_robot_that_files_tickets_by_itself_gets_five_confirmations_a_day(
    clock: time_machine.Traveller, alice: User, jia: User
) -> None:
    for number in range(12):  # Two days.
        deliver(ticket(number))
        send_due()
        clock.shift(timedelta(hours=4))
    confirmed = [mail for mail in outgoing() if mail.address == alice.email]
    assert (len(confirmed), opened(alice)) == (10, 10)
    assert MailMessage.objects.parked().filter(reason=Reason.STORM).count() == 2
    assert '<span class="nav-count">2<' in reading_english(jia).get("/").content.decode()


def test_a_mail_beyond_the_cap_is_taken_in_by_one_click(case: Case, alice: User, jia: User) -> None:
    MailSettings.objects.create(pk=1, new_cases_a_day=1)
    deliver(ticket(1))
    parked = deliver(ticket(2))
    client = reading_english(jia)
    page = client.get(f"{reverse('mail-review')}?mail={parked.pk}").content.decode()
    assert "More mails or new cases of this sender" in page and "A new case for Alice" in page
    data = {"contact": alice.pk, "title": parked.subject}
    told = client.post(reverse("mail-into-new-case", args=[parked.pk]), data, follow=True)
    assert "The mail opened case" in told.content.decode(), list(map(str, told.context["messages"]))
    parked.refresh_from_db()
    assert (parked.state, parked.person) == (MailState.TAKEN, alice)
    assert parked.case is not None and parked.case.title == "[IT-4002] created"
    assert any(mail.case == parked.case and mail.address == alice.email for mail in outgoing())


def test_what_names_a_case_of_hers_goes_there_beyond_the_cap(case: Case, alice: User) -> None:
    MailSettings.objects.create(pk=1, new_cases_a_day=0)
    assert deliver(letter(case)).state == MailState.TAKEN
    assert deliver(ticket(1)).reason == Reason.STORM


def question(number: int, ours: Message) -> EmailMessage:
    message = ticket(number, In_Reply_To=str(ours["Message-ID"]), References=str(ours["Message-ID"]))
    message.set_content("您好：\n\n请问什么进度了？\n")
    return message


def test_a_robot_that_asks_for_the_progress_is_told_once_a_day(
    clock: time_machine.Traveller, alice: User, jia: User
) -> None:
    came = live(clock, ticket(0), question)
    # The confirmation, and the answer to the robot's question; that one asks again in vain.
    assert [mail["X-Anjuan"] for mail in came] == ["case_received", "progress"]


def test_a_robot_that_sends_refused_files_is_told_once_a_day(
    clock: time_machine.Traveller, case: Case, alice: User, jia: User
) -> None:
    case.assign(jia, by=None)
    for number in range(6):  # A day and a half.
        deliver(
            attach(letter(case, Message_ID=f"<{number}@x>"), name=f"{number}.log", content=bytes([number]))
        )
        send_due()
        clock.shift(timedelta(hours=6))
    told = [mail for mail in outgoing() if mail.address == alice.email and mail.state == MailState.SENT]
    assert sorted(mail.kind for mail in told) == ["case_received", "files_refused", "files_refused"]
    first, second = [mail.facts["text"] for mail in told if mail.kind == "files_refused"]
    assert "0.log" in first
    assert all(f"{number}.log" in second for number in (1, 2, 3))


def test_confirmations_of_files_become_one_mail_a_day(
    clock: time_machine.Traveller, case: Case, alice: User
) -> None:
    for number in range(23):
        facts: dict[str, Any] = {
            "bundle": number,
            "name": f"{number}.zip",
            "settled": 0,
            "total": 0,
            "missing": (),
        }
        announce(ActivityKind.UPLOAD_CHECKED, case, by=alice, at=timezone.now(), **facts)
        clock.shift(timedelta(minutes=5))
    at_once = [mail for mail in outgoing() if mail.address == alice.email]
    assert len(at_once) == 20
    assert DigestItem.objects.filter(person=alice).count() == 3


def oversized(case: Case, number: int) -> EmailMessage:
    message = letter(case, Message_ID=f"<o{number}@x>")
    message.set_content(
        "日志在附件里。\n\n从QQ邮箱发来的超大附件\n\nEventLogs.zip (2.1G, 2026年12月25日 15:13 到期)\n"
    )
    return message


def progress(case: Case, number: int) -> EmailMessage:
    message = letter(case, Message_ID=f"<p{number}@x>")
    message.set_content("请问什么进度了？\n")
    return message


def to_alice(alice: User) -> list[MailMessage]:
    return [mail for mail in outgoing() if mail.address == alice.email]


def test_what_she_believes_wrongly_stands_at_once_and_comes_with_the_next_mail(
    clock: time_machine.Traveller, case: Case, alice: User, jia: User
) -> None:
    case.assign(jia, by=None)
    deliver(progress(case, 1))
    clock.shift(timedelta(minutes=20))
    deliver(oversized(case, 2))
    send_due()
    assert [mail.kind for mail in to_alice(alice) if mail.state == MailState.SENT] == ["progress"]
    assert (
        "Did not come with it: EventLogs.zip"
        in reading_english(alice).get(case.get_absolute_url()).content.decode()
    )
    assert (
        "put off: to the next mail to its sender"
        in reading_english(jia).get(case.get_absolute_url()).content.decode()
    )
    User.objects.filter(pk=alice.pk).update(language="zh-hans")
    clock.shift(timedelta(hours=1))
    post_message(case, by=jia, body="我先看蓝屏的转储。")
    send_due()
    reply = to_alice(alice)[-1]
    assert reply.kind == "reply" and reply.state == MailState.SENT
    text = reply.facts["text"]
    assert text.index("我先看蓝屏的转储") < text.index("EventLogs.zip") < text.index("/uploads/")
    clock.shift(timedelta(hours=24))
    send_due()
    answers = [mail for mail in to_alice(alice) if mail.kind == "files_elsewhere"]
    assert [(mail.state, mail.reason) for mail in answers] == [(MailState.WITHHELD, "told_already")]


def test_without_another_mail_it_goes_when_the_day_is_over(
    clock: time_machine.Traveller, case: Case, alice: User, jia: User
) -> None:
    case.assign(jia, by=None)
    deliver(progress(case, 1))
    clock.shift(timedelta(hours=1))
    deliver(oversized(case, 2))
    deliver(attach(letter(case, Message_ID="<3@x>"), name="refused.log"))
    clock.shift(timedelta(hours=22))
    send_due()
    assert [mail.kind for mail in to_alice(alice) if mail.state == MailState.SENT] == ["progress"]
    clock.shift(timedelta(hours=2))
    send_due()
    late = to_alice(alice)[-1]
    assert (late.kind, late.state) == ("files_elsewhere", MailState.SENT)
    assert "EventLogs.zip" in late.facts["text"] and "refused.log" in late.facts["text"]


def test_who_asks_how_far_it_is_and_is_not_answered_waits_for_a_person(
    clock: time_machine.Traveller, case: Case, alice: User, jia: User
) -> None:
    case.assign(jia, by=None)
    post_message(case, by=jia, body="报告明天给您。")
    deliver(oversized(case, 1))
    Case.objects.filter(pk=case.pk).update(next_due_at=None)
    clock.shift(timedelta(minutes=5))
    asked = deliver(progress(case, 2))
    assert asked.facts["unanswered"] == "today" and not bodies(case, MessageKind.SYSTEM)
    case.refresh_from_db()
    assert case.next_due_at is not None


def test_who_was_told_how_far_it_is_today_starts_no_clock_by_asking_again(
    clock: time_machine.Traveller, case: Case, alice: User, jia: User
) -> None:
    deliver(progress(case, 1))
    Case.objects.filter(pk=case.pk).update(next_due_at=None)
    deliver(progress(case, 2))
    case.refresh_from_db()
    assert case.next_due_at is None
    assert "一天内已自动答复过" in signed_in(jia).get(case.get_absolute_url()).content.decode()


def test_two_programs_of_one_customer_that_answer_each_other_end(
    clock: time_machine.Traveller, case: Case, alice: User, bob: User
) -> None:
    MailSettings.objects.create(pk=1, most_an_hour=1)
    CaseFollower.objects.create(case=case, person=bob)
    taken = 0
    for number in range(7):  # Eight hours and a bit: each hour one mail of each.
        for sender in ("alice", "bob"):
            message = letter(case, From=f"{sender}@customer.example", Message_ID=f"<{sender}{number}@x>")
            taken += deliver(message).state == MailState.TAKEN
        clock.shift(timedelta(minutes=70))
    assert taken == 8, "four a day of each"
