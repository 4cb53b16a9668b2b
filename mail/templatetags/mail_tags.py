"""What other rooms' pages show of mails."""

from __future__ import annotations

from django import template

from accounts.models import User
from cases.models import Case, Message
from mail.notifications import followers
from mail.notifications.audience import engineers_of, followers_of
from mail.notifications.models import CaseCc
from mail.store.models import MAX_COUNTED, Direction, MailMessage, MailState

register = template.Library()


@register.filter
def told(count: int) -> str:
    """A count as it is shown: empty for none, “999+” for very many."""
    return f"{MAX_COUNTED}+" if count > MAX_COUNTED else str(count or "")


@register.simple_tag
def parked_mails(user: User) -> str:
    """How many received mails wait for a person; empty for none."""
    return told(MailMessage.objects.waiting_for(user).counted())


@register.inclusion_tag("mail/review/entry_marks.html", takes_context=True)
def mail_marks(context: template.RequestContext, entry: Message) -> dict[str, object]:
    """By what a mail's entry was matched, its own date, who it says it is from, which steps it ticked;
    that it was imported; and mails of ours about this entry that did not arrive."""
    user = context["request"].user
    mails = list(entry.mails.all())
    received = next((mail for mail in mails if mail.direction == Direction.IN), None)
    lost = [mail for mail in mails if mail.state in {MailState.FAILED, MailState.BOUNCED}]
    imported = getattr(entry, "imported", None)
    return {
        "user": user,
        "entry": entry,
        "mail": received,
        "ticks": entry.ticked_steps.select_related("report") if received else (),
        "lost": lost if user.is_vendor else [],
        "imported": imported,
    }


@register.inclusion_tag("mail/notifications/told.html", takes_context=True)
def who_is_told(context: template.RequestContext, case: Case) -> dict[str, object]:
    """Contact, engineer, followers and Cc list, with what the reader may change of them; needs ``request``
    in the context. Customers do not see which of the vendor's people follow."""
    user = context["request"].user
    following = followers_of(case)
    by_themselves = {case.contact_id, *(engineer.pk for engineer in engineers_of(case))}
    others = [person for person in following if person.pk not in by_themselves]
    return {
        "csrf_token": context.get("csrf_token"),
        "case": case,
        "user": user,
        "customers": [person for person in others if person.is_customer],
        "colleagues": [person for person in others if person.is_vendor] if user.is_vendor else [],
        "follows": any(person.pk == user.pk for person in following),
        "is_told_anyway": user.pk in by_themselves,
        "ccs": CaseCc.objects.in_force().filter(case=case).select_related("added_by"),
        "may_keep_ccs": followers.may_keep_ccs(user, case),
    }
