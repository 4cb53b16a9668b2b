"""What other rooms' pages show of mails."""

from __future__ import annotations

from django import template

from accounts.models import User
from cases.models import Message
from mail.store.models import Direction, MailMessage, MailState

register = template.Library()


@register.simple_tag
def parked_mails(user: User) -> int:
    """How many received mails wait for a person."""
    if not user.is_vendor:
        return 0
    return MailMessage.objects.visible_to(user).filter(direction=Direction.IN, state=MailState.PARKED).count()


@register.inclusion_tag("mail/review/entry_marks.html", takes_context=True)
def mail_marks(context: template.RequestContext, entry: Message) -> dict[str, object]:
    """By what a mail's entry was matched, its own date, who it says it is from; that it was imported; and
    mails of ours about this entry that did not arrive."""
    user = context["request"].user
    mails = list(entry.mails.all())
    received = next((mail for mail in mails if mail.direction == Direction.IN), None)
    lost = [mail for mail in mails if mail.state in {MailState.FAILED, MailState.BOUNCED}]
    imported = getattr(entry, "imported", None)
    return {"user": user, "mail": received, "lost": lost if user.is_vendor else [], "imported": imported}
