"""Mails that wait, by who sent them: a flood is one row, and one decision that is taken back whole.

By the domain in From as it is written; it need not be proven.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING

from django.db import transaction
from django.db.models import Count, Exists, Max, OuterRef, Subquery
from django.utils import timezone

from mail.review.errors import AlreadyUndone
from mail.review.models import BulkDecision, Choice, MailDecision
from mail.review.services import require_vendor
from mail.store.models import MailMessage, MailMessageQuerySet, MailState
from mail.store.reasons import Reason

if TYPE_CHECKING:
    from accounts.models import User

MIN_FLOOD = 10
"""So many waiting mails of one sender are one row of the list."""
MAX_FLOODS = 20
MAX_AT_ONCE = 5000
"""Mails of one decision; the rest are left for the next."""
BATCH = 1000


@dataclass(frozen=True)
class Flood:
    """Waiting mails of one sender."""

    domain: str
    count: int
    newest: datetime


def waiting(user: User) -> MailMessageQuerySet:
    """What this person may decide about."""
    return MailMessage.objects.of_no_case(user).parked()


def _of_the_many(user: User) -> MailMessageQuerySet:
    """Without those that somebody put off: she wanted to come back to each."""
    return waiting(user).filter(put_off_until=None)


def floods(user: User) -> list[Flood]:
    """The senders of most mails that wait, the most first."""
    by_domain = _of_the_many(user).order_by().values("domain")
    rows = by_domain.annotate(count=Count("pk"), newest=Max("created_at"))
    many = rows.filter(count__gte=MIN_FLOOD).exclude(domain="").order_by("-count", "domain")
    return [Flood(**row) for row in many[:MAX_FLOODS]]


@transaction.atomic
def set_aside_all(domain: str, *, until: datetime, by: User) -> BulkDecision:
    """Sets aside what waits of a sender and had come by ``until``, the oldest ``MAX_AT_ONCE``: at what came
    since nobody has looked. Raises ``NotAllowed``."""
    require_vendor(by)
    found = _of_the_many(by).filter(domain=domain, created_at__lte=until).order_by("created_at")
    keys = found.values_list("pk", flat=True)[:MAX_AT_ONCE]
    rows = MailMessage.objects.locked().filter(pk__in=list(keys), state=MailState.PARKED, put_off_until=None)
    now = timezone.now()
    bulk = BulkDecision.objects.create(domain=domain, by=by, at=now, count=0)
    decisions = [
        MailDecision(
            mail=mail,
            choice=Choice.SET_ASIDE,
            by=by,
            at=now,
            state=mail.state,
            reason=mail.reason,
            matched_by=mail.matched_by,
            bulk=bulk,
        )
        for mail in rows.only("state", "reason", "matched_by")
    ]
    MailDecision.objects.bulk_create(decisions, batch_size=BATCH)
    decided = MailMessage.objects.filter(decisions__bulk=bulk)
    bulk.count = decided.update(state=MailState.SET_ASIDE, reason=Reason.BY_HAND)
    bulk.save(update_fields=["count"])
    return bulk


@transaction.atomic
def undo_all(bulk: BulkDecision, *, by: User) -> int:
    """Takes it back for every mail about which nothing newer was decided; how many wait again.

    Raises ``NotAllowed``, ``AlreadyUndone``.
    """
    require_vendor(by)
    row = BulkDecision.objects.select_for_update().get(pk=bulk.pk)
    if row.undone_at:
        raise AlreadyUndone()
    now = timezone.now()
    newer = MailDecision.objects.filter(mail=OuterRef("mail"), pk__gt=OuterRef("pk"))
    decisions = MailDecision.objects.filter(bulk=row, undone_at=None).exclude(Exists(newer))
    before = MailDecision.objects.filter(bulk=row, mail=OuterRef("pk"))
    mails = MailMessage.objects.filter(pk__in=decisions.values("mail"), state=MailState.SET_ASIDE)
    count = mails.update(
        state=Subquery(before.values("state")[:1]), reason=Subquery(before.values("reason")[:1])
    )
    decisions.update(undone_at=now, undone_by=by)
    BulkDecision.objects.filter(pk=row.pk).update(undone_at=now, undone_by=by)
    return count


def lately_decided(user: User) -> list[BulkDecision]:
    """The newest decisions about all mails of a sender that stand."""
    standing = BulkDecision.objects.visible_to(user).filter(undone_at=None, count__gt=0)
    return list(standing.select_related("by")[:5])
