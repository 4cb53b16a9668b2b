"""Naming colleagues in internal entries by ``@name``, and what has been read of it."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from django.db import transaction
from django.db.models import Q
from django.utils import timezone

from accounts.models import User
from accounts.roles import Right, with_right
from cases import rights
from cases.mentions.errors import CannotSeeTheCase
from cases.mentions.models import Mention
from cases.signals import ActivityKind, announce
from engine.text_safety import plain

if TYPE_CHECKING:
    from django.db.models import QuerySet

    from cases.models import Case, Message

MAX_MARKS = 50
"""So many ``@`` of one entry are looked at."""

_MARK = re.compile(r"(?<![\w.@+-])[@＠]")  # What stands in a mail address is none.


def colleagues(case: Case) -> list[User]:
    """The vendor's people who see the case, by name."""
    sees = Q(role__in=with_right(Right.ALL_CASES)) | Q(pk=case.engineer_id)
    if case.queue_id is not None:
        sees |= Q(queues=case.queue_id)
    return list(_vendor().filter(sees).distinct().order_by("name"))


@transaction.atomic
def record(message: Message, *, by: User) -> list[User]:
    """Keeps whom an internal entry names and announces it; customers' entries name nobody.

    Raises ``CannotSeeTheCase`` for a colleague who could not read it.
    """
    if not message.internal:
        return []
    people = [person for person in named(message.body, list(_vendor())) if person != by]
    for person in people:
        if not rights.may_note(person, message.case):
            raise CannotSeeTheCase(name=plain(person.name))
    Mention.objects.bulk_create(Mention(message=message, person=person) for person in people)
    if people:
        announce(
            ActivityKind.MENTIONED,
            message.case,
            by=by,
            at=message.created_at,
            message=message,
            people=tuple(people),
        )
    return people


def named(text: str, people: list[User]) -> list[User]:
    """Whom of ``people`` the text names by ``@name``; of several that fit, the longest name, and all who
    bear it."""
    by_name = sorted((person for person in people if person.name), key=lambda person: -len(person.name))
    found: dict[int, User] = {}
    for number, mark in enumerate(_MARK.finditer(text)):
        if number == MAX_MARKS:
            break
        rest = text[mark.end() : mark.end() + 200].casefold()
        longest = ""
        for person in by_name:
            name = person.name.casefold()
            if longest and name != longest:
                continue
            if rest.startswith(name) and not _goes_on(name, rest[len(name) :]):
                found[person.pk], longest = person, name
    return list(found.values())


def mark_read(case: Case, user: User) -> None:
    """She has opened the case."""
    Mention.objects.filter(message__case=case, person=user, read_at=None).update(read_at=timezone.now())


def _goes_on(name: str, after: str) -> bool:
    """Whether a name in letters of ASCII is only the beginning of a longer word."""
    return name[-1].isascii() and after[:1].isascii() and after[:1].isalnum()


def _vendor() -> QuerySet[User]:
    return User.objects.filter(role__in=with_right(Right.VENDOR), is_active=True)
