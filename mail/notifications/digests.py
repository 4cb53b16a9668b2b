"""The daily mail: all that a person chose for it, case by case."""

from __future__ import annotations

from datetime import datetime
from itertools import groupby
from typing import TYPE_CHECKING

from django.db import transaction
from django.utils.translation import ngettext, override

from accounts.models import User
from cases import times
from cases.signals import ActivityKind
from cases.thread.models import is_elsewhere
from mail.notifications.kinds import KINDS
from mail.notifications.letters import greeted, title_of
from mail.notifications.links import absolute, digest_url
from mail.notifications.models import DigestItem, NotificationTimes
from mail.notifications.rechecks import is_settled, is_wanted
from mail.outbound.outbox import enqueue
from mail.store.models import DIGEST

if TYPE_CHECKING:
    from cases.models import Case

MAX_ITEMS = 200
"""In one mail; the next one tells of the others."""


def send_due(now: datetime) -> None:
    """Writes the daily mails whose hour has come; what falls into quiet hours stays until they are over."""
    due = DigestItem.objects.filter(due_at__lte=now).order_by("person").values_list("person", flat=True)
    for pk in due.distinct():
        with transaction.atomic():
            _send(pk, now)


def _send(person_id: int, now: datetime) -> None:
    # Locked: of two workers one writes the mail, the other finds nothing.
    items = DigestItem.objects.select_for_update(of=("self",), skip_locked=True)
    items = items.filter(person=person_id, due_at__lte=now).select_related("case", "person", "entry")
    person = User.objects.get(pk=person_id)
    hers = NotificationTimes.of(person)
    due = [item for item in items.order_by("at", "pk") if hers.waits_until(item.case, now) is None]
    taken = sorted(due[:MAX_ITEMS], key=lambda item: item.case.number)
    if still_told := [item for item in taken if _is_still_told(item)]:
        _enqueue(person, still_told)
    DigestItem.objects.filter(pk__in=[item.pk for item in taken]).delete()


def _is_still_told(item: DigestItem) -> bool:
    """She may have left the case or chosen otherwise since, a mail have been moved out of it, what is
    reminded of be done."""
    kind = ActivityKind(item.kind)
    is_gone = item.entry is not None and is_elsewhere(item.entry, item.case_id)
    return (
        item.case.is_visible_to(item.person)
        and not is_gone
        and not is_settled(item.case, kind, item.person)
        and is_wanted(item.person, [kind])
    )


def _enqueue(person: User, items: list[DigestItem]) -> None:
    by_case = [(case, list(told)) for case, told in groupby(items, key=lambda item: item.case)]
    with override(person.language):
        subject = ngettext(
            "%(count)s piece of news of your cases", "%(count)s pieces of news of your cases", len(items)
        ) % {"count": len(items)}
        text = "\n\n".join(_about(case, told) for case, told in by_case)
        enqueue(
            person.email,
            kind=DIGEST,
            text=greeted(person.name, text),
            person=person,
            # Of one case alone it hangs on that case's thread, and can be answered.
            case=by_case[0][0] if len(by_case) == 1 else None,
            subject=subject if len(by_case) > 1 else "",
            choice=True,
            unsubscribe=digest_url(person),
            internal=person.is_vendor and any(KINDS[ActivityKind(item.kind)].is_internal for item in items),
        )


def _about(case: Case, items: list[DigestItem]) -> str:
    head = f"{case.number} {title_of(case)}"
    address = absolute(case.get_absolute_url())
    told = [f"{times.minute(item.at)} {ActivityKind(item.kind).label}\n{item.text}" for item in items]
    return "\n\n".join(["\n".join(filter(None, [head, address])), *told])
