"""Who is told of an activity: the people whom it concerns, as far as they see the case."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.db.models import Q

from accounts.models import User
from accounts.roles import Right, with_right
from cases.signals import Activity, ActivityKind
from mail.notifications.models import CaseCc

if TYPE_CHECKING:
    from cases.models import Case
    from mail.notifications.kinds import KindFacts


@dataclass(frozen=True)
class Reader:
    """Somebody who is told. ``person``: ``None`` for an address of the Cc list (``cc``)."""

    address: str
    language: str
    is_customer: bool
    person: User | None = None
    cc: CaseCc | None = None


def readers(activity: Activity, facts: KindFacts) -> list[Reader]:
    """Each once, customers first; nobody twice by another address, never who did it herself."""
    people = {person.pk: person for person in _people(activity, facts) if _is_told(person, activity, facts)}
    told = [
        Reader(person.email, person.language, person.is_customer, person)
        for person in people.values()
        if (facts.vendor if person.is_vendor else facts.customer) is not None
    ]
    if facts.customer and facts.reaches_cc and not _is_internal(activity):
        known = {reader.address.lower() for reader in told} | {activity.by.email if activity.by else ""}
        for cc in CaseCc.objects.in_force().filter(case=activity.case):
            if cc.address.lower() not in known:
                told.append(Reader(cc.address, cc.language, True, cc=cc))
    return told


def engineers_of(case: Case) -> list[User]:
    """Who works on it: its engineer, else those of its queue."""
    if case.working_engineer is not None:
        return [case.working_engineer]
    return list(case.queue.engineers.filter(is_active=True)) if case.queue else []


def followers_of(case: Case) -> list[User]:
    """The colleagues who follow it and still see it, in the order of their coming."""
    people = User.objects.filter(followed__case=case).order_by("followed__since")
    return [person for person in people if case.is_visible_to(person)]


def _people(activity: Activity, facts: KindFacts) -> Iterator[User]:
    case = activity.case
    yield from activity.people
    if facts.named_alone:
        return
    if facts.customer is not None:
        yield case.contact
    if facts.tells_uploaders:
        yield from User.objects.filter(bundles__case=case, organisation=case.organisation_id).distinct()
    if facts.vendor is not None:
        engineers = engineers_of(case)
        # What one of them writes in a case that nobody has taken up is no news to the whole queue.
        if case.engineer_id or activity.by is None or not activity.by.is_vendor:
            yield from engineers
        if facts.tells_managers:
            yield from _of_role(Right.ALL_CASES)
        if facts.tells_administrators:
            yield from _of_role(Right.ADMINISTRATION)
    yield from followers_of(case)


def _of_role(right: Right) -> Iterable[User]:
    return User.objects.filter(Q(is_active=True), role__in=with_right(right))


def _is_told(person: User, activity: Activity, facts: KindFacts) -> bool:
    did_it = activity.by is not None and person.pk == activity.by.pk
    if did_it and not (facts.tells_actor and person.is_customer):
        return False
    # It could not reach her to say that it cannot reach her.
    if activity.kind == ActivityKind.MAIL_FAILED and activity.facts.get("address") == person.email:
        return False
    if person.is_customer and _is_internal(activity):
        return False
    return activity.case.is_visible_to(person)


def _is_internal(activity: Activity) -> bool:
    return activity.kind == ActivityKind.MENTIONED or bool(activity.message and activity.message.internal)
