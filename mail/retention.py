"""How long the raw sources of mails are kept: for the days of their case; the rest as it says here.

A file of a mail that is deleted sooner takes the source with it (``mail.inbound.receivers``). What was said
stays in the thread, and the row of a mail stays with what became of it; its bytes go, and of a sent one what
it was composed of.
"""

from __future__ import annotations

import logging
from datetime import datetime, timedelta

from django.db.models import Exists, OuterRef, Q, QuerySet
from django.utils import timezone

from jobs.models import OPEN
from mail.imports.models import ThreadImport
from mail.outbound.delivery import ended_secrets
from mail.review.models import Choice, MailDecision
from mail.store import sources
from mail.store.models import UNFINISHED, Direction, MailMessage, MailState
from mail.store.reasons import NotSent
from uploads.custody.retention import past_keeping

logger = logging.getLogger(__name__)

KEEP_SET_ASIDE = timedelta(days=90)
"""Mails that nobody wrote or needs, from the day that a person found so, and those of ours that belong to no
case (digests). What waits for a person, put off or not, is kept until she decides."""
COMPOSED_OF = {"text", "parts", "action", "calendar", "unsubscribe"}
"""Facts of a mail of ours that repeat what its bytes say."""
MAX_SWEPT = 200


def over(now: datetime) -> QuerySet[MailMessage]:
    """Mails whose bytes have been kept long enough, and that no worker needs any more."""
    of_cases = Q(case__in=past_keeping(now).values("pk"))
    nobodys = Q(direction=Direction.OUT) | Q(state=MailState.SET_ASIDE)
    lately = MailDecision.objects.filter(
        mail=OuterRef("pk"), choice=Choice.SET_ASIDE, undone_at=None, at__gt=now - KEEP_SET_ASIDE
    )
    of_nobody = nobodys & Q(~Exists(lately), case=None, created_at__lte=now - KEEP_SET_ASIDE)
    # A kill may come between the end of a sending and the deletion.
    secrets = Q(pk__in=ended_secrets().values("pk"))
    needed = Q(reading__state__in=OPEN) & UNFINISHED | Q(delivery__state__in=OPEN)
    return MailMessage.objects.filter(of_cases | of_nobody | secrets).exclude(source="").exclude(needed)


def sweep() -> int:
    """Deletes the bytes whose time is over; of how many mails and imported threads."""
    now, count = timezone.now(), 0
    for mail in over(now)[:MAX_SWEPT]:
        sources.delete(mail)
        forgotten = {"preview": "", "subject": ""} if mail.case_id is None else {}
        gone = COMPOSED_OF | ({"outline"} if mail.case_id is None else set())
        facts = {name: fact for name, fact in mail.facts.items() if name not in gone}
        MailMessage.objects.filter(pk=mail.pk).update(facts=facts, **forgotten)
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
