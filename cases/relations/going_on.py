"""In which case a case goes on: a double in the one that took it in, one closed long ago in its follow-up."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from django.conf import settings
from django.db import transaction
from django.db.models import Q

from cases.models import Case
from cases.relations.kinds import RelationKind
from cases.relations.models import Relation

if TYPE_CHECKING:
    from accounts.models import User


def is_closed_long_ago(case: Case, at: datetime) -> bool:
    """Whether what its customer writes reopens it no more."""
    return case.closed_at is not None and at - case.closed_at > timedelta(days=settings.CASE_REOPEN_DAYS)


@transaction.atomic
def locked_where_it_goes_on(case: Case, by: User, *, asks: bool, at: datetime) -> Case:
    """The case that takes what ``by`` writes to ``case``, locked with all on the way there, in one order.

    ``asks``: whether she writes more than thanks, for which no follow-up is needed.
    """
    while True:
        found = [each.pk for each in _way_on(case, by, asks, at)]
        before = transaction.savepoint()
        rows = {row.pk: row for row in Case.objects.locked().filter(pk__in=found).order_by("pk")}
        # Until they were locked, somebody may have merged one, or made a follow-up.
        if [each.pk for each in _way_on(rows[case.pk], by, asks, at)] == found:
            transaction.savepoint_commit(before)
            return rows[found[-1]]
        transaction.savepoint_rollback(before)


def leads_to(case: Case, other: Case) -> bool:
    """Whether ``case`` goes on in ``other`` by relations in force, over however many cases."""
    seen, last = {case.pk}, {case.pk}
    while last and other.pk not in seen:
        merged = Q(case__in=last, kind=RelationKind.DOUBLE)
        followed = Q(other__in=last, kind=RelationKind.FOLLOW_UP)
        relations = Relation.objects.in_force().filter(merged | followed)
        last = {pk for pair in relations.values_list("case", "other") for pk in pair} - seen
        seen |= last
    return other.pk in seen


def _way_on(case: Case, by: User, asks: bool, at: datetime) -> list[Case]:
    way, seen = [case], {case.pk}
    while (following := _following(way[-1], by, asks, at)) and following.pk not in seen:
        way.append(following)
        seen.add(following.pk)
    return way


def _following(case: Case, by: User, asks: bool, at: datetime) -> Case | None:
    seen = Case.objects.visible_to(by)
    relations = Relation.objects.in_force()
    into = seen.filter(relations_to__in=relations.filter(case=case, kind=RelationKind.DOUBLE)).first()
    if into is not None or not (asks and is_closed_long_ago(case, at)):
        return into
    follow_ups = seen.filter(relations__in=relations.filter(other=case, kind=RelationKind.FOLLOW_UP))
    return follow_ups.order_by("-relations__at", "-relations__pk").first()
