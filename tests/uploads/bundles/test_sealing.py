"""A complete upload becomes a sealed bundle: once, whatever is killed in between."""

import errno
import hashlib
import os
import threading
from collections.abc import Callable, Iterator
from datetime import timedelta
from io import BytesIO
from pathlib import Path
from typing import Any

import pytest
from django.core.files.storage import InMemoryStorage
from django.db import connection
from django.utils import timezone

from accounts.models import User
from cases.events import EventKind
from cases.models import Case, CaseEvent
from cases.status import Status
from jobs.models import JobState
from tests.people import reading_english
from tests.processes import Running, wait_until
from tests.uploads.raw import begun, complete
from uploads import sweep as sweeping
from uploads.bundles import sealing, storing
from uploads.bundles.models import Bundle, BundleState, SealJob, bundle_path
from uploads.bundles.storing import Stored
from uploads.signals import bundle_sealed
from uploads.transfer.joining import join
from uploads.transfer.models import Concat, Upload
from uploads.transfer.services import finish

pytestmark = pytest.mark.django_db(transaction=True)

CONTENT = os.urandom(300_000)
SHA256 = hashlib.sha256(CONTENT).hexdigest()


class Listener:
    """Somebody who waits for sealed bundles; ``fails`` makes it stumble."""

    def __init__(self) -> None:
        self.heard: list[Bundle] = []
        self.fails = False

    def hear(self, bundle: Bundle, **_: object) -> None:
        assert not connection.in_atomic_block
        self.heard.append(bundle)
        if self.fails:
            raise RuntimeError("stumbled")


@pytest.fixture
def listener() -> Iterator[Listener]:
    """The only receiver of the signal."""
    before, bundle_sealed.receivers = bundle_sealed.receivers, []
    bundle_sealed.sender_receivers_cache.clear()
    listening = Listener()
    bundle_sealed.connect(listening.hear)
    yield listening
    bundle_sealed.receivers = before
    bundle_sealed.sender_receivers_cache.clear()


@pytest.fixture
def bundle(alice: User, case: Case) -> Bundle:
    """A complete upload that nobody has sealed."""
    return complete(alice, case, CONTENT)


def is_right(bundle: Bundle) -> bool:
    bundle.refresh_from_db()
    assert bundle.state == BundleState.SEALED
    assert (bundle.sha256, bundle.size) == (SHA256, len(CONTENT))
    with bundle.file.open("rb") as file:
        assert file.read() == CONTENT
    assert not Upload(pk=bundle.upload_id).staged.exists()
    assert CaseEvent.objects.filter(case=bundle.case, kind=EventKind.BUNDLE).count() == 1
    return True


def test_sealing_hashes_moves_and_announces_once(bundle: Bundle, listener: Listener) -> None:
    staged = Upload(pk=bundle.upload_id).staged
    inode = staged.stat().st_ino
    for _ in range(3):
        sealing.seal(bundle.pk)
    assert is_right(bundle)
    assert Path(bundle.file.path).stat().st_ino == inode, "a rename, not a copy"
    assert listener.heard == [bundle]
    assert bundle.announced_at is not None


def test_two_workers_seal_one_bundle_once(bundle: Bundle, listener: Listener) -> None:
    def work() -> None:
        sealing.seal(bundle.pk)
        connection.close()

    workers = [threading.Thread(target=work) for _ in range(4)]
    for thread in workers:
        thread.start()
    for thread in workers:
        thread.join()
    assert is_right(bundle)
    assert listener.heard == [bundle]


def test_a_worker_killed_after_the_move_is_made_good(bundle: Bundle, listener: Listener) -> None:
    target = Path(bundle.file.storage.path(bundle_path(bundle, bundle.name)))
    target.parent.mkdir(parents=True, exist_ok=True)
    Upload(pk=bundle.upload_id).staged.replace(target)
    sealing.seal(bundle.pk)
    assert is_right(bundle)
    assert listener.heard == [bundle]


