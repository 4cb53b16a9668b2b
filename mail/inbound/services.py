"""A stored mail into its case: its text an entry of the thread, its pictures and files beside it.

Nothing enters a case that its sender might not have put there on the portal's pages: the From address is
that of an active person, the operator's own mail server has proven it, and the person sees the case.
What nobody wrote is set aside, what matches nothing waits for a person; neither is ever answered.

A worker may be killed between any two steps, and then begins again:

1. The entry in the thread and the mail's own row are one transaction: who meets a mail that is ``taken``
   posts nothing.
2. An upload and its place in ``mail.attachments`` are one transaction; appending its bytes and finishing it
   can be repeated as often as need be, as for a browser.
3. The entry that tells of refused attachments, the answer in the outbox and ``done_at`` are one
   transaction; who meets a row that is done does nothing.
"""

from __future__ import annotations

import hashlib
import logging
from datetime import timedelta
from typing import TYPE_CHECKING

from django.conf import settings
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop, override

from accounts.models import User
from cases.models import Case, MessageKind
from cases.services import MAX_BODY_LENGTH, hear, post_message, report_case
from cases.thread.progress_question import asks_for_progress
from cases.thread.quoting import own_text
from engine.sandbox.sandbox import Spare
from engine.text_safety import plain, storable
from jobs.errors import TryAgain
from mail.errors import NoMail, SourceGone, Unreadable
from mail.inbound import answers, attachments, bounces, notes, ticks
from mail.inbound.correlation import Match, claims_of, match, named_cases
from mail.inbound.jobs import READINGS
from mail.inbound.models import Reading
from mail.outbound.models import MailSettings
from mail.reading.addresses import sender_of
from mail.reading.authentication import Proof, proof
from mail.reading.automatic import Automatic
from mail.reading.message import Mail
from mail.reading.sandboxed import MODULE, read_in_sandbox
from mail.store import sources
from mail.store.models import Direction, MailMessage, MailState, MatchedBy, Reason
from mail.store.writers import named_sender
from uploads.transfer.errors import DiskFull, TakenOver

if TYPE_CHECKING:
    from jobs.worker import Attempt

logger = logging.getLogger(__name__)

MAX_PREVIEW = 2000
TAKEN_BY_HAND = gettext_noop("A colleague took a mail into this case.")
STORM = timedelta(hours=1)
SPARE = Spare(MODULE)
"""A process for the next mail, woken up between two. Celery's worker processes have one thread that works;
each has its own."""


def read(attempt: Attempt[Reading]) -> None:
    """Reads one stored mail and takes it into its case, or says why not. Raises ``TryAgain``."""
    mail = MailMessage.objects.get(pk=attempt.job.pk)
    try:
        content = read_in_sandbox(sources.source_of(mail), SPARE)
    except (NoMail, Unreadable, SourceGone) as error:
        with READINGS.conclude(attempt.job):
            _without_case(mail, Reason.UNREADABLE, str(error))
        return
    try:
        take(mail, content)
    except (DiskFull, TakenOver, OSError) as error:
        raise TryAgain(str(error)) from error
    with READINGS.conclude(attempt.job):
        pass


def take(mail: MailMessage, content: Mail) -> None:
    """Takes a mail that is read as far as it goes; may be repeated.

    Raises ``DiskFull``, ``TakenOver``, ``OSError``.
    """
    _note_header(mail, content)
    mail.named_case = next(iter(named_cases(claims_of(content))), None)
    mail.save(update_fields=["named_case"])
    if mail.state == MailState.TAKEN:
        finish(mail, content)
        return
    person, reason = _sender(mail, content)
    if reason:
        if reason == Reason.BOUNCE:
            bounces.record(content.bounced)
        _without_case(mail, reason)
        return
    assert person is not None
    with override(person.language):
        found = match(claims_of(content), person)
        if found.case is None and not _may_open(person, found):
            _without_case(mail, found.reason or Reason.NO_CASE)
        elif not (content.text or content.subject or content.attachments or content.pictures):
            _without_case(mail, Reason.EMPTY)
        else:
            enter(mail, content, person, found)


