"""A stored mail into its case: its text an entry of the thread, its pictures and files beside it.

Nothing enters a case that its sender might not have put there on the portal's pages: the From address is
that of an active person, the operator's own mail server has proven it, and the person sees the case.
What nobody wrote is set aside, what matches nothing waits for a person; neither is ever answered.

A worker may be killed between any two steps, and then begins again:

1. The entry in the thread and the mail's own row are one transaction: who meets a mail that is ``taken``
   posts nothing. What a colleague decides meanwhile stands: the row is asked again when the job ends.
2. An upload and its place in ``mail.attachments`` are one transaction; appending its bytes and finishing it
   can be repeated as often as need be, as for a browser.
3. The entry that tells of refused attachments, the answer in the outbox and ``done_at`` are one
   transaction; who meets a row that is done does nothing.
"""

from __future__ import annotations

import logging
from typing import TYPE_CHECKING

from celery.exceptions import SoftTimeLimitExceeded
from django.db import OperationalError, transaction
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import override

from accounts.errors import Refusal
from accounts.models import User
from cases.models import Case, MessageKind
from cases.services import post_message
from cases.wording.progress_question import asks_for_progress
from engine.sandbox.sandbox import SandboxBroken
from engine.text_safety import plain, storable
from jobs.errors import GaveUp, LeaseLost, TryAgain
from jobs.services import BROKEN
from mail.errors import MovedOn, NoMail, SourceGone, Unreadable
from mail.inbound import answers, attachments, bounces, outline, senders, ticks
from mail.inbound.correlation import Match, cases_of, claims_of, match, named_cases, nearly_named_cases
from mail.inbound.jobs import MAX_FAULTS, READINGS
from mail.inbound.models import Reading
from mail.inbound.placing import has_come_before, language_of, place
from mail.outbound.models import MailSettings
from mail.reading.addresses import sender_of
from mail.reading.authentication import Proof
from mail.reading.automatic import Automatic
from mail.reading.correlation import ClaimKind
from mail.reading.message import Mail
from mail.reading.sandboxed import read_in_sandbox
from mail.store import sources
from mail.store.models import MailMessage, MailState
from mail.store.reasons import Reason
from uploads.transfer.errors import DiskFull, TakenOver

if TYPE_CHECKING:
    from jobs.worker import Attempt
    from mail.reading.correlation import Claim

logger = logging.getLogger(__name__)

GONE = "gone"
"""The failure of a reading whose mail is in its case already, and whose bytes are gone."""
MAX_CLAIMS_OF_STRANGERS = 20
"""Of a mail whose sender nobody has proven: what it names decides who may look at it, and nothing else."""
HEADER = (
    *("subject", "message_id", "address", "name", "preview", "dated_at", "references"),
    *("named_case", "facts"),
)


def read(attempt: Attempt[Reading]) -> None:
    """Reads one stored mail and takes it into its case, or says why not. Raises ``TryAgain``, ``GaveUp``."""
    mail = MailMessage.objects.get(pk=attempt.job.pk)
    try:
        _read(mail, attempt)
    except (DiskFull, TakenOver, MovedOn, OSError, OperationalError, SandboxBroken) as error:
        raise TryAgain(str(error)) from error
    except (GaveUp, TryAgain, LeaseLost, SoftTimeLimitExceeded):
        raise
    except Exception as error:
        if attempt.job.attempt < MAX_FAULTS:
            raise
        logger.exception("Mail %s waits for a person: %s attempts ended so", mail.pk, MAX_FAULTS)
        raise GaveUp(BROKEN, f"{type(error).__name__}: {error}") from error


def _read(mail: MailMessage, attempt: Attempt[Reading]) -> None:
    try:
        content = read_in_sandbox(sources.source_of(mail))
    except (NoMail, Unreadable, SourceGone) as error:
        mail.refresh_from_db()
        if mail.state == MailState.TAKEN:  # Its files cannot come any more.
            raise GaveUp(GONE, str(error)) from error
        with READINGS.conclude(attempt.job):
            _without_case(mail, Reason.UNREADABLE, str(error))
        return
    take(mail, content)
    with READINGS.conclude(attempt.job):
        if MailMessage.objects.locked().get(pk=mail.pk).is_unfinished:
            raise TryAgain("a colleague has decided about it meanwhile")


def take(mail: MailMessage, content: Mail) -> None:
    """Takes a mail that is read as far as it goes; may be repeated. One that somebody has decided about is
    left where it is; the files of one in a case come.

    Raises ``DiskFull``, ``TakenOver``, ``OSError``.
    """
    mail.refresh_from_db()
    person, reason = mail.person, None
    if mail.state == MailState.RECEIVED:
        person, reason = senders.judged(mail, content)
    claimed = claims_of(content, mail.envelope.get("recipients", ()))
    found = cases_of(claimed if person else claimed[:MAX_CLAIMS_OF_STRANGERS])
    _note_header(mail, content, found)
    if mail.state == MailState.TAKEN:
        finish(mail, content)
        return
    if mail.state != MailState.RECEIVED:
        return
    if content.automatic:
        _set_robot_aside(mail, content, found)
    elif person is None:
        _without_case(mail, reason or Reason.UNKNOWN)
    else:
        _take_from(person, mail, content, match(found, person))


