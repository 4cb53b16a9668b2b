"""Relating cases, merging a double, and taking either back."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING

from django.db import transaction
from django.utils import timezone, translation
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from cases import rights
from cases.models import Case, MessageKind
from cases.relations.errors import (
    CannotBeMerged,
    NoSuchCase,
    OtherOrganisation,
    RelatedAlready,
    SameCase,
    TakenBack,
)
from cases.relations.models import BACKWARDS, Relation, RelationKind
from cases.services import post_message
from cases.status import Status, is_possible

if TYPE_CHECKING:
    from django.utils.functional import Promise

    from accounts.models import User

MERGED = gettext_noop("It is a double and goes on in the other case.")
NO_DOUBLE = gettext_noop("It is no double after all.")
LED_TO = {
    Status.SCOPING: "scope",
    Status.WAITING: "wait_for_customer",
    Status.RESULT_SENT: "send_result",
}
"""By the status that a double had: the change that leads back to it from “in progress”."""


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
    if kind == RelationKind.DOUBLE:
        _check_merge(rows[case.pk], rows[other.pk])
    relation = Relation.objects.create(
        case=case, other=other, kind=kind, by=by, at=at, before=rows[case.pk].status
    )
    if kind == RelationKind.DOUBLE:
        _merge(rows[case.pk], rows[other.pk], by, at)
    case.refresh_from_db()
    return relation


def _check_merge(case: Case, other: Case) -> None:
    if case.organisation_id != other.organisation_id:
        raise OtherOrganisation()
    doubles = Relation.objects.in_force().filter(kind=RelationKind.DOUBLE)
    chained = doubles.filter(other=case) | doubles.filter(case=other) | doubles.filter(case=case)
    if other.status_facts.is_closed or chained.exists():
        raise CannotBeMerged()


def _merge(case: Case, other: Case, by: User, at: datetime) -> None:
    _tell(case, gettext_noop("This is a double of %(number)s and goes on there."), other, at)
    _tell(other, gettext_noop("The double %(number)s was merged into this case."), case, at)
    if case.next_due_at is not None:
        # Who waits for an answer waits for it in the other case.
        other.next_due_at = min(case.next_due_at, other.next_due_at or case.next_due_at)
        other.save(update_fields=["next_due_at"])
    if not case.status_facts.is_closed:
        case.change_status("close", by=by, reason=MERGED, at=at)
    else:
        case.next_due_at = None
        case.save(update_fields=["next_due_at"])


@transaction.atomic
def take_back(relation: Relation, *, by: User) -> None:
    """Ends a relation; a double that was merged goes on where it was.

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
    if row.kind == RelationKind.DOUBLE:
        _part(rows[case.pk], rows[other.pk], row.before, by, at)


def _part(case: Case, other: Case, before: str, by: User, at: datetime) -> None:
    _tell(case, gettext_noop("This is no double of %(number)s after all; it goes on here."), other, at)
    _tell(other, gettext_noop("%(number)s is no double of this case after all."), case, at)
    if before == Status.CLOSED or not case.status_facts.is_closed:
        return
    case.change_status("resume", by=by, reason=NO_DOUBLE, at=at)
    led_to = LED_TO.get(Status(before))
    if led_to and is_possible(led_to, case.status):
        case.change_status(led_to, by=by, reason=NO_DOUBLE, at=at)


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
