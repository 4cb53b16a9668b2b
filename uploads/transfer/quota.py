"""Room for uploads: what the disk has beyond what is promised, and what one person and one case may hold."""

from __future__ import annotations

import shutil
from pathlib import Path
from typing import TYPE_CHECKING

from django.conf import settings
from django.db import connection
from django.db.models import Count, F, Sum
from django.utils.translation import gettext as _

from uploads.attachments.models import MessageAttachment
from uploads.bundles.models import Bundle, BundleState
from uploads.transfer.errors import DiskFull, OrganisationFull, TooManyUnfinished, TooMuchUnfinished
from uploads.transfer.models import Concat, Upload, UploadQuerySet

if TYPE_CHECKING:
    from accounts.models import Organisation, User
    from cases.models import Case

MAX_UNFINISHED = 200
"""Uploads that one person may have begun and not completed."""

_LOCK = 0x616E6A75616E
"""The number of PostgreSQL's advisory lock under which uploads are begun."""


def one_at_a_time() -> None:
    """Until the end of the transaction nobody else begins an upload: two must not share one room."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s)", [_LOCK])


def promised() -> int:
    """Bytes that unfinished uploads were promised and that have not come yet, and those of the files that
    joined uploads are about to become."""
    coming = Upload.objects.unfinished().aggregate(rest=Sum(F("size") - F("offset")))["rest"]
    joined = Upload.objects.filter(
        concat=Concat.FINAL, offset=F("size"), bundle__state=BundleState.SEALING
    ).aggregate(held=Sum("size"))["held"]
    return int(coming or 0) + int(joined or 0)


def require_disk(size: int) -> None:
    """Refuses ``size`` bytes that the disk cannot take besides what others were promised.

    Raises ``DiskFull``.
    """
    folder = Path(settings.UPLOAD_STAGING)
    folder.mkdir(parents=True, exist_ok=True)
    if shutil.disk_usage(folder).free < size + promised() + settings.UPLOAD_DISK_RESERVE:
        raise DiskFull()


def require_quota(user: User | None, case: Case, size: int) -> None:
    """Refuses what would make too much unfinished for this person, if there is one, or this case,
    or too much in all for the organisation.

    Raises ``TooMuchUnfinished``, ``TooManyUnfinished``, ``OrganisationFull``.
    """
    pending = Upload.objects.pending()
    if user is not None:
        count, held = _held(pending.filter(user=user))
        if count >= MAX_UNFINISHED:
            raise TooManyUnfinished(count=count)
        _require(_("yourself"), held, size, settings.UPLOAD_UNFINISHED_PER_PERSON)
    _count, held = _held(pending.filter(case=case))
    _require(_("this case"), held, size, settings.UPLOAD_UNFINISHED_PER_CASE)
    organisation = case.organisation
    if organisation.quota_gib is not None:
        _count, held = _held(pending.filter(case__organisation=organisation))
        held += kept(organisation)
        if held + size > organisation.quota_gib * 2**30:
            raise OrganisationFull(held=f"{held:,}", limit=f"{organisation.quota_gib:,}")


def kept(organisation: Organisation) -> int:
    """Bytes of the organisation's bundles and attachments that are still there."""
    bundles = Bundle.objects.filter(case__organisation=organisation)
    there = bundles.exclude(state__in=(BundleState.LOST, BundleState.DELETED))
    files = MessageAttachment.objects.kept().filter(message__case__organisation=organisation)
    return sum(int(rows.aggregate(held=Sum("size"))["held"] or 0) for rows in (there, files))


def _held(uploads: UploadQuerySet) -> tuple[int, int]:
    totals = uploads.aggregate(count=Count("pk"), held=Sum("size"))
    return int(totals["count"]), int(totals["held"] or 0)


def _require(whose: str, held: int, size: int, limit: int) -> None:
    # A single file is bounded by UPLOAD_MAX_SIZE alone.
    if held and held + size > limit:
        raise TooMuchUnfinished(whose=whose, held=f"{held:,}", limit=f"{limit:,}")
