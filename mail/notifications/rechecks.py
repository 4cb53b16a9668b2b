"""What may have changed between an act and the sending of the mail that tells of it."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import TYPE_CHECKING

from django.utils import timezone

from accounts.roles import Right
from cases.signals import ActivityKind
from cases.status import Turn
from mail.notifications.audience import Reader
from mail.notifications.kinds import told
from mail.notifications.models import CaseCc, Channel
from mail.notifications.preferences import channel_of
from mail.store.models import MailMessage
from mail.store.reasons import NotSent

if TYPE_CHECKING:
    from accounts.models import User
    from cases.models import Case


def why_not(mail: MailMessage) -> NotSent | None:
    """Why what this mail tells is told no more; ``None`` where it is."""
    key = mail.facts.get("cc")
    if key and not CaseCc.objects.in_force().filter(pk=key).exists():
        return NotSent.OFF_LIST
    if mail.kind not in ActivityKind:
        return None
    if mail.case is not None and is_settled(mail.case, ActivityKind(mail.kind), mail.person):
        return NotSent.SETTLED
    if mail.person is not None:
        parts = mail.facts.get("parts") or [{"kind": mail.kind}]
        if not is_wanted(mail.person, [ActivityKind(part["kind"]) for part in parts]):
            return NotSent.NOT_WANTED
    return None


def is_settled(case: Case, kind: ActivityKind, person: User | None) -> bool:
    """Whether this kind only reminds its reader of something that is done by now."""
    if kind == ActivityKind.OWN_REMINDER and person is not None and person.has_right(Right.VENDOR):
        return False  # Of what, she alone knows.
    settled = SETTLED.get(kind)
    return settled is not None and settled(case)


def is_wanted(person: User, kinds: Iterable[ActivityKind]) -> bool:
    """Whether she still wants mails of one of these kinds."""
    reader = Reader(person.email, person.language, person.is_customer, person)
    open_to_her = [kind for kind in kinds if told(kind, is_customer=person.is_customer)]
    return not open_to_her or any(channel_of(reader, kind) != Channel.PORTAL for kind in open_to_her)


def _waits_no_more(case: Case) -> bool:
    return case.status_facts.turn is not Turn.CUSTOMER and not case.awaits_word


def _is_not_late(case: Case) -> bool:
    return case.next_due_at is None or case.next_due_at > timezone.now()


SETTLED: dict[ActivityKind, Callable[[Case], bool]] = {
    ActivityKind.WAITING_REMINDER: _waits_no_more,
    ActivityKind.LONG_WAIT: _waits_no_more,
    ActivityKind.OWN_REMINDER: _waits_no_more,
    ActivityKind.OVERDUE: _is_not_late,
}
