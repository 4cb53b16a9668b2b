"""Reporting a case and writing in its thread: the same acts for pages, API, mail and demo."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING

from django.db import transaction
from django.utils import timezone, translation
from django.utils.translation import gettext, gettext_noop

from accounts.errors import NotAllowed
from cases import numbers, rights, service_levels, times
from cases.errors import (
    InternalResult,
    NotAnEngineer,
    NothingSaid,
    NoTitle,
    NotOfThisOrganisation,
    TooLong,
)
from cases.events import EventKind
from cases.models import Case, Message, MessageKind
from cases.relations.going_on import is_closed_long_ago, locked_where_it_goes_on
from cases.relations.kinds import RelationKind
from cases.relations.models import Relation
from cases.service_levels import Severity
from cases.signals import ActivityKind, announce
from cases.status import Status
from cases.thread.quoting import own_text
from cases.wording.progress_question import asks_for_progress
from cases.wording.verdict import says_solved, says_unsolved
from cases.wording.words import is_thanks, only_acknowledges
from engine.text_safety import one_line, paragraphs

if TYPE_CHECKING:
    from accounts.models import Organisation, User
    from cases.models import Queue

MAX_BODY_LENGTH = 100_000
"""Characters of one message."""

INTERNAL_KINDS = frozenset({MessageKind.NOTE})
REPLIES = frozenset({MessageKind.PORTAL, MessageKind.MAIL_IN, MessageKind.PHONE, MessageKind.REMOTE})
"""Entries that people are told of as replies, where the customer can read them."""
CUSTOMER_WROTE_AGAIN = gettext_noop("The customer wrote again.")
CUSTOMER_UPLOADED = gettext_noop("The customer uploaded files.")
ANSWERED = gettext_noop("The result was sent as a message.")


@transaction.atomic
def report_case(
    *,
    by: User | None,
    organisation: Organisation,
    contact: User,
    title: str,
    description: str = "",
    product: str = "",
    edition: str = "",
    severity: str = "B",
    incident_at: datetime | None = None,
    engineer: User | None = None,
    queue: Queue | None = None,
    number: str | None = None,
    kind: MessageKind = MessageKind.PORTAL,
    at: datetime | None = None,
) -> Case:
    """A new case, its first entry in the history, and the description as its first message, of ``kind``: of
    a mail the case is described by what its sender wrote herself.

    ``number`` is given only where history is told (the demo, an import). The queue is the
    first one when none is named, so that somebody sees the case.

    Raises ``NotAllowed``, ``NoTitle``, ``NotOfThisOrganisation``, ``NotACaseNumber``,
    ``NotAnEngineer``.
    """
    at = at or timezone.now()
    if by is not None and not rights.may_report_case(by, organisation.pk):
        raise NotAllowed()
    title = one_line(title)
    if not title:
        raise NoTitle()
    if contact.organisation_id != organisation.pk:
        raise NotOfThisOrganisation(name=str(contact), organisation=str(organisation))
    if engineer is not None and not engineer.is_engineer:
        raise NotAnEngineer(name=str(engineer))
    severity = Severity(severity)
    case = Case.objects.create(
        number=numbers.reserve(number) if number else numbers.new_number(),
        title=title[:200],
        description=(own_text(description) if kind == MessageKind.MAIL_IN else description).strip(),
        product=product.strip()[:100],
        edition=edition.strip()[:100],
        organisation=organisation,
        contact=contact,
        engineer=engineer,
        queue=queue or _first_queue(),
        severity=severity,
        incident_at=incident_at,
        status=Status.NEW,
        status_since=at,
        created_at=at,
        next_due_at=service_levels.due_after(severity, at),
    )
    case.record(EventKind.CREATED, by=by, at=at, to_status=Status.NEW)
    message = None
    if description.strip():
        message = Message.objects.create(
            case=case, kind=kind, author=by or contact, body=_checked(description), created_at=at
        )
    announce(ActivityKind.CASE_RECEIVED, case, by=by, at=at, message=message)
    return case


@transaction.atomic
def set_incident_time(case: Case, incident_at: datetime | None, *, by: User) -> None:
    """Sets, corrects or takes back when the trouble happened. Raises ``NotAllowed``."""
    rights.require(rights.may_reply, by, case)
    if case.incident_at == incident_at:
        return
    case.incident_at = incident_at
    case.save(update_fields=["incident_at"])
    at = times.with_zone(incident_at) if incident_at else ""
    case.record(EventKind.INCIDENT, by=by, at=timezone.now(), reason=at)


@transaction.atomic
def post_message(
    case: Case,
    *,
    by: User | None,
    body: str,
    kind: MessageKind = MessageKind.PORTAL,
    internal: bool = False,
    at: datetime | None = None,
    writer: str = "",
    result: bool = False,
) -> Message:
    """One entry of the thread; ``by=None`` is the system itself, or ``writer``, who has no account here or is
    not proven to be who she says (hostile text). ``result``: it tells the customer the result, and she is
    asked whether it is solved.

    A customer's entry starts the clock, resumes a case that was closed for the time being, and ends the
    waiting for an answer; that it is not solved sends a result back to work. Thanks, or only to ask how far
    it is, change nothing. On a closed case anything but
    thanks reopens it within ``CASE_REOPEN_DAYS``, and later begins a follow-up case. What a customer writes
    to a double, or to a case that has a follow-up by then, is written to the case that goes on. Of what
    begins a follow-up case that one's first entry is returned: what belongs to it is kept there. An entry of
    the vendor that the customer can read restarts the clock. ``bundle`` and ``report`` entries may have no
    text.

    Raises ``NotAllowed``, ``NothingSaid``, ``TooLong``; of a result ``InternalResult``,
    ``IllegalStatusChange``, ``IsADouble``.
    """
    at = at or timezone.now()
    internal = internal or kind in INTERNAL_KINDS
    rights.require(rights.may_note if internal else rights.may_reply, by, case)
    body = _checked(body)
    if not body and kind not in {MessageKind.BUNDLE, MessageKind.REPORT, MessageKind.REQUEST}:
        raise NothingSaid()
    if result:
        if internal:
            raise InternalResult()
        # First: the mail of the entry asks about the result that is sent by then.
        case.send_result(by=by, reason=ANSWERED, at=at)
    if kind in REPLIES and by is not None and by.is_customer:
        asks = not is_thanks(body, _names(case, by))
        goes_on_in = locked_where_it_goes_on(case, by, asks=asks, at=at)
        case = case if goes_on_in.pk == case.pk else goes_on_in
    message = Message.objects.create(
        case=case, kind=kind, author=by, body=body, internal=internal, created_at=at
    )
    follow_up = None
    if by is not None and not internal:
        if by.is_customer:
            follow_up = _customer_wrote(case, message, by, at)
        elif by.is_vendor and kind != MessageKind.BUNDLE:
            case.vendor_answered(at=at)
    if kind in REPLIES and not internal and follow_up is None:
        announce(ActivityKind.REPLY, case, by=by, at=at, message=message, writer=writer, result=result)
    return message if follow_up is None else follow_up.messages.order_by("pk")[0]


def _customer_wrote(case: Case, message: Message, by: User, at: datetime) -> Case | None:
    """Moves the case on by what its customer wrote; returns the follow-up case where that is one."""
    if message.kind == MessageKind.BUNDLE:
        # An upload may leave out what was asked for and starts no clock; the check of it decides.
        row = locked_where_it_goes_on(case, by, asks=False, at=at)
        if not row.awaits_items:
            case = case if row.pk == case.pk else row
            case.customer_wrote(by=by, reason=CUSTOMER_UPLOADED, at=at, in_words=False)
        return None
    if message.kind == MessageKind.OUTCOME:
        return None  # What she says in it moves the case.
    if message.kind not in REPLIES:
        case.customer_wrote(by=by, reason=CUSTOMER_WROTE_AGAIN, at=at, in_words=False)
        return None
    row = Case.objects.locked().get(pk=case.pk)
    if _asks_for_nothing(row, by, message.body):
        return None
    if row.closed_at is not None and is_closed_long_ago(row, at):
        return _follow_up(row, message, by, at)
    _go_on(case, row, message.body, by=by, reason=CUSTOMER_WROTE_AGAIN, at=at)
    return None


@transaction.atomic
def hear(message: Message, *, by: User, reason: str) -> None:
    """Moves a case on by a customer's words that a colleague brought into it: as her own post does, but that
    she has to write herself for a follow-up case."""
    case = message.case
    row = Case.objects.locked().get(pk=case.pk)
    if not _asks_for_nothing(row, message.author or by, message.body):
        _go_on(case, row, message.body, by=by, reason=reason, at=timezone.now())


def _go_on(case: Case, row: Case, text: str, *, by: User, reason: str, at: datetime) -> None:
    """What a customer's words do to her case, locked as ``row``; one that was closed long ago stays so."""
    if row.closed_at is not None and not is_closed_long_ago(row, at):
        case.change_status("resume", by=by, reason=reason, at=at)
    case.customer_wrote(by=by, reason=reason, at=at, in_words=True, unsolved=says_unsolved(text))


