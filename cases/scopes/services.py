"""Drafting, sending and answering a scope: the same acts for pages, mails and the demo."""

from __future__ import annotations

import hashlib
from datetime import datetime
from typing import TYPE_CHECKING

from django.db import transaction
from django.utils import timezone, translation
from django.utils.translation import gettext_noop

from cases import rights, services
from cases.answers.models import Way
from cases.answers.services import Heard, answer_of
from cases.errors import CaseIsClosed
from cases.models import Case, Message, MessageKind
from cases.scopes import texts
from cases.scopes.errors import DraftOvertaken, NoObjection, NoProblem, NotOpenToAnswer
from cases.scopes.models import Scope, ScopeState
from cases.signals import ActivityKind, announce
from cases.status import Status, is_possible
from engine.text_safety import paragraphs, plain

if TYPE_CHECKING:
    from accounts.models import User

MAX_LENGTH = 20_000
"""Characters of each text."""

SENT = gettext_noop("A scope was proposed.")
AGREED = gettext_noop("The scope is agreed.")


def fingerprint(case: Case) -> str:
    """Of the newest version, draft or not: another one has been written where it differs."""
    newest = case.scopes.first()
    if newest is None:
        return "none"
    texts_of = (str(newest.version), newest.state, newest.problem, newest.included, newest.excluded)
    return hashlib.sha256("\0".join(texts_of).encode()).hexdigest()[:32]


@transaction.atomic
def draft(
    case: Case, *, by: User, problem: str, included: str = "", excluded: str = "", seen: str = ""
) -> Scope:
    """Writes the next version, or anew the draft of it; customers do not see it. ``seen``: what the page
    showed (``fingerprint``), where it was one.

    Raises ``NotAllowed``, ``CaseIsClosed``, ``NoProblem``, ``DraftOvertaken``.
    """
    rights.require(rights.may_change_status, by, case)
    problem, included, excluded = (
        paragraphs(text)[:MAX_LENGTH].strip() for text in (problem, included, excluded)
    )
    if not problem:
        raise NoProblem()
    case.lock()
    if case.status_facts.is_closed:
        raise CaseIsClosed()
    newest = case.scopes.first()
    if seen and newest is not None and seen != fingerprint(case):
        raise DraftOvertaken(name=plain(newest.made_by.name))
    scope = case.scopes.filter(state=ScopeState.DRAFTED).first()
    if scope is None:
        scope = Scope(case=case, version=(newest.version if newest else 0) + 1)
    scope.made_by, scope.problem, scope.included, scope.excluded = by, problem, included, excluded
    scope.save()
    return scope


@transaction.atomic
def send(scope: Scope, *, by: User, at: datetime | None = None) -> Message:
    """Shows the draft to the customer and asks for her word; earlier versions are replaced.

    Raises ``NotAllowed``, ``CaseIsClosed``, ``NotOpenToAnswer`` for what is no draft.
    """
    at = at or timezone.now()
    case = scope.case
    rights.require(rights.may_change_status, by, case)
    case.lock()
    scope.refresh_from_db()
    if case.status_facts.is_closed:
        raise CaseIsClosed()
    if scope.state != ScopeState.DRAFTED:
        raise NotOpenToAnswer()
    with translation.override(case.contact.language):
        body = texts.proposed(scope)
    message = services.post_message(case, by=by, body=body, kind=MessageKind.SCOPE, at=at)
    case.scopes.exclude(state=ScopeState.DRAFTED).update(state=ScopeState.SUPERSEDED)
    scope.state, scope.message, scope.sent_at = ScopeState.SENT, message, at
    scope.save(update_fields=["state", "message", "sent_at"])
    # Nothing is owed to her until she gives her word.
    case.vendor_answered(at=at)
    if case.status == Status.NEW and is_possible("scope", case.status):
        case.change_status("scope", by=by, reason=SENT, at=at)
    _announce(scope, by, at, message)
    return message


@transaction.atomic
def answer(
    scope: Scope,
    *,
    agrees: bool,
    by: User,
    words: str = "",
    way: Way = Way.BUTTON,
    heard: Heard | None = None,
    at: datetime | None = None,
) -> Message:
    """The customer's word: her own, or the one that an engineer ``heard``.

    Agreed is agreed until a newer version is sent; after an objection she may still agree.
    Raises ``CaseIsClosed``, ``NotOpenToAnswer``, ``NoObjection`` and what ``answer_of`` raises.
    """
    at = at or timezone.now()
    case = scope.case
    given = answer_of(case, by=by, way=way, heard=heard, at=at)
    words = paragraphs(words)[:MAX_LENGTH].strip()
    if not agrees and not words:
        raise NoObjection()
    case.lock()
    scope.refresh_from_db()
    if case.status_facts.is_closed:
        raise CaseIsClosed()
    if not scope.is_open:
        raise NotOpenToAnswer()
    scope.state = ScopeState.AGREED if agrees else ScopeState.OBJECTED
    scope.save(update_fields=["state", *given.enter(scope, words)])
    with translation.override(case.contact.language):
        body = texts.answered(scope)
    message = services.post_message(case, by=by, body=body, kind=MessageKind.SYSTEM, at=at)
    if agrees and case.status == Status.SCOPING:
        case.change_status("take_up", by=by, reason=AGREED, at=at)
    _announce(scope, by, at, message)
    return message


def _announce(scope: Scope, by: User, at: datetime, message: Message) -> None:
    announce(
        ActivityKind.SCOPE,
        scope.case,
        by=by,
        at=at,
        message=message,
        reason=scope.words,
        state=str(scope.state),
        scope=scope.pk,
        version=scope.version,
    )
