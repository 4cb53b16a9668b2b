"""What a customer wrote after a result, read as her answer to it: proposed to the engineer, never taken by
itself."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from accounts.roles import Right, with_right
from cases import rights
from cases.answers.models import Way
from cases.events import MOVED, EventKind
from cases.models import Case, Message, MessageKind
from cases.status import Status
from cases.wording.words import reads_as

if TYPE_CHECKING:
    from accounts.models import User

MAX_POSTS_READ = 5
MAX_CHARACTERS_READ = 20_000
"""Of each: they are read anew with each look at the case, and her own words stand above what she quotes."""
WAYS = {MessageKind.MAIL_IN: Way.MAIL, MessageKind.PORTAL: Way.BUTTON}


@dataclass(frozen=True)
class Reading:
    """What an entry reads like: that it is solved, or that it is not."""

    entry: Message
    solved: bool

    @property
    def way(self) -> Way:
        """How she said it."""
        return WAYS[MessageKind(self.entry.kind)]


def reading_of(case: Case, user: User) -> Reading | None:
    """The newest of what customers wrote since the last result, and since the last answer to one, that reads
    as an answer; for whoever may write one down, while the case is open."""
    if not rights.may_change_status(user, case) or case.status_facts.is_closed:
        return None
    sent = case.events.filter(kind=EventKind.STATUS, to_status=Status.RESULT_SENT).exclude(reason=MOVED)
    result = sent.order_by("at").last()
    if result is None:
        return None
    posts = Message.objects.in_place().filter(
        case=case,
        internal=False,
        kind__in=WAYS,
        author__role__in=with_right(Right.OWN_ORGANISATION),
        created_at__gt=result.at,
    )
    if answered := case.outcomes.in_place().order_by("at").last():
        posts = posts.filter(created_at__gt=answered.at)
    for entry in posts.select_related("author").order_by("-created_at", "-pk")[:MAX_POSTS_READ]:
        solved = reads_as(entry.body[:MAX_CHARACTERS_READ])
        if solved is not None:
            return Reading(entry, solved) if _may_answer(entry, case) else None
    return None


def _may_answer(entry: Message, case: Case) -> bool:
    return entry.author is not None and entry.author.may_enter and rights.may_answer(entry.author, case)