def _set_robot_aside(mail: MailMessage, content: Mail, found: dict[Claim, list[Case]]) -> None:
    """What nobody wrote needs nobody. But words alone may be a person's: somebody looks, unless our mail
    server says that another's address is on it, or the subject of an answer to a mail of ours says it, where
    mail programs put it and people do not."""
    reason = senders.WRITTEN_BY_NOBODY[Automatic(content.automatic)]
    answers_ours = any(claim.kind == ClaimKind.REFERENCE and cases for claim, cases in found.items())
    is_sure = content.automatic_by == "header" or (content.automatic_by == "subject" and answers_ours)
    needs_nobody = is_sure or mail.proof == Proof.FAILED
    if reason == Reason.BOUNCE:
        needs_nobody = bounces.record(content.bounced, reporter=mail.address) and needs_nobody
    _without_case(mail, reason, needs_nobody=needs_nobody)


def _take_from(person: User, mail: MailMessage, content: Mail, found: Match) -> None:
    if found.case is None and not _may_open(person, found):
        _without_case(mail, found.reason or Reason.NO_CASE)
    elif not (content.text or content.subject or content.attachments or content.pictures):
        _without_case(mail, Reason.EMPTY)
    else:
        _enter(mail, content, person, found)


def _enter(mail: MailMessage, content: Mail, person: User, found: Match) -> None:
    """Makes the mail an entry of the case, a new one where ``found`` has none, then its files."""
    try:
        with transaction.atomic():
            row = MailMessage.objects.locked().get(pk=mail.pk)
            if row.state == MailState.RECEIVED:
                if has_come_before(row, content):
                    row.becomes(MailState.SET_ASIDE, reason=Reason.AGAIN, done_at=timezone.now())
                elif found.case is None and senders.has_opened_enough(person):
                    row.becomes(MailState.PARKED, reason=Reason.STORM)
                else:
                    place(row, content, person, found)
    except Refusal as refusal:
        _without_case(mail, Reason.REFUSED, str(refusal))
        return
    mail.refresh_from_db()
    if mail.state == MailState.TAKEN:
        finish(mail, content)


def _note_header(mail: MailMessage, content: Mail, found: dict[Claim, list[Case]]) -> None:
    named = named_cases(found)
    mail.subject = storable(content.subject)[:1000]
    mail.message_id = storable(content.message_id)[:998]
    sender = sender_of([content.sender])
    mail.address = storable(sender.address if sender else content.sender)[:320]
    mail.name = storable(sender.name if sender else "")[:200]
    mail.preview = storable(content.text[: outline.MAX_PREVIEW])
    mail.dated_at = content.date
    mail.references = [storable(identifier)[:998] for identifier in content.references]
    mail.named_case = next(iter(named), None)
    with transaction.atomic():
        row = MailMessage.objects.locked().get(pk=mail.pk)
        mail.facts = {**row.facts, "outline": outline.noted(content, named, nearly_named_cases(found))}
        if content.mailer:
            mail.facts["mailer"] = storable(content.mailer)
        mail.save(update_fields=HEADER)


def _without_case(mail: MailMessage, reason: Reason, detail: str = "", *, needs_nobody: bool = False) -> None:
    state = MailState.SET_ASIDE if needs_nobody else MailState.PARKED
    try:
        mail.becomes(state, reason=reason, detail=storable(detail)[:500])
    except MovedOn as moved:
        logger.warning("Decided meanwhile: %s", moved)
        return
    logger.warning("Mail %s is in no case: %s %s", mail.pk, reason, mail.detail)


def _may_open(person: User, found: Match) -> bool:
    return found.reason == Reason.NO_CASE and person.is_customer and MailSettings.load().opens_cases


def finish(mail: MailMessage, content: Mail) -> None:
    """What comes after the entry: its files, and what the portal answers by itself; each once."""
    if mail.done_at:
        return
    assert mail.case is not None
    with override(language_of(mail.person, mail.case)):
        attachments.take(mail, content)
        refused = [attachment for attachment in mail.attachments if "refused" in attachment]
        lines = "\n".join(f"– {plain(attachment['name'])}: {attachment['refused']}" for attachment in refused)
        with transaction.atomic():
            # Whoever has moved it meanwhile has its files come to where it is.
            same = MailMessage.objects.filter(pk=mail.pk, entry=mail.entry, done_at=None)
            mine = same.update(done_at=timezone.now())
            if mine:
                mail.refresh_from_db()
                ticks.tick_steps(mail, content)
            if mine and refused:
                name = plain(mail.person.name if mail.person else mail.name or mail.address)
                heading = _("Attachments of %(name)s's mail that were not taken:") % {"name": name}
                body = f"{heading}\n{lines}"
                internal = mail.entry is not None and mail.entry.internal
                post_message(mail.case, by=None, body=body, kind=MessageKind.SYSTEM, internal=internal)
            if mine and not mail.facts.get("answered"):
                _answer(mail, content, lines)
    mail.refresh_from_db()


def _answer(mail: MailMessage, content: Mail, refused: str) -> None:
    """What the portal answers by itself, once however often the mail is moved; what is refused it is not
    worth losing the mail for."""
    mail.facts = {**mail.facts, "answered": True}
    mail.save(update_fields=["facts"])
    try:
        with transaction.atomic():
            answers.answer(mail, _occasion(mail, content, refused))
    except Refusal as refusal:
        logger.warning("Mail %s is not answered: %s", mail.pk, refusal)


def _occasion(mail: MailMessage, content: Mail, refused: str) -> answers.Occasion:
    is_ours = bool(mail.person and mail.person.is_vendor)
    # What we share by a link is there for the customer.
    elsewhere = [file for file in content.elsewhere if not (is_ours and file.is_shared)]
    title = mail.case.title if mail.case else ""
    return answers.Occasion(
        left=mail.facts.get("left", 0),
        elsewhere=answers.not_asked_for(mail, elsewhere),
        refused=refused,
        is_kept_internal=bool(mail.facts.get("kept_internal")),
        asks_for_progress=not is_ours and asks_for_progress(content.text, title),
        may_be_answered=content.may_be_answered,
    )
