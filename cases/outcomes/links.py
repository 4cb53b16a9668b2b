"""The link in a mail that answers a result without signing in.

It names the person, the case and the moment of the result, is signed, and answers that result alone: once it
is answered, once another result is sent or the person may no longer see the case, it is void. Whoever only
opens it changes nothing; whoever is signed in as somebody else finds nothing.
The page shows nothing of the case but when its result was sent.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING

from django.core import signing
from django.urls import reverse

from accounts.models import User
from cases.models import Case
from cases.status import Status

if TYPE_CHECKING:
    from typing import Any

SALT = "cases.outcomes.links"
MAX_AGE = timedelta(days=30)


@dataclass(frozen=True)
class Asked:
    """Whom a link asks about which case."""

    person: User
    case: Case


def answer_path(case: Case, person: User) -> str:
    """The address, below the portal's, that asks ``person`` whether the result that was sent helped."""
    return reverse("answer-link", kwargs={"token": make(case, person)})


def make(case: Case, person: User) -> str:
    """A token for the result that ``case`` has been waiting with since ``status_since``."""
    return signing.dumps([person.pk, case.pk, _moment(case)], salt=SALT, compress=True)


def read(token: str) -> Asked | None:
    """Whom it asks; ``None`` where it is forged, too old, or void."""
    try:
        facts: Any = signing.loads(token, salt=SALT, max_age=MAX_AGE)
        person_id, case_id, moment = facts
    except (signing.BadSignature, ValueError, TypeError):
        return None
    person = User.objects.filter(pk=person_id).first()
    if not (person is not None and person.is_customer):
        return None
    case = Case.objects.visible_to(person).select_related("contact").filter(pk=case_id).first()
    if case is None or case.status != Status.RESULT_SENT or _moment(case) != moment:
        return None
    return Asked(person, case)


def _moment(case: Case) -> int:
    return int(case.status_since.timestamp() * 1000)
