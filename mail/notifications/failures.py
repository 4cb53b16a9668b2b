"""A mail that did not arrive: its case tells those who work on it, one of no case the administrators. Whom
the announcement of an end did not reach, she is not held to it."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from django.db.models import Q
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import override

from accounts.models import User
from accounts.roles import Right, with_right
from cases.signals import ActivityKind, announce
from engine.text_safety import one_line, plain
from mail.notifications.audience import Reader
from mail.notifications.letters import greeted
from mail.notifications.links import absolute
from mail.notifications.models import Channel, DigestItem
from mail.notifications.preferences import channel_of
from mail.outbound.outbox import enqueue
from mail.outbound.probe import TEST
from mail.store.models import DIGEST, Direction, MailMessage, MailState
from mail.store.reasons import NotSent
from mail.store.unreachable import COMES_BACK_WITHIN

if TYPE_CHECKING:
    from cases.models import Case

LOST = "mails_lost"
"""The kind of the mail that tells an administrator of one."""
ONCE_IN = timedelta(days=1)
"""When a mail server refuses all of them, one mail says so, and the page of mails counts the others."""
HER_CHOICE = (NotSent.NOT_WANTED, NotSent.SETTLED)


def tell_of_lost(mail: MailMessage, answer: str) -> None:
    """Says that a mail did not arrive, with the mail server's words. Of the mails that say so themselves it
    says nothing: two addresses that nothing reaches would tell each other for ever. Of a test whoever asked
    for it has heard."""
    if mail.kind in {ActivityKind.MAIL_FAILED, LOST, TEST}:
        return
    if mail.case is not None:
        announce(
            ActivityKind.MAIL_FAILED,
            mail.case,
            by=None,
            at=timezone.now(),
            reason=answer[:500],
            address=mail.address,
            why=mail.reason,
        )
        return
    administrators = User.objects.filter(is_active=True, role__in=with_right(Right.ADMINISTRATION))
    for person in administrators.exclude(email__iexact=mail.address):
        if not _was_told_lately(person):
            _tell(person, mail, answer)


def is_unreached(case: Case, announced_at: datetime) -> bool:
    """Whether the reminder of that moment was mailed, and no such mail has arrived at the contact. Who chose
    to read reminders on the portal alone is reached by them."""
    contact = case.contact
    if not contact.may_enter:
        return True
    reader = Reader(contact.email, contact.language, contact.is_customer, contact)
    channel = channel_of(reader, ActivityKind.WAITING_REMINDER)
    if channel == Channel.PORTAL:
        return False
    mails = MailMessage.objects.filter(direction=Direction.OUT)
    if channel == Channel.DIGEST:
        if DigestItem.objects.filter(person=contact, case=case, at=announced_at).exists():
            return True
        daily = mails.filter(kind=DIGEST, person=contact, created_at__gte=announced_at)
        told = mails.filter(pk__in=daily.order_by("created_at").values("pk")[:1])
    else:
        told = mails.filter(case=case, facts__act=announced_at.isoformat())
    arrived = Q(state=MailState.SENT, done_at__lt=timezone.now() - COMES_BACK_WITHIN)
    hers = told.filter(arrived | Q(state=MailState.WITHHELD, reason__in=HER_CHOICE), person=contact)
    return told.exists() and not hers.exists()


def _was_told_lately(person: User) -> bool:
    told = MailMessage.objects.filter(
        kind=LOST, address=person.email, created_at__gt=timezone.now() - ONCE_IN
    )
    return told.exists()


def _tell(person: User, mail: MailMessage, answer: str) -> None:
    with override(person.language):
        facts = {
            "address": one_line(plain(mail.address, 320)),
            "subject": one_line(plain(mail.subject or mail.facts.get("subject", ""), 200)),
            "answer": one_line(plain(answer, 500)),
        }
        text = [
            _("The mail “%(subject)s” to %(address)s did not arrive.") % facts,
            _("The mail server's answer: %(answer)s") % facts if answer else mail.why,
            _(
                "It belongs to no case, so no engineer hears of it. Should further ones fail within a day, "
                "no other mail tells you; all of them stand under Mails, “Not delivered”."
            ),
        ]
        url = absolute(f"{reverse('mail-review')}?show=lost")
        enqueue(
            person.email,
            kind=LOST,
            text=greeted(person.name, "\n\n".join(text)),
            person=person,
            subject=_("A mail of the portal did not arrive"),
            action={"label": _("Mails that did not arrive"), "url": url} if url else None,
        )