def enter(
    mail: MailMessage, content: Mail, person: User | None, found: Match, *, decided_by: User | None = None
) -> None:
    """Makes the mail an entry of the case (a new one where ``found`` has none), then its attachments.

    ``person`` wrote it, proven; without one a colleague has decided (``decided_by``), and the entry has no
    author but what the mail says of itself. Raises what ``post_message`` and ``report_case`` do.
    """
    with transaction.atomic():
        row = MailMessage.objects.locked().get(pk=mail.pk)
        if row.state != MailState.TAKEN:
            key = content_key(mail.address, content)
            if decided_by is None and _same(row, {key, _former_key(mail.address, content)}):
                row.state, row.reason, row.done_at = MailState.SET_ASIDE, Reason.AGAIN, timezone.now()
                row.save(update_fields=["state", "reason", "done_at"])
                mail.refresh_from_db()
                return
            # What is taken by hand may be a double that somebody wants all the same.
            row.content_key = row.content_key or ("" if _same(row, {key}) else key)
            row.person, row.state, row.reason = person, MailState.TAKEN, ""
            if decided_by is not None:
                row.facts = {**row.facts, "decided_by": decided_by.pk}
            body = entry_text(content)
            if found.case is None:
                assert person is not None
                row.case = _new_case(person, content, body)
                row.entry = row.case.messages.first()
                row.matched_by = MatchedBy.NEW_CASE
            else:
                row.case, row.matched_by = found.case, found.by or MatchedBy.BY_HAND
                internal = notes.is_internal(content, found.case, person)
                row.entry = post_message(
                    found.case,
                    by=person,
                    body=body,
                    kind=MessageKind.MAIL_IN,
                    internal=internal,
                    writer="" if person else named_sender(mail),
                )
                by = person or decided_by
                if internal and by and not notes.tell_its_writer(content, row.entry, by) and person:
                    row.facts = {**row.facts, "kept_internal": True}
                # What is written to a double of a case is written to that case.
                row.case = row.entry.case
                if person is None and decided_by is not None and not internal:
                    hear(row.entry, by=decided_by, reason=TAKEN_BY_HAND)
            row.detail = storable("; ".join(content.trouble))[:500]
            row.save()
    mail.refresh_from_db()
    finish(mail, content)


def proven_sender(mail: MailMessage) -> User | None:
    """The person whose address our mail server has proven, where she may enter; of a mail that was read."""
    if mail.person is not None:
        return mail.person
    if mail.proof not in {Proof.DMARC, Proof.DKIM}:
        return None
    person = User.objects.filter(email=mail.address).first()
    return person if person is not None and person.may_enter else None


def content_key(address: str, content: Mail) -> str:
    """SHA-256 of what makes a mail the same one by whichever way it comes; a sender who uses a Message-ID
    twice says another thing the second time."""
    digest = hashlib.sha256(f"{address}\n{content.message_id}\n{content.text}".encode())
    for attachment in (*content.attachments, *content.pictures):
        digest.update(f"\n{attachment.name}\n{len(attachment.content)}".encode())
        digest.update(hashlib.sha256(attachment.content).digest())
    return digest.hexdigest()


def _former_key(address: str, content: Mail) -> str:
    """As earlier versions knew a mail: their rows have no other."""
    return hashlib.sha256(f"{address}\n{content.message_id}".encode()).hexdigest()


def _same(mail: MailMessage, keys: set[str]) -> bool:
    return MailMessage.objects.filter(content_key__in=keys).exclude(pk=mail.pk).exists()


def _note_header(mail: MailMessage, content: Mail) -> None:
    mail.subject = storable(content.subject)[:1000]
    mail.message_id = storable(content.message_id)[:998]
    sender = sender_of([content.sender])
    mail.address = storable(sender.address if sender else content.sender)[:320]
    mail.name = storable(sender.name if sender else "")[:200]
    mail.preview = storable(content.text)[:MAX_PREVIEW]
    mail.dated_at = content.date
    mail.references = [storable(identifier)[:998] for identifier in content.references]
    mail.save(update_fields=["subject", "message_id", "address", "name", "preview", "dated_at", "references"])


