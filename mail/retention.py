"""How long the raw sources of mails are kept: as long as the uploads of their case; the rest as it says here.

What was said stays in the thread, and the row of a mail stays with what became of it; only its bytes go.
"""

from __future__ import annotations

import logging
from datetime import datetime, timedelta

from django.db.models import Q, QuerySet
from django.utils import timezone

from mail.imports.models import ThreadImport
from mail.outbound.delivery import ended_secrets
from mail.store import sources
from mail.store.models import MailMessage, MailState, NotSent
from uploads.custody.retention import past_keeping

logger = logging.getLogger(__name__)

KEEP_SET_ASIDE = timedelta(days=90)
"""Mails that nobody wrote or needs. What waits for a person is kept until she decides."""
MAX_SWEPT = 200


def over(now: datetime) -> QuerySet[MailMessage]:
    """Mails whose bytes have been kept long enough."""
    of_cases = Q(case__in=past_keeping(now).values("pk"))
    of_nobody = Q(case=None, state=MailState.SET_ASIDE, created_at__lte=now - KEEP_SET_ASIDE)
    # A kill may come between the end of a sending and the deletion.
    secrets = Q(pk__in=ended_secrets().values("pk"))
    return MailMessage.objects.filter(of_cases | of_nobody | secrets).exclude(source="")


def sweep() -> int:
    """Deletes the bytes whose time is over; of how many mails and imported threads."""
    now, count = timezone.now(), 0
    for mail in over(now)[:MAX_SWEPT]:
        sources.delete(mail)
        if mail.case_id is None:
            MailMessage.objects.filter(pk=mail.pk).update(preview="", subject="")
        count += 1
    for thread in ThreadImport.objects.filter(case__in=past_keeping(now)).exclude(source="")[:MAX_SWEPT]:
        sources.delete(thread)
        count += 1
    # Whoever typed an address to sign in may have typed a stranger's.
    typed = MailMessage.objects.filter(reason=NotSent.NOBODY, created_at__lte=now - KEEP_SET_ASIDE)
    typed.exclude(address="").update(address="", subject="")
    if count:
        logger.info("The sources of %s mails were deleted, as their time was over.", count)
    return count
