"""Deciding about a mail: into a case, a new case, put off, set aside, read again; and taking it back."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any, TypeVar

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop, override

from accounts.errors import NotAllowed
from cases import rights, times
from cases.events import EventKind
from cases.models import Case, Message, MessageKind
from cases.own_reminders.services import on
from cases.services import report_case
from cases.thread.moving import move, move_back
from cases.working_days.counting import WorkingDays
from engine.text_safety import paragraphs, storable
from mail.errors import NoMail, SourceGone, Unreadable
from mail.inbound import notes, placing
from mail.inbound.correlation import Match
from mail.inbound.jobs import read_on
from mail.inbound.senders import proven_sender
from mail.inbound.ticks import tick_steps
from mail.outbound import transport
from mail.reading.html.page import CleanedPage
from mail.reading.html.shown import shown_in_sandbox
from mail.reading.mail import Mail
from mail.reading.sandboxed import plain_text_in_sandbox, read_in_sandbox
from mail.review import withdrawing
from mail.review.errors import (
    AlreadyThere,
    AlreadyUndone,
    BytesGone,
    CannotBeRead,
    NoSuchCase,
    NotParked,
    NotThen,
    NotWaiting,
)
from mail.review.models import Choice, MailDecision
from mail.store.models import MailMessage, MailState, MatchedBy
from mail.store.reasons import Reason
from mail.store.sources import source_of
from uploads.attachments.services import attach

if TYPE_CHECKING:
    from accounts.models import User

T = TypeVar("T")
MAX_PUT_OFF = timedelta(days=366)
INTO_A_CASE = frozenset({Choice.CASE, Choice.NEW_CASE})
TAKEN_OUT = gettext_noop("A colleague took a mail out of this case; its files are withdrawn here and kept.")


def take_into(mail: MailMessage, case: Case, *, by: User) -> MailDecision:
    """Makes a mail an entry of the case, or moves its entry there from another one; a worker brings its
    files.

    Who wrote it speaks as herself where that was proven and she takes part in the case; else the entry has
    no author, and says what the mail says. Raises ``NotAllowed``, ``NoSuchCase``, ``AlreadyThere``,
    ``CannotBeRead`` and what ``post_message`` does.
    """
    require_vendor(by)
    if not case.is_visible_to(by):
        raise NoSuchCase(number=case.number)
    return _take_into(mail, content_of(mail), case.merged_into or case, by, Choice.CASE)


def take_into_new_case(mail: MailMessage, contact: User, title: str, *, by: User) -> MailDecision:
    """Opens a case for ``contact`` with the mail as its first entry. Raises as ``take_into`` and
    ``report_case`` do."""
    require_vendor(by)
    content = content_of(mail)
    if contact.organisation is None:
        raise NotAllowed()
    with transaction.atomic():
        case = report_case(by=by, organisation=contact.organisation, contact=contact, title=title)
        if by.is_engineer:
            case.assign(by, by=by)
        return _take_into(mail, content, case, by, Choice.NEW_CASE)


@transaction.atomic
def _take_into(mail: MailMessage, content: Mail, case: Case, by: User, choice: Choice) -> MailDecision:
    row = _locked(mail)
    former, former_case = (row.entry, row.case) if row.state == MailState.TAKEN else (None, None)
    if former is not None:
        if former_case == case:
            raise AlreadyThere()
        _require_sees(by, former_case)
    decision = _decision(row, choice, by, case=case)
    if former is not None:
        _leave(row, decision)
    placing.place(
        row,
        content,
        _author(row, case),
        Match(case, MatchedBy.BY_HAND),
        decided_by=by,
        internal=former is not None and former.internal,
    )
    if former is not None:
        decision.move = move(former, row.entry, by=by)
        decision.save(update_fields=["move"])
        _record(former_case, by, TAKEN_OUT)
    _record(case, by)
    read_on(row)
    mail.refresh_from_db()
    return decision


def set_aside(mail: MailMessage, *, by: User) -> MailDecision:
    """Nobody needs to look at it; it is kept. Raises ``NotAllowed``, ``NotParked``."""
    require_vendor(by)
    with transaction.atomic():
        row = _locked(mail)
        if row.state == MailState.TAKEN:
            raise NotParked()
        decision = _decision(row, Choice.SET_ASIDE, by)
        row.becomes(MailState.SET_ASIDE, reason=Reason.BY_HAND)
    return decision


def put_off(mail: MailMessage, until: datetime, *, by: User) -> MailDecision:
    """It waits for a person again from ``until`` on. Raises ``NotAllowed``, ``NotThen``, ``NotWaiting``."""
    require_vendor(by)
    if not timezone.now() < until <= timezone.now() + MAX_PUT_OFF:
        raise NotThen()
    with transaction.atomic():
        row = _locked(mail)
        if row.state != MailState.PARKED:
            raise NotWaiting()
        decision = _decision(row, Choice.PUT_OFF, by)
        row.becomes(MailState.PARKED, put_off_until=until)
    return decision


def next_morning(now: datetime) -> datetime:
    """Until when a mail is put off unless another time is chosen: when the next working day begins."""
    return on(times.day_of(WorkingDays.in_force().after(now, 1)))


def read_again(mail: MailMessage, *, by: User | None) -> None:
    """Reads a mail anew, after a fault in reading was mended or its sender got an account: a worker one that
    is in no case; of one that is in a case the entry is replaced where it now reads otherwise, and files that
    have not come yet come. Raises ``NotAllowed``, ``CannotBeRead``."""
    if by is not None:
        require_vendor(by)
    content = content_of(mail) if mail.state == MailState.TAKEN else None
    with transaction.atomic():
        row = _locked(mail)
        if row.state == MailState.TAKEN:
            if content is not None:
                _replace_entry(row, content, by)
        else:
            if by is not None:
                _decision(row, Choice.READ_AGAIN, by)
            if row.state != MailState.RECEIVED:
                row.becomes(MailState.RECEIVED, reason="", detail="")
        if row.done_at is None or row.state != MailState.TAKEN:
            read_on(row)
    mail.refresh_from_db()


def _replace_entry(row: MailMessage, content: Mail, by: User | None) -> None:
    entry, case = row.entry, row.case
    if entry is None or case is None:
        return
    with override(entry.author.language if entry.author else case.contact.language):
        # The title of the case that it opened is its own subject.
        is_first = row.matched_by == MatchedBy.NEW_CASE
        body = paragraphs(placing.entry_text(content, None if is_first else case))
    internal = entry.internal or notes.is_internal(content, case, _author(row, case))
    if (entry.body, entry.internal) == (body, internal):
        return
    if by is not None:
        _require_sees(by, case)
        _decision(row, Choice.READ_AGAIN, by)
    copy = Message.objects.create(
        case=case,
        kind=entry.kind,
        author=entry.author,
        body=body,
        internal=internal,
        created_at=entry.created_at,
    )
    for file in entry.attachments.kept():
        with file.file.open("rb") as bytes_of_file:
            facts = {"content_type": file.content_type, "content_id": file.content_id}
            again = attach(copy, name=file.name, content=bytes_of_file, by=None, **facts)
        # Whose file it is, and under which agreement, does not change by reading.
        again.attached_by, again.consent = file.attached_by, file.consent
        again.save(update_fields=["attached_by", "consent"])
    move(entry, copy, by=by)
    row.becomes(MailState.TAKEN, entry=copy, detail=storable("; ".join(content.trouble))[:500])
    tick_steps(row, content)


def undo(decision: MailDecision, *, by: User) -> None:
    """Takes back the last decision about a mail, where the mail is still what that made of it: it is where
    it was, and its files with it; a case that it opened, and in which nobody has written since, is closed.
    Raises ``NotAllowed``, ``AlreadyUndone``."""
    require_vendor(by)
    with transaction.atomic():
        row = _locked(decision.mail)
        if to_take_back(row) != decision:
            raise AlreadyUndone()
        now = timezone.now()
        former: dict[str, Any] = {
            "reason": decision.reason,
            "matched_by": decision.matched_by,
            "put_off_until": decision.put_off_until,
        }
        if decision.choice in INTO_A_CASE:
            _require_sees(by, row.case)
            assert row.entry is not None and row.case is not None
            move(row.entry, None, by=by)
            _record(row.case, by, TAKEN_OUT)
            withdrawing.withdraw(row, by=by, at=now)
            if decision.choice == Choice.NEW_CASE:
                _close_without_entries(row.case, by)
            former |= {"case": decision.former_case, "entry": None, "attachments": [], "done_at": None}
            if decision.move is not None:
                move_back(decision.move, by=by)
                before = row.facts.get("before", {}).get(str(decision.pk), {})
                withdrawing.bring_back(before.get("moves", []), by=by, at=now)
                former |= {
                    "entry": decision.move.entry,
                    "person": decision.move.entry.author,
                    "attachments": before.get("attachments", []),
                    "done_at": now if before.get("done", True) else None,
                }
        if decision.choice != Choice.SETTLED:
            row.becomes(MailState(decision.state), **former)
        if row.is_unfinished:
            read_on(row)
        MailDecision.objects.filter(pk=decision.pk).update(undone_at=now, undone_by=by)
    decision.mail.refresh_from_db()


def to_take_back(mail: MailMessage) -> MailDecision | None:
    """The decision that may be taken back: the last one that stands, where the mail is what it made of it.
    To have read a mail again is nothing to take back; one that was sent again is gone."""
    decisions = MailDecision.objects.filter(mail=mail, undone_at=None).exclude(choice=Choice.READ_AGAIN)
    newest = decisions.select_related("by", "case", "move__entry__author").first()
    if newest is None or newest.choice == Choice.SENT_AGAIN:
        return None
    if newest.choice == Choice.SETTLED:
        stands = mail.state == newest.state
    elif newest.choice == Choice.PUT_OFF:
        stands = mail.is_put_off
    elif newest.choice == Choice.SET_ASIDE:
        stands = (mail.state, mail.reason) == (MailState.SET_ASIDE, Reason.BY_HAND)
    else:
        stands = (mail.state, mail.matched_by) == (MailState.TAKEN, MatchedBy.BY_HAND)
    return newest if stands else None


def _close_without_entries(case: Case, by: User) -> None:
    case.refresh_from_db()
    written = Message.objects.in_place().filter(case=case).exclude(kind=MessageKind.SYSTEM)
    if written.exists() or case.status_facts.is_closed:
        return
    with override(case.contact.language):
        reason = _("The mail that opened this case was not meant for it.")
    case.change_status("close", by=by, reason=reason, at=timezone.now())


def content_of(mail: MailMessage) -> Mail:
    """The mail, read from its source. Raises ``CannotBeRead``, of what opens a door as well."""
    return _read_by(read_in_sandbox, mail)


def plain_text_of(mail: MailMessage) -> str:
    """What it says to who wants no pages; empty where it has no such part. Raises ``CannotBeRead``."""
    return _read_by(plain_text_in_sandbox, mail)


def page_of(mail: MailMessage) -> CleanedPage:
    """The page that came with a mail, fit to be shown in a frame. Raises ``CannotBeRead``."""
    return _read_by(shown_in_sandbox, mail)


def _read_by(read: Callable[[bytes], T], mail: MailMessage) -> T:
    if mail.facts.get("secret") and not transport.keeps_all_here():
        raise CannotBeRead()
    try:
        return read(source_of(mail))
    except SourceGone as error:
        raise BytesGone() from error
    except (NoMail, Unreadable, OSError) as error:
        raise CannotBeRead() from error


def _author(mail: MailMessage, case: Case) -> User | None:
    person = proven_sender(mail)
    return person if person is not None and case.is_visible_to(person) else None


def _leave(mail: MailMessage, decision: MailDecision) -> None:
    """Its files are withdrawn from the case that it leaves; where it goes they come from its source."""
    moves = withdrawing.withdraw(mail, by=decision.by, at=decision.at)
    is_done = mail.done_at is not None
    before = {str(decision.pk): {"moves": moves, "attachments": mail.attachments, "done": is_done}}
    mail.facts = {**mail.facts, "before": {**mail.facts.get("before", {}), **before}}


def _decision(mail: MailMessage, choice: Choice, by: User, case: Case | None = None) -> MailDecision:
    return MailDecision.objects.create(
        mail=mail,
        choice=choice,
        case=case,
        by=by,
        at=timezone.now(),
        state=mail.state,
        reason=mail.reason,
        matched_by=mail.matched_by,
        put_off_until=mail.put_off_until,
        former_case=mail.case,
    )


def _locked(mail: MailMessage) -> MailMessage:
    return MailMessage.objects.locked().get(pk=mail.pk)


def _record(case: Case | None, by: User, reason: str = placing.TAKEN_BY_HAND) -> None:
    if case is not None:
        case.record(EventKind.MAIL, by=by, at=timezone.now(), reason=reason)


def require_vendor(by: User) -> None:
    """Raises ``NotAllowed`` for everybody but the vendor's people."""
    if not by.is_vendor or not by.may_enter:
        raise NotAllowed()


def _require_sees(by: User, case: Case | None) -> None:
    if case is None or not rights.may_note(by, case):
        raise NotAllowed()
