"""Mails that are internal notes of a case: they answer one, or hold one in what they quote."""

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
    """Whether the customer must not read it in this case: a mail program quotes the whole mail that it
    answers. Asked on each way into a case, whoever wrote it (``person`` where that is proven and she sees
    the case); but what a customer of the case writes is hers to read."""
    if person is not None and person.is_customer:
        return False
    if (answered := _answered(content)) is not None and answered.facts.get("internal"):
        return True
    return holds_note(case, content.text, said=_said(content))


def _said(content: Mail) -> str:
    """Her own words; a line with a quotation mark is none of them, though it may be too little to fold."""
    lines = own_text(content.text).splitlines()
    return "\n".join(line for line in lines if not line.lstrip().startswith(">"))


def tell_its_writer(content: Mail, entry: Message, by: User) -> bool:
    """Tells who wrote the note that the mail answers; whether it answers one. ``by``: who wrote the mail,
    or took it into the case."""
    answered = _answered(content)
    if answered is None or not answered.facts.get("internal"):
        return False
    author = answered.entry.author if answered.entry else None
    if author is not None and author != by:
        at = timezone.now()
        announce(ActivityKind.MENTIONED, entry.case, by=by, at=at, message=entry, people=(author,))
    return True


def _answered(content: Mail) -> MailMessage | None:
    ids = content.in_reply_to or content.references[-1:]
    mails = MailMessage.objects.filter(direction=Direction.OUT, message_id__in=ids)
    return mails.select_related("entry__author").first()
