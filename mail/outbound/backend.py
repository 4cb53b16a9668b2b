"""Django's mail backend of the portal: whatever anybody mails goes into the outbox, never out at once."""

from __future__ import annotations

import re
from collections.abc import Sequence

from django.core.mail import EmailMessage
from django.core.mail.backends.base import BaseEmailBackend
from django.db import transaction

from accounts.adapter import KIND_HEADER
from accounts.models import User
from mail.outbound.outbox import enqueue_raw


class EmailBackend(BaseEmailBackend):
    """For django-allauth and all that calls ``send_mail``: one row for each recipient."""

    @transaction.atomic
    def send_messages(self, email_messages: Sequence[EmailMessage]) -> int:
        """Puts the messages into the outbox; how many there were."""
        for message in email_messages:
            built = message.message()
            raw = re.sub(rb"\r?\n", b"\r\n", built.as_bytes())
            for address in message.recipients():
                person = User.objects.filter(email=address.lower()).first()
                enqueue_raw(
                    raw,
                    address,
                    kind=str(message.extra_headers.get(KIND_HEADER, "portal"))[:30],
                    subject=str(message.subject),
                    message_id=built["Message-ID"] or "",
                    person=person,
                )
        return len(email_messages)
