"""Which case a parked mail may belong to, with the reasons for and against; certainty in words."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from django.db.models import Q
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from accounts.roles import Right
from cases.models import Case
from mail.inbound.outline import outline_of
from mail.inbound.senders import proven_sender
from mail.reading.providers import FREE_MAIL
from mail.store.models import MailMessage, MailState

MAX_PROPOSED = 4
LIKELY = 4
"""Points from which a case is called likely; one reason in an open case never reaches them."""


@dataclass
class Proposal:
    """A case and why. ``points`` order the proposals and are never shown."""

    case: Case
    points: int = 0
    reasons: list[str | Promise] = field(default_factory=list)
    doubts: list[str | Promise] = field(default_factory=list)

    @property
    def certainty(self) -> str | Promise:
        """In words."""
        return _("Likely") if self.points >= LIKELY and not self.doubts else _("Possible")


def proposals_for(mail: MailMessage, user: User) -> list[Proposal]:
    """Cases that this person sees, the likeliest first."""
    visible = Case.objects.visible_to(user).select_related("organisation", "contact", "engineer")
    person = proven_sender(mail)
    sender = person or User.objects.filter(email=mail.address, is_active=True).first()
    outline = outline_of(mail)
    named = dict.fromkeys(outline.nearly_named, _("a number in the mail may be that of this case"))
    named |= dict.fromkeys(outline.named, _("the mail names this case"))
    domain = mail.address.rpartition("@")[2]
    near = Q(pk__in=named)
    if sender is not None:
        near |= Q(contact=sender) | Q(organisation=sender.organisation_id, organisation__isnull=False)
    elif domain and domain not in FREE_MAIL:
        near |= Q(contact__email__iendswith=f"@{domain}")
    found = [
        _judged(case, named, sender, person, mail)
        for case in visible.filter(near).order_by("-created_at")[:50]
    ]
    found.sort(key=lambda proposal: (-proposal.points, -proposal.case.created_at.timestamp()))
    return found[:MAX_PROPOSED]


def opens_for(mail: MailMessage) -> User | None:
    """Whose new case it is by one click: its proven sender's, where it waits and names no case."""
    person = proven_sender(mail) if mail.state == MailState.PARKED and mail.named_case is None else None
    may_report = person is not None and person.has_right(Right.OWN_ORGANISATION)
    return person if may_report else None


def _judged(
    case: Case,
    named: Mapping[int, str | Promise],
    sender: User | None,
    person: User | None,
    mail: MailMessage,
) -> Proposal:
    proposal = Proposal(case)
    if case.pk in named:
        proposal.points += 2
        proposal.reasons.append(named[case.pk])
    if sender is not None and case.contact_id == sender.pk:
        proposal.points += 2
        proposal.reasons.append(_("its sender is the contact of this case"))
    elif sender is not None and case.organisation_id == sender.organisation_id:
        proposal.points += 1
        proposal.reasons.append(_("its sender belongs to the same organisation"))
    elif sender is None:
        proposal.doubts.append(_("nobody here has this address"))
    else:
        proposal.points -= 1
        proposal.doubts.append(_("its sender takes no part in this case"))
    if person is None and sender is not None:
        proposal.doubts.append(_("our mail server has not proven the sender"))
    if not case.status_facts.is_closed:
        proposal.points += 1
    else:
        proposal.doubts.append(_("this case is closed"))
    words = {word for word in mail.subject.lower().split() if len(word) > 3}
    if words & set(case.title.lower().split()):
        proposal.points += 1
        proposal.reasons.append(_("subject and title share words"))
    return proposal
