"""What other rooms' pages show of mails."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from django import template
from django.conf import settings
from django.http import HttpRequest
from django.utils import timezone

from accounts.models import User
from cases.lookups import user_of
from cases.models import Case, Message
from engine.text_safety import plain
from mail.imports.subjects import subjects_of_entries
from mail.inbound.outline import outline_of
from mail.inbound.still_elsewhere import still_elsewhere
from mail.notifications import followers
from mail.notifications.audience import engineers_of, followers_of
from mail.notifications.models import CaseCc
from mail.outbound.transport import keeps_all_here
from mail.reading.charsets import words
from mail.review import lost, moves
from mail.review.errors import BytesGone
from mail.review.hiding import shown
from mail.store.models import MAX_COUNTED, Direction, MailMessage
from mail.store.subjects import own_subject, subjects_of
from mail.store.troubles import said
from mail.store.unreachable import unreachable_since

register = template.Library()

MAX_NOT_ARRIVED = 5
"""Listed on the page of a case, the newest; they are all on the page of mails."""


@register.filter
def told(count: int) -> str:
    """A count as it is shown: empty for none, “999+” for very many."""
    return f"{MAX_COUNTED}+" if count > MAX_COUNTED else str(count or "")


@register.simple_tag
def waiting_mails(user: User) -> str:
    """How many mails wait for a person, received ones that are in no case and ours that did not arrive or
    have not left for long; empty for none."""
    parked = MailMessage.objects.of_no_case(user).parked().counted()
    if not user.is_vendor:
        return told(parked)
    visible = MailMessage.objects.visible_to(user)
    return told(parked + lost.unsettled(visible).counted() + visible.late().counted())


@register.simple_tag
def mails_stay_here() -> bool:
    """Whether people read their mails on pages of the portal (the demo)."""
    return keeps_all_here()


@register.filter
def header_field(value: str) -> str:
    """A field of a header as its reader sees it, with its encoded words."""
    return words(value)


@register.filter
def for_others(text: str) -> str:
    """A mail's text as people see it who are not its reader."""
    return shown(text)


@register.filter
def not_read(detail: str) -> list[str]:
    """What could not be read of a received mail, a sentence each."""
    return [plain(sentence) for sentence in said(detail)]


@register.inclusion_tag("mail/review/entry_marks.html", takes_context=True)
def mail_marks(context: template.RequestContext, entry: Message) -> dict[str, object]:
    """A mail's own subject and date, who it says it is from, which steps it ticked; that it was imported; for
    the vendor's people by what it was matched, and mails of ours about this entry that did not arrive."""
    user = context["request"].user
    mails = _mails_of_thread(context["request"], entry)
    received = next((mail for mail in mails if mail.direction == Direction.IN), None)
    failed = [mail for mail in mails if mail.direction == Direction.OUT and mail.state in lost.LOST]
    imported = getattr(entry, "imported", None)
    offers = _moves_of_thread(context["request"], entry, user) if received and user.is_vendor else {}
    return {
        "csrf_token": context.get("csrf_token"),
        "offers": offers.get(received.pk, []) if received else [],
        "stays_because": BytesGone() if received and not received.source else "",
        "moved": moves.moved_here(received, user) if received and user.is_vendor else None,
        "user": user,
        "entry": entry,
        "mail": received,
        "subject": _subject(context["request"], entry, received),
        "laid_out": received is not None and _has_page(context["request"], received, user),
        "ticks": entry.ticked_steps.select_related("report") if received else (),
        "lost": failed if user.is_vendor else [],
        "unsent": [mail for mail in mails if lost.is_unsent(mail)] if user.is_vendor else [],
        "imported": imported,
    }


def _has_page(request: HttpRequest, mail: MailMessage, user: User) -> bool:
    """Whether a customer is offered the page that came with it; the vendor's people have that of the mail."""
    if user.is_vendor or not mail.source or not outline_of(mail).has_page:
        return False
    known: dict[int | None, set[UUID]] = request.__dict__.setdefault("laid_out_in_threads", {})
    if mail.case_id not in known:
        laid_out = MailMessage.objects.laid_out_for(user).filter(case=mail.case_id)
        known[mail.case_id] = set(laid_out.values_list("pk", flat=True))
    return mail.pk in known[mail.case_id]


def _subject(request: HttpRequest, entry: Message, mail: MailMessage | None) -> str:
    """What the writer of a mail that came in, or was imported, says in the subject."""
    if mail is not None:
        return _own_subject(request, entry, mail)
    if not hasattr(entry, "imported"):
        return ""
    known: dict[int, dict[int, str]] = request.__dict__.setdefault("subjects_of_imports", {})
    if entry.case_id not in known:
        known[entry.case_id] = subjects_of_entries(entry.case, user_of(request))
    return known[entry.case_id].get(entry.pk, "")