def test_a_worker_killed_before_the_announcement_is_made_good(bundle: Bundle, listener: Listener) -> None:
    listener.fails = True
    sealing.seal(bundle.pk)
    assert is_right(bundle)
    assert bundle.announced_at is None
    listener.fails = False
    sweeping.sweep()
    assert len(listener.heard) == 1, "not at once: the worker may be at it"
    Bundle.objects.update(sealed_at=timezone.now() - timedelta(minutes=1))
    sweeping.sweep()
    sweeping.sweep()
    assert listener.heard == [bundle, bundle]


def test_a_real_worker_seals_what_the_sweep_finds(bundle: Bundle, worker: Running) -> None:
    SealJob.objects.update(enqueued_at=timezone.now() - timedelta(minutes=1))
    sweeping.sweep()
    wait_until(lambda: Bundle.objects.filter(pk=bundle.pk, state=BundleState.SEALED).exists())
    assert is_right(bundle)


def sparse(upload: Upload) -> None:
    """All its bytes, long to hash and short to make."""
    with upload.staged.open("wb") as file:
        file.truncate(upload.size)
    Upload.objects.filter(pk=upload.pk).update(offset=upload.size)


@pytest.mark.parametrize("parts", [0, 3])
def test_a_worker_killed_in_mid_seal_leaves_it_to_the_next(
    alice: User, case: Case, worker: Running, listener: Listener, parts: int
) -> None:
    if parts:  # They are copied into one file, too.
        uploads = [begun(alice, case, 2**28, concat=Concat.PARTIAL) for _ in range(parts)]
    else:
        uploads = [begun(alice, case, 2**30)]
    for upload in uploads:
        sparse(upload)
    if parts:
        join(user=alice, case=case, name="joined.zip", parts=[upload.pk for upload in uploads])
    else:
        finish(uploads[0])
    bundle = Bundle.objects.get()
    wait_until(lambda: SealJob.objects.filter(pk=bundle.pk, progress__done__gt=0).exists())
    worker.kill()
    bundle.refresh_from_db()
    assert bundle.state == BundleState.SEALING
    assert all(upload.staged.exists() for upload in uploads)
    worker.start()
    SealJob.objects.update(lease_until=timezone.now() - timedelta(seconds=1))
    sweeping.sweep()
    wait_until(lambda: Bundle.objects.filter(pk=bundle.pk, state=BundleState.SEALED).exists())
    bundle.refresh_from_db()
    with bundle.file.open("rb") as stored:
        assert hashlib.file_digest(stored, "sha256").hexdigest() == bundle.sha256
    assert bundle.file.size == bundle.size == sum(upload.size for upload in uploads)
    assert CaseEvent.objects.filter(kind=EventKind.BUNDLE).count() == 1
    wait_until(lambda: not any(upload.staged.exists() for upload in uploads))
    bundle.file.delete()


