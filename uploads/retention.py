"""How long the bytes of bundles are kept: as the privacy statement says, and no longer."""

import logging
from datetime import timedelta

from django.db import transaction
from django.utils import timezone

from cases.status import Status
from uploads.models import Bundle, BundleQuerySet, BundleState
from uploads.signals import bundle_deleted

logger = logging.getLogger(__name__)

KEEP_AFTER_CLOSING = timedelta(days=90)
"""Promised in templates/uploads/privacy/: another time is another version of the statement."""


def due() -> BundleQuerySet:
    """Bundles whose case has been closed for long enough."""
    closed_before = timezone.now() - KEEP_AFTER_CLOSING
    return Bundle.objects.filter(
        state=BundleState.SEALED, case__status=Status.CLOSED, case__closed_at__lt=closed_before
    )


def delete_bytes(bundle: Bundle) -> None:
    """Deletes the file; name, size and SHA-256 stay, the report refers to them.

    A receiver of ``bundle_deleted`` that stumbles keeps the bundle for the next sweep: what
    repeats its bytes goes with them, or nothing does.
    """
    with transaction.atomic():
        row = due().select_for_update(no_key=True, of=("self",)).filter(pk=bundle.pk).first()
        if row is None:
            return
        bundle_deleted.send(sender=Bundle, bundle=row)
        row.file.delete(save=False)
        row.state = BundleState.DELETED
        row.save(update_fields=["state", "file"])
    logger.info("The bytes of bundle %s are deleted: its case was closed 90 days ago", row.pk)
