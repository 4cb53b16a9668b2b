"""What the upload panel and the bundle card show, for the page and for its live parts."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from django.conf import settings
from django.db.models import Count
from django.urls import reverse
from django.utils import timezone

from cases.evidence_requests.powershell import quoted
from uploads.bundles.check_page import Reader, check_page
from uploads.bundles.models import Bundle, BundleCheck, BundleState, ScanState
from uploads.custody.agreements import consent_of
from uploads.custody.privacy import statement_shown
from uploads.links import services as links
from uploads.links.models import UploadLink
from uploads.transfer.models import Concat, Upload

if TYPE_CHECKING:
    from accounts.models import User
    from cases.models import Case


JUST_NOW = timedelta(seconds=30)
NO_UPLOAD = "00000000-0000-0000-0000-000000000000"
"""Stands in an address for an upload's id that the browser puts there."""


def panel_context(user: User, case: Case) -> dict[str, object]:
    """The variables of templates/uploads/bundles/panel.html."""
    return {
        "case": case,
        "must_agree": not user.is_vendor and consent_of(user, case) is None,
        **statement_shown(),
        "unfinished": unfinished_of(user, case),
        "max_size": settings.UPLOAD_MAX_SIZE,
        "unfinished_url": reverse("upload-unfinished", args=[case.number]),
        "card_url": reverse("upload-card", args=[NO_UPLOAD]),
        "consent_url": reverse("upload-consent", args=[case.number]),
    }


def link_context(link: UploadLink, secret: str) -> dict[str, object]:
    """The same variables for whoever holds an upload link; nothing of the case is in them."""
    return {
        "link_secret": secret,
        "must_agree": not links.has_agreed(link),
        **statement_shown(),
        "unfinished": unfinished_of_link(link),
        "max_size": min(settings.UPLOAD_MAX_SIZE, link.most_bytes),
        "unfinished_url": reverse("upload-link-unfinished", args=[secret]),
        "card_url": reverse("upload-link-card", args=[secret, NO_UPLOAD]),
        "consent_url": reverse("upload-link-consent", args=[secret]),
    }


def links_of(case: Case) -> list[UploadLink]:
    """The newest links of the case, each with the ``number`` of bundles that came by it."""
    links = case.upload_links.select_related("made_by", "person", "request").annotate(number=Count("bundles"))
    return list(links.order_by("-made_at")[:20])


def unfinished_of_link(link: UploadLink) -> list[Upload]:
    """The link's uploads that wait for the rest of their bytes, newest first."""
    return list(Upload.objects.unfinished().filter(link=link).order_by("-touched_at")[:50])


def unfinished_of(user: User, case: Case) -> list[Upload]:
    """This person's uploads to the case that wait for the rest of their bytes, newest first."""
    # Parts are a script's own business: no file of hers is the same.
    uploads = Upload.objects.visible_to(user).unfinished().filter(user=user, case=case, concat=Concat.NONE)
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


def may_download(user: User | None, bundle: Bundle) -> bool:
    """The vendor's people, and whoever uploaded it: a dump may hold what a colleague must not see.

    What holds malware, or may hold it until the scan has ended, is the vendor's alone.
    """
    if user is None or bundle.state != BundleState.SEALED:
        return False
    if bundle.scan_state in {ScanState.WAITING, ScanState.INFECTED}:
        return user.is_vendor
    return user.is_vendor or bundle.user_id == user.pk


def compare_command(bundle: Bundle) -> str:
    """What says in PowerShell whether a file is the bundle; empty while there is no SHA-256.

    No bundle's name has the control characters that cannot be quoted: see ``engine.text_safety.clean_path``.
    """
    if not bundle.sha256:
        return ""
    hashed = f"(Get-FileHash -Algorithm SHA256 -LiteralPath {quoted(bundle.name.rpartition('/')[2])}).Hash"
    return f"{hashed} -eq '{bundle.sha256.upper()}'"


def _reader(user: User | None, bundle: Bundle) -> Reader:
    if user is not None:
        return Reader.OF_CASE
    return Reader.OF_LIST if bundle.link and bundle.link.shows_request else Reader.OF_UPLOAD


def _awaits_check(bundle: Bundle, check: BundleCheck | None) -> bool:
    """Whether the check is under way, or about to be asked for: the seal is a moment old."""
    if bundle.state != BundleState.SEALED or bundle.sealed_at is None:
        return False
    return check.is_open if check else timezone.now() - bundle.sealed_at < JUST_NOW


def _seal_progress(bundle: Bundle) -> dict[str, object]:
    """``SealJob.progress`` of a bundle that a worker is sealing; empty before and after."""
    job = getattr(bundle, "seal_job", None) if bundle.state == BundleState.SEALING else None
    return job.progress if job else {}


def card_context(user: User | None, bundle: Bundle, address: str = "") -> dict[str, object]:
    """The variables of templates/uploads/bundles/card.html; ``address`` is where it is polled."""
    check = getattr(bundle, "bundle_check", None)
    return {
        "card_url": address or reverse("bundle-card", args=[bundle.pk]),
        "bundle": bundle,
        "check": check_page(check, _reader(user, bundle)) if bundle.state == BundleState.SEALED else None,
        "is_polled": bundle.state == BundleState.SEALING or _awaits_check(bundle, check),
        "is_sealing": bundle.state == BundleState.SEALING,
        "seal_progress": _seal_progress(bundle),
        "is_lost": bundle.state == BundleState.LOST,
        "is_deleting": bundle.state == BundleState.DELETING,
        "is_deleted": bundle.state == BundleState.DELETED,
        "may_download": may_download(user, bundle),
        "is_infected": bundle.state == BundleState.SEALED and bundle.scan_state == ScanState.INFECTED,
        "compare": compare_command(bundle),
    }
