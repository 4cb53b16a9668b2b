"""What can be done with uploads: begin, finish, cancel; appending bytes is ``uploads.transfer.writing``."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.conf import settings
from django.db import transaction
from django.utils import timezone

from cases.models import Case, MessageKind
from cases.services import post_message
from engine.text_safety import clean_path
from uploads.bundles.enqueue import ask_to_seal
from uploads.bundles.models import Bundle
from uploads.custody.agreements import required_consent
from uploads.links.models import UploadLink
from uploads.transfer import quota, staging
from uploads.transfer.errors import AlreadyComplete, EmptyFile, TooLarge
from uploads.transfer.models import Concat, Upload
from uploads.transfer.writing import expiry, settle

if TYPE_CHECKING:
    from accounts.models import User


def require_size(name: str, size: int) -> None:
    """Raises ``EmptyFile``, ``TooLarge``."""
    if size <= 0:
        raise EmptyFile(name=name)
    if size > settings.UPLOAD_MAX_SIZE:
        raise TooLarge(size=f"{size:,}", limit=f"{settings.UPLOAD_MAX_SIZE:,}")


def begin_upload(
    *,
    user: User | None,
    case: Case,
    name: str,
    size: int,
    file_modified: int | None = None,
    link: UploadLink | None = None,
    concat: Concat = Concat.NONE,
) -> Upload:
    """An upload of ``size`` bytes, none of them here yet; by a person or by an upload link.

    ``name`` may be a path within a folder. What a link allows is held by
    ``uploads.links.services.begin_upload``.

    Raises ``ConsentMissing``, ``EmptyFile``, ``TooLarge``, ``TooMuchUnfinished``,
    ``TooManyUnfinished``, ``DiskFull``.
    """
    name = clean_path(name)
    consent = required_consent(user, case, link)
    require_size(name, size)
    with transaction.atomic():
        quota.one_at_a_time()
        quota.require_quota(user, case, size)
        quota.require_disk(size)
        upload = Upload.objects.create(
            case=case,
            user=user,
            link=link,
            consent=consent,
            name=name,
            size=size,
            file_modified=file_modified,
            expires_at=expiry(),
            concat=concat,
        )
        staging.create(upload.staged)
    return upload


def finish(upload: Upload) -> Bundle:
    """The bundle of a complete upload, with its thread entry; the same one if asked again.

    The worker is asked to seal it. Raises ``ValueError`` if bytes are missing.
    """
    with transaction.atomic():
        rows = Upload.objects.select_for_update(no_key=True, of=("self",)).select_related("case", "user")
        row = rows.get(pk=upload.pk)
        if not row.is_complete:
            raise ValueError(f"{row.size - row.offset} bytes of upload {row.pk} are missing")
        if row.concat == Concat.PARTIAL:
            raise ValueError(f"upload {row.pk} is a part of a file")
        if made := Bundle.objects.filter(upload=row).first():
            return made
        now = timezone.now()
        bundle = Bundle.objects.create(
            case=row.case,
            upload=row,
            user=row.user,
            link_id=row.link_id,
            consent_id=row.consent_id,
            message=post_message(row.case, by=row.user, body=row.name, kind=MessageKind.BUNDLE, at=now),
            name=row.name,
            size=row.size,
            received_at=now,
        )
        ask_to_seal(bundle)
    return bundle


def cancel(upload: Upload) -> None:
    """Ends an upload and deletes its bytes. Raises ``UploadGone``, ``AlreadyComplete``."""
    if not discard(settle(upload)):
        raise AlreadyComplete()


def discard(upload: Upload) -> bool:
    """Takes the lease from any writer and deletes the staged bytes; false if they are evidence."""
    with transaction.atomic():
        row = Upload.objects.select_for_update(no_key=True).get(pk=upload.pk)
        # The last byte may have come a moment ago.
        if row.is_evidence:
            return False
        row.lease = None
        row.gone_at = timezone.now()
        row.save(update_fields=["lease", "gone_at"])
        row.staged.unlink(missing_ok=True)
    return True
