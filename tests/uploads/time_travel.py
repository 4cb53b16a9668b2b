"""Time that passes after a case is closed: what is stored moves back, the clock stands.

What the portal has told already names the day of its telling for good: tests read it before more passes.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta

from django.db import connection, transaction
from django.db.models import F, Q
from django.utils import timezone

from cases.models import Case
from uploads import sweep as sweeping
from uploads.custody.models import DeletionNotice


def closed(case: Case, days: float = 0) -> None:
    """The case is closed, and so many days pass with the portal at work."""
    case.refresh_from_db()
    case.change_status("close", by=None, reason="", at=timezone.now())
    quiet = min(days, 75)  # Nothing is due before.
    _pass(case, quiet)
    later(case, days - quiet)


def later(case: Case, days: float) -> None:
    """So many more days pass; the portal looks once a day."""
    while days > 0:
        _pass(case, min(days, 1))
        sweeping.sweep()
        days -= 1


def _pass(case: Case, days: float) -> None:
    passed = timedelta(days=days)
    Case.objects.filter(pk=case.pk).update(closed_at=F("closed_at") - passed)
    with rewriting_history("uploads_deletionnotice", "deletionnotice_unchanged"):
        # A double's notices are about the closing of the case that it went into.
        DeletionNotice.objects.filter(
            Q(case=case) | Q(case__in=Case.objects.filter(relations__other=case))
        ).update(closed_at=F("closed_at") - passed, deletes_at=F("deletes_at") - passed)


@contextmanager
def rewriting_history(table: str, trigger: str) -> Iterator[None]:
    """Without the trigger, as only the table's owner can: a moved clock is a rewritten history."""
    with transaction.atomic(), connection.cursor() as cursor:
        # A table is not altered while rows of it wait for their checks.
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE; SET CONSTRAINTS ALL DEFERRED")
        cursor.execute(f"ALTER TABLE {table} DISABLE TRIGGER {trigger}")
        yield
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE; SET CONSTRAINTS ALL DEFERRED")
        cursor.execute(f"ALTER TABLE {table} ENABLE TRIGGER {trigger}")
