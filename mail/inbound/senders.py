"""Who sent a mail: a person whose address our mail server has proven, or nobody that a case believes."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from django.conf import settings
from django.utils import timezone

from accounts.models import User
from mail.outbound.models import MailSettings
from mail.reading.addresses import sender_of
from mail.reading.authentication import Proof, proof
from mail.reading.automatic import Automatic
from mail.store.models import Direction, MailMessage, MatchedBy
from mail.store.reasons import Reason

if TYPE_CHECKING:
    from mail.reading.mail import Mail

STORM, FLOOD = timedelta(hours=1), timedelta(days=1)
HOURS_A_DAY = 4
"""In so many hours of a day somebody may write as much as in one."""
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


def judged(mail: MailMessage, content: Mail) -> tuple[User | None, Reason | None]:
    """The person who is proven to have sent it, or why nobody is; the proof is kept on the mail."""
    sender = sender_of([content.sender])
    if sender is None or "From" in content.doubled:
        return None, Reason.NO_SENDER
    proven = proof(sender.address, content.results, settings.MAIL_AUTHSERV_ID)
    if sender.is_mended and proven == Proof.DKIM:
        # Who signed it may have seen another address, or none; DMARC tells the one that our server saw.
        proven = Proof.FAILED
    mail.proof = proven
    mail.save(update_fields=["proof"])
    if content.doubled or not proven.holds:
        return None, Reason.UNPROVEN
    person = User.objects.filter(email=sender.address).first()
    if person is None or not person.may_enter:
        return None, Reason.UNKNOWN
    return (None, Reason.STORM) if _is_storm(mail, person) else (person, None)


def _is_storm(mail: MailMessage, person: User) -> bool:
    """Two programs in the house of one customer that answer each other keep below any cap of an hour."""
    now, most = timezone.now(), MailSettings.load().most_an_hour
    hers = MailMessage.objects.filter(direction=Direction.IN, person=person).exclude(pk=mail.pk)
    if hers.filter(created_at__gt=now - STORM).count() >= most:
        return True
    return hers.filter(created_at__gt=now - FLOOD).count() >= most * HOURS_A_DAY


def has_opened_enough(person: User) -> bool:
    """Whether her mails have opened as many cases within a day as they may; asked by one worker at a time,
    until its transaction ends."""
    User.objects.select_for_update(of=("self",), no_key=True).get(pk=person.pk)
    opened = MailMessage.objects.filter(
        direction=Direction.IN,
        person=person,
        matched_by=MatchedBy.NEW_CASE,
        created_at__gt=timezone.now() - FLOOD,
    )
    return opened.count() >= MailSettings.load().new_cases_a_day


def proven_sender(mail: MailMessage) -> User | None:
    """The person whose address our mail server has proven, where she may enter; of a mail that was read."""
    if mail.person is not None:
        return mail.person
    if not mail.is_proven:
        return None
    person = User.objects.filter(email=mail.address).first()
    return person if person is not None and person.may_enter else None
