"""Whether it is solved: the customer's answer to a result, a trouble that came back, and her rating."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from django.db import transaction
from django.utils import timezone, translation
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from accounts.roles import Right, with_right
from cases import rights, times
from cases.answers.models import Way
from cases.answers.services import Answer, Heard, answer_of
from cases.models import Case, Message, MessageKind
from cases.outcomes.errors import (
    AlreadyRated,
    NoReason,
    NoResultWaits,
    NotClosed,
    ResultReplaced,
)
from cases.outcomes.models import Outcome, Rating
from cases.outcomes.readings import reading_of
from cases.services import REPLIES, post_message
from cases.signals import ActivityKind, announce
from cases.status import Status
from cases.wording import verdict
from engine.text_safety import one_line, paragraphs, plain

if TYPE_CHECKING:
    from accounts.models import User

SAME_TIME = timedelta(days=1)
"""A post so near to an answer speaks of the same state of things."""
MAX_POSTS_READ = 20

CONFIRMED = gettext_noop("The customer confirmed that it is solved.")
NOT_SOLVED = gettext_noop("The customer says that it is not solved.")


@transaction.atomic
def answer(
    case: Case,
    *,
    by: User,
    solved: bool,
    words: str = "",
    way: Way = Way.BUTTON,
    shown: datetime | None = None,
    at: datetime | None = None,
) -> Outcome:
    """The customer's own answer to a result: solved closes the case, not solved sends it back to work, also
    where it was closed for the time being. ``shown``: ``Case.status_since`` as she was shown it.

    Raises ``NotAllowed``, ``NoResultWaits``, ``ResultReplaced``, ``NoReason``, ``TooLong``.
    """
    at = at or timezone.now()
    answer = answer_of(case, by=by, way=way, at=at)
    row = Case.objects.locked().get(pk=case.pk)
    if row.result_asked_at is None:
        raise NoResultWaits()
    _require_shown(row, shown)
    return _conclude(case, answer, solved=solved, words=words, at=at)


@transaction.atomic
def record(
    case: Case,
    heard: Heard,
    *,
    by: User,
    solved: bool,
    words: str = "",
    shown: datetime | None = None,
    at: datetime | None = None,
) -> Outcome:
    """A customer's word that reached a person of the vendor's: whose, when, how; in any case that is open.

    Raises ``NoResultWaits``, ``ResultReplaced``, ``NoReason``, ``TooLong`` and what ``answer_of`` raises.
    """
    at = at or timezone.now()
    answer = answer_of(case, by=by, heard=heard, at=at)
    row = Case.objects.locked().get(pk=case.pk)
    if row.status_facts.is_closed:
        raise NoResultWaits()
    _require_shown(row, shown)
    return _conclude(case, answer, solved=solved, words=words, at=at)


@transaction.atomic
def record_reading(case: Case, entry_id: int, *, by: User, solved: bool) -> Outcome:
    """What a customer's entry reads like becomes her answer, by one click of a person of the vendor's. Her
    words stay there alone: they leave the case if it is moved, and the answer with them.

    Raises ``NotAllowed``, ``NoResultWaits`` where the entry does not read so (any more).
    """
    rights.require(rights.may_change_status, by, case)
    row = Case.objects.locked().get(pk=case.pk)
    reading = reading_of(row, by)
    if reading is None or (reading.entry.pk, reading.solved) != (entry_id, solved):
        raise NoResultWaits()
    assert reading.entry.author is not None
    answer = Answer(reading.entry.author, reading.way, reading.entry.created_at, by)
    return _conclude(case, answer, solved=solved, words="", at=timezone.now(), said_in=reading.entry)


def _require_shown(case: Case, shown: datetime | None) -> None:
    """An answer is to the result that was read: another one may have been sent meanwhile."""
    asked_at = case.result_asked_at
    if shown is not None and asked_at is not None and shown not in {asked_at, case.status_since}:
        raise ResultReplaced()


def _conclude(
    case: Case, answer: Answer, *, solved: bool, words: str, at: datetime, said_in: Message | None = None
) -> Outcome:
    by, words = answer.by, paragraphs(words)
    if not (solved or words or said_in):
        raise NoReason()
    outcome = Outcome(
        case=case,
        solved=solved,
        way=answer.way,
        person=answer.person,
        recorded_by=answer.recorded_by,
        words=words,
        at=answer.said_at,
        recorded_at=at,
        said_in=said_in,
    )
    with translation.override(case.contact.language):
        body = as_text(outcome)
    message = post_message(case, by=by, body=body, kind=MessageKind.OUTCOME, at=at)
    outcome.message = message
    if said_in is None:  # An entry is read for what it says.
        contrary = _contrary(case, solved, answer.said_at)
        outcome.contradicted_by = message if _says_the_contrary(words, solved) else contrary
    outcome.save()
    case.refresh_from_db(fields=["status"])
    if solved:
        case.change_status("close", by=by, reason=words or CONFIRMED, at=at)
    elif "resume" in case.status_facts.changes and not case.awaits_items:
        case.change_status("resume", by=by, reason=words or NOT_SOLVED, at=at)
    kind = ActivityKind.SOLVED if solved else ActivityKind.NOT_SOLVED
    contradicted = outcome.contradicted_by_id is not None
    announce(
        kind,
        case,
        by=by,
        at=at,
        message=message,
        reason=words,
        way=str(answer.way),
        contradicted=contradicted,
    )
    return outcome


def has_said(case: Case, *, by: User, solved: bool) -> bool:
    """Whether her last word on it is the same, and the case stands as that left it: a second click."""
    last = latest(case)
    stands = solved == case.status_facts.is_closed and case.status != Status.RESULT_SENT
    return last is not None and stands and (last.person_id, last.solved) == (by.pk, solved) and solved


def thanks(solved: bool) -> str:
    """What her answer brought about, to herself."""
    if solved:
        return _("Thank you. The case is closed; should it come back, one click opens it again.")
    return _("Thank you. The case goes on, and your engineer reads what you wrote.")


def as_text(outcome: Outcome) -> str:
    """The answer as the thread and mails tell it, in the language in force; her words as they are."""
    if outcome.recorded_by is None:
        sentence = _("It is solved.") if outcome.solved else _("It is not solved yet.")
    else:
        facts = {"name": plain(outcome.person.name), "way": outcome.get_way_display()}
        facts["at"] = times.minute(outcome.at)
        if outcome.solved:
            sentence = _("%(name)s said %(way)s on %(at)s that it is solved.") % facts
        else:
            sentence = _("%(name)s said %(way)s on %(at)s that it is not solved yet.") % facts
    return f"{sentence}\n\n{outcome.words}" if outcome.words else sentence


def _contrary(case: Case, solved: bool, at: datetime) -> Message | None:
    """A customer's post of about the same time that says the contrary."""
    posts = (
        Message.objects.in_place()
        .filter(
            case=case,
            internal=False,
            kind__in=REPLIES,
            author__role__in=with_right(Right.OWN_ORGANISATION),
            created_at__range=(at - SAME_TIME, at + SAME_TIME),
        )
        .order_by("-created_at", "-pk")
    )
    for post in posts[:MAX_POSTS_READ]:
        if _says_the_contrary(post.body, solved):
            return post
        if _says_the_contrary(post.body, not solved):
            # The newer word counts.
            return None
    return None


