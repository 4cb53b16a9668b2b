"""“请问什么进度了?”: the answer from the state of the case.

The page shows it always; by mail whoever takes part in the case and asks is answered, once a day at most.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from django.db import transaction
from django.utils import timezone, translation
from django.utils.translation import gettext as _

from accounts.roles import Right
from cases import rights, services, times
from cases.desk.progress import progress_of
from cases.events import EventKind
from cases.evidence_requests import services as evidence_requests
from cases.evidence_requests import texts as evidence_texts
from cases.models import Case, CaseEvent, Message, MessageKind
from cases.signals import ActivityKind, announce
from engine.text_safety import plain

if TYPE_CHECKING:
    from accounts.models import User

ONCE_IN = timedelta(days=1)


def progress_text(case: Case, language: str) -> str:
    """Where the case stands, its last step, whose turn it is, what is missing and when an answer is due."""
    with translation.override(language):
        progress = progress_of(case)
        last = {"what": progress.last.what, "at": times.with_zone(progress.last.at)}
        lines = [
            str(progress.now),
            _("Last step: %(what)s, %(at)s") % last,
            _("Next step: %(what)s") % {"what": progress.next},
        ]
        if asked := evidence_requests.open_request(case):
            missing = [plain(evidence_texts.label(item.kind, item.detail)) for item in asked.missing]
            lines += [_("Still missing from you:"), *(f"- {label}" for label in missing)]
        if case.next_due_at and not progress.customers_turn:
            due = {"at": times.with_zone(case.next_due_at)}
            late = case.next_due_at < timezone.now()
            lines.append(
                _("Our answer was due on %(at)s; it is late, and your engineer knows.") % due
                if late
                else _("You have our next answer by %(at)s.") % due
            )
        if case.engineer is not None:
            lines.append(_("Your engineer: %(name)s") % {"name": plain(case.engineer.name)})
        return "\n".join(lines)


def was_told_lately(case: Case, person: User, at: datetime | None = None) -> bool:
    """Whether she was answered so within the last day."""
    since = (at or timezone.now()) - ONCE_IN
    told = CaseEvent.objects.filter(case=case, kind=EventKind.PROGRESS, actor=person, at__gt=since)
    return told.exists()


@transaction.atomic
def answer_progress(case: Case, asked_by: User, at: datetime | None = None) -> Message | None:
    """Answers a participant from the state of the case, as an entry that says it is automatic.

    ``None`` where she was answered so within the last day, and for people of the vendor. It is no
    answer of the engineer's: the clock goes on. Raises ``NotAllowed`` for whoever takes no part.
    """
    at = at or timezone.now()
    rights.require(rights.may_reply, asked_by, case)
    case.lock()
    if not asked_by.has_right(Right.OWN_ORGANISATION) or was_told_lately(case, asked_by, at):
        return None
    with translation.override(asked_by.language):
        heading = _("Automatic answer from the state of the case:")
    body = f"{heading}\n\n{progress_text(case, asked_by.language)}"
    message = services.post_message(case, by=None, body=body, kind=MessageKind.SYSTEM, at=at)
    case.record(EventKind.PROGRESS, by=asked_by, at=at)
    announce(ActivityKind.PROGRESS, case, by=asked_by, at=at, message=message, people=(asked_by,))
    return message
