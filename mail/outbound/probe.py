"""One mail that says that mails arrive, sent at once: whoever asks for it waits for the answer."""

from __future__ import annotations

from email.message import EmailMessage
from email.policy import SMTP
from email.utils import format_datetime, make_msgid

from django.utils import timezone
from django.utils.translation import gettext as _

from mail.outbound import transport
from mail.outbound.addresses import domain, recipient, sender


def send_probe(address: str) -> None:
    """Raises ``MailRefused``, ``MailServerDown`` with the mail server's words."""
    message = EmailMessage(policy=SMTP)
    message["Subject"] = _("Test of the mail settings")
    message["From"] = sender()
    message["To"] = recipient("", address)
    message["Date"] = format_datetime(timezone.now())
    message["Message-ID"] = make_msgid(domain=domain())
    message["Auto-Submitted"] = "auto-generated"
    message.set_content(_("This mail was sent by the portal to try its mail settings. It has arrived."))
    with transport.sending(message.as_bytes(), address):
        pass
