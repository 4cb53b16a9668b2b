"""What the entry of a mail offers in its thread: the cases it goes to by one click, and that it goes back."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from typing import TYPE_CHECKING
from uuid import UUID

from django.db.models import Exists, OuterRef, Q

from accounts.models import User
from cases.models import Case
from cases.relations.kinds import RelationKind
from cases.relations.models import Relation
from mail.inbound.outline import outline_of
from mail.review.services import INTO_A_CASE, to_take_back
from mail.store.models import MatchedBy

if TYPE_CHECKING:
    from mail.review.models import MailDecision
    from mail.store.models import MailMessage

MAX_OFFERED = 4
MAX_LOOKED_AT = 50


def offered(case: Case, mails: Collection[MailMessage], user: User) -> dict[UUID, list[Case]]:
    """For each mail of a case the others that it may belong to, the likeliest first: those that it names,
    then related ones, its sender's, her organisation's; open ones before closed. A few queries for them
    all; none that this person does not see, and no double."""
    outlines = {mail.pk: outline_of(mail) for mail in mails}
    named = {key: [*outline.named, *outline.nearly_named] for key, outline in outlines.items()}
    relations = Relation.objects.in_force().filter(Q(case=case) | Q(other=case)).values_list("case", "other")
    related = {key for pair in relations for key in pair}
    ids = related.union(*named.values())
    others = Case.objects.visible_to(user).exclude(pk=case.pk).select_related("contact")
    senders = User.objects.filter(email__in={mail.address.lower() for mail in mails})
    houses = {
        case.organisation_id,
        *senders.exclude(organisation=None).values_list("organisation", flat=True),
    }
    others = others.filter(Q(pk__in=ids) | Q(organisation__in=houses)).order_by("-created_at")
    doubles = Relation.objects.in_force().filter(case=OuterRef("pk"), kind=RelationKind.DOUBLE)
    others = others.exclude(Exists(doubles))
    near = list(others.filter(pk__in=ids)[:MAX_LOOKED_AT])
    near += [other for other in others[:MAX_LOOKED_AT] if other not in near]
    return {
        mail.pk: sorted(near, key=lambda other: _distance(other, mail, named[mail.pk], related))[:MAX_OFFERED]
        for mail in mails
    }


def _distance(case: Case, mail: MailMessage, named: list[int], related: set[int]) -> tuple[bool, ...]:
    hers = case.contact.email.lower() == mail.address.lower()
    return case.pk not in named, case.pk not in related, case.status_facts.is_closed, not hers


@dataclass(frozen=True)
class Moved:
    """``decision``: that brought a mail here, and may be taken back. ``former``: the case that it was in
    before, where its reader sees that."""

    decision: MailDecision
    former: Case | None


def moved_here(mail: MailMessage, user: User) -> Moved | None:
    """How a colleague brought it here; ``None`` where nothing can be taken back."""
    decision = to_take_back(mail) if mail.matched_by == MatchedBy.BY_HAND else None
    if decision is None or decision.choice not in INTO_A_CASE:
        return None
    seen, former_id = Case.objects.visible_to(user), decision.former_case_id
    return Moved(decision, seen.filter(pk=former_id).first() if former_id else None)
