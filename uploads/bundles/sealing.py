"""Sealing a bundle: SHA-256, into the storage, announced; safe to stop and repeat anywhere."""

from __future__ import annotations

import errno
import hashlib
import logging
import os
import shutil
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING
from uuid import UUID

from django.core.files import File
from django.core.files.storage import FileSystemStorage, Storage
from django.db import transaction
from django.utils import timezone

from accounts.errors import Refusal
from cases.events import EventKind
from cases.models import Case
from cases.status import Status
from uploads.bundles import scanning
from uploads.bundles.models import Bundle, BundleState, bundle_path
from uploads.signals import bundle_sealed
from uploads.transfer import staging
from uploads.transfer.models import Upload

if TYPE_CHECKING:
    pass


logger = logging.getLogger(__name__)


def seal(bundle_id: UUID | str) -> None:
    """Seals the bundle unless it is sealed, or another worker is at it right now."""
    with transaction.atomic():
        bundle = (
            Bundle.objects.select_for_update(no_key=True, skip_locked=True, of=("self",))
            .select_related("case", "user")
            .filter(pk=bundle_id, state=BundleState.SEALING)
            .first()
        )
        if bundle is None:
            return
        _seal(bundle)
    if bundle.state == BundleState.SEALED:
        if bundle.upload_id:
            _staged(bundle).unlink(missing_ok=True)
        announce(bundle)


def announce(bundle: Bundle) -> None:
    """Tells the receivers of ``bundle_sealed``; the sweep repeats it until all have heard.

    So a receiver must stand being told twice.
    """
    # Django logs the receivers that stumble.
    outcomes = [outcome for _, outcome in bundle_sealed.send_robust(sender=Bundle, bundle=bundle)]
    if not any(isinstance(outcome, Exception) for outcome in outcomes):
        Bundle.objects.filter(pk=bundle.pk).update(announced_at=timezone.now())


def _seal(bundle: Bundle) -> None:
    storage: Storage = bundle.file.storage
    name = bundle_path(bundle, bundle.name)
    staged = _staged(bundle)
    now = timezone.now()
    if staged.exists():
        with staged.open("rb") as file:
            digest = hashlib.file_digest(file, "sha256").hexdigest()
        _store(storage, staged, name)
    elif storage.exists(name):
        # An earlier attempt moved the file and was stopped before its commit.
        with storage.open(name) as stored:
            digest = hashlib.file_digest(stored, "sha256").hexdigest()
    else:
        logger.critical("The bytes of bundle %s are gone: neither %s nor %s", bundle.pk, staged, name)
        bundle.state = BundleState.LOST
        bundle.save(update_fields=["state"])
        return
    bundle.sha256 = digest
    bundle.file.name = name
    bundle.state = BundleState.SEALED
    bundle.sealed_at = now
    bundle.scan_state = scanning.begin(bundle)
    bundle.save(update_fields=["sha256", "file", "state", "sealed_at", "scan_state"])
    bundle.case.record(EventKind.BUNDLE, by=bundle.user, at=now, reason=bundle.name)
    resume_case(bundle)


def _staged(bundle: Bundle) -> Path:
    return Upload(pk=bundle.upload_id).staged


def _store(storage: Storage, staged: Path, name: str) -> None:
    """Moves or copies the file into the storage under exactly ``name``, in flat memory."""
    if isinstance(storage, FileSystemStorage):
        _move(staged, Path(storage.path(name)), storage.file_permissions_mode)
        return
    # Half a copy of an earlier attempt would make the storage choose another name.
    if storage.exists(name):
        storage.delete(name)
    with staged.open("rb") as file:
        storage.save(name, File(file))


def _move(source: Path, target: Path, mode: int | None) -> None:
    target.parent.mkdir(parents=True, exist_ok=True)
    if mode is not None:
        source.chmod(mode)
    try:
        source.replace(target)
    except OSError as error:
        if error.errno != errno.EXDEV:
            raise
        part = target.with_name(target.name + ".part")
        shutil.copyfile(source, part)
        with part.open("rb") as copy:
            os.fsync(copy.fileno())
        part.replace(target)
    staging.sync_folder(target.parent)


def resume_case(bundle: Bundle) -> None:
    """A complete upload is what a waiting case waits for; a closed one stays closed."""
    case = Case.objects.get(pk=bundle.case_id)
    # Where more was asked for, the check of the bundle says whether anything is still missing.
    if not case.awaits_items and case.status in {Status.WAITING, Status.SUSPENDED, Status.RESULT_SENT}:
        # Somebody may have changed the case a moment ago; the bundle is sealed all the same.
        with suppress(Refusal), transaction.atomic():
            case.change_status("resume", by=bundle.user, reason=bundle.name, at=timezone.now())
