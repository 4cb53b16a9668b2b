"""Sealing a bundle: SHA-256, into the storage, announced; safe to stop and repeat anywhere.

The long part (hashing, copying) happens outside any transaction, under the lease of a job; the seal itself
is one short transaction that compares the fencing token. The parts of a joined upload become one file here.
"""

from __future__ import annotations

import logging
from contextlib import suppress
from pathlib import Path
from uuid import UUID

from django.core.files.storage import Storage
from django.db import transaction
from django.utils import timezone

from accounts.errors import Refusal
from accounts.roles import Right
from cases.events import EventKind
from cases.models import Case
from cases.services import CUSTOMER_UPLOADED
from cases.status import Prompt
from jobs.errors import LeaseLost
from jobs.models import JobState
from jobs.worker import Attempt, carry_out
from uploads.bundles import scanning, storing
from uploads.bundles.enqueue import SEALS
from uploads.bundles.models import Bundle, BundleState, SealJob, bundle_path
from uploads.bundles.storing import Stored
from uploads.signals import bundle_sealed
from uploads.transfer.models import Upload

logger = logging.getLogger(__name__)


def seal(bundle_id: UUID) -> None:
    """Seals the bundle unless it is sealed, or another worker is at it right now."""
    carry_out(SEALS, SealJob.objects.filter(pk=bundle_id, bundle__state=BundleState.SEALING), _seal)


def announce(bundle: Bundle) -> None:
    """Tells the receivers of ``bundle_sealed``; the sweep repeats it until all have heard.

    So a receiver must stand being told twice.
    """
    # Django logs the receivers that stumble.
    outcomes = [outcome for _, outcome in bundle_sealed.send_robust(sender=Bundle, bundle=bundle)]
    if not any(isinstance(outcome, Exception) for outcome in outcomes):
        Bundle.objects.filter(pk=bundle.pk).update(announced_at=timezone.now())


def _seal(attempt: Attempt[SealJob]) -> None:
    bundle, token = attempt.job.bundle, attempt.job.token
    storage: Storage = bundle.file.storage
    name = bundle_path(bundle, bundle.name)

    def report(stage: str, done: int) -> None:
        attempt.note_in_passing({"stage": stage, "done": done})

    pieces = staged_pieces(bundle)
    stored: Stored | None
    if pieces:
        stored = storing.store(pieces, storage, name, token, report)
    else:
        # Stopped between the last step of the file and the commit.
        stored = storing.recover(storage, name, bundle.size, report)
    if stored is None:
        _mark_lost(attempt.job, name)
        return
    try:
        with SEALS.conclude(attempt.job):
            stored.put_in_place()
            _mark_sealed(bundle, stored)
    except LeaseLost:
        # Only then is it certain that nothing refers to it.
        with suppress(Exception):
            stored.drop()
        raise
    storing.delete_leftovers(storage, name, before=token)
    for piece in pieces:
        piece.unlink(missing_ok=True)
    announce(bundle)


def staged_pieces(bundle: Bundle) -> list[Path]:
    """The staged files whose bytes, one after the other, are the bundle's; none once they are gone."""
    if bundle.upload_id is None:
        return []
    upload = Upload.objects.get(pk=bundle.upload_id)
    if upload.staged.exists():
        return [upload.staged]
    parts = [Upload(pk=part).staged for part in upload.parts]
    return parts if all(part.exists() for part in parts) else []


def _mark_sealed(bundle: Bundle, stored: Stored) -> None:
    now = timezone.now()
    bundle.sha256 = stored.sha256
    bundle.file.name = stored.name
    bundle.state = BundleState.SEALED
    bundle.sealed_at = now
    bundle.scan_state = scanning.begin_scan(bundle)
    bundle.save(update_fields=["sha256", "file", "state", "sealed_at", "scan_state"])
    bundle.case.record(EventKind.BUNDLE, by=bundle.user, at=now, reason=bundle.name)
    resume_case(bundle)


def _mark_lost(job: SealJob, name: str) -> None:
    with SEALS.conclude(job, JobState.FAILED, failure="lost"):
        logger.critical("The bytes of bundle %s are gone: neither staged nor stored as %s", job.key, name)
        Bundle.objects.filter(pk=job.pk).update(state=BundleState.LOST)


def resume_case(bundle: Bundle) -> None:
    """A complete upload is what a waiting case waits for; a closed one stays closed."""
    case = Case.objects.get(pk=bundle.case_id)
    # Where more was asked for, the check of the bundle says whether anything is still missing.
    if not case.awaits_items and Prompt.UPLOAD in case.status_facts.resumes_on:
        by = bundle.user
        reason = bundle.name if by is not None and by.has_right(Right.VENDOR) else CUSTOMER_UPLOADED
        # Somebody may have changed the case a moment ago; the bundle is sealed all the same.
        with suppress(Refusal), transaction.atomic():
            case.change_status("resume", by=by, reason=reason, at=timezone.now())