def _own_subject(request: HttpRequest, entry: Message, mail: MailMessage) -> str:
    """What its writer says in the subject, unless the entry begins with it."""
    known: dict[int, set[str]] = request.__dict__.setdefault("subjects_of_threads", {})
    if entry.case_id not in known:
        known[entry.case_id] = subjects_of(entry.case)
    subject = own_subject(mail.subject, known[entry.case_id])
    return "" if not subject or entry.body.startswith(subject) else subject


def _mails_of_thread(request: HttpRequest, entry: Message) -> list[MailMessage]:
    """The entry's mails; those of the whole thread are read at once, with the first that is asked for."""
    known: dict[int, dict[int, list[MailMessage]]] = request.__dict__.setdefault("mails_of_threads", {})
    if entry.case_id not in known:
        mails: dict[int, list[MailMessage]] = {}
        for mail in MailMessage.objects.filter(entry__case=entry.case_id).select_related(
            "person", "delivery"
        ):
            mails.setdefault(mail.entry_id or 0, []).append(mail)
        known[entry.case_id] = mails
    return known[entry.case_id].get(entry.pk, [])


def _moves_of_thread(request: HttpRequest, entry: Message, user: User) -> dict[UUID, list[Case]]:
    """Where each mail of the thread may go instead; found with the first that is asked for."""
    known: dict[int, dict[UUID, list[Case]]] = request.__dict__.setdefault("moves_of_threads", {})
    if entry.case_id not in known:
        groups = request.__dict__["mails_of_threads"][entry.case_id].values()
        received = [mail for group in groups for mail in group if mail.direction == Direction.IN]
        known[entry.case_id] = moves.offered(entry.case, received, user)
    return known[entry.case_id]


@register.inclusion_tag("mail/notifications/told.html", takes_context=True)
def who_is_told(context: template.RequestContext, case: Case) -> dict[str, object]:
    """Contact, engineer, followers and Cc list, with what the reader may change of them; needs ``request``
    in the context. Customers do not see which of the vendor's people follow."""
    user = context["request"].user
    following = followers_of(case)
    by_themselves = {case.contact_id, *(engineer.pk for engineer in engineers_of(case))}
    others = [person for person in following if person.pk not in by_themselves]
    ccs = list(CaseCc.objects.in_force().filter(case=case).select_related("added_by"))
    people = [case.contact, *([case.engineer] if case.engineer else []), *others]
    addresses = [*(person.email for person in people), *(cc.address for cc in ccs)]
    return {
        "csrf_token": context.get("csrf_token"),
        "unreachable": unreachable_since(addresses),
        "case": case,
        "user": user,
        "customers": [person for person in others if person.is_customer],
        "colleagues": [person for person in others if person.is_vendor] if user.is_vendor else [],
        "follows": any(person.pk == user.pk for person in following),
        "is_told_anyway": user.pk in by_themselves,
        "ccs": ccs,
        "languages": settings.LANGUAGES,
        "may_keep_ccs": followers.may_keep_ccs(user, case),
    }


@register.inclusion_tag("mail/notifications/unreachable.html", takes_context=True)
def contact_by_mail(context: template.RequestContext, case: Case) -> dict[str, object]:
    """For the vendor's people: that mails do not reach the contact of a case, if they do not, and which mails
    to its people did not arrive. Needs ``request`` in the context."""
    since = unreachable_since([case.contact.email]).get(case.contact.email)
    mails = lost.not_arrived(case, [case.contact, *engineers_of(case), *followers_of(case)])
    return {
        "user": context["request"].user,
        "contact": case.contact,
        "since": since,
        "mails": mails[:MAX_NOT_ARRIVED],
        "more": max(len(mails) - MAX_NOT_ARRIVED, 0),
    }


@register.inclusion_tag("mail/review/still_elsewhere.html", takes_context=True)
def files_elsewhere(context: template.RequestContext, case: Case) -> dict[str, object]:
    """Files of its mails that have to be uploaded before who keeps them deletes them; needs ``request`` in
    the context."""
    user = context["request"].user
    now = timezone.now()
    return {"user": user, "now": now, "files": still_elsewhere(case, user, now)}


@register.filter
def not_reached(address: str, unreachable: dict[str, datetime]) -> datetime | None:
    """Since when an address takes no mail, of those of ``unreachable_since``."""
    return unreachable.get(address.lower())
