"""Legal holds: a manager stops the deletion of a case's data, and lifts the stop again."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db import IntegrityError, transaction
from django.utils import timezone

from accounts.errors import NotAllowed
from cases import rights
from cases.models import MessageKind
from cases.services import post_message
from engine.text_safety import one_line
from uploads.custody import notices
from uploads.custody.errors import AlreadyHeld, NoReason, NotHeld
from uploads.custody.models import LegalHold

if TYPE_CHECKING:
    from accounts.models import User
    from cases.models import Case

MAX_REASON_LENGTH = 500


def may_hold(user: User, case: Case) -> bool:
    """Managers and administrators."""
    return user.is_manager and rights.may_see(user, case)


def place(case: Case, *, by: User, reason: str) -> LegalHold:
    """Stops the deletion. Raises ``NotAllowed``, ``NoReason``, ``AlreadyHeld``."""
    reason = _reason(case, by, reason)
    try:
        with transaction.atomic():
            hold = LegalHold.objects.create(case=case, reason=reason, placed_by=by, placed_at=timezone.now())
            post_message(case, by=by, body=notices.held(reason), kind=MessageKind.NOTE)
    except IntegrityError:
        raise AlreadyHeld() from None
    return hold


def lift(case: Case, *, by: User, reason: str) -> None:
    """Lets the clock run again; a day that has passed meanwhile is told anew.

    Raises ``NotAllowed``, ``NoReason``, ``NotHeld``.
    """
    reason = _reason(case, by, reason)
    with transaction.atomic():
        holds = LegalHold.objects.filter(case=case, lifted_at=None)
        now = timezone.now()
        if not holds.update(lifted_by=by, lifted_at=now):
            raise NotHeld()
        # The customer hears the day again: the one she was told may be long past.
        case.deletion_notices.in_force().update(recalled_at=now)
        post_message(case, by=by, body=notices.lifted(reason), kind=MessageKind.NOTE)


def _reason(case: Case, by: User, reason: str) -> str:
    if not may_hold(by, case):
        raise NotAllowed()
    reason = one_line(reason)
    if not reason or len(reason) > MAX_REASON_LENGTH:
        raise NoReason()
    return reason
