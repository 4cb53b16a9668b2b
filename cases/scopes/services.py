"""Drafting, sending and answering a scope: the same acts for pages, mails and the demo."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING

from django.db import transaction
from django.db.models import Max
from django.utils import timezone, translation
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from accounts.errors import NotAllowed
from cases import rights, services
from cases.errors import CaseIsClosed
from cases.models import Case, Message, MessageKind
from cases.scopes.errors import NobodyAgreed, NoObjection, NoProblem, NotOpenToAnswer
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
    message = services.post_message(case, by=by, body=as_text(scope), kind=MessageKind.SCOPE, at=at)
    case.scopes.exclude(state=ScopeState.DRAFTED).update(state=ScopeState.SUPERSEDED)
    scope.state, scope.message, scope.sent_at = ScopeState.SENT, message, at
    scope.save(update_fields=["state", "message", "sent_at"])
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
    on_phone: User | None = None,
    at: datetime | None = None,
) -> Message:
    """The customer's word: her own, or, noted by an engineer, that of ``on_phone``.

    Agreed is agreed until a newer version is sent; after an objection she may still agree.
    Raises ``NotAllowed``, ``NotOpenToAnswer``, ``NoObjection``, ``NobodyAgreed``.
    """
    at = at or timezone.now()
    case = scope.case
    if on_phone is None:
        if not (by.is_customer and rights.may_reply(by, case)):
            raise NotAllowed()
    else:
        rights.require(rights.may_change_status, by, case)
        if not (on_phone.is_customer and rights.may_reply(on_phone, case)):
            raise NobodyAgreed()
    words = paragraphs(words)[:MAX_LENGTH].strip()
    if not agrees and not words:
        raise NoObjection()
    _lock(case)
    scope.refresh_from_db()
    if not scope.is_open:
        raise NotOpenToAnswer()
    scope.state = ScopeState.AGREED if agrees else ScopeState.OBJECTED
    scope.answered_by, scope.answered_at, scope.words = on_phone or by, at, words
    scope.recorded_by = by if on_phone else None
    scope.save(update_fields=["state", "answered_by", "recorded_by", "answered_at", "words"])
    message = services.post_message(case, by=by, body=_answer_as_text(scope), kind=MessageKind.SYSTEM, at=at)
    if agrees and case.status == Status.SCOPING:
        case.change_status("take_up", by=by, reason=AGREED, at=at)
    _announce(scope, by, at, message)
    return message


def as_text(scope: Scope) -> str:
    """The scope as the thread, the API and mails tell it, in the contact's language."""
    with translation.override(scope.case.contact.language):
        parts = [_("Scope, version %(version)s") % {"version": scope.version}]
        for heading, text in (
            (_("Problem"), scope.problem),
            (_("In scope"), scope.included),
            (_("Out of scope"), scope.excluded),
        ):
            if text:
                parts.append(_("%(heading)s:\n%(text)s") % {"heading": heading, "text": text})
        return "\n\n".join(parts)


def _answer_as_text(scope: Scope) -> str:
    assert scope.answered_by is not None
    with translation.override(scope.case.contact.language):
        facts = {"version": scope.version, "name": plain(scope.answered_by.name)}
        if scope.recorded_by is None:
            agreed, objected = (
                _("I agree to the scope, version %(version)s."),
                _("I do not agree to the scope, version %(version)s."),
            )
        else:
            agreed, objected = (
                _("On the phone, %(name)s agreed to the scope, version %(version)s."),
                _("On the phone, %(name)s did not agree to the scope, version %(version)s."),
            )
        sentence = (agreed if scope.state == ScopeState.AGREED else objected) % facts
        return f"{sentence}\n\n{scope.words}".strip()


def _announce(scope: Scope, by: User, at: datetime, message: Message) -> None:
    announce(
        ActivityKind.SCOPE,
        scope.case,
        by=by,
        at=at,
        message=message,
        reason=scope.words,
        state=str(scope.state),
        version=scope.version,
    )


def _lock(case: Case) -> None:
    Case.objects.locked().get(pk=case.pk)
    case.refresh_from_db(fields=["status"])
