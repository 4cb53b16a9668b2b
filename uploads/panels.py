"""What the upload panel and the bundle card show, for the page and for its live parts."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.conf import settings
from django.urls import reverse

from uploads.models import Bundle, BundleState, Upload
from uploads.privacy import PRIVACY_VERSION, statement_template
from uploads.services import consent_of

if TYPE_CHECKING:
    from accounts.models import User
    from cases.models import Case


def panel_context(user: User, case: Case) -> dict[str, object]:
    """The variables of templates/uploads/panel.html."""
    return {
        "case": case,
        "must_agree": user.is_customer and consent_of(user, case) is None,
        "statement": statement_template(),
        "privacy_version": PRIVACY_VERSION,
        "unfinished": unfinished_of(user, case),
        "max_size": settings.UPLOAD_MAX_SIZE,
    }


def unfinished_of(user: User, case: Case) -> list[Upload]:
    """This person's uploads to the case that wait for the rest of their bytes, newest first."""
    uploads = Upload.objects.visible_to(user).unfinished().filter(user=user, case=case)
    return list(uploads.order_by("-touched_at")[:50])


def unfinished_document(upload: Upload) -> dict[str, object]:
    """One unfinished upload as the browser reads it; ``modified`` in milliseconds since 1970."""
    return {
        "id": str(upload.pk),
        "url": reverse("tus-upload", args=[upload.pk]),
        "name": upload.name,
        "size": upload.size,
        "offset": upload.offset,
        "modified": upload.file_modified,
        "expires": upload.expires_at.isoformat(),
    }


def may_download(user: User, bundle: Bundle) -> bool:
    """The vendor's people, and whoever uploaded it: a dump may hold what a colleague must not see."""
    return bundle.state == BundleState.SEALED and (user.is_vendor or bundle.user_id == user.pk)


def card_context(user: User, bundle: Bundle) -> dict[str, object]:
    """The variables of templates/uploads/bundle_card.html."""
    return {
        "bundle": bundle,
        "is_sealing": bundle.state == BundleState.SEALING,
        "is_lost": bundle.state == BundleState.LOST,
        "is_deleted": bundle.state == BundleState.DELETED,
        "may_download": may_download(user, bundle),
    }
