"""The administrator tries the mail settings by a mail to herself."""

import re
import smtplib
from email import message_from_bytes
from email.policy import default
from io import StringIO
from typing import Any

import pytest
from django.core import mail as django_mail
from django.core.mail.backends import locmem
from django.core.management import CommandError, call_command
from django.db import connection
from django.urls import reverse

from accounts.models import User
from cases import times
from mail.outbound.probe import missing_worker
from mail.store.models import MailMessage, MailState
from tests.mail.bodies import bodies_of
from tests.mail.mails import outgoing, send_all
from tests.people import reading_english
from tests.processes import Running


def test_the_administrator_tries_the_mail_settings(
    transactional_db: None, root: User, settings: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    settings.MAIL_TRANSPORT = "django.core.mail.backends.locmem.EmailBackend"
    taken = locmem.EmailBackend.send_messages

    def take(*sent: Any) -> int:
        assert not connection.in_atomic_block, "its row outlives whatever happens now"
        return taken(*sent)

    monkeypatch.setattr(locmem.EmailBackend, "send_messages", take)
    client = reading_english(root)
    address = client.get("/admin/mail/mailsettings/", follow=True).redirect_chain[-1][0]
    data = {
        "label": "案例号",
        "token_prefix": "CMIT:",
        "subject": "[{label}: {number}] {title} {token}",
        "most_an_hour": 30,
        "new_cases_a_day": 5,
        "attach_up_to_mib": 8,
        "_test": "x",
    }
    shown = client.post(address, data, follow=True).content.decode()
    assert "has taken a test mail to root@vendor.example" in shown
    assert "No worker sends mails at the moment" in shown
    assert django_mail.outbox[0].to == ["root@vendor.example"]
    listed = client.get(f"{reverse('mail-review')}?show=sent").content.decode()
    assert "Test of the mail settings" in listed
    message = message_from_bytes(django_mail.outbox[0].message().as_bytes(), policy=default)
    assert message["Auto-Submitted"] == "auto-generated"
    assert all("to try its mail settings" in body for body in bodies_of(message))
    refused = client.post(address, data | {"subject": "{nonsense}"}).content.decode()
    assert "{number} must be there" in refused


@pytest.mark.parametrize(("code", "answer"), [(550, b"5.7.1 not welcome"), (451, b"4.3.0 try later")])
def test_what_the_mail_server_says_is_shown_kept_and_tried_no_more(
    root: User, settings: Any, monkeypatch: pytest.MonkeyPatch, code: int, answer: bytes
) -> None:
    settings.MAIL_TRANSPORT = "django.core.mail.backends.locmem.EmailBackend"

    def fail(*_: Any) -> int:
        raise smtplib.SMTPDataError(code, answer)

    monkeypatch.setattr(locmem.EmailBackend, "send_messages", fail)
    words = f"{code} {answer.decode()}"
    with pytest.raises(CommandError, match=re.escape(words)):
        call_command("mail", "test", "ops@vendor.example")
    (mail,) = outgoing()
    assert (mail.kind, mail.state, mail.address) == ("test", MailState.FAILED, "ops@vendor.example")
    client = reading_english(root)
    page = client.get(reverse("mail", args=[mail.pk])).content.decode()
    assert (
        words in page
        and "to try its mail settings" in client.get(reverse("mail-html", args=[mail.pk])).content.decode()
    )
    assert '<span class="nav-count">' not in page, "who asked has heard"
    send_all()
    assert len(outgoing()) == 1, "and so needs no mail about it"
    mail.refresh_from_db()
    assert mail.state == MailState.FAILED


def test_a_worker_that_takes_mails_is_not_missed(worker: Running) -> None:
    assert missing_worker() == ""


def test_where_no_mail_leaves_the_machine_the_test_mail_is_among_the_sent_ones(
    root: User, settings: Any
) -> None:
    settings.MAIL_TRANSPORT = "django.core.mail.backends.dummy.EmailBackend"
    told = StringIO()
    call_command("mail", "test", root.email, stdout=told)
    assert "No mail leaves this machine" in told.getvalue()
    page = reading_english(root).get(f"{reverse('mail-review')}?show=sent").content.decode()
    assert "Test of the mail settings" in page and "邮件设置" not in page
    mail = MailMessage.objects.get(kind="test")
    assert mail.done_at is not None and times.day_and_clock(mail.done_at) in page
    shown = reading_english(root).get(reverse("mail-html", args=[mail.pk])).content.decode()
    assert "to try its mail settings" in shown
