"""Django's mail backend of the portal: whatever anybody mails goes into the outbox, never out at once."""

from __future__ import annotations

from collections.abc import Sequence
from email.utils import make_msgid

from django.core.mail import EmailMessage
from django.core.mail.backends.base import BaseEmailBackend
from django.db import transaction
from django.utils import timezone

from accounts.adapter import KIND_HEADER
from accounts.models import User
from mail.outbound.addresses import domain, header_line, recipient
from mail.outbound.frame import framed, mark_automatic, name_language
from mail.outbound.outbox import enqueue_raw


class EmailBackend(BaseEmailBackend):
    """For django-allauth and all that calls ``send_mail``: one row for each recipient."""

    @transaction.atomic
    def send_messages(self, email_messages: Sequence[EmailMessage]) -> int:
        """Puts their texts, in the frame of all mails and the language in force, into the outbox; how many
        there were."""
        for message in email_messages:
            assert not message.attachments, "they would be lost"
            for address in message.recipients():
                _put(message, address)
        return len(email_messages)


def _put(message: EmailMessage, address: str) -> None:
    person = User.objects.filter(email=address.lower()).first()
    kind = str(message.extra_headers.get(KIND_HEADER, "portal"))[:30]
    subject, dated_at = header_line(str(message.subject)), timezone.now().replace(microsecond=0)
    to = recipient(person.name if person else "", address)
    built = framed({"text": message.body}, subject=subject, to=to, dated_at=dated_at)
    built["Message-ID"] = message_id = make_msgid(domain=domain())
    mark_automatic(built)
    built[KIND_HEADER] = kind
    name_language(built)
    enqueue_raw(
        built.as_bytes(),
        address,
        kind=kind,
        subject=subject,
        message_id=message_id,
        dated_at=dated_at,
        person=person,
    )
