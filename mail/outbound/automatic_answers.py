"""What the portal answers by itself to what somebody mailed: one mail to a person and day, whatever it says.

What there is to say besides goes along with the next mail that she gets anyway, and by itself when the day is
over: a robot that answers every answer gets one a day. What would make that longer than ``MAX_WAITING``
stands on the entries alone.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any

from django.db.models import Q
from django.utils import timezone

from accounts.models import User
from accounts.secret_links import without_secrets
from cases.signals import ActivityKind
from jobs.models import JobState
from mail.outbound.models import Delivery
from mail.outbound.outbox import enqueue
from mail.store.models import Direction, MailMessage, MailMessageQuerySet, MailState

if TYPE_CHECKING:
    from cases.models import Case

ONCE_IN = timedelta(days=1)
MAX_WAITING = 8_000
"""Characters of the answer that waits."""
NEVER_LEFT = (MailState.WITHHELD, MailState.FAILED)
NOT_READ = (*NEVER_LEFT, MailState.BOUNCED)


def free_at(person: User) -> datetime | None:
    """From when on she may be answered again; ``None`` for now. One worker at a time asks, until its
    transaction ends: two of her mails that are read at the same moment get one answer, too."""
    User.objects.select_for_update(of=("self",), no_key=True).get(pk=person.pk)
    now = timezone.now()
    leave = [_leaves_at(mail) for mail in _lately(person, now)]
    free = max(leave) + ONCE_IN if leave else now
    return free if free > now else None


def answer(
    person: User, case: Case, *, kind: str, text: str, answers: str, action: dict[str, str] | None = None
) -> bool:
    """Says it to her, in the language in force; whether it goes at once. ``kind``, ``answers``, ``action``:
    as for ``enqueue``. Within a transaction."""
    not_before = free_at(person)
    if not_before and (waiting := _waiting(person)):
        more_text = without_secrets(_with_address(text, action))
        waiting.facts |= {"text": f"{waiting.facts['text']}\n\n{more_text}"}
        waiting.save(update_fields=["facts"])
        return False
    more: dict[str, Any] = {"action": action} if action else {}
    enqueue(
        person.email,
        kind=kind,
        text=text,
        person=person,
        case=case,
        answers=answers,
        not_before=not_before,
        automatic=True,
        **more,
    )
    return not_before is None


def is_full(person: User) -> bool:
    """Whether so much waits for her already that more would be no answer but a list of a robot's mails."""
    waiting = _waiting(person) if free_at(person) else None
    return waiting is not None and len(waiting.facts["text"]) > MAX_WAITING


def take_along(carrier: MailMessage) -> str:
    """What a mail to her is to say as well: her next answer, where that would leave later than this mail;
    empty for nothing. One mail has one language."""
    waiting = _waiting(carrier.person) if carrier.person else None
    if waiting is None or _leaves_at(carrier) >= _leaves_at(waiting):
        return ""
    if waiting.language != carrier.language:
        return ""
    waiting.facts |= {"along": str(carrier.pk)}
    waiting.save(update_fields=["facts"])
    return _with_address(waiting.facts["text"], waiting.facts.get("action"))


def is_told_already(mail: MailMessage) -> bool:
    """Whether the mail that took it along has left."""
    return _carriers(mail).filter(state=MailState.SENT).exists()


def carries_on(carrier: MailMessage, successor: MailMessage) -> None:
    """What took something along was withheld, and is sent in another mail."""
    for mail in MailMessage.objects.filter(person=carrier.person, facts__along=str(carrier.pk)):
        mail.facts |= {"along": str(successor.pk)}
        mail.save(update_fields=["facts"])


def _lately(person: User, now: datetime) -> list[MailMessage]:
    lately = Q(created_at__gt=now - ONCE_IN) | Q(done_at__gt=now - ONCE_IN) | Q(state=MailState.QUEUED)
    mails = MailMessage.objects.filter(lately, direction=Direction.OUT, person=person, facts__automatic=True)
    found = mails.exclude(state__in=NEVER_LEFT).select_related("delivery")
    return [mail for mail in found if not _goes_along(mail)]


def _waiting(person: User) -> MailMessage | None:
    """Her next answer, which no worker has in hands before its time; locked now, as others left it."""
    put_off = Delivery.objects.filter(
        state=JobState.QUEUED,
        not_before__gt=timezone.now(),
        mail__person=person,
        mail__source="",
        mail__facts__automatic=True,
    )
    put_off = put_off.exclude(mail__kind=ActivityKind.PROGRESS).select_for_update(of=("self", "mail"))
    mails = (delivery.mail for delivery in put_off.select_related("mail"))
    return next((mail for mail in mails if not _goes_along(mail)), None)


def _goes_along(mail: MailMessage) -> bool:
    return _carriers(mail).exclude(state__in=NOT_READ).exists()


def _carriers(mail: MailMessage) -> MailMessageQuerySet:
    return MailMessage.objects.filter(pk=mail.facts.get("along"))


def _leaves_at(mail: MailMessage) -> datetime:
    return mail.done_at or mail.delivery.not_before or mail.created_at


def _with_address(text: str, action: dict[str, str] | None) -> str:
    return f"{text}\n\n{action['label']}: {action['url']}" if action else text