def _sender(mail: MailMessage, content: Mail) -> tuple[User | None, Reason | None]:
    sender = sender_of([content.sender])
    if content.automatic:
        return None, WRITTEN_BY_NOBODY[Automatic(content.automatic)]
    if sender is None or "From" in content.doubled:
        return None, Reason.NO_SENDER
    proven = proof(sender.address, content.results, settings.MAIL_AUTHSERV_ID)
    mail.proof = proven
    mail.save(update_fields=["proof"])
    if content.doubled or not proven.holds:
        return None, Reason.UNPROVEN
    person = User.objects.filter(email=sender.address).first()
    if person is None or not person.may_enter:
        return None, Reason.UNKNOWN
    lately = MailMessage.objects.filter(
        direction=Direction.IN, person=person, created_at__gt=timezone.now() - STORM
    )
    if lately.exclude(pk=mail.pk).count() >= MailSettings.load().most_an_hour:
        return None, Reason.STORM
    return person, None


WRITTEN_BY_NOBODY = {
    Automatic.OWN: Reason.OWN,
    Automatic.BOUNCE: Reason.BOUNCE,
    Automatic.READ_RECEIPT: Reason.RECEIPT,
    Automatic.AUTO_REPLY: Reason.AUTO_REPLY,
    Automatic.CALENDAR_ANSWER: Reason.CALENDAR,
    Automatic.LIST: Reason.LIST,
    Automatic.NEWSLETTER: Reason.LIST,
    Automatic.GENERATED: Reason.GENERATED,
}
SET_ASIDE = {*WRITTEN_BY_NOBODY.values(), Reason.AGAIN}
"""What needs nobody; every other mail without a case waits for a person."""


def _without_case(mail: MailMessage, reason: Reason, detail: str = "") -> None:
    mail.state = MailState.SET_ASIDE if reason in SET_ASIDE else MailState.PARKED
    mail.reason, mail.detail = reason, storable(detail)[:500]
    mail.save(update_fields=["state", "reason", "detail"])
    logger.warning("Mail %s is in no case: %s %s", mail.pk, reason, mail.detail)


def _may_open(person: User, found: Match) -> bool:
    return found.reason == Reason.NO_CASE and person.is_customer and MailSettings.load().opens_cases


def _new_case(person: User, content: Mail, body: str) -> Case:
    assert person.organisation is not None
    title = content.subject or body.partition("\n")[0] or _("A mail without a subject")
    return report_case(
        by=person, organisation=person.organisation, contact=person, title=title, description=body
    )


def entry_text(content: Mail) -> str:
    """What a mail becomes in the thread: all of its text, cut with a word where no entry holds it."""
    body = content.text or content.subject
    if len(body) > MAX_BODY_LENGTH - 1000:
        note = _("[The mail is longer; the rest was left out. Attach long texts as files.]")
        return "\n\n".join([body[: MAX_BODY_LENGTH - 1000], note])
    return body or _("[A mail without text]")


def finish(mail: MailMessage, content: Mail) -> None:
    """What comes after the entry: its files, and what the portal answers by itself; each once."""
    if mail.done_at:
        return
    assert mail.case is not None
    with override(mail.person.language if mail.person else mail.case.contact.language):
        attachments.take(mail, content)
        refused = [attachment for attachment in mail.attachments if "refused" in attachment]
        lines = "\n".join(f"– {plain(attachment['name'])}: {attachment['refused']}" for attachment in refused)
        with transaction.atomic():
            mine = MailMessage.objects.filter(pk=mail.pk, done_at=None).update(done_at=timezone.now())
            if mine:
                ticks.tick_steps(mail, content)
            if mine and refused:
                name = plain(mail.person.name if mail.person else mail.name or mail.address)
                heading = _("Attachments of %(name)s's mail that were not taken:") % {"name": name}
                body = f"{heading}\n{lines}"
                internal = mail.entry is not None and mail.entry.internal
                post_message(mail.case, by=None, body=body, kind=MessageKind.SYSTEM, internal=internal)
            if mine:
                answers.answer(mail, _occasion(mail, content, lines))
    mail.refresh_from_db()


def _occasion(mail: MailMessage, content: Mail, refused: str) -> answers.Occasion:
    return answers.Occasion(
        elsewhere=answers.not_asked_for(mail, content.elsewhere),
        refused=refused,
        is_kept_internal=bool(mail.facts.get("kept_internal")),
        asks_for_progress=not (mail.person and mail.person.is_vendor)
        and asks_for_progress(own_text(content.text)),
        may_be_answered=content.may_be_answered,
    )
