"""What becomes of staged bytes: finished once, whoever does it, or discarded and swept away."""

import os
from datetime import timedelta
from io import BytesIO
from pathlib import Path
from typing import Any

import pytest
from django.utils import timezone

from accounts.models import User
from cases.models import Case
from tests.uploads.raw import begun, complete
from uploads import sweep as sweeping
from uploads.bundles.models import Bundle
from uploads.transfer.errors import TakenOver
from uploads.transfer.models import Upload
from uploads.transfer.services import discard, finish
from uploads.transfer.writing import append

pytestmark = pytest.mark.django_db(transaction=True)


def test_finishing_twice_makes_one_bundle(alice: User, case: Case) -> None:
    upload = begun(alice, case, 4)
    with pytest.raises(ValueError, match="4 bytes"):
        finish(upload)
    append(upload, BytesIO(b"1234"), 0)
    assert finish(upload) == finish(upload)
    assert Bundle.objects.count() == 1
    assert case.messages.filter(kind="bundle").count() == 1


def test_the_sweep_finishes_what_the_web_server_could_not(alice: User, case: Case) -> None:
    upload = begun(alice, case, 4)
    append(upload, BytesIO(b"1234"), 0)
    sweeping.sweep()
    assert Bundle.objects.get().upload == upload


def test_the_sweep_deletes_expired_bytes_and_orphans_only(alice: User, case: Case, settings: Any) -> None:
    live, old = begun(alice, case, 10), begun(alice, case, 10)
    for upload in (live, old):
        append(upload, BytesIO(b"12345"), 0)
    Upload.objects.filter(pk=old.pk).update(expires_at=timezone.now() - timedelta(minutes=1))
    staging = Path(settings.UPLOAD_STAGING)
    orphan = staging / "00000000-0000-4000-8000-000000000000"
    fresh = staging / "00000000-0000-4000-8000-000000000001"
    foreign = staging / "README"
    for file in (orphan, fresh, foreign):
        file.write_bytes(b"?")
    for file in (orphan, foreign, live.staged):
        os.utime(file, (1, 1))
    sweeping.sweep()
    assert live.staged.exists() and fresh.exists() and foreign.exists()
    assert not old.staged.exists() and not orphan.exists()
    old.refresh_from_db()
    assert old.gone_at is not None
    for file in (fresh, foreign):
        file.unlink()


def test_a_writer_whose_upload_is_cancelled_stops(alice: User, case: Case) -> None:
    upload = begun(alice, case, 10)

    class Cancelling(BytesIO):
        def readinto(self, memory: Any, /) -> int:
            discard(upload)
            return super().readinto(memory[:2])

    with pytest.raises(TakenOver):
        append(upload, Cancelling(b"1234567890"), 0)
    assert not upload.staged.exists()


def test_a_complete_upload_is_never_discarded(alice: User, case: Case) -> None:
    upload = complete(alice, case, b"1234").upload
    assert upload is not None
    Upload.objects.update(expires_at=timezone.now() - timedelta(days=1))
    assert not discard(upload)
    sweeping.sweep()
    assert upload.staged.exists()
