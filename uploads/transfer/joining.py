"""Joining parts that were uploaded side by side (tus: concatenation) into one upload.

Every byte of it is here already, so the joined upload is complete at once: one short transaction checks
the parts, gives them up and makes the bundle. The worker that seals the bundle makes one file of them
(``uploads.bundles.storing``).
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING
from uuid import UUID

from django.db import transaction
from django.utils import timezone

from engine.text_safety import clean_path
from uploads.custody.agreements import required_consent
from uploads.transfer import quota, staging
from uploads.transfer.errors import NoSuchUpload, PartMissing, UploadGone
from uploads.transfer.models import Concat, Upload
from uploads.transfer.services import finish, require_size
from uploads.transfer.writing import expiry

if TYPE_CHECKING:
    from accounts.models import User
    from cases.models import Case


def join(
    *, user: User, case: Case, name: str, parts: Sequence[UUID], file_modified: int | None = None
) -> Upload:
    """One upload of this person's complete parts, in this order; the same one if asked again.

    Raises ``NoSuchUpload``, ``UploadGone``, ``PartMissing``, ``ConsentMissing``, ``TooLarge``, ``DiskFull``.
    """
    consent = required_consent(user, case)
    name = clean_path(name)
    mine = Upload.objects.filter(user=user, case=case)
    with transaction.atomic():
        quota.one_at_a_time()
        joined = mine.filter(concat=Concat.FINAL, parts=list(parts), gone_at=None).first()
        if joined is None:
            size = sum(row.size for row in _complete(parts, user.pk, case.pk))
            require_size(name, size)
            quota.require_disk(size)
            joined = mine.create(
                case=case,
                user=user,
                consent=consent,
                name=name,
                size=size,
                file_modified=file_modified,
                expires_at=expiry(),
                concat=Concat.FINAL,
                parts=list(parts),
            )
        return complete_joined(joined)


def complete_joined(joined: Upload) -> Upload:
    """Gives the parts to the joined upload, unless that is done; the row as it is then.

    Raises ``NoSuchUpload``, ``PartMissing``, ``UploadGone``.
    """
    with transaction.atomic():
        row = Upload.objects.select_for_update(no_key=True).get(pk=joined.pk)
        if row.is_complete:
            return row
        if row.gone_at:
            raise UploadGone()
        assert row.user_id is not None  # Links do not join.
        _complete(row.parts, row.user_id, row.case_id)
        row.staged.unlink(missing_ok=True)  # Half a copy, as earlier versions made it.
        now = timezone.now()
        row.offset = row.size
        row.touched_at = now
        row.save(update_fields=["offset", "touched_at"])
        Upload.objects.filter(pk__in=row.parts).update(gone_at=now)
        finish(row)
    return row


def _complete(ids: Sequence[UUID], user_id: int, case_id: int) -> list[Upload]:
    """The parts' rows in the order of ``ids``, all complete on disk, locked."""
    rows = Upload.objects.select_for_update(no_key=True).filter(pk__in=ids, concat=Concat.PARTIAL)
    parts = {row.pk: row for row in rows.filter(user_id=user_id, case_id=case_id).order_by("pk")}
    for number, part in enumerate(ids, start=1):
        row = parts.get(part)
        if row is None:
            raise NoSuchUpload()
        if row.gone_at or row.expires_at <= timezone.now():
            raise UploadGone()
        if not row.is_complete or staging.length(row.staged) != row.size:
            raise PartMissing(number=number)
    return [parts[part] for part in ids]
