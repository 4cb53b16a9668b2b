"""Deciding about a mail: into a case, a new case, set aside, read again; and taking it back."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext_noop

from accounts.errors import NotAllowed
from cases import rights
from cases.events import EventKind
from cases.models import Case, Message
from cases.services import report_case
from cases.thread.models import EntryMove
from cases.thread.moving import move, move_back
from engine.text_safety import paragraphs, storable
from jobs.models import JobState
from mail.errors import SourceGone, Unreadable
from mail.inbound import notes
from mail.inbound import services as inbound
from mail.inbound.correlation import Match
from mail.inbound.jobs import READINGS
from mail.inbound.models import Reading
from mail.inbound.ticks import tick_steps
from mail.outbound import transport
from mail.reading.mail import Mail
from mail.reading.sandboxed import read_in_sandbox
from mail.review import withdrawing
from mail.review.errors import AlreadyThere, AlreadyUndone, CannotBeRead, NoSuchCase, NotParked
from mail.review.models import Choice, MailDecision
from mail.store.models import MailMessage, MailState, MatchedBy, Reason
from mail.store.sources import source_of
from uploads.attachments.services import attach

if TYPE_CHECKING:
    from accounts.models import User

TAKEN_OUT = gettext_noop("A colleague took a mail out of this case; its files are withdrawn here and kept.")


def take_into(mail: MailMessage, case: Case, *, by: User) -> MailDecision:
    """Makes a mail an entry of the case, or moves its entry there from another one.

    Who wrote it speaks as herself where that was proven and she takes part in the case; else the entry has
    no author, and says what the mail says. Raises ``NotAllowed``, ``NoSuchCase``, ``AlreadyThere``,
    ``CannotBeRead`` and what uploads do.
    """
    require_vendor(by)
    if not case.is_visible_to(by):
        raise NoSuchCase(number=case.number)
    case = case.merged_into or case
    content = content_of(mail)
    with transaction.atomic():
        row = _locked(mail)
        if row.case_id == case.pk and row.state == MailState.TAKEN:
            raise AlreadyThere()
        decision = _decision(row, Choice.CASE, by, case=case)
        if row.state == MailState.TAKEN:
            _require_sees(by, row.case)
            decision.move = _move(row, content, case, by)
            decision.save(update_fields=["move"])
            _record(row.case, by, TAKEN_OUT)
            _leave(row, decision)
            row.case, row.entry, row.matched_by = case, decision.move.copy, MatchedBy.BY_HAND
            row.facts = {**row.facts, "decided_by": by.pk}
            row.save(update_fields=["case", "entry", "matched_by", "attachments", "done_at", "facts"])
        _record(case, by)
    if decision.move is None:
        inbound.enter(mail, content, _author(mail, case), Match(case, MatchedBy.BY_HAND), decided_by=by)
    mail.refresh_from_db()
    if decision.move is not None:
        inbound.finish(mail, content)
    return decision


def take_into_new_case(mail: MailMessage, contact: User, title: str, *, by: User) -> MailDecision:
    """Opens a case for ``contact`` with the mail as its first entry. Raises as ``take_into`` and
    ``report_case`` do."""
    require_vendor(by)
    content_of(mail)
    if contact.organisation is None:
        raise NotAllowed()
    with transaction.atomic():
        case = report_case(by=by, organisation=contact.organisation, contact=contact, title=title)
        if by.is_engineer:
            case.assign(by, by=by)
        decision = take_into(mail, case, by=by)
        decision.choice = Choice.NEW_CASE
        decision.save(update_fields=["choice"])
    return decision


def set_aside(mail: MailMessage, *, by: User) -> MailDecision:
    """Nobody needs to look at it; it is kept. Raises ``NotAllowed``, ``NotParked``."""
    require_vendor(by)
    with transaction.atomic():
        row = _locked(mail)
        if row.state == MailState.TAKEN:
            raise NotParked()
        decision = _decision(row, Choice.SET_ASIDE, by)
        row.state, row.reason = MailState.SET_ASIDE, Reason.BY_HAND
        row.save(update_fields=["state", "reason"])
    return decision


def read_again(mail: MailMessage, *, by: User | None) -> None:
    """Reads a mail anew, after a fault in reading was mended or its sender got an account: a worker one that
    is in no case; of one that is in a case the entry is replaced where it now reads otherwise, and its files
    stay. Raises ``NotAllowed``, ``CannotBeRead``."""
    if by is not None:
        require_vendor(by)
    if mail.state == MailState.TAKEN:
        _replace_entry(mail, content_of(mail), by)
        return
    with transaction.atomic():
        row = _locked(mail)
        if by is not None:
            _decision(row, Choice.READ_AGAIN, by)
        row.state, row.reason, row.detail = MailState.RECEIVED, "", ""
        row.save(update_fields=["state", "reason", "detail"])
        Reading.objects.filter(mail=row).exclude(state=JobState.RUNNING).update(
            state=JobState.QUEUED, not_before=None, attempt=0, finished_at=None
        )
        READINGS.enqueue_on_commit(Reading.objects.get_or_create(mail=row)[0])


@transaction.atomic
def _replace_entry(mail: MailMessage, content: Mail, by: User | None) -> None:
    row = _locked(mail)
    entry, body = row.entry, paragraphs(inbound.entry_text(content))
    if entry is None or row.case is None:
        return
    internal = entry.internal or notes.is_internal(content, row.case, _author(row, row.case))
    if (entry.body, entry.internal) == (body, internal):
        return
    if by is not None:
        _require_sees(by, row.case)
        _decision(row, Choice.READ_AGAIN, by)
    copy = Message.objects.create(
        case=row.case,
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
    row.entry, row.detail = copy, storable("; ".join(content.trouble))[:500]
    row.save(update_fields=["entry", "detail"])
    tick_steps(row, content)


def undo(decision: MailDecision, *, by: User) -> None:
    """Takes back the last decision about a mail: it is where it was, and its files with it. Raises
    ``NotAllowed``, ``AlreadyUndone``."""
    require_vendor(by)
    with transaction.atomic():
        row = _locked(decision.mail)
        newest = MailDecision.objects.filter(mail=row).first()
        done_for_good = decision.choice == Choice.SENT_AGAIN
        if done_for_good or newest is None or newest.pk != decision.pk or newest.undone_at:
            raise AlreadyUndone()
        now = timezone.now()
        if decision.choice in {Choice.CASE, Choice.NEW_CASE}:
            _require_sees(by, row.case)
            assert row.entry is not None
            move(row.entry, None, by=by)
            _record(row.case, by, TAKEN_OUT)
            entry = None
            withdrawing.withdraw(row, by=by, at=now)
            row.attachments, row.done_at = [], None
            if decision.move is not None:
                move_back(decision.move, by=by)
                entry = decision.move.entry
                before = row.facts.get("before", {}).get(str(decision.pk), {})
                withdrawing.bring_back(before.get("moves", []), by=by, at=now)
                row.attachments, row.done_at = before.get("attachments", []), now
            row.case, row.entry = decision.former_case, entry
            row.matched_by = decision.matched_by
        row.state, row.reason = decision.state, decision.reason
        row.save(update_fields=["case", "entry", "matched_by", "attachments", "done_at", "state", "reason"])
        MailDecision.objects.filter(pk=decision.pk).update(undone_at=now, undone_by=by)
    decision.mail.refresh_from_db()


def content_of(mail: MailMessage) -> Mail:
    """The mail, read from its source. Raises ``CannotBeRead``, of what opens a door as well."""
    if mail.facts.get("secret") and not transport.keeps_all_here():
        raise CannotBeRead()
    try:
        return read_in_sandbox(source_of(mail))
    except (Unreadable, SourceGone, OSError) as error:
        raise CannotBeRead() from error


def _author(mail: MailMessage, case: Case) -> User | None:
    person = inbound.proven_sender(mail)
    return person if person is not None and case.is_visible_to(person) else None


def _move(mail: MailMessage, content: Mail, case: Case, by: User) -> EntryMove:
    entry = mail.entry
    assert entry is not None
    author = entry.author if entry.author and case.is_visible_to(entry.author) else None
    copy = Message.objects.create(
        case=case,
        kind=entry.kind,
        author=author,
        body=entry.body,
        internal=entry.internal or notes.is_internal(content, case, _author(mail, case)),
        created_at=entry.created_at,
    )
    return move(entry, copy, by=by)


def _leave(mail: MailMessage, decision: MailDecision) -> None:
    """Its files are withdrawn from the case that it leaves; where it goes they come from its source."""
    moves = withdrawing.withdraw(mail, by=decision.by, at=decision.at)
    before = {str(decision.pk): {"moves": moves, "attachments": mail.attachments}}
    mail.facts = {**mail.facts, "before": {**mail.facts.get("before", {}), **before}}
    mail.attachments, mail.done_at = [], None


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
        former_case=mail.case,
    )


def _locked(mail: MailMessage) -> MailMessage:
    return MailMessage.objects.locked().get(pk=mail.pk)


def _record(case: Case | None, by: User, reason: str = inbound.TAKEN_BY_HAND) -> None:
    if case is not None:
        case.record(EventKind.MAIL, by=by, at=timezone.now(), reason=reason)


def require_vendor(by: User) -> None:
    """Raises ``NotAllowed`` for everybody but the vendor's people."""
    if not by.is_vendor or not by.may_enter:
        raise NotAllowed()


def _require_sees(by: User, case: Case | None) -> None:
    if case is None or not rights.may_note(by, case):
        raise NotAllowed()
