"""Tells of answers that are late, each once."""

from __future__ import annotations

from datetime import datetime
from functools import partial

from django.db import transaction
from django.db.models import F

from cases.models import Case
from cases.signals import ActivityKind, announce
from cases.sweeping import one_by_one

MAX_TOLD = 200
"""Cases in one go; the next one tells of the others."""


def tell(now: datetime) -> None:
    """Announces each answer that is due since, once for each due time."""
    late = Case.objects.overdue(now).exclude(overdue_told=F("next_due_at"))
    one_by_one(
        list(late.order_by("next_due_at").values_list("pk", flat=True)[:MAX_TOLD]), partial(_tell, now=now)
    )


@transaction.atomic
def _tell(case_id: int, *, now: datetime) -> None:
    # Somebody may have answered meanwhile.
    late = Case.objects.overdue(now).exclude(overdue_told=F("next_due_at"))
    case = late.locked().filter(pk=case_id).first()
    if case is not None and case.next_due_at is not None:
        case.overdue_told = case.next_due_at
        case.save(update_fields=["overdue_told"])
        announce(ActivityKind.OVERDUE, case, by=None, at=now, due_at=case.next_due_at.isoformat())
