"""Relating cases, merging a double, and taking either back."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING, Any

from django.db import transaction
from django.utils import timezone, translation
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from cases import rights, service_levels
from cases.models import Case, MessageKind
from cases.relations.errors import (
    CannotBeMerged,
    GoesInCircles,
    NoSuchCase,
    OtherOrganisation,
    RelatedAlready,
    SameCase,
    TakenBack,
)
from cases.relations.going_on import leads_to
from cases.relations.kinds import BACKWARDS, RelationKind
from cases.relations.models import Relation
from cases.services import post_message
from cases.signals import ActivityKind, announce, case_merged, merge_undone
from cases.status import Status

if TYPE_CHECKING:
    from django.utils.functional import Promise

    from accounts.models import User

MERGED = gettext_noop("It is a double and goes on in the other case.")
TOOK_IN = gettext_noop("A double was merged into it.")
NO_DOUBLE = gettext_noop("It is no double after all.")


def find(number: str, user: User) -> Case:
    """The case of this number, as far as this person may see. Raises ``NoSuchCase``."""
    number = number.strip()[:40]
    case = Case.objects.visible_to(user).filter(number__iexact=number).first()
    if case is None:
        raise NoSuchCase(number=number)
    return case


@transaction.atomic
def relate(case: Case, other: Case, kind: RelationKind, *, by: User) -> Relation:
    """Says what ``case`` is to ``other``; a double is merged: closed, its messages and uploads stay where
    they are, and the other case says so.

    Raises ``NotAllowed``, ``SameCase``, ``RelatedAlready``, ``OtherOrganisation``, ``CannotBeMerged``.
    """
    at = timezone.now()
    for each in (case, other):
        rights.require(rights.may_change_status, by, each)
    if case.pk == other.pk:
        raise SameCase()
    locked = Case.objects.locked().filter(pk__in=(case.pk, other.pk)).order_by("pk")
    rows = {row.pk: row for row in locked}
    in_force = Relation.objects.in_force()
    twice = in_force.filter(case=case, other=other, kind=kind)
    if kind == RelationKind.RELATED:
        twice |= in_force.filter(case=other, other=case, kind=kind)
    if twice.exists():
        raise RelatedAlready()
    _check(rows[case.pk], rows[other.pk], kind)
    before = _before(rows[case.pk], rows[other.pk]) if kind == RelationKind.DOUBLE else {}
    relation = Relation.objects.create(case=case, other=other, kind=kind, by=by, at=at, **before)
    relation.record(by=by, at=at)
    if kind == RelationKind.DOUBLE:
        _merge(relation, rows[case.pk], rows[other.pk], by, at)
    case.refresh_from_db()
    return relation


def _check(case: Case, other: Case, kind: RelationKind) -> None:
    if kind == RelationKind.RELATED:
        return
    if case.organisation_id != other.organisation_id:
        raise OtherOrganisation()
    if kind == RelationKind.DOUBLE:
        doubles = Relation.objects.in_force().filter(kind=RelationKind.DOUBLE)
        chained = doubles.filter(other=case) | doubles.filter(case=other) | doubles.filter(case=case)
        if other.status_facts.is_closed or chained.exists():
            raise CannotBeMerged()
    first, last = (case, other) if kind == RelationKind.DOUBLE else (other, case)
    if leads_to(last, first):
        raise GoesInCircles()


def _before(case: Case, other: Case) -> dict[str, Any]:
    return {
        "before": case.status,
        "due_before": case.next_due_at,
        "other_before": other.status,
        "other_due_before": other.next_due_at,
    }


def _merge(relation: Relation, case: Case, other: Case, by: User, at: datetime) -> None:
    _tell(case, gettext_noop("This is a double of %(number)s and goes on there."), other, at)
    _tell(other, gettext_noop("The double %(number)s was merged into this case."), case, at)
    if case.next_due_at is not None:
        # Who waits for an answer waits for it in the other case, and not while it is put aside.
        if other.status == Status.SUSPENDED:
            other.change_status("resume", by=by, reason=TOOK_IN, at=at)
        other.next_due_at = min(case.next_due_at, other.next_due_at or case.next_due_at)
        other.save(update_fields=["next_due_at"])
    if not case.status_facts.is_closed:
        case.change_status("close", by=by, reason=MERGED, at=at, is_told=False)
    elif case.next_due_at is not None:
        case.next_due_at = None
        case.save(update_fields=["next_due_at"])
    case_merged.send(sender=Relation, relation=relation)
    announce(ActivityKind.MERGED, case, by=by, at=at, other=other.number, undone=False)


@transaction.atomic
def take_back(relation: Relation, *, by: User) -> None:
    """Ends a relation; a double that was merged goes on where it was, with the promise of then.

    Raises ``NotAllowed``, ``TakenBack``.
    """
    at = timezone.now()
    case, other = relation.case, relation.other
    for each in (case, other):
        rights.require(rights.may_change_status, by, each)
    rows = {row.pk: row for row in Case.objects.locked().filter(pk__in=(case.pk, other.pk)).order_by("pk")}
    row = Relation.objects.select_for_update(of=("self",)).get(pk=relation.pk)
    if row.removed_at is not None:
        raise TakenBack()
    row.removed_by, row.removed_at = by, at
    row.save(update_fields=["removed_by", "removed_at"])
    row.record(by=by, at=at)
    if row.kind == RelationKind.DOUBLE:
        _part(row, rows[case.pk], rows[other.pk], by, at)


def _part(relation: Relation, case: Case, other: Case, by: User, at: datetime) -> None:
    _tell(case, gettext_noop("This is no double of %(number)s after all; it goes on here."), other, at)
    _tell(other, gettext_noop("%(number)s is no double of this case after all."), case, at)
    before = Status(relation.before)
    if before.facts.is_closed:
        case.next_due_at = relation.due_before
        case.save(update_fields=["next_due_at"])
    elif case.status_facts.is_closed:
        due = relation.due_before
        if not relation.other_before:  # Merged by a version that kept no promise.
            due = service_levels.due_on_status(case.severity, before, None, at)
        case.lead_back(before, next_due_at=due, by=by, reason=NO_DOUBLE, at=at)
    # What has happened in the other case since stands.
    if other.status_since == relation.at and relation.other_before:
        due, back = relation.other_due_before, Status(relation.other_before)
        other.lead_back(back, next_due_at=due, by=by, reason=NO_DOUBLE, at=at)
    elif other.next_due_at is not None and other.next_due_at == relation.due_before:
        other.next_due_at = relation.other_due_before
        other.save(update_fields=["next_due_at"])
    merge_undone.send(sender=Relation, relation=relation)
    announce(ActivityKind.MERGED, case, by=by, at=at, other=other.number, undone=True)


def _tell(case: Case, sentence: str, other: Case, at: datetime) -> None:
    with translation.override(case.contact.language):
        body = _(sentence) % {"number": other.number}
    post_message(case, by=None, body=body, kind=MessageKind.SYSTEM, at=at)


def seen_by(user: User, case: Case) -> list[tuple[Relation, str | Promise, Case]]:
    """The relations of a case whose other case this person may see: each with what it is, and that case."""
    relations = Relation.objects.visible_to(user).in_force().select_related("case", "other")
    seen: list[tuple[Relation, str | Promise, Case]] = [
        (relation, relation.get_kind_display(), relation.other) for relation in relations.filter(case=case)
    ]
    for relation in relations.filter(other=case):
        seen.append((relation, BACKWARDS[RelationKind(relation.kind)], relation.case))
    return seen
