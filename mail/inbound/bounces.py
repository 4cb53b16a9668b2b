"""Mails of ours that came back: recorded on the mail and its case, and told to whoever works on it."""

from __future__ import annotations

from collections.abc import Iterable

from django.db import transaction

from engine.text_safety import storable
from mail.outbound.signals import mail_lost
from mail.outbound.transport import speaks_of_mailbox
from mail.reading.bounces import FailedRecipient
from mail.store.models import Direction, MailMessage, MailState, NotSent

FAILED = "failed"


@transaction.atomic
def record(failed: Iterable[FailedRecipient]) -> list[MailMessage]:
    """The mails of ours that did not arrive, marked so. A report is believed only of a mail that we sent to
    that address under that Message-ID, which nobody else knows; delays change nothing."""
    marked = []
    for recipient in failed:
        if recipient.action != FAILED or not recipient.original_message_id:
            continue
        ours = MailMessage.objects.locked().filter(
            direction=Direction.OUT,
            message_id=recipient.original_message_id,
            address__iexact=recipient.address,
            state__in=(MailState.SENT, MailState.QUEUED),
        )
        for mail in ours:
            mail.state = MailState.BOUNCED
            mail.detail = storable(f"{recipient.status} {recipient.diagnostic}".strip())[:500]
            no_mailbox = speaks_of_mailbox(mail.detail, without_code=True)
            mail.reason = NotSent.NO_MAILBOX if no_mailbox else ""
            mail.save(update_fields=["state", "reason", "detail"])
            mail_lost.send(MailMessage, mail=mail, answer=mail.detail)
            marked.append(mail)
    return marked
