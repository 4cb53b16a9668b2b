"""Reports of mails that did not arrive: believed of the mail servers that were asked, and of nobody else."""

from typing import Any

import pytest
from django.urls import reverse

from accounts.models import User
from cases.models import Case
from mail.outbound.outbox import enqueue
from mail.store.models import MailState
from mail.store.reasons import Reason
from tests.mail.mails import HERE, deliver, send_all
from tests.people import reading_english, signed_in


@pytest.fixture(autouse=True)
def _outbox(settings: Any) -> None:
    settings.MAIL_TRANSPORT = "django.core.mail.backends.locmem.EmailBackend"


def bounce(original: str, address: str) -> bytes:
    return (
        "From: MAILER-DAEMON@mx.customer.example\nReturn-Path: <>\nTo: support@vendor.example\n"
        "Subject: Undelivered Mail Returned to Sender\nMIME-Version: 1.0\n"
        'Content-Type: multipart/report; report-type=delivery-status; boundary="b"\n\n'
        "--b\nContent-Type: text/plain\n\nIt did not arrive.\n"
        "--b\nContent-Type: message/delivery-status\n\nReporting-MTA: dns; mx.customer.example\n\n"
        f"Final-Recipient: rfc822; {address}\nAction: failed\nStatus: 5.1.1\n"
        "Diagnostic-Code: smtp; 550 no such user\n\n"
        f"--b\nContent-Type: text/rfc822-headers\n\nMessage-ID: {original}\nTo: {address}\n\n--b--\n"
    ).encode()


def test_a_mail_that_came_back_is_shown_on_its_case(case: Case, alice: User, jia: User) -> None:
    entry = case.messages.first()
    ours = enqueue(alice.email, kind="reply", text="您好", person=alice, case=case, entry=entry)
    send_all()
    mail = deliver(bounce(ours.message_id, alice.email))
    assert (mail.state, mail.reason) == (MailState.SET_ASIDE, Reason.BOUNCE)
    ours.refresh_from_db()
    assert (ours.state, ours.detail) == (MailState.BOUNCED, "5.1.1 550 no such user")
    page = reading_english(jia).get(case.get_absolute_url()).content.decode()
    assert "The mail to alice@customer.example did not arrive." in page
    why = signed_in(jia).get(reverse("mail", args=[ours.pk])).content.decode()
    assert "5.1.1 550 no such user" in why
    assert "did not arrive" not in reading_english(alice).get(case.get_absolute_url()).content.decode()


def test_a_forged_bounce_changes_nothing(case: Case, alice: User) -> None:
    ours = enqueue(alice.email, kind="reply", text="您好", person=alice, case=case)
    send_all()
    deliver(bounce("<guessed@vendor.example>", alice.email))
    deliver(bounce(ours.message_id, "bob@customer.example"))
    ours.refresh_from_db()
    assert ours.state == MailState.SENT


def test_a_report_from_elsewhere_marks_nothing_and_somebody_looks_at_it(case: Case, alice: User) -> None:
    ours = enqueue(alice.email, kind="reply", text="您好", person=alice, case=case)
    send_all()
    forged = bounce(ours.message_id, alice.email).replace(
        b"From: MAILER-DAEMON@mx.customer.example", b"From: MAILER-DAEMON@evil.example"
    )
    mail = deliver(forged)
    assert (mail.state, mail.reason) == (MailState.PARKED, Reason.BOUNCE)
    ours.refresh_from_db()
    assert ours.state == MailState.SENT


def test_a_report_of_our_own_mail_server_is_believed(case: Case, alice: User) -> None:
    ours = enqueue(alice.email, kind="reply", text="您好", person=alice, case=case)
    send_all()
    report = bounce(ours.message_id, alice.email)
    mail = deliver(report.replace(b"MAILER-DAEMON@mx.customer.example", b"MAILER-DAEMON@" + HERE.encode()))
    ours.refresh_from_db()
    assert (mail.state, ours.state) == (MailState.SET_ASIDE, MailState.BOUNCED)
