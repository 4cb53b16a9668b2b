"""A received mail as an entry of a case: what it says there, who speaks, who reads it."""

from __future__ import annotations

import hashlib
from typing import TYPE_CHECKING

from django.db.models import Q
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop, override

from accounts.secret_links import without_secrets
from cases.models import MessageKind
from cases.services import MAX_BODY_LENGTH, hear, post_message, report_case
from cases.thread.quoting import own_text
from cases.thread.signatures import without_signature
from engine.text_safety import one_line, paragraphs, storable
from mail.inbound import notes
from mail.inbound.attachments import stays_with
from mail.store.models import MailMessage, MailState, MatchedBy
from mail.store.subjects import own_subject, subjects_of
from mail.store.writers import named_sender

if TYPE_CHECKING:
    from accounts.models import User
    from cases.models import Case, Message
    from mail.inbound.correlation import Match
    from mail.reading.mail import Mail

TAKEN_BY_HAND = gettext_noop("A colleague took a mail into this case.")


def place(
    row: MailMessage,
    content: Mail,
    person: User | None,
    found: Match,
    *,
    decided_by: User | None = None,
    internal: bool = False,
) -> None:
    """Makes a mail, whose row is locked, an entry of the case, a new one where ``found`` has none; its files
    are the worker's (``mail.inbound.jobs.read_on``).

    ``person`` wrote it, proven; without one a colleague has decided (``decided_by``), and the entry has no
    author but what the mail says of itself. ``internal``: it is so already. Raises what ``post_message`` and
    ``report_case`` do.
    """
    facts = dict(row.facts)
    if decided_by is not None:
        facts["decided_by"] = decided_by.pk
    with override(language_of(person, found.case)):
        if found.case is None:
            assert person is not None
            entry = _new_case(person, content)
        else:
            internal = internal or notes.is_internal(content, found.case, person)
            body = entry_text(content, found.case)
            entry = post_message(
                found.case,
                by=person,
                body=body,
                kind=MessageKind.MAIL_IN,
                internal=internal,
                writer="" if person else named_sender(row),
            )
    by = person or decided_by
    if internal and by and not notes.tell_its_writer(content, entry, by) and person:
        facts["kept_internal"] = True
    if person is None and decided_by is not None and not internal:
        hear(entry, by=decided_by, reason=TAKEN_BY_HAND)
    files = (*content.attachments, *content.pictures)
    facts["brings_files"] = any(stays_with(entry, file) for file in files)
    key = content_key(row.address, content)
    # What is taken by hand may be a double that somebody wants all the same.
    is_there = MailMessage.objects.filter(content_key=key).exclude(pk=row.pk).exists()
    row.becomes(
        MailState.TAKEN,
        reason="",
        person=person,
        # What is written to a double of a case is written to that case, and so on.
        case=entry.case,
        entry=entry,
        matched_by=(found.by or MatchedBy.BY_HAND) if found.case else MatchedBy.NEW_CASE,
        detail=storable("; ".join(content.trouble))[:500],
        content_key=row.content_key or ("" if is_there else key),
        facts=facts,
        # Its files come to this case, whichever it was in before.
        attachments=[],
        done_at=None,
    )


def _new_case(person: User, content: Mail) -> Message:
    """The first entry of a new case."""
    assert person.organisation is not None
    body = entry_text(content)
    lines = (one_line(line) for line in (content.subject, *body.split("\n")))
    case = report_case(
        by=person,
        organisation=person.organisation,
        contact=person,
        title=next(filter(None, lines), _("A mail without a subject")),
        description=body,
        kind=MessageKind.MAIL_IN,
    )
    return case.messages.order_by("pk")[0]


def entry_text(content: Mail, case: Case | None = None) -> str:
    """What a mail becomes in the thread: all of its text, cut with a word where no entry holds it; below the
    subject where its writer says all there."""
    body = paragraphs(content.text)
    if not body:
        body = one_line(content.subject)
    elif not without_signature(own_text(body)):
        subject = own_subject(content.subject, subjects_of(case) if case else ())
        body = f"{subject}\n\n{body}" if subject else body
    # As the entry keeps it: to be read again changes nothing by that.
    body = without_secrets(body)
    if len(body) > MAX_BODY_LENGTH - 1000:
        note = _("[The mail is longer; the rest was left out. Attach long texts as files.]")
        return "\n\n".join([body[: MAX_BODY_LENGTH - 1000], note])
    return body or _("[A mail without text]")


def language_of(person: User | None, case: Case | None) -> str:
    """In which the portal adds words to what it says: the writer's, else the contact's."""
    if person is not None:
        return person.language
    assert case is not None
    return case.contact.language


def content_key(address: str, content: Mail) -> str:
    """SHA-256 of what makes a mail the same one by whichever way it comes; a sender who uses a Message-ID
    twice says another thing the second time, and without one it is known by its Date and subject."""
    return _key(address, content, content.message_id or f"\n{content.date_text}\n{content.subject}")


def _key(address: str, content: Mail, identifier: str) -> str:
    digest = hashlib.sha256(f"{address}\n{identifier}\n{content.text}".encode())
    for attachment in (*content.attachments, *content.pictures):
        digest.update(f"\n{attachment.name}\n{len(attachment.content)}".encode())
        digest.update(hashlib.sha256(attachment.content).digest())
    return digest.hexdigest()


def has_come_before(mail: MailMessage, content: Mail) -> bool:
    """Whether another mail is the same; keys of earlier versions had no Date and subject in them."""
    same = Q(content_key=content_key(mail.address, content))
    oldest = hashlib.sha256(f"{mail.address}\n{content.message_id}".encode()).hexdigest()
    former = Q(content_key__in=[_key(mail.address, content, content.message_id), oldest])
    if not content.message_id:
        former &= Q(dated_at=content.date, subject=storable(content.subject)[:1000])
    return MailMessage.objects.filter(same | former).exclude(pk=mail.pk).exists()
