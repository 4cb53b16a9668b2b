"""The outbox: what is in it, how it is sent, what becomes of it where the mail server does not take it."""

import re
import smtplib
from datetime import UTC, datetime
from email import message_from_bytes
from email.policy import default
from email.utils import parsedate_to_datetime
from typing import Any

import pytest
import time_machine
from django.core import mail as django_mail
from django.core.mail import send_mail
from django.db import transaction
from django.test import Client
from django.urls import reverse

from accounts.models import User
from cases.models import Case
from jobs.models import JobState
from mail import retention
from mail.errors import MailRefused
from mail.outbound import transport
from mail.outbound.addresses import number_of_reply_address, reply_address
from mail.outbound.models import CaseMailToken, Delivery, MailSettings
from mail.outbound.outbox import enqueue
from mail.store.models import MailMessage, MailState
from mail.store.sources import source_of
from tests.mail.bodies import page_of, text_of
from tests.mail.mails import outgoing, send_all
from tests.people import reading_english, signed_in


@pytest.fixture(autouse=True)
def _transport(settings: Any) -> None:
    settings.MAIL_TRANSPORT = "django.core.mail.backends.locmem.EmailBackend"
    settings.DEFAULT_FROM_EMAIL = "Vendor Support <support@vendor.example>"


def put(case: Case, alice: User, **facts: Any) -> MailMessage:
    return enqueue(alice.email, kind="reply", text="您好，日志已收到。", person=alice, case=case, **facts)


def sent() -> list[Any]:
    return [message_from_bytes(m.message().as_bytes(), policy=default) for m in django_mail.outbox]


def test_a_mail_carries_the_vendors_subject_and_hangs_on_the_thread(case: Case, alice: User) -> None:
    CaseMailToken.objects.create(case=case, number=1866)
    put(case, alice)
    put(case, alice)
    send_all()
    first, second = sent()
    subject = f"[案例号: {case.number}] % The certificate service does not start % 初次响应 CMIT:0001866"
    assert first["Subject"] == second["Subject"] == subject
    assert first["To"] == "Alice <alice@customer.example>"
    assert first["From"] == "Vendor Support <support@vendor.example>"
    root = f"<{case.number.lower()}@vendor.example>"
    assert first["References"] == first["In-Reply-To"] == root
    assert second["References"] == f"{root} {first['Message-ID']}"
    assert second["In-Reply-To"] == first["Message-ID"]
    assert text_of(first).startswith("您好，日志已收到。")
    assert "您好，日志已收到。" in page_of(first)


def test_what_was_sent_is_kept_as_it_was_sent(case: Case, alice: User) -> None:
    mail = put(case, alice)
    send_all()
    mail.refresh_from_db()
    assert mail.state == MailState.SENT
    assert source_of(mail) == django_mail.outbox[0].message().as_bytes()
    assert mail.references == [f"<{case.number.lower()}@vendor.example>"]


def test_the_reply_address_leads_back_and_cannot_be_guessed(case: Case) -> None:
    address = reply_address(case)
    assert address.startswith(f"support+{case.number.lower()}.")
    assert number_of_reply_address(address) == case.number
    changed = "0" if address[-len("@vendor.example") - 1] != "0" else "1"
    forged = address.replace("@", "@").partition("@")[0][:-1] + changed + "@vendor.example"
    assert number_of_reply_address(forged) is None


def test_nothing_is_sent_of_an_act_that_is_taken_back(case: Case, alice: User) -> None:
    with pytest.raises(RuntimeError), transaction.atomic():
        put(case, alice)
        raise RuntimeError
    assert not outgoing()


@pytest.mark.parametrize(
    ("error", "state", "job"),
    [
        (smtplib.SMTPRecipientsRefused({"a": (550, b"no such user")}), MailState.FAILED, JobState.FAILED),
        (smtplib.SMTPRecipientsRefused({"a": (450, b"try later")}), MailState.QUEUED, JobState.QUEUED),
        (smtplib.SMTPDataError(554, b"spam"), MailState.FAILED, JobState.FAILED),
        (smtplib.SMTPAuthenticationError(535, b"no"), MailState.QUEUED, JobState.QUEUED),
        (ConnectionRefusedError(), MailState.QUEUED, JobState.QUEUED),
    ],
)
def test_a_refusal_ends_the_sending_and_a_fault_is_tried_again(
    case: Case, alice: User, monkeypatch: pytest.MonkeyPatch, error: Exception, state: str, job: str
) -> None:
    from django.core.mail.backends import locmem

    def fail(*_: Any) -> int:
        raise error

    mail = put(case, alice)
    with monkeypatch.context() as patch:
        patch.setattr(locmem.EmailBackend, "send_messages", fail)
        send_all()
    mail.refresh_from_db()
    delivery = Delivery.objects.get()
    assert (mail.state, delivery.state) == (state, job)
    if job == JobState.QUEUED:
        assert delivery.not_before is not None
        send_all()
        mail.refresh_from_db()
        assert mail.state == MailState.SENT