def _follow_up(case: Case, message: Message, by: User, at: datetime) -> Case:
    """A new case that goes on where a case ended long ago; both say so."""
    follow_up = report_case(
        by=by,
        organisation=case.organisation,
        contact=by,
        title=case.title,
        description=message.body,
        kind=MessageKind(message.kind),
        product=case.product,
        edition=case.edition,
        severity=case.severity,
        engineer=case.working_engineer,
        queue=case.queue,
        at=at,
    )
    relation = Relation.objects.create(case=follow_up, other=case, kind=RelationKind.FOLLOW_UP, by=by, at=at)
    relation.record(by=by, at=at)
    with translation.override(case.contact.language):
        body = gettext("This case was closed long ago. It goes on in the follow-up case %(number)s.")
        post_message(case, by=None, body=body % {"number": follow_up.number}, kind=MessageKind.SYSTEM, at=at)
    return follow_up


def _asks_for_nothing(case: Case, by: User, text: str) -> bool:
    """Whether a post leaves the case where it is: nobody has to do anything because of it."""
    names = _names(case, by)
    if case.status_facts.is_closed:
        return is_thanks(text, names)
    if asks_for_progress(text, case.title):
        return True  # That is answered from the state of the case.
    if case.status == Status.WAITING:
        return only_acknowledges(text, names)
    # That it is solved is for the engineer to see.
    return is_thanks(text, names) and not says_solved(text)


def says_only_thanks(message: Message) -> bool:
    """Whether an entry of a customer's moves no case: it thanks and says nothing else."""
    by = message.author
    return by is not None and message.kind in REPLIES and is_thanks(message.body, _names(message.case, by))


def _names(case: Case, by: User) -> list[str]:
    return [person.name for person in (by, case.engineer) if person]


def _checked(body: str) -> str:
    body = paragraphs(body)
    if len(body) > MAX_BODY_LENGTH:
        raise TooLong(limit=MAX_BODY_LENGTH)
    return body


def _first_queue() -> Queue | None:
    from cases.models import Queue

    return Queue.objects.order_by("pk").first()