class Meanwhile:
    """What happens while a worker is between its last byte and the seal."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch, act: Callable[[], None]) -> None:
        store = storing.store

        def stored(*arguments: Any) -> Stored:
            done = store(*arguments)
            monkeypatch.undo()
            act()
            return done

        monkeypatch.setattr(storing, "store", stored)


@pytest.mark.parametrize("elsewhere", [False, True])
def test_a_worker_that_comes_too_late_spoils_nothing_of_the_one_that_took_its_place(
    bundle: Bundle, listener: Listener, monkeypatch: pytest.MonkeyPatch, elsewhere: bool
) -> None:
    field, storage = Bundle._meta.get_field("file"), InMemoryStorage()
    before = field.storage
    if elsewhere:
        field.storage = storage

    def another_seals() -> None:
        SealJob.objects.update(lease_until=timezone.now() - timedelta(seconds=1))
        sealing.seal(bundle.pk)

    Meanwhile(monkeypatch, another_seals)
    try:
        sealing.seal(bundle.pk)
        assert is_right(bundle)
        assert listener.heard == [bundle]
        job = SealJob.objects.get()
        assert (job.state, job.attempt) == (JobState.DONE, 2)
        folder = f"bundles/{bundle.case.number}"
        assert bundle.file.storage.listdir(folder)[1] == [str(bundle.file.name).rpartition("/")[2]]
    finally:
        field.storage = before


def test_a_worker_told_to_end_in_mid_seal_gives_it_back_at_once(
    bundle: Bundle, listener: Listener, monkeypatch: pytest.MonkeyPatch
) -> None:
    def told_to_end() -> None:
        raise SystemExit

    Meanwhile(monkeypatch, told_to_end)
    with pytest.raises(SystemExit):
        sealing.seal(bundle.pk)
    job = SealJob.objects.get()
    assert (job.state, job.attempt, job.lease_until) == (JobState.QUEUED, 0, None)
    sealing.seal(bundle.pk)
    assert is_right(bundle)


def test_a_card_says_how_much_of_the_bundle_is_hashed(bundle: Bundle, alice: User) -> None:
    SealJob.objects.update(progress={"stage": "hash", "done": 123_456})
    card = reading_english(alice).get(f"/uploads/bundles/{bundle.pk}/card").content.decode()
    assert "120.6\xa0KB of 293.0\xa0KB" in card
    assert 'max="300000" value="123456"' in card


def test_a_copy_lies_on_another_file_system_under_its_own_name_until_the_seal(
    bundle: Bundle, listener: Listener, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(*_: object) -> None:
        raise OSError(errno.EXDEV, "another file system")

    monkeypatch.setattr(os, "link", refuse)
    sealing.seal(bundle.pk)
    assert is_right(bundle)
    assert bundle.file.storage.listdir(f"bundles/{bundle.case.number}")[1] == [str(bundle.pk)]


def test_a_storage_that_is_no_file_system_gets_a_copy(
    bundle: Bundle, listener: Listener, monkeypatch: pytest.MonkeyPatch
) -> None:
    storage = InMemoryStorage()
    storage.save(bundle_path(bundle, ""), BytesIO(b"half a copy of an attempt that was killed"))
    monkeypatch.setattr(Bundle._meta.get_field("file"), "storage", storage)
    sealing.seal(bundle.pk)
    bundle.refresh_from_db()
    assert is_right(bundle)


def test_lost_bytes_are_said_and_not_sealed(bundle: Bundle, listener: Listener) -> None:
    Upload(pk=bundle.upload_id).staged.unlink()
    sealing.seal(bundle.pk)
    bundle.refresh_from_db()
    assert bundle.state == BundleState.LOST
    assert listener.heard == []


@pytest.mark.parametrize("status", [Status.WAITING, Status.SUSPENDED, Status.RESULT_SENT])
def test_a_sealed_bundle_resumes_the_case(bundle: Bundle, listener: Listener, status: Status) -> None:
    Case.objects.update(status=status)
    sealing.seal(bundle.pk)
    case = Case.objects.get()
    assert case.status == Status.IN_PROGRESS
    event = CaseEvent.objects.get(kind=EventKind.STATUS)
    assert (event.actor, event.from_status) == (bundle.user, status)
    assert event.reason == "The customer uploaded files."


def test_what_a_colleague_uploads_resumes_it_by_its_name(
    bundle: Bundle, listener: Listener, jia: User
) -> None:
    Bundle.objects.update(user=jia)
    Case.objects.update(status=Status.WAITING)
    sealing.seal(bundle.pk)
    event = CaseEvent.objects.get(kind=EventKind.STATUS)
    assert (event.actor, event.reason) == (jia, bundle.name)


@pytest.mark.parametrize("status", [Status.NEW, Status.IN_PROGRESS, Status.ANALYSING, Status.CLOSED])
def test_other_cases_stay_as_they_are(bundle: Bundle, listener: Listener, status: Status) -> None:
    Case.objects.update(status=status)
    sealing.seal(bundle.pk)
    assert Case.objects.get().status == status
