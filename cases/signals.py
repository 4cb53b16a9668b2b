"""What ``cases`` announces; nobody who announces knows who listens (notifications, webhooks, analysis)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import TYPE_CHECKING, Any

from django.db import models
from django.dispatch import Signal
from django.utils.translation import gettext_lazy as _

if TYPE_CHECKING:
    from accounts.models import User
    from cases.models import Case, Message


request_fulfilled = Signal()
"""Sent within the transaction that settled the last item of an evidence request, with ``case``, which
has gone back to work by then."""

files_posted = Signal()
"""Sent within the transaction of a reply that came with files: ``message``, ``files`` (as Django
uploads them), ``by``. A receiver refuses them by raising a ``Refusal``, which undoes the reply."""

status_changed = Signal()
"""Sent within the transaction of a change of status, with ``case`` (as it is now), ``by`` and ``at``."""

case_merged = Signal()
merge_undone = Signal()
"""Sent within the transaction that merged a double, or took that back, with the ``relation``: those who are
told of the double are told of the case that goes on."""

ends_in_silence = Signal()
"""Sent before a case is closed for the time being because its contact stays silent, with ``case`` and
``announced_at``. A receiver that answers true knows that she was not reached by that announcement: the case
stays open, and its engineer is told."""

case_activity = Signal()
"""Sent within the transaction of an act that people expect to be told of, with ``activity``
(an ``Activity``)."""


class ActivityKind(models.TextChoices):
    """The kinds of things that people expect to be told of.

    Facts, with times in ISO 8601. ``REPLY``: ``writer``, where nobody's account wrote it (hostile text);
    ``result``: whether the customer is asked if it is solved.
    ``EVIDENCE_REQUESTED``: ``items``, pairs of kind and detail
    (``evidence_requests.texts.label``). ``UPLOAD_CHECKED``, ``ITEMS_MISSING``: ``bundle`` (id), ``name``,
    ``checked`` (false: it could not be), ``settled``, ``total``, ``missing`` (pairs as above), ``nothing``
    (texts of the engine: that nothing of it can be analysed, and why; else empty). ``SUSPENDED``,
    ``RESUMED``, ``CLOSED``, ``REOPENED``: ``from_status``. ``WAITING_REMINDER``: ``number``, ``total``,
    ``since``, ``suspends_at`` (of the last one, when the case is closed for the time being; else ``None``).
    ``LONG_WAIT``: ``level`` (of ``cases.reminders``), ``missing`` (pairs as above), ``since`` (of the
    request, else of the silence), ``reminded`` (how often), ``suspends_at`` (``None`` before
    it is announced), ``unreached`` (true: the case was to be closed now, and was not).
    ``SOLVED``, ``NOT_SOLVED``: ``way``, ``contradicted``. ``OVERDUE``: ``due_at``. ``DELETION``:
    ``deletes_at``. ``SCOPE``: ``state``, ``scope`` (id). ``APPOINTMENT``: ``state``, ``appointment`` (id).
    ``SUSPENSION_PROPOSED``: ``state``, ``proposal`` (id). ``MAIL_FAILED``: ``address``, ``why`` (a code of
    the mail room's). ``MERGED`` (of the double): ``other``, the number of the case that it goes on in;
    ``undone``. ``OWN_REMINDER``: ``made_at``.
    """

    CASE_RECEIVED = "case_received", _("Case received")
    REPLY = "reply", _("Reply")
    EVIDENCE_REQUESTED = "evidence_requested", _("Evidence asked for")
    UPLOAD_CHECKED = "upload_checked", _("Upload received and checked")
    ITEMS_MISSING = "items_missing", _("Items still missing")
    REPORT_SENT = "report_sent", _("Report sent")
    WAITING_REMINDER = "waiting_reminder", _("Reminder while we wait")
    LONG_WAIT = "long_wait", _("Long wait for the customer")
    SCOPE = "scope", _("Scope of the case")
    APPOINTMENT = "appointment", _("Appointment")
    SOLVED = "solved", _("Solved")
    NOT_SOLVED = "not_solved", _("Not solved")
    SUSPENSION_PROPOSED = "suspension_asked", _("Closing for the time being proposed")
    SUSPENDED = "suspended", _("Closed for the time being")
    RESUMED = "resumed", _("Resumed")
    CLOSED = "closed", _("Closed")
    REOPENED = "reopened", _("Reopened")
    MERGED = "merged", _("Merged with another case")
    ASSIGNED = "assigned", _("Assigned")
    MENTIONED = "mentioned", _("Mentioned")
    OVERDUE = "overdue", _("Overdue")
    OWN_REMINDER = "own_reminder", _("Your own reminder")
    PROGRESS = "progress", _("Progress answered")
    DELETION = "deletion", _("Uploads will be deleted")
    MAIL_FAILED = "mail_failed", _("A mail could not be delivered")


PRIVATE = frozenset({ActivityKind.OWN_REMINDER})
"""Of one person alone: no program and no group is told."""


@dataclass(frozen=True)
class Activity:
    """One thing that happened. ``message``: its entry in the thread, if it has one. ``reason``: a person's
    own words (hostile text). ``people``: whom it concerns besides those of the case (the mentioned, the new
    engineer). ``facts``: JSON values of this kind alone."""

    kind: ActivityKind
    case: Case
    by: User | None
    at: datetime
    message: Message | None = None
    reason: str = ""
    people: tuple[User, ...] = ()
    facts: Mapping[str, Any] = field(default_factory=dict)


def announce(
    kind: ActivityKind,
    case: Case,
    *,
    by: User | None,
    at: datetime,
    message: Message | None = None,
    reason: str = "",
    people: tuple[User, ...] = (),
    **facts: Any,
) -> None:
    """Tells the listeners, within the transaction of the act: what they write goes or stays with it."""
    activity = Activity(kind, case, by, at, message, reason, people, facts)
    case_activity.send(sender=type(case), activity=activity)
