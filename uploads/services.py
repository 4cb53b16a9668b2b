"""What can be done with uploads: agree, begin, append, finish, cancel."""

from __future__ import annotations

from contextlib import suppress
from typing import TYPE_CHECKING

from django.conf import settings
from django.db import transaction
from django.utils import timezone

from accounts.errors import Refusal
from cases.lifecycle import change_status
from cases.models import Case, MessageKind
from cases.services import post_message
from cases.status import Status
from uploads import room, staging
from uploads.errors import AlreadyComplete, ConsentMissing, EmptyFile, TooLarge
from uploads.models import Bundle, Concat, Consent, Upload, UploadLink
from uploads.names import clean_path
from uploads.privacy import statement_language, version_in_force
from uploads.queue import ask_to_seal
from uploads.writing import append, expiry, settle

if TYPE_CHECKING:
    from django.db.models import QuerySet

    from accounts.models import User

__all__ = ["agree", "append", "begin_upload", "cancel", "consent_of", "finish", "settle"]


def agree(user: User, case: Case) -> Consent:
    """Records that this person agrees to the statement in force, for this case; once."""
    consent, _ = Consent.objects.get_or_create(
        user=user,
        case=case,
        version=version_in_force(),
        withdrawn_at=None,
        defaults={"language": statement_language()},
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
    uploads carry none. Raises ``ConsentMissing``.
    """
    if user is not None:
        consent = consent_of(user, case)
    else:
        consent = in_force().filter(link=link).first() if link else None
    if consent is None and (user is None or user.is_customer):
        raise ConsentMissing()
    return consent


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

    ``name`` may be a path within a folder. What a link allows is held by ``uploads.links.begin``.

    Raises ``ConsentMissing``, ``EmptyFile``, ``TooLarge``, ``TooMuchUnfinished``,
    ``TooManyUnfinished``, ``DiskFull``.
    """
    name = clean_path(name)
    consent = required_consent(user, case, link)
    require_size(name, size)
    with transaction.atomic():
        room.one_at_a_time()
        room.require_quota(user, case, size)
        room.require_disk(size)
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
        ask_to_seal(bundle.pk)
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


def resume_case(bundle: Bundle) -> None:
    """A complete upload is what a waiting case waits for; a closed one stays closed."""
    case = Case.objects.get(pk=bundle.case_id)
    # Where more was asked for, the check of the bundle says whether anything is still missing.
    if not case.awaits_items and case.status in {Status.WAITING, Status.SUSPENDED, Status.RESULT_SENT}:
        # Somebody may have changed the case a moment ago; the bundle is sealed all the same.
        with suppress(Refusal), transaction.atomic():
            change_status(case, "resume", by=bundle.user, reason=bundle.name, at=timezone.now())
