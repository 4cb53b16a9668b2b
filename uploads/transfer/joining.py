"""Joining parts that were uploaded side by side (tus: concatenation) into one upload.

The joined upload's row comes first, with the list of its parts. Then the bytes are copied and
made safe, and one transaction tells of them, makes the bundle and gives up the parts. Stopped
anywhere in between, it can be done again: by the client's same request, or by the sweep.
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
            mine.filter(pk__in=parts).update(expires_at=expiry())
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
            staging.create(joined.staged)
    return fill(joined)


def fill(joined: Upload) -> Upload:
    """Copies the parts' bytes, unless that is done; the row as it is then.

    Raises ``NoSuchUpload``, ``PartMissing``, ``UploadGone``, ``DiskFull``.
    """
    with transaction.atomic():
        row = Upload.objects.select_for_update(no_key=True).get(pk=joined.pk)
        if row.is_complete:
            return row
        if row.gone_at:
            raise UploadGone()
        assert row.user_id is not None  # Links do not join.
        parts = _complete(row.parts, row.user_id, row.case_id)
        # The row counts among what is promised: a copy again and again onto a full disk would hurt everybody.
        quota.require_disk(0)
        staging.join([part.staged for part in parts], row.staged)
        row.offset = row.size
        row.touched_at = timezone.now()
        row.save(update_fields=["offset", "touched_at"])
        Upload.objects.filter(pk__in=row.parts).update(gone_at=timezone.now())
        finish(row)
    for part in parts:
        part.staged.unlink(missing_ok=True)
    return row


def _complete(ids: Sequence[UUID], user_id: int, case_id: int) -> list[Upload]:
    """The parts' rows in the order of ``ids``, all complete on disk, locked."""
    rows = Upload.objects.select_for_update(no_key=True).filter(pk__in=ids, concat=Concat.PARTIAL)
    found = {row.pk: row for row in rows.filter(user_id=user_id, case_id=case_id).order_by("pk")}
    for number, part in enumerate(ids, start=1):
        row = found.get(part)
        if row is None:
            raise NoSuchUpload()
        if row.gone_at or row.expires_at <= timezone.now():
            raise UploadGone()
        if not row.is_complete or staging.length(row.staged) != row.size:
            raise PartMissing(number=number)
    return [found[part] for part in ids]
