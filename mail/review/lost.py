"""Mails of ours that did not arrive: who sees to them, and that they are sent again."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

from django.db import transaction
from django.db.models import Exists, OuterRef, Q
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.errors import NotAllowed
from engine.text_safety import one_line
from mail.outbound.models import Delivery
from mail.outbound.outbox import queue_again
from mail.outbound.probe import TEST
from mail.review.errors import NotLost, TextIsGone
from mail.review.models import Choice, MailDecision
from mail.store.models import DIGEST, LATE_AFTER, Direction, MailMessage, MailMessageQuerySet, MailState
from mail.store.unreachable import last_arrived

if TYPE_CHECKING:
    from collections.abc import Iterable

    from accounts.models import User
    from cases.models import Case

LOST = (MailState.FAILED, MailState.BOUNCED)
COUNTED_FOR = timedelta(days=30)
NEVER = datetime.min.replace(tzinfo=UTC)


@dataclass(frozen=True)
class Stuck:
    """Mails that have not left for long: how many, since when, and what the mail server said last (foreign
    text); empty where none was tried."""

    count: int
    since: datetime
    answer: str


def unsettled(mails: MailMessageQuerySet) -> MailMessageQuerySet:
    """Those of them that did not arrive lately, and that nobody has dealt with since. Of a test whoever asked
    for it has heard."""
    return _open(mails).filter(created_at__gt=timezone.now() - COUNTED_FOR).exclude(kind=TEST)


def not_arrived(case: Case, people: Iterable[User]) -> list[MailMessage]:
    """Mails of a case, and daily ones to these people of it, that did not arrive: the newest first, until a
    later mail to the same address arrives or somebody has dealt with it. With them what has not left for long
    and no entry tells of."""
    # Others of no case are their reader's and the administrators' business.
    daily = Q(case=None, kind=DIGEST, person__in=[person.pk for person in people])
    mails = MailMessage.objects.filter(Q(case=case) | daily).select_related("person", "delivery", "case")
    failed = list(_open(mails))
    arrived = last_arrived({mail.address for mail in failed})
    still = [mail for mail in failed if mail.created_at > arrived.get(mail.address, NEVER)]
    return sorted([*still, *mails.late().filter(entry=None)], key=lambda mail: mail.created_at, reverse=True)


def _open(mails: MailMessageQuerySet) -> MailMessageQuerySet:
    dealt_with = MailDecision.objects.filter(
        mail=OuterRef("pk"), choice=Choice.SETTLED, undone_at=None, at__gte=OuterRef("done_at")
    )
    return mails.filter(direction=Direction.OUT, state__in=LOST).exclude(Exists(dealt_with))


def is_unsent(mail: MailMessage) -> bool:
    """Whether the mail server has not taken it yet, or nobody has tried for long."""
    if mail.direction != Direction.OUT or mail.state != MailState.QUEUED:
        return False
    return bool(mail.delivery.answer) or mail.delivery.queued_at < timezone.now() - LATE_AFTER


def stuck() -> Stuck | None:
    """What waits for the mail server; ``None`` where nothing has waited for long."""
    waiting = Delivery.objects.filter(mail__in=MailMessage.objects.late())
    first = waiting.order_by("queued_at").first()
    if first is None:
        return None
    # While it does not answer one mail asks, and the others wait untried.
    tried = waiting.exclude(answer="", error="").order_by("-started_at").first()
    return Stuck(waiting.count(), first.queued_at, one_line(tried.answer or tried.error) if tried else "")


@transaction.atomic
def settle(mail: MailMessage, *, by: User) -> MailDecision:
    """Somebody has dealt with it. Raises ``NotAllowed``, ``NotLost``."""
    return _decide(_lost(mail, by), Choice.SETTLED, by)


@transaction.atomic
def send_again(mail: MailMessage, *, by: User) -> None:
    """From the first attempt on. Raises ``NotAllowed``, ``NotLost``, ``TextIsGone``."""
    row = _lost(mail, by)
    if not row.source and "text" not in row.facts:
        raise TextIsGone()
    _decide(row, Choice.SENT_AGAIN, by)
    queue_again(row)


def without_source(mail: MailMessage) -> str:
    """Why there are no bytes of a mail, in the reader's language."""
    if mail.direction == Direction.IN or (mail.state == MailState.SENT and not mail.facts.get("secret")):
        return _(
            "Its bytes were deleted, with a file of it or when their time was over. "
            "What it said stands in its case."
        )
    if mail.facts.get("secret"):
        return _("Its text is kept no longer than it takes to send it: what it says opens a door.")
    if mail.state == MailState.QUEUED:
        return _("It is put together when it is sent. What it tells:")
    if mail.state == MailState.WITHHELD:
        return _("It was never put together, as it was not to be sent any more. What it would have told:")
    return _("It was never put together, and has not left. What it would have told:")


def _lost(mail: MailMessage, by: User) -> MailMessage:
    if not by.is_vendor or not by.may_enter:
        raise NotAllowed()
    row = MailMessage.objects.locked().get(pk=mail.pk)
    if row.direction != Direction.OUT or row.state not in LOST:
        raise NotLost()
    return row


def _decide(mail: MailMessage, choice: Choice, by: User) -> MailDecision:
    return MailDecision.objects.create(
        mail=mail, choice=choice, by=by, at=timezone.now(), state=mail.state, reason=mail.reason
    )
