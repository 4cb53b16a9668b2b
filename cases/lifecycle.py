"""The life of a case: the fields that it moves and the methods that move them, each recorded."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING, Any, Self, TypeVar, cast

from django.conf import settings
from django.db import models, transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.errors import NotAllowed
from cases import rights, service_levels
from cases.errors import IllegalStatusChange, IsADouble, NoReasonGiven, NotAnEngineer
from cases.events import EventKind
from cases.service_levels import Severity
from cases.signals import ActivityKind, announce, status_changed
from cases.status import CHANGES, Change, Prompt, Status, StatusFacts, changes_by_hand, choices, is_possible

if TYPE_CHECKING:
    from accounts.models import User
    from cases.models import Case, Message

MAX_REASON_LENGTH = 500
TOLD = {Status.SUSPENDED: ActivityKind.SUSPENDED, Status.CLOSED: ActivityKind.CLOSED}
"""Statuses whose beginning people are told of."""
M = TypeVar("M", bound=models.Model)


class LockableQuerySet(models.QuerySet[M]):
    """Rows that several people and tasks may change at the same time."""

    def locked(self) -> Self:
        """These rows, locked until the transaction ends.

        Not their keys: everyone who has just written a message of a case holds its key, and two of them
        would wait for ever.
        """
        return self.select_for_update(no_key=True, of=("self",))


class Lifecycle(models.Model):
    """What ``Case`` can be told. Every method locks the row, checks the table of legal changes
    (``cases.status``), records one event and takes the new values over into ``self``.

    ``by`` is the person who asks (``None``: the system itself), ``reason`` is shown to the
    customer, ``at`` is now unless history is being told.

    Raises ``IllegalStatusChange`` (409), ``NotAllowed`` (403).
    """

    engineer = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name=_("engineer"),
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="assigned_cases",
    )
    severity = models.CharField(_("severity"), max_length=1, choices=Severity, default=Severity.B)
    status = models.CharField(_("status"), max_length=20, choices=choices, default=Status.NEW)
    status_since = models.DateTimeField(_("status since"))
    next_due_at = models.DateTimeField(_("next answer due"), null=True, blank=True)
    closed_at = models.DateTimeField(_("closed"), null=True, blank=True)
    overdue_told = models.DateTimeField(null=True, blank=True, editable=False)
    """The due time that has passed and was told of."""

    class Meta:
        abstract = True

    def is_visible_to(self, user: User) -> bool:
        """Whether the case exists for this person at all."""
        raise NotImplementedError

    @property
    def awaits_items(self) -> bool:
        """Whether it waits for items of an open request."""
        raise NotImplementedError

    @property
    def merged_into(self) -> Case | None:
        """The case that it is a double of and goes on in."""
        raise NotImplementedError

    @property
    def awaits_word(self) -> bool:
        """Whether something waits for the customer's word beside the status."""
        raise NotImplementedError

    def record(
        self, kind: EventKind, *, by: User | None, at: datetime, reason: str = "", **facts: Any
    ) -> None:
        """Adds an event to the history."""
        raise NotImplementedError

    def tell_of(self, kind: ActivityKind, *, by: User | None, at: datetime, reason: str) -> Message:
        """Adds an entry to the thread: this change, in the words of who made it."""
        raise NotImplementedError

    @property
    def working_engineer(self) -> User | None:
        """Its engineer; ``None`` where it has none, or she has left: then it is her whole queue's."""
        return self.engineer if self.engineer is not None and self.engineer.may_enter else None

    @property
    def status_facts(self) -> StatusFacts:
        """What the pages say and do about its status."""
        return Status(self.status).facts

    @property
    def changes_by_hand(self) -> list[Change]:
        """What a person may ask for now; a double goes on in another case."""
        is_double = self.status_facts.is_closed and self.merged_into is not None
        return [] if is_double else changes_by_hand(self.status)

    def lock(self) -> None:
        """Locks its row until the transaction ends; ``status`` is what it is by now."""
        self.status = self._locked().status

    def change(self, name: str, *, by: User, reason: str = "", at: datetime | None = None) -> None:
        """The change of this name in ``CHANGES``, as a person asks for it by hand; that it is closed or goes
        on stands in the thread, with her reason.

        Raises ``NotAllowed``, ``NoReasonGiven``, ``IllegalStatusChange``, ``IsADouble``.
        """
        rights.require(rights.may_change_status, by, self)
        if not CHANGES[name].by_hand:
            raise NotAllowed()
        self.change_status(name, by=by, reason=reason, at=at or timezone.now(), by_hand=True)

    def wait_for_customer(self, *, by: User | None, reason: str = "", at: datetime | None = None) -> None:
        """The next step is the customer's; the clock stands still."""
        self._change("wait_for_customer", by, reason, at)

    def begin_analysis(self, *, by: User | None, reason: str = "", at: datetime | None = None) -> None:
        """A bundle is being analysed; resumes a waiting or suspended case."""
        self._change("begin_analysis", by, reason, at)

    def end_analysis(self, *, by: User | None, reason: str = "", at: datetime | None = None) -> None:
        """Analysing → in progress."""
        self._change("end_analysis", by, reason, at)

    def send_result(self, *, by: User | None, reason: str = "", at: datetime | None = None) -> None:
        """A report, or a message with the result, has been sent."""
        self._change("send_result", by, reason, at)

    def _change(self, name: str, by: User | None, reason: str, at: datetime | None) -> None:
        rights.require(rights.may_change_status, by, self)
        self.change_status(name, by=by, reason=reason, at=at or timezone.now())

    @transaction.atomic
    def assign(
        self, engineer: User, *, by: User | None, reason: str = "", at: datetime | None = None
    ) -> None:
        """Gives the case to an engineer; the same one again changes and records nothing.

        Raises ``NotAnEngineer`` (400), ``NotAllowed`` (403).
        """
        rights.require(rights.may_assign, by, self)
        if not (engineer.is_engineer and engineer.may_enter):
            raise NotAnEngineer(name=str(engineer))
        row = self._locked()
        if row.engineer_id == engineer.pk:
            return
        row.engineer = engineer
        self._store(row, "engineer")
        at, reason = at or timezone.now(), _shortened(reason)
        row.record(EventKind.ASSIGNED, by=by, at=at, assignee=engineer, reason=reason)
        self._announce(ActivityKind.ASSIGNED, by=by, at=at, reason=reason, people=(engineer,))

    def change_status(
        self,
        name: str,
        *,
        by: User | None,
        reason: str,
        at: datetime,
        is_told: bool = True,
        by_hand: bool = False,
    ) -> None:
        """One change by the table, whoever asked: a person's rights are not looked at. ``is_told``: people
        hear of it; false where they hear more of it otherwise. To suspend is for ``cases.pauses`` alone.

        Raises ``IllegalStatusChange``, ``IsADouble``; ``by_hand`` also ``NoReasonGiven``.
        """
        with transaction.atomic():
            row = self._locked()
            change = CHANGES[name]
            before = Status(row.status)
            if not is_possible(name, before):
                raise IllegalStatusChange(change, before)
            if before.facts.is_closed and (other := row.merged_into) is not None:
                raise IsADouble(number=other.number)
            if by_hand and change.asks_why and not reason.strip():
                raise NoReasonGiven(change=change.label)
            due = row.next_due_at
            if not (before.facts.clock_runs and due is None and row.awaits_word):
                due = service_levels.due_on_status(row.severity, change.to, due, at)
            reason = _shortened(reason)
            self._move(row, change.to, due, by=by, reason=reason, at=at)
            status_changed.send(sender=type(self), case=self, by=by, at=at)
            kind = _activity(before, change, by_hand=by_hand) if is_told else None
            if kind is not None:
                entry = self.tell_of(kind, by=by, at=at, reason=reason) if by_hand else None
                self._announce(kind, by=by, at=at, message=entry, reason=reason, from_status=str(before))

    @transaction.atomic
    def lead_back(
        self,
        status: Status,
        *,
        next_due_at: datetime | None,
        by: User | None,
        reason: str,
        at: datetime,
        since: datetime | None = None,
    ) -> None:
        """Gives it the status and the promise back that it had before what is undone; nobody is told.
        ``since``: when that status began, as far as it is known; a result asks on by the link that was mailed
        then."""
        row = self._locked()
        self._move(row, status, next_due_at, by=by, reason=reason, at=at, since=since)

    @transaction.atomic
    def customer_wrote(
        self, *, by: User, reason: str, at: datetime, in_words: bool, unsolved: bool = False
    ) -> None:
        """Starts the clock where it stood still, and sends a case back to work that a post, an answer
        ``in_words``, or the words that it is ``unsolved`` resume."""
        row = self._locked()
        prompts = row.status_facts.resumes_on
        said = {Prompt.ANSWER: in_words and not row.awaits_items, Prompt.NOT_SOLVED: unsolved}
        if Prompt.POST in prompts or any(said.get(prompt) for prompt in prompts):
            row.change_status("resume", by=by, reason=reason, at=at)
        row.next_due_at = service_levels.due_on_question(row.severity, row.next_due_at, at)
        self._store(row, "status", "status_since", "next_due_at", "closed_at")

    @transaction.atomic
    def vendor_answered(self, *, at: datetime) -> None:
        """Restarts the clock: the promise is kept, the next answer is due later; none while the customer's
        word is waited for."""
        row = self._locked()
        due = None if row.awaits_word else service_levels.due_on_answer(row.severity, row.status, at)
        row.next_due_at = due
        self._store(row, "next_due_at")

    def _move(
        self,
        row: Self,
        to: Status,
        due: datetime | None,
        *,
        by: User | None,
        reason: str,
        at: datetime,
        since: datetime | None = None,
    ) -> None:
        before = row.status
        row.status, row.status_since, row.next_due_at = to, since or at, due
        row.closed_at = row.status_since if to.facts.is_closed else None
        self._store(row, "status", "status_since", "next_due_at", "closed_at")
        row.record(EventKind.STATUS, by=by, at=at, from_status=before, to_status=to, reason=reason)

    def _announce(self, kind: ActivityKind, *, by: User | None, at: datetime, **more: Any) -> None:
        announce(kind, cast("Case", self), by=by, at=at, **more)

    def _locked(self) -> Self:
        rows = cast("LockableQuerySet[Self]", type(self)._default_manager.all())
        return rows.locked().get(pk=self.pk)

    def _store(self, row: Self, *fields: str) -> None:
        row.save(update_fields=fields)
        for field in fields:
            setattr(self, field, getattr(row, field))


def _activity(before: Status, change: Change, *, by_hand: bool) -> ActivityKind | None:
    """What people are told of a change of status; of most they learn by what came of it."""
    if change.to in TOLD:
        return TOLD[change.to]
    if before.facts.is_closed:
        return ActivityKind.REOPENED
    goes_on = before == Status.SUSPENDED or (by_hand and change.name == "resume")
    return ActivityKind.RESUMED if goes_on else None


def _shortened(reason: str) -> str:
    return reason.strip()[:MAX_REASON_LENGTH]
