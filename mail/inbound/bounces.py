"""Mails of ours that came back: recorded on the mail and its case, and told to whoever works on it."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from django.conf import settings
from django.db import transaction
from django.utils import timezone

from engine.text_safety import storable
from mail.outbound.addresses import domain
from mail.outbound.signals import mail_lost
from mail.outbound.transport import speaks_of_mailbox
from mail.store.models import Direction, MailMessage, MailState
from mail.store.reasons import NotSent

if TYPE_CHECKING:
    from collections.abc import Iterable

    from mail.reading.bounces import FailedRecipient

FAILED = "failed"
TRIED_FOR = timedelta(days=10)
"""No mail server tries longer, and then reports."""


@transaction.atomic
def record(failed: Iterable[FailedRecipient], *, reporter: str) -> bool:
    """Marks the mails of ours that did not arrive; delays change nothing. ``reporter``: the address that the
    report is from.

    A report is believed of a mail that we sent lately to that address under that Message-ID, and from a
    server of the recipient's domain or of ours: the Message-ID knows whoever got the mail. ``False`` where it
    is not believed: somebody looks at it.
    """
    server = reporter.rpartition("@")[2].lower()
    is_believed = True
    for recipient in failed:
        if recipient.action != FAILED or not recipient.original_message_id:
            continue
        ours = MailMessage.objects.locked().filter(
            direction=Direction.OUT,
            message_id=recipient.original_message_id,
            address__iexact=recipient.address,
            state__in=(MailState.SENT, MailState.QUEUED),
            created_at__gt=timezone.now() - TRIED_FOR,
        )
        for mail in ours:
            if not _may_report(server, mail.address):
                is_believed = False
                continue
            mail.state = MailState.BOUNCED
            mail.detail = storable(f"{recipient.status} {recipient.diagnostic}".strip())[:500]
            no_mailbox = speaks_of_mailbox(mail.detail, without_code=True)
            mail.reason = NotSent.NO_MAILBOX if no_mailbox else ""
            mail.save(update_fields=["state", "reason", "detail"])
            mail_lost.send(MailMessage, mail=mail, answer=mail.detail)
    return is_believed


def _may_report(server: str, address: str) -> bool:
    """Whether the domain is that of the address or of the portal's own servers, or one above or below it."""
    own = {domain(), settings.MAIL_AUTHSERV_ID, settings.EMAIL_HOST, address.rpartition("@")[2]}
    return any(_is_near(server, name.lower()) for name in own if "." in name)


def _is_near(one: str, other: str) -> bool:
    return one == other or one.endswith(f".{other}") or (one.count(".") > 0 and other.endswith(f".{one}"))