def test_a_mail_that_cannot_be_sent_is_told_once_and_never_of_a_mail_that_tells_it(
    case: Case, alice: User, jia: User, root: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    from django.core.mail.backends import locmem

    from mail.notifications import receivers
    from mail.notifications.telling import tell

    def fail(*_: Any) -> int:
        raise smtplib.SMTPRecipientsRefused({"a": (550, b"no such user")})

    monkeypatch.setattr(receivers, "tell", tell)
    monkeypatch.setattr(locmem.EmailBackend, "send_messages", fail)
    put(case, alice)
    for _ in range(3):
        send_all()
    told = [(mail.address, mail.kind) for mail in outgoing()]
    assert sorted(told) == [
        (alice.email, "reply"),
        (jia.email, "mail_failed"),
        (root.email, "mail_failed"),
    ]
    assert "550 no such user" in outgoing()[-1].facts["text"]


def test_the_date_that_a_sent_mail_bears_is_on_its_page(case: Case, alice: User, jia: User) -> None:
    with time_machine.travel(datetime(2027, 3, 9, 4, 0, tzinfo=UTC), tick=False) as clock:
        put(case, alice)
        clock.move_to(datetime(2027, 3, 9, 5, 7, 30, 400000, tzinfo=UTC))
        send_all()
    (mail,) = outgoing()
    said = parsedate_to_datetime(sent()[0]["Date"])
    assert mail.dated_at == said == datetime(2027, 3, 9, 5, 7, 30, tzinfo=UTC)
    page = reading_english(jia).get(reverse("mail", args=[mail.pk])).content.decode()
    facts = " ".join(re.sub("<[^>]+>", " ", page).split())
    assert "Date of the mail 2027-03-09 13:07" in facts and "Written 2027-03-09 12:00" in facts


def test_mails_of_others_go_through_the_outbox_and_leave_no_secret(alice: User, settings: Any) -> None:
    settings.EMAIL_BACKEND = "mail.outbound.backend.EmailBackend"
    send_mail("Your code", "12345678", None, [alice.email])
    (mail,) = outgoing()
    assert (mail.state, mail.person) == (MailState.QUEUED, alice)
    assert not django_mail.outbox
    send_all()
    assert "12345678" in text_of(sent()[0])
    mail.refresh_from_db()
    assert (mail.state, mail.source) == (MailState.SENT, "")


@pytest.mark.parametrize("is_killed", [False, True])
def test_a_secret_is_deleted_however_its_sending_ends(
    alice: User, settings: Any, monkeypatch: pytest.MonkeyPatch, is_killed: bool
) -> None:
    settings.EMAIL_BACKEND = "mail.outbound.backend.EmailBackend"
    send_mail("Your code", "12345678", None, [alice.email])

    def refused(*_: object) -> None:
        raise MailRefused("550 no such user")

    monkeypatch.setattr(transport, "sending", refused)
    if is_killed:
        with monkeypatch.context() as patch:
            patch.setattr("mail.outbound.delivery.ended_secrets", MailMessage.objects.none)
            send_all()
        retention.sweep()
    else:
        send_all()
    (mail,) = outgoing()
    assert (mail.state, mail.source) == (MailState.FAILED, "")


def test_no_secret_is_shown_while_it_waits(alice: User, root: User, settings: Any) -> None:
    settings.EMAIL_BACKEND = "mail.outbound.backend.EmailBackend"
    Client().post("/accounts/login/code/", {"email": alice.email})
    (mail,) = outgoing()
    code = re.search(r"\n    (\S+)\n", text_of(message_from_bytes(source_of(mail), policy=default)))
    assert code
    client = signed_in(root)
    shown = client.get(f"{reverse('mail-review')}?show=sent").content
    shown += client.get(reverse("mail", args=[mail.pk])).content
    assert alice.email.encode() in shown and code[1].encode() not in shown
    assert client.get(reverse("mail-html", args=[mail.pk])).status_code == 422
    assert client.get(reverse("mail-source", args=[mail.pk])).status_code == 404


def test_the_subject_is_the_vendors_to_change(case: Case, alice: User) -> None:
    MailSettings.objects.create(pk=1, subject="{number} {title}", label="Case")
    put(case, alice)
    send_all()
    assert sent()[0]["Subject"] == f"{case.number} The certificate service does not start"


def test_label_prefix_and_signature_are_the_vendors_to_change(case: Case, alice: User, root: User) -> None:
    CaseMailToken.objects.create(case=case, number=1866)
    browser = signed_in(root)
    address = browser.get("/admin/mail/mailsettings/", follow=True).redirect_chain[-1][0]
    shown = browser.get(address).context["adminform"].form.initial
    changed = {"label": "Ticket", "token_prefix": "REF-", "signature": "Vendor Support\n电话 010-0000"}
    browser.post(address, shown | changed)
    put(case, alice)
    send_all()
    (mail,) = sent()
    subject = f"[Ticket: {case.number}] % The certificate service does not start % 初次响应 REF-0001866"
    assert mail["Subject"] == subject
    assert "\nVendor Support\n电话 010-0000\n" in text_of(mail)
    assert "Vendor Support\n电话 010-0000" in page_of(mail)