def _says_the_contrary(text: str, solved: bool) -> bool:
    return verdict.says_unsolved(text) if solved else verdict.says_solved(text)


@transaction.atomic
def came_back(case: Case, *, by: User, words: str) -> Message:
    """The trouble of a closed case is there again: the case is reopened, or goes on in a follow-up case.

    Raises ``NotAllowed``, ``NotClosed``, ``NoReason``, ``TooLong``.
    """
    rights.require(rights.may_answer, by, case)
    words = paragraphs(words)
    if not words:
        raise NoReason()
    # Not locked: it may go on in another case, and locks are taken in one order.
    if not Case.objects.get(pk=case.pk).status_facts.is_closed:
        raise NotClosed()
    with translation.override(case.contact.language):
        sentence = _("It came back.")
    return post_message(case, by=by, body=f"{sentence}\n\n{words}")


@transaction.atomic
def rate(case: Case, *, by: User, stars: int, words: str = "") -> Rating:
    """How she was served, once, when the case is closed.

    Raises ``NotAllowed``, ``NotClosed``, ``AlreadyRated``.
    """
    rights.require(rights.may_answer, by, case)
    case.lock()
    if not case.status_facts.is_closed:
        raise NotClosed()
    if Rating.objects.filter(case=case).exists():
        raise AlreadyRated()
    return Rating.objects.create(
        case=case, person=by, stars=stars, words=one_line(words)[:1000], at=timezone.now()
    )


def latest(case: Case) -> Outcome | None:
    """The newest answer to a result of this case."""
    outcomes = case.outcomes.in_place().select_related("person", "recorded_by", "contradicted_by", "message")
    return outcomes.order_by("-recorded_at", "-pk").first()
