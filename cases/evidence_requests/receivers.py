"""What evidence requests do when a case moves on."""

from datetime import datetime
from typing import Any

from django.dispatch import receiver

from accounts.models import User
from cases.evidence_requests.services import end_with_the_case
from cases.models import Case
from cases.signals import status_changed
from cases.status import Status


@receiver(status_changed, dispatch_uid="requests-end-with-the-case")
def nothing_is_missing_any_more(sender: Any, case: Case, by: User | None, at: datetime, **_: Any) -> None:
    """Whose result is sent, or whose case is closed, is asked for nothing."""
    if case.status in {Status.RESULT_SENT, Status.CLOSED}:
        end_with_the_case(case, by=by, at=at)
