"""Agreements to the privacy statement after they were given: read by their people, and withdrawn."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db import transaction
from django.db.models import Q, QuerySet
from django.utils import timezone

from cases.models import MessageKind
from cases.services import post_message
from uploads.custody import notices
from uploads.custody.models import Consent
from uploads.transfer.models import Upload
from uploads.transfer.services import discard

if TYPE_CHECKING:
    from accounts.models import User


def own(user: User) -> QuerySet[Consent]:
    """What this person agreed to, and by the upload links of cases whose contact she is."""
    if not user.may_enter:
        return Consent.objects.none()
    return Consent.objects.filter(Q(user=user) | Q(link__isnull=False, case__contact=user))


def withdraw(consent: Consent, *, by: User) -> None:
    """Ends an agreement; once. Its unfinished uploads end at once; its bundles are deleted by the next
    sweep (``retention``), or when the legal hold of the case ends. The thread tells the engineer.
    """
    with transaction.atomic():
        row = (
            Consent.objects.select_for_update(of=("self",)).select_related("case__contact").get(pk=consent.pk)
        )
        if row.withdrawn_at is not None:
            return
        row.withdrawn_at = timezone.now()
        row.save(update_fields=["withdrawn_at"])
        post_message(row.case, by=None, body=notices.withdrawn(row, by), kind=MessageKind.SYSTEM)
    for upload in Upload.objects.filter(consent=row, gone_at=None):
        discard(upload)
