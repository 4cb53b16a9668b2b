"""What entries and mails say of a scope, in the language in force; people's own words as they are."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.utils.translation import gettext as _

from cases.answers.services import said
from cases.scopes.models import ScopeState

if TYPE_CHECKING:
    from cases.scopes.models import Scope


def proposed(scope: Scope) -> str:
    """The version with its three texts."""
    parts = [_("Scope, version %(version)s") % {"version": scope.version}]
    for heading, text in (
        (_("Problem"), scope.problem),
        (_("In scope"), scope.included),
        (_("Out of scope"), scope.excluded),
    ):
        if text:
            parts.append(_("%(heading)s:\n%(text)s") % {"heading": heading, "text": text})
    return "\n\n".join(parts)


def answered(scope: Scope) -> str:
    """Whose word it is and what she says."""
    facts = {"version": scope.version, **said(scope)}
    if scope.recorded_by is None:
        agreed, objected = (
            _("I agree to the scope, version %(version)s."),
            _("I do not agree to the scope, version %(version)s."),
        )
    else:
        agreed, objected = (
            _("%(name)s agreed %(way)s on %(at)s to the scope, version %(version)s."),
            _("%(name)s said %(way)s on %(at)s that the scope, version %(version)s, is not right."),
        )
    sentence = (agreed if scope.state == ScopeState.AGREED else objected) % facts
    return f"{sentence}\n\n{scope.words}".strip()
