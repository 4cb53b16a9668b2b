"""One mail that says that mails arrive, sent at once: whoever asks for it waits for the answer. Where no mail
leaves this machine, it goes to the page of sent mails like all others."""

from __future__ import annotations

from email.message import EmailMessage
from email.policy import SMTP
from email.utils import format_datetime, make_msgid

from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.models import User
from engine.text_safety import plain
from mail.outbound import transport
from mail.outbound.addresses import domain, recipient, sender
from mail.outbound.outbox import enqueue

KIND = "test"


def send_probe(address: str) -> str:
    """What has become of it, as a sentence. Raises ``MailRefused``, ``MailServerDown`` with the mail server's
    words."""
    subject = _("Test of the mail settings")
    text = _("This mail was sent by the portal to try its mail settings. It has arrived.")
    if transport.keeps_all_here():
        person = User.objects.filter(email=address.lower()).first()
        enqueue(address, kind=KIND, text=text, person=person, subject=subject)
        told = _("No mail leaves this machine: the test mail to %s is under Mails, “Sent”.")
        return told % plain(address)
    message = EmailMessage(policy=SMTP)
    message["Subject"] = subject
    message["From"] = sender()
    message["To"] = recipient("", address)
    message["Date"] = format_datetime(timezone.now())
    message["Message-ID"] = make_msgid(domain=domain())
    message["Auto-Submitted"] = "auto-generated"
    message.set_content(text)
    with transport.sending(message.as_bytes(), address):
        pass
    return _("The mail server has taken a test mail to %s.") % plain(address)
