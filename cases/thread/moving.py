"""Moving an entry to another case, or to none, and back: what it had brought about goes with it.

As far as that can be known: the status that changed at the moment of the entry, the clock that began then,
the description of a case that the entry began, and the answer to a result that was read in it.
"""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext_noop

from accounts.roles import Right, with_right
from cases import service_levels
from cases.events import MOVED, EventKind
from cases.models import Case, Message, MessageKind
from cases.services import hear, says_only_thanks
from cases.status import Status
from cases.thread.models import EntryMove

if TYPE_CHECKING:
    from accounts.models import User

MOVED_HERE = gettext_noop("A mail of the customer was moved here.")


@transaction.atomic
def move(entry: Message, copy: Message | None, *, by: User | None) -> EntryMove:
    """Notes that ``copy`` stands for the entry from now on, or nothing."""
    moved = EntryMove.objects.create(entry=entry, copy=copy, by=by, at=timezone.now())
    if copy is None or copy.case_id != entry.case_id:
        for answer in Message.objects.in_place().filter(outcome__said_in=entry):
            move(answer, None, by=by)
        _lead_back(entry, by, moved.at)
        _hear(copy, by)
    _describe(entry)
    return moved


@transaction.atomic
def move_back(moved: EntryMove, *, by: User) -> None:
    """The entry stands again where it was written; what was read in it is proposed anew."""
    moved.back_at, moved.back_by = timezone.now(), by
    moved.save(update_fields=["back_at", "back_by"])
    if moved.copy is None or moved.copy.case_id != moved.entry.case_id:
        _hear(moved.entry, by)
    _describe(moved.entry)


def _hear(entry: Message | None, by: User | None) -> None:
    """Where a customer's words come to, they count."""
    if entry is None or by is None or entry.internal or not (entry.author and entry.author.is_customer):
        return
    if entry.case.merged_into is None:
        hear(entry, by=by, reason=MOVED_HERE)


def _lead_back(entry: Message, by: User | None, at: datetime) -> None:
    case = Case.objects.locked().get(pk=entry.case_id)
    customers = with_right(Right.OWN_ORGANISATION)
    later = Message.objects.in_place().filter(
        case=case, internal=False, author__role__in=customers, created_at__gte=entry.created_at
    )
    if not all(map(says_only_thanks, later.select_related("author", "case__engineer"))):
        return  # What she wrote since would have led there, too.
    event = case.events.filter(kind=EventKind.STATUS).last()
    if event and (event.at, event.actor_id) == (entry.created_at, entry.author_id):
        before = Status(event.from_status)
        begun = case.events.filter(to_status=before, at__lt=event.at).exclude(reason=MOVED).last()
        due = service_levels.due_on_status(case.severity, before, case.next_due_at, at)
        if case.status == event.to_status:
            since = begun.at if begun else None
            case.lead_back(before, next_due_at=due, by=by, reason=MOVED, at=at, since=since)
    elif not case.status_facts.clock_runs and case.next_due_at == service_levels.due_after(
        case.severity, entry.created_at
    ):
        case.next_due_at = None
        case.save(update_fields=["next_due_at"])


def _describe(entry: Message) -> None:
    """The description of a case that began with the entry says what its first entry in place says."""
    case = entry.case
    if entry.created_at != case.created_at:
        return
    written = Message.objects.in_place().filter(
        case=case, internal=False, kind__in=(MessageKind.PORTAL, MessageKind.MAIL_IN)
    )
    first = written.order_by("created_at", "pk").first()
    Case.objects.filter(pk=case.pk).update(description=first.body if first else "")
