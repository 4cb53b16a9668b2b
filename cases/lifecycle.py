"""The methods of a case that change its status or its engineer, each recorded with who, when, why."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING, cast

from django.db import transaction
from django.utils import timezone

from cases import clock, rights
from cases.status import CHANGES, IllegalStatusChange, Status

if TYPE_CHECKING:
    from accounts.models import User
    from cases.models import Case

REASON_LENGTH = 500


class Lifecycle:
    """What ``Case`` can be told. Every method locks the row, checks the table of legal changes
    (``cases.status``), writes one ``CaseEvent`` and takes the new values over into ``self``.

    ``by`` is the person who asks (``None``: the system itself), ``reason`` is shown to the
    customer, ``at`` is now unless history is being told.

    Raises ``IllegalStatusChange`` (409), ``NotAllowed`` (403).
    """

    def take_up(self, *, by: User | None, reason: str = "", at: datetime | None = None) -> None:
        """New → in progress."""
        self._ask("take_up", by, reason, at)

    def wait_for_customer(self, *, by: User | None, reason: str = "", at: datetime | None = None) -> None:
        """The next step is the customer's; the clock stands still."""
        self._ask("wait_for_customer", by, reason, at)

    def begin_analysis(self, *, by: User | None, reason: str = "", at: datetime | None = None) -> None:
        """A bundle is being analysed; resumes a waiting or suspended case."""
        self._ask("begin_analysis", by, reason, at)

    def end_analysis(self, *, by: User | None, reason: str = "", at: datetime | None = None) -> None:
        """Analysing → in progress."""
        self._ask("end_analysis", by, reason, at)

    def send_result(self, *, by: User | None, reason: str = "", at: datetime | None = None) -> None:
        """A report has been sent."""
        self._ask("send_result", by, reason, at)

    def suspend(self, *, by: User | None, reason: str = "", at: datetime | None = None) -> None:
        """Closed for the time being; a post or an upload of the customer resumes it."""
        self._ask("suspend", by, reason, at)

    def resume(self, *, by: User | None, reason: str = "", at: datetime | None = None) -> None:
        """Back to work, from a pause or from the end."""
        self._ask("resume", by, reason, at)

    def close(self, *, by: User | None, reason: str = "", at: datetime | None = None) -> None:
        """The end; ``closed_at`` is set."""
        self._ask("close", by, reason, at)

    def assign(
        self, engineer: User, *, by: User | None, reason: str = "", at: datetime | None = None
    ) -> None:
        """Gives the case to an engineer. Raises ``NotAnEngineer`` (400), ``NotAllowed`` (403)."""
        case = cast("Case", self)
        rights.require(rights.may_assign, by, case)
        if not (engineer.is_engineer and engineer.is_active):
            raise rights.NotAnEngineer(name=str(engineer))
        assign(case, engineer, by=by, reason=reason, at=at or timezone.now())

    def _ask(self, name: str, by: User | None, reason: str, at: datetime | None) -> None:
        case = cast("Case", self)
        rights.require(rights.may_change_status, by, case)
        change_status(case, name, by=by, reason=reason, at=at or timezone.now())


@transaction.atomic
def change_status(case: Case, name: str, *, by: User | None, reason: str, at: datetime) -> None:
    """One change by the table, whoever asked. Raises ``IllegalStatusChange``."""
    from cases.models import CaseEvent, EventKind

    row = _locked(case)
    change = CHANGES[name]
    before = Status(row.status)
    if before not in change.sources:
        raise IllegalStatusChange(change, before)
    row.status = change.to
    row.status_since = at
    row.next_due_at = clock.due_on_status(row.severity, change.to, row.next_due_at, at)
    row.closed_at = at if change.to == Status.CLOSED else None
    _store(row, case, ("status", "status_since", "next_due_at", "closed_at"))
    CaseEvent.objects.create(
        case=row,
        kind=EventKind.STATUS,
        actor=by,
        at=at,
        from_status=before,
        to_status=change.to,
        reason=reason.strip()[:REASON_LENGTH],
    )


@transaction.atomic
def assign(case: Case, engineer: User, *, by: User | None, reason: str, at: datetime) -> None:
    """Gives the case to ``engineer``; the same engineer again changes and records nothing."""
    from cases.models import CaseEvent, EventKind

    row = _locked(case)
    if row.engineer_id == engineer.pk:
        return
    row.engineer = engineer
    _store(row, case, ("engineer",))
    CaseEvent.objects.create(
        case=row,
        kind=EventKind.ASSIGNED,
        actor=by,
        at=at,
        assignee=engineer,
        reason=reason.strip()[:REASON_LENGTH],
    )


@transaction.atomic
def customer_wrote(case: Case, *, by: User, reason: str, at: datetime) -> None:
    """Starts the clock where it stood still, and resumes a case closed for the time being."""
    row = _locked(case)
    if row.status == Status.SUSPENDED:
        change_status(row, "resume", by=by, reason=reason, at=at)
    row.next_due_at = clock.due_on_question(row.severity, row.next_due_at, at)
    _store(row, case, ("status", "status_since", "next_due_at", "closed_at"))


@transaction.atomic
def vendor_answered(case: Case, *, at: datetime) -> None:
    """Restarts the clock: the promise is kept, the next answer is due later."""
    row = _locked(case)
    row.next_due_at = clock.due_on_answer(row.severity, row.status, at)
    _store(row, case, ("next_due_at",))


def _locked(case: Case) -> Case:
    from cases.models import Case

    # Lock the row: two tabs, or a person and a task, may change the case at the same time. Not its key:
    # everyone who has just written a message of the case holds that, and two of them would wait for ever.
    return Case.objects.select_for_update(no_key=True, of=("self",)).get(pk=case.pk)


def _store(row: Case, case: Case, fields: tuple[str, ...]) -> None:
    row.save(update_fields=fields)
    for field in fields:
        setattr(case, field, getattr(row, field))
