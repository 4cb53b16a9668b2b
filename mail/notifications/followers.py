"""Following a case, and its Cc list: the same acts for pages and mails."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.db import transaction
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import override

from accounts import rate_limit
from accounts.models import User
from cases import rights
from cases.models import Case
from cases.relations.models import Relation
from engine.text_safety import one_line, plain
from mail.notifications.audience import Reader
from mail.notifications.errors import NoAddress, OwnAddress, TookHerselfOff, TooManyCcs
from mail.notifications.letters import greeted
from mail.notifications.links import unsubscribe_url
from mail.notifications.models import CaseCc, CaseFollower
from mail.outbound.addresses import portal_address
from mail.outbound.outbox import enqueue

if TYPE_CHECKING:
    from cases.rights import Visible

MAX_CCS = 20
MAX_ADDED_A_DAY = 40
"""Addresses that one person puts on Cc lists: each is written to."""
WELCOME = "cc_added"
"""The kind of the mail that tells somebody that she is on a Cc list."""


def follow(case: Case, *, by: User) -> None:
    """Tells her of the case from now on. Raises ``NotAllowed``."""
    rights.require(rights.may_see, by, case)
    CaseFollower.objects.update_or_create(case=case, person=by, defaults={"merge": None})


def follow_by_writing(case: Case, by: User) -> None:
    """Whoever writes is told of what comes of it; the contact and the engineer are told anyway."""
    if by.pk not in {case.contact_id, case.engineer_id}:
        follow(case, by=by)


@transaction.atomic
def come_along(relation: Relation) -> None:
    """Those who are told of a double are told of the case that took it in from now on."""
    double, other = relation.case, relation.other
    people = User.objects.filter(Q(pk=double.contact_id) | Q(followed__case=double)).distinct()
    for person in people.exclude(pk__in=[pk for pk in (other.contact_id, other.engineer_id) if pk]):
        CaseFollower.objects.get_or_create(case=other, person=person, defaults={"merge": relation})
    known = CaseCc.objects.in_force().filter(case=other).values("address")
    for cc in CaseCc.objects.in_force().filter(case=double).exclude(address__in=known):
        CaseCc.objects.create(
            case=other,
            address=cc.address,
            language=cc.language,
            added_by=cc.added_by,
            added_at=relation.at,
            merge=relation,
        )


def stay_behind(relation: Relation) -> None:
    """Takes back what ``come_along`` did, but for those who have followed by themselves since."""
    CaseFollower.objects.filter(case=relation.other, merge=relation).delete()
    came = CaseCc.objects.in_force().filter(case=relation.other, merge=relation)
    came.update(removed_at=relation.removed_at, removed_by=relation.removed_by)


def unfollow(case: Case, *, by: User) -> None:
    """Tells her no more, unless the case is hers."""
    CaseFollower.objects.filter(case=case, person=by).delete()


def may_keep_ccs(user: User, case: Visible) -> bool:
    """Change the Cc list: the vendor's people on the case, and its contact."""
    contact = getattr(case, "contact_id", None)
    return rights.may_see(user, case) and (user.is_vendor or user.pk == contact)


def add_cc(case: Case, address: str, *, by: User, language: str = "") -> CaseCc | User:
    """Puts an address on the Cc list and tells its owner so; a colleague who has an account and sees the
    case follows it instead.

    ``language``: of the mails to her; somebody with an account elsewhere gets them in her own, and where
    nothing is said the contact's holds.

    Raises ``NotAllowed``, ``NoAddress``, ``OwnAddress``, ``TookHerselfOff``, ``TooManyCcs``, ``TooOften``.
    """
    rights.require(may_keep_ccs, by, case)
    address = one_line(address).lower()
    try:
        validate_email(address)
    except ValidationError:
        raise NoAddress(address=plain(address, 100)) from None
    if _is_own(address):
        raise OwnAddress()
    with transaction.atomic():
        case.lock()
        person = User.objects.filter(email=address).first()
        if person is not None and case.is_visible_to(person):
            CaseFollower.objects.get_or_create(case=case, person=person)
            return person
        known = CaseCc.objects.in_force().filter(case=case)
        if (cc := known.filter(address=address).first()) is not None:
            return cc
        if (
            CaseCc.objects.filter(case=case, address=address, removed_by=None)
            .exclude(removed_at=None)
            .exists()
        ):
            raise TookHerselfOff(address=address)
        if known.count() >= MAX_CCS:
            raise TooManyCcs(most=MAX_CCS)
        rate_limit.count("cc", str(by.pk), MAX_ADDED_A_DAY, 86400)
        spoken = person.language if person else language
        if spoken not in dict(settings.LANGUAGES):
            spoken = case.contact.language
        cc = CaseCc.objects.create(
            case=case, address=address, language=spoken, added_by=by, added_at=timezone.now()
        )
        _welcome(cc)
    return cc


def remove_cc(cc: CaseCc, *, by: User | None) -> None:
    """Takes an address off; ``by=None``: she herself, by the link in a mail. Raises ``NotAllowed``."""
    rights.require(may_keep_ccs, by, cc.case)
    CaseCc.objects.in_force().filter(pk=cc.pk).update(removed_at=timezone.now(), removed_by=by)


def set_language(cc: CaseCc, language: str) -> None:
    """She herself chooses the language of the mails to her; what is no language of the portal changes
    nothing."""
    if language in dict(settings.LANGUAGES):
        CaseCc.objects.in_force().filter(pk=cc.pk).update(language=language)


def _is_own(address: str) -> bool:
    own, domain = portal_address().lower().split("@", 1)
    local, _at, host = address.rpartition("@")
    return host == domain and local.partition("+")[0] == own


def _welcome(cc: CaseCc) -> None:
    reader = Reader(cc.address, cc.language, is_customer=True, cc=cc)
    facts = {
        "name": one_line(plain(cc.added_by.name)),
        "number": cc.case.number,
        "organisation": one_line(plain(cc.case.organisation.name)),
    }
    with override(cc.language):
        text = [
            _("%(name)s has put your address on the Cc list of case %(number)s of %(organisation)s.") % facts,
            _("From now on you get the mails that the customer gets: answers, requests, results."),
            _(
                "Your address is visible to the people of %(organisation)s and to the engineers of this "
                "case, to nobody else."
            )
            % facts,
        ]
        whole = greeted("", "\n\n".join(text))
    enqueue(
        cc.address,
        kind=WELCOME,
        text=whole,
        case=cc.case,
        cc=cc.pk,
        language=cc.language,
        unsubscribe=unsubscribe_url(reader, kind=None),
    )
