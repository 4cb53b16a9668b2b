"""Mails of ours that did not arrive: somebody hears of each, sees where it stands, and sends it again."""

import re
import smtplib
from datetime import timedelta
from typing import Any

import pytest
from django.core import mail as django_mail
from django.core.mail import send_mail
from django.core.mail.backends import locmem
from django.db.models import F
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from accounts.models import User
from accounts.roles import Role
from cases.models import Case
from cases.services import post_message
from mail.inbound import bounces
from mail.outbound.models import Delivery
from mail.outbound.outbox import enqueue
from mail.reading.bounces import FailedRecipient
from mail.store.models import MailMessage, MailState
from mail.store.reasons import NotSent
from mail.store.unreachable import unreachable_since
from tests.mail.mails import outgoing, send_all
from tests.people import reading_english, vendor


@pytest.fixture(autouse=True)
def _transport(settings: Any) -> None:
    settings.EMAIL_BACKEND = "mail.outbound.backend.EmailBackend"


def refusing(monkeypatch: pytest.MonkeyPatch, answer: bytes = b"5.1.1 no such user", code: int = 550) -> None:
    """The mail server answers every recipient so."""

    def fail(*_: Any) -> int:
        raise smtplib.SMTPRecipientsRefused({"a": (code, answer)})

    monkeypatch.setattr(locmem.EmailBackend, "send_messages", fail)


