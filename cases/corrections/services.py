"""Corrects what a case says of itself; the history keeps the old and the new."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.db import transaction
from django.utils import timezone

from cases import rights, service_levels
from cases.corrections.errors import CannotBeCorrected
from cases.errors import NoTitle, NotOfThisOrganisation
from cases.events import EventKind
from cases.models import Case
from cases.service_levels import Severity
from engine.text_safety import one_line

if TYPE_CHECKING:
    from accounts.models import User

FIELDS = ("title", "severity", "product", "edition", "contact", "queue")
MAX_LENGTHS = {"title": 200, "product": 100, "edition": 100}
MAX_TOLD = 200
"""Characters of a value in the history."""


@transaction.atomic
def correct(case: Case, *, by: User, **facts: Any) -> list[str]:
    """Sets the named ``FIELDS``; another severity moves the promise with it. Returns what has changed.

    Raises ``NotAllowed``, ``CannotBeCorrected``, ``NoTitle``, ``NotOfThisOrganisation``.
    """
    rights.require(rights.may_change_status, by, case)
    row = Case.objects.locked().select_related("contact", "queue").get(pk=case.pk)
    at = timezone.now()
    changed = []
    for field, value in facts.items():
        value = _checked(row, field, value)
        before = getattr(row, field)
        if before == value:
            continue
        if field == "severity":
            row.next_due_at = service_levels.due_on_severity(before, value, row.next_due_at)
        setattr(row, field, value)
        changed.append(field)
        row.record(EventKind.CORRECTED, by=by, at=at, field=field, before=_told(before), after=_told(value))
    if changed:
        row.save(update_fields=[*changed, "next_due_at"])
        case.refresh_from_db(fields=[*changed, "next_due_at"])
    return changed


def _checked(case: Case, field: str, value: Any) -> Any:
    if field not in FIELDS:
        raise CannotBeCorrected(field=field)
    if field in MAX_LENGTHS:
        value = one_line(value)[: MAX_LENGTHS[field]]
    if field == "title" and not value:
        raise NoTitle()
    if field == "severity":
        return Severity(value).value
    if field == "contact" and not (value.organisation_id == case.organisation_id and value.is_customer):
        raise NotOfThisOrganisation(name=str(value), organisation=str(case.organisation))
    return value


def _told(value: Any) -> str:
    return str(value or "")[:MAX_TOLD]
