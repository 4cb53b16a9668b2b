"""The administrator tries the mail settings by a mail to herself."""

from io import StringIO
from typing import Any

from django.core import mail as django_mail
from django.core.management import call_command
from django.urls import reverse

from accounts.models import User
from cases import times
from mail.store.models import MailMessage
from tests.mail.mails import send_all
from tests.people import reading_english


def test_the_administrator_tries_the_mail_settings(root: User, settings: Any) -> None:
    settings.MAIL_TRANSPORT = "django.core.mail.backends.locmem.EmailBackend"
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
    assert django_mail.outbox[0].to == ["root@vendor.example"]
    refused = client.post(address, data | {"subject": "{nonsense}"}).content.decode()
    assert "{number} must be there" in refused


def test_where_no_mail_leaves_the_machine_the_test_mail_is_among_the_sent_ones(
    root: User, settings: Any
) -> None:
    settings.MAIL_TRANSPORT = "django.core.mail.backends.dummy.EmailBackend"
    told = StringIO()
    call_command("mail", "test", root.email, stdout=told)
    assert "No mail leaves this machine" in told.getvalue()
    send_all()
    page = reading_english(root).get(f"{reverse('mail-review')}?show=sent").content.decode()
    assert "Test of the mail settings" in page and "邮件设置" not in page
    mail = MailMessage.objects.get(kind="test")
    assert mail.done_at is not None and times.day_and_clock(mail.done_at) in page
    shown = reading_english(root).get(reverse("mail-html", args=[mail.pk])).content.decode()
    assert "to try its mail settings" in shown