def taking(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.undo()


def to_alice(case: Case, alice: User) -> MailMessage:
    return enqueue(alice.email, kind="reply", text="您好，日志已收到。", person=alice, case=case)


def badge(person: User) -> str:
    """The number beside “Mails” on her desk; empty where there is none."""
    page = reading_english(person).get("/").content.decode()
    _before, found, after = page.partition('<span class="nav-count">')
    return after.partition("<")[0] if found else ""


def health() -> str:
    return str(Client().get("/health/ready").json()["mail"])


def test_administrators_are_told_of_a_lost_code_once_a_day(
    alice: User, jia: User, root: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    User.objects.filter(pk=root.pk).update(language="en")
    other = vendor("Rita", Role.ADMINISTRATOR)
    User.objects.filter(pk=other.pk).update(is_active=False)
    refusing(monkeypatch)
    for _ in range(2):
        send_mail("Your code", "12345678", None, [alice.email])
        send_all()
    told = [mail for mail in outgoing() if mail.kind == "mails_lost"]
    assert [mail.address for mail in told] == [root.email], "nobody else, and once"
    text = told[0].facts["text"]
    assert text.startswith("Hello Root,\n\nThe mail “Your code” to alice@customer.example did not arrive.")
    assert "550 5.1.1 no such user" in text and "12345678" not in text
    assert told[0].facts["action"]["url"] == "https://support.vendor.example/mail/?show=lost"
    assert badge(root) == "3", "the two codes, and the mail about them"
    assert badge(jia) == "", "a code is none of hers"


def test_the_desk_counts_what_nobody_has_dealt_with(
    case: Case, alice: User, jia: User, root: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    refusing(monkeypatch)
    mail = to_alice(case, alice)
    send_all()
    assert badge(jia) == badge(root) == "1"
    client = reading_english(jia)
    address = reverse("mail", args=[mail.pk])
    page = client.get(address).content.decode()
    assert "This address does not accept mail." in page and "550 5.1.1 no such user" in page
    client.post(reverse("mail-settle", args=[mail.pk]))
    assert badge(jia) == ""
    assert "Dealt with" in client.get(address).content.decode()
    decision = mail.decisions.get()
    client.post(reverse("mail-undo", args=[decision.pk]))
    assert badge(jia) == "1"


def test_it_is_sent_again_to_the_address_that_she_has_now(
    case: Case, alice: User, jia: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    refusing(monkeypatch)
    mail = to_alice(case, alice)
    send_all()
    taking(monkeypatch)
    User.objects.filter(pk=alice.pk).update(email="alice@northwind.example")
    client = reading_english(jia)
    client.post(reverse("mail-send-again", args=[mail.pk]))
    send_all()
    send_all()
    assert [sent.to for sent in django_mail.outbox] == [["alice@northwind.example"]]
    mail.refresh_from_db()
    assert (mail.state, mail.reason) == (MailState.WITHHELD, NotSent.NEW_ADDRESS)
    answer = client.post(reverse("mail-send-again", args=[mail.pk]), follow=True).content.decode()
    assert "This mail is on its way, or has arrived." in answer


def test_the_same_address_gets_the_same_bytes_again(
    case: Case, alice: User, jia: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    refusing(monkeypatch, b"5.7.1 blocked", 554)
    mail = to_alice(case, alice)
    send_all()
    mail.refresh_from_db()
    assert (mail.state, mail.reason) == (MailState.FAILED, ""), "the address is not at fault"
    sha256 = mail.sha256
    taking(monkeypatch)
    reading_english(jia).post(reverse("mail-send-again", args=[mail.pk]))
    send_all()
    mail.refresh_from_db()
    assert (mail.state, mail.sha256) == (MailState.SENT, sha256)
    assert badge(jia) == ""


def test_a_code_whose_text_is_gone_is_not_sent_again(
    alice: User, root: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    refusing(monkeypatch)
    send_mail("Your code", "12345678", None, [alice.email])
    send_all()
    mail = outgoing()[0]
    MailMessage.objects.filter(pk=mail.pk).update(source="")
    client = reading_english(root)
    page = client.get(reverse("mail", args=[mail.pk])).content.decode()
    assert "what it says opens a door" in page and "Send it again" not in page
    answer = client.post(reverse("mail-send-again", args=[mail.pk]), follow=True).content.decode()
    assert "Its reader has to ask for a new one." in answer


def test_a_mail_that_was_never_put_together_says_what_happened(
    case: Case, alice: User, jia: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    mail = to_alice(case, alice)
    Delivery.objects.filter(pk=mail.pk).update(attempt=39)

    def fail(*_: Any) -> Any:
        raise ValueError("a template is broken")

    monkeypatch.setattr("mail.outbound.delivery.compose", fail)
    send_all()
    mail.refresh_from_db()
    assert (mail.state, mail.reason) == (MailState.FAILED, NotSent.NEVER_MADE)
    page = reading_english(jia).get(reverse("mail", args=[mail.pk])).content.decode()
    assert "The portal could not make or send it." in page and "a template is broken" in page
    assert "您好，日志已收到。" in page and "cannot be read" not in page


def test_a_contact_whose_address_takes_no_mail_is_marked_until_one_arrives(
    case: Case, alice: User, jia: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    mail = to_alice(case, alice)
    send_all()
    assert unreachable_since([alice.email]) == {}
    mail.refresh_from_db()
    failed = FailedRecipient(alice.email, "5.1.1", "failed", "550 no such user", mail.message_id)
    bounces.record([failed], reporter="mailer-daemon@mx.customer.example")
    assert unreachable_since([alice.email, jia.email]) == {alice.email: mail.created_at}
    page = case.get_absolute_url()
    assert "has not accepted mail since" in reading_english(jia).get(page).content.decode()
    assert "no mail accepted since" in reading_english(alice).get(page).content.decode()
    preferences = reading_english(alice).get(reverse("notifications")).content.decode()
    assert "This address has not accepted mail since" in preferences
    # Taken by the mail server is not arrived: it may come back within the hour.
    later = to_alice(case, alice)
    send_all()
    assert alice.email in unreachable_since([alice.email])
    MailMessage.objects.filter(pk=later.pk).update(done_at=timezone.now() - timedelta(hours=2))
    assert unreachable_since([alice.email]) == {}
    assert "has not accepted mail since" not in reading_english(jia).get(page).content.decode()


@pytest.mark.parametrize(
    ("answer", "is_hers"),
    [
        ("5.1.1 550 5.1.1 no such user", True),
        ("5.2.2 mailbox full", True),
        ("5.4.1 Recipient address rejected: Access denied", True),
        ("smtp; 550 User not found", True),
        ("用户不存在", True),
        ("5.7.1 550 5.7.1 message content rejected", False),
        ("5.2.3 message too long", False),
        ("smtp; 554 spam", False),
    ],
)
def test_only_what_is_said_of_the_address_marks_it(
    case: Case, alice: User, answer: str, is_hers: bool
) -> None:
    mail = to_alice(case, alice)
    send_all()
    failed = FailedRecipient(alice.email, "", "failed", answer, mail.message_id)
    bounces.record([failed], reporter="mailer-daemon@mx.customer.example")
    mail.refresh_from_db()
    assert (mail.state, mail.reason == NotSent.NO_MAILBOX) == (MailState.BOUNCED, is_hers)


def test_the_page_says_that_mails_wait_for_the_mail_server(
    case: Case, alice: User, jia: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    first, second = to_alice(case, alice), to_alice(case, alice)

    def fail(*_: Any) -> int:
        raise ConnectionRefusedError("nobody is there")

    monkeypatch.setattr(locmem.EmailBackend, "send_messages", fail)
    send_all()
    # One asks, and the others wait for its answer.
    assert Delivery.objects.get(pk=first.pk).attempt == 1
    assert Delivery.objects.get(pk=second.pk).attempt == 0
    assert Delivery.objects.get(pk=second.pk).not_before is not None
    page = reading_english(jia).get("/mail/?show=sent").content.decode()
    assert "for the mail server since" not in page
    assert (badge(jia), health()) == ("", "ok")
    Delivery.objects.update(queued_at=timezone.now() - timedelta(hours=2))
    page = reading_english(jia).get("/mail/?show=late").content.decode()
    assert "2 mails have waited to be sent since" in page and "Not sent yet 2" in page
    assert "The last answer: ConnectionRefusedError: nobody is there" in page
    assert str(first.pk) in page and str(second.pk) in page
    assert (badge(jia), health()) == ("2", "stuck")
    assert badge(alice) == ""
    rows = sorted(row.partition(" not sent yet · ")[2] for row in not_arrived(case, jia))
    assert rows == ["not tried yet The mail", "tried once · ConnectionRefusedError: nobody is there The mail"]


def test_mails_that_no_worker_sends_are_counted_and_those_of_quiet_hours_are_not(
    case: Case, alice: User, jia: User
) -> None:
    now = timezone.now()
    to_alice(case, alice)
    enqueue(
        alice.email,
        kind="reply",
        text="Hello",
        person=alice,
        case=case,
        not_before=now + timedelta(hours=8),
    )
    assert (badge(jia), health()) == ("", "ok")
    Delivery.objects.update(queued_at=F("queued_at") - timedelta(hours=2))
    assert (badge(jia), health()) == ("1", "stuck")
    page = reading_english(jia).get("/mail/").content.decode()
    assert "1 mail has waited to be sent since" in page
    assert "No worker has tried: an administrator should see whether the worker for mails runs." in page


def test_the_entry_says_how_often_its_mail_was_tried(
    case: Case, alice: User, jia: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    entry = post_message(case, by=jia, body="The logs are here.")
    enqueue(alice.email, kind="reply", text="Hello", person=alice, case=case, entry=entry)

    def fail(*_: Any) -> int:
        raise smtplib.SMTPAuthenticationError(535, b"5.7.8 wrong password")

    monkeypatch.setattr(locmem.EmailBackend, "send_messages", fail)
    for _ in range(2):
        send_all()
    said = "The mail to alice@customer.example has not left yet: tried 2 times · 535 5.7.8 wrong password"
    page = reading_english(jia).get(case.get_absolute_url()).content.decode()
    assert said in " ".join(re.sub(r"<[^>]*>", "", page).split())
    assert "has not left yet" not in reading_english(alice).get(case.get_absolute_url()).content.decode()


def test_a_failure_of_a_colleagues_mail_asks_nobody_to_reach_the_customer(
    case: Case, alice: User, jia: User, yi: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    from mail.notifications import receivers
    from mail.notifications.telling import tell

    User.objects.filter(pk=jia.pk).update(language="en")
    monkeypatch.setattr(receivers, "tell", tell)
    refusing(monkeypatch)
    enqueue(yi.email, kind="reply", text="Hello", person=yi, case=Case.objects.get())
    send_all()
    (told,) = [mail for mail in outgoing() if mail.address == jia.email]
    assert told.facts["text"] == (
        "Hello Jia,\n\nA mail of this case to Yi (yi@vendor.example) could not be delivered.\n\n"
        "This address does not accept mail.\n\nThe mail server's answer: 550 5.1.1 no such user\n\n"
        "Please have the address corrected."
    )


def test_a_mail_that_was_never_put_together_is_listed_by_what_it_is_about(
    case: Case, alice: User, jia: User
) -> None:
    mail = enqueue(alice.email, kind="reply", text="Hello", person=alice, case=case)
    page = reading_english(jia).get(f"{reverse('mail-review')}?show=sent").content.decode()
    assert str(mail.pk) in page and case.title in page and "(no subject)" not in page


def not_arrived(case: Case, person: User) -> list[str]:
    """The rows of its page that tell of mails that did not arrive."""
    page = reading_english(person).get(case.get_absolute_url()).content.decode()
    _before, found, after = page.partition("Mails of this case that did not arrive")
    rows = re.findall(r"<li>(.*?)</li>", after.partition("</section>")[0], re.DOTALL) if found else []
    return [" ".join(re.sub(r"<[^>]*>", "", row).split()) for row in rows]


def test_the_case_says_which_mails_did_not_arrive_though_no_entry_tells_of_them(
    case: Case, alice: User, jia: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    refusing(monkeypatch, b"5.7.1 looks like spam", 554)
    told = enqueue(alice.email, kind="suspended", text="Hello", person=alice, case=case)
    send_all()
    (row,) = not_arrived(case, jia)
    assert row.startswith("Closed for the time being · Alice alice@customer.example · ")
    assert row.endswith(" · 554 5.7.1 looks like spam The mail")
    assert not_arrived(case, alice) == []
    client = reading_english(jia)
    client.post(reverse("mail-settle", args=[told.pk]))
    assert not_arrived(case, jia) == []
    client.post(reverse("mail-undo", args=[told.decisions.get().pk]))
    assert not_arrived(case, jia) == [row]
    taking(monkeypatch)
    later = to_alice(case, alice)
    send_all()
    assert not_arrived(case, jia) == [row], "it may come back within the hour"
    MailMessage.objects.filter(pk=later.pk).update(done_at=timezone.now() - timedelta(hours=2))
    assert not_arrived(case, jia) == []


def test_a_daily_mail_that_did_not_arrive_is_shown_on_the_cases_of_its_reader(
    case: Case, alice: User, charlie: User, jia: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    refusing(monkeypatch, b"5.7.1 looks like spam", 554)
    enqueue(alice.email, kind="digest", text="Hello", person=alice, subject="3 pieces of news of your cases")
    enqueue(charlie.email, kind="digest", text="Hello", person=charlie, subject="Another's news")
    enqueue(jia.email, kind="webhook_off", text="Hello", person=jia, subject="A webhook is switched off")
    send_mail("Your code", "12345678", None, [alice.email])
    send_all()
    (row,) = not_arrived(case, jia)
    assert row.startswith("3 pieces of news of your cases · Alice alice@customer.example · ")
    assert row.endswith("looks like spam"), "the mail itself tells of other cases"
