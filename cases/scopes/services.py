"""Drafting, sending and answering a scope: the same acts for pages, mails and the demo."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING

from django.db import transaction
from django.db.models import Max
from django.utils import timezone, translation
from django.utils.translation import gettext_noop

from cases import rights, services
from cases.answers.models import Way
from cases.answers.services import Heard, answer_of
from cases.errors import CaseIsClosed
from cases.models import Case, Message, MessageKind
from cases.scopes import texts
from cases.scopes.errors import NoObjection, NoProblem, NotOpenToAnswer
from cases.scopes.models import Scope, ScopeState
from cases.signals import ActivityKind, announce
from cases.status import Status, is_possible
from engine.text_safety import paragraphs

if TYPE_CHECKING:
    from accounts.models import User

MAX_LENGTH = 20_000
"""Characters of each text."""

SENT = gettext_noop("A scope was proposed.")
AGREED = gettext_noop("The scope is agreed.")


@transaction.atomic
def draft(case: Case, *, by: User, problem: str, included: str = "", excluded: str = "") -> Scope:
    """Writes the next version, or anew the draft of it; customers do not see it.

    Raises ``NotAllowed``, ``CaseIsClosed``, ``NoProblem``.
    """
    rights.require(rights.may_change_status, by, case)
    problem, included, excluded = (
        paragraphs(text)[:MAX_LENGTH].strip() for text in (problem, included, excluded)
    )
    if not problem:
        raise NoProblem()
    _lock(case)
    if case.status_facts.is_closed:
        raise CaseIsClosed()
    scope = case.scopes.filter(state=ScopeState.DRAFTED).first()
    if scope is None:
        newest = case.scopes.aggregate(newest=Max("version"))["newest"] or 0
        scope = Scope(case=case, version=newest + 1)
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
    _lock(case)
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
    Raises ``NotOpenToAnswer``, ``NoObjection`` and what ``answer_of`` raises.
    """
    at = at or timezone.now()
    case = scope.case
    given = answer_of(case, by=by, way=way, heard=heard, at=at)
    words = paragraphs(words)[:MAX_LENGTH].strip()
    if not agrees and not words:
        raise NoObjection()
    _lock(case)
    scope.refresh_from_db()
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


def _lock(case: Case) -> None:
    Case.objects.locked().get(pk=case.pk)
    case.refresh_from_db(fields=["status"])
