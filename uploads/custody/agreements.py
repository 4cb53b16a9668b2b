"""Agreements to the privacy statement: who agreed, and whether an upload is covered by one."""

from __future__ import annotations

from typing import TYPE_CHECKING

from accounts.languages import current_language
from cases import rights
from cases.models import Case
from uploads.custody.errors import ConsentMissing
from uploads.custody.models import Consent
from uploads.custody.privacy import version_in_force
from uploads.links.models import UploadLink

if TYPE_CHECKING:
    from django.db.models import QuerySet

    from accounts.models import User


def agree(user: User, case: Case) -> Consent:
    """Records that this person agrees to the statement in force, for this case; once."""
    consent, _ = Consent.objects.get_or_create(
        user=user,
        case=case,
        version=version_in_force(),
        withdrawn_at=None,
        defaults={"language": current_language()},
    )
    return consent


def consent_of(user: User, case: Case) -> Consent | None:
    """The agreement to the statement in force, if there is one."""
    return in_force().filter(user=user, case=case).first()


def in_force() -> QuerySet[Consent]:
    """Agreements to the statement in force that are not withdrawn."""
    return Consent.objects.filter(version=version_in_force(), withdrawn_at=None)


def required_consent(user: User | None, case: Case, link: UploadLink | None = None) -> Consent | None:
    """The agreement to the statement in force under which this person, or the link, uploads.

    People of the vendor are not asked (they upload what reached them by other ways); their
    uploads carry none. Raises ``NotAllowed`` and ``ConsentMissing``.
    """
    rights.require(rights.may_reply, user, case)
    if user is not None:
        consent = consent_of(user, case)
    else:
        consent = in_force().filter(link=link).first() if link else None
    if consent is None and (user is None or not user.is_vendor):
        raise ConsentMissing()
    return consent
