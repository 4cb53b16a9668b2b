"""Mails of the vendor's people that are internal notes: they answer one, or hold one in what they quote."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.utils import timezone

from cases.signals import ActivityKind, announce
from cases.thread.quoting import own_text
from mail.outbound.notes import holds_note
from mail.store.models import Direction, MailMessage

if TYPE_CHECKING:
    from accounts.models import User
    from cases.models import Case, Message
    from mail.reading.mail import Mail


def is_internal(content: Mail, case: Case, person: User | None) -> bool:
    """Whether the customer must not read it: a mail program quotes the whole mail that it answers."""
    if person is None or not person.is_vendor:
        return False
    if (answered := _answered(content)) is not None and answered.facts.get("internal"):
        return True
    return holds_note(case, content.text, said=own_text(content.text))


def tell_its_writer(content: Mail, entry: Message, person: User) -> bool:
    """Tells who wrote the note that the mail answers; whether it answers one."""
    answered = _answered(content)
    if answered is None or not answered.facts.get("internal"):
        return False
    author = answered.entry.author if answered.entry else None
    if author is not None and author != person:
        at = timezone.now()
        announce(ActivityKind.MENTIONED, entry.case, by=person, at=at, message=entry, people=(author,))
    return True


def _answered(content: Mail) -> MailMessage | None:
    ids = content.in_reply_to or content.references[-1:]
    mails = MailMessage.objects.filter(direction=Direction.OUT, message_id__in=ids)
    return mails.select_related("entry__author").first()
