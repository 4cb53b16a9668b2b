"""What was left lying: expired uploads, bundles that nobody seals, data whose time is over, orphans."""

import logging
import time
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import TypeVar
from uuid import UUID

from django.conf import settings
from django.db import models
from django.utils import timezone

from uploads.attachments import services as attachments
from uploads.attachments.models import MessageAttachment
from uploads.bundles import scanning
from uploads.bundles.enqueue import SEALS
from uploads.bundles.models import Bundle, BundleState, ScanState
from uploads.bundles.sealing import announce
from uploads.custody import retention
from uploads.transfer.joining import complete_joined
from uploads.transfer.models import Concat, Upload
from uploads.transfer.services import discard, finish

logger = logging.getLogger(__name__)
T = TypeVar("T", bound=models.Model)

ANNOUNCE_AGAIN = timedelta(seconds=30)
STOP_ANNOUNCING = timedelta(days=7)
KEEP_ROWS = timedelta(days=30)
MIN_ORPHAN_SECONDS = 3600


def sweep() -> None:
    """Carries every upload and bundle on from where it was left; one that fails stops no other."""
    now = timezone.now()
    # The web server was stopped between the last byte and the bundle.
    complete = Upload.objects.filter(offset=models.F("size"), bundle=None, gone_at=None)
    _each(finish, complete.exclude(concat=Concat.PARTIAL))
    # … or while it joined parts, as earlier versions did in the request.
    half = Upload.objects.filter(concat=Concat.FINAL, offset__lt=models.F("size"), gone_at=None)
    _each(complete_joined, half.filter(expires_at__gt=now))
    SEALS.sweep()
    lately = (now - STOP_ANNOUNCING, now - ANNOUNCE_AGAIN)
    sealed = Bundle.objects.filter(state=BundleState.SEALED, sealed_at__range=lately)
    _each(announce, sealed.filter(announced_at=None))
    scanning.sweep()
    if settings.CLAMD:
        _each(attachments.scan_waiting, MessageAttachment.objects.kept().filter(scan_state=ScanState.WAITING))
    no_file = models.Q(offset__lt=models.F("size")) | models.Q(concat=Concat.PARTIAL)
    _each(discard, Upload.objects.filter(no_file, expires_at__lt=now, gone_at=None))
    _each(retention.announce, retention.to_be_told(now))
    _each(retention.mail, retention.to_be_mailed(now))
    _each(retention.begin_deletion, retention.over(now))
    _each(retention.begin_deletion_of_withdrawn, retention.withdrawn())
    _each(retention.carry_out, retention.unfinished())
    Upload.objects.filter(gone_at__lt=now - KEEP_ROWS).delete()
    remove_orphans(Path(settings.UPLOAD_STAGING))


def _each(act: Callable[[T], object], rows: "models.QuerySet[T]") -> None:
    for row in rows:
        try:
            act(row)
        except Exception:
            logger.exception("The sweep could not carry on %s %s", type(row).__name__, row.pk)


def remove_orphans(folder: Path) -> None:
    """Deletes staged files that no upload still needs and that are not quite new."""
    if not folder.is_dir():
        return
    for file in folder.iterdir():
        try:
            upload_id = UUID(file.name)
            old = time.time() - file.stat().st_mtime > MIN_ORPHAN_SECONDS
        except (ValueError, FileNotFoundError):
            continue
        if not old:
            continue
        needed = Upload.objects.filter(pk=upload_id, gone_at=None).exclude(bundle__state=BundleState.SEALED)
        part_of = Upload.objects.filter(parts__contains=[upload_id], bundle__state=BundleState.SEALING)
        if not needed.exists() and not part_of.exists():
            file.unlink(missing_ok=True)
