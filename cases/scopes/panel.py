"""What the case page shows of scopes."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.db.models import Prefetch

from cases.scopes.forms import RecordForm
from cases.scopes.models import Scope, ScopeState

if TYPE_CHECKING:
    from accounts.models import User
    from cases.models import Case


def prefetched() -> Prefetch[Any]:
    """What ``scope_asked`` and ``context`` read of many cases."""
    return Prefetch("scopes", Scope.objects.select_related("made_by", "answered_by", "recorded_by"))


def scope_asked(case: Case) -> Scope | None:
    """The version that waits for the customer's word; none on a closed case."""
    if case.status_facts.is_closed:
        return None
    return next((scope for scope in case.scopes.all() if scope.state == ScopeState.SENT), None)


def context(case: Case, user: User) -> dict[str, object]:
    """The variables of templates/cases/scopes/panel.html and turn.html."""
    sent = [scope for scope in case.scopes.all() if scope.state != ScopeState.DRAFTED]
    drafts = [scope for scope in case.scopes.all() if scope.state == ScopeState.DRAFTED]
    return {
        "scope": next(iter(sent or (drafts if user.is_vendor else [])), None),
        "scope_draft": next(iter(drafts), None) if user.is_vendor else None,
        "scope_asked": scope_asked(case),
        "scope_answer": RecordForm(case=case) if user.is_vendor else None,
    }
