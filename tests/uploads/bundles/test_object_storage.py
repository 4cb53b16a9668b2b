"""A storage that knows names and no paths, as object stores do; and a seal that is told of twice."""

import hashlib
import os
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import IO, Any
from urllib.parse import quote

import pytest
from django.core.files import File
from django.core.files.storage import Storage
from django.utils import timezone

from accounts.models import User
from analysis.runs.models import AnalysisRun
from cases.models import Case
from jobs.models import JobState
from tests.people import signed_in
from tests.uploads.raw import complete
from tests.uploads.time_travel import closed
from uploads.bundles import sealing
from uploads.bundles.models import Bundle, BundleState, SealJob

pytestmark = pytest.mark.django_db(transaction=True)

CONTENT = os.urandom(300_000)


class ObjectStorage(Storage):
    """Objects as files of one folder. ``fails_after``: bytes after which a store breaks off."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.fails_after: int | None = None

    def _file(self, name: str) -> Path:
        return self.folder / quote(name, safe="")

    def _open(self, name: str, mode: str = "rb") -> File[bytes]:
        assert mode == "rb"
        return File(self._file(name).open("rb"), name=name)

    def _save(self, name: str, content: IO[bytes] | File[Any]) -> str:
        came = 0
        with self._file(name).open("wb") as target:
            for chunk in File(content).chunks():
                came += target.write(chunk)
                if self.fails_after is not None and came > self.fails_after:
                    raise ConnectionError("the object store went away")
        return name

    def listdir(self, path: str) -> tuple[list[str], list[str]]:
        folder = quote(f"{path}/", safe="")
        names = [file.name for file in self.folder.iterdir() if file.name.startswith(folder)]
        return [], [name.removeprefix(folder) for name in names]

    def delete(self, name: str) -> None:
        self._file(name).unlink(missing_ok=True)

    def exists(self, name: str) -> bool:
        return self._file(name).exists()

    def size(self, name: str) -> int:
        return self._file(name).stat().st_size


@pytest.fixture
def objects(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[ObjectStorage]:
    """Where bundles are stored in this test."""
    storage = ObjectStorage(tmp_path)
    monkeypatch.setattr(Bundle._meta.get_field("file"), "storage", storage)
    yield storage


@pytest.fixture
def bundle(alice: User, case: Case, objects: ObjectStorage) -> Bundle:
    """A complete upload that nobody has sealed."""
    return complete(alice, case, CONTENT)


def sealed(bundle: Bundle) -> Bundle:
    bundle.refresh_from_db()
    assert bundle.state == BundleState.SEALED
    assert bundle.sha256 == hashlib.sha256(CONTENT).hexdigest()
    return bundle


def test_a_bundle_is_sealed_served_and_deleted(bundle: Bundle, objects: ObjectStorage, alice: User) -> None:
    sealing.seal(bundle.pk)
    sealed(bundle)
    assert bundle.upload is not None and not bundle.upload.staged.exists()
    answer: Any = signed_in(alice).get(f"/uploads/bundles/{bundle.pk}/file")
    assert b"".join(answer.streaming_content) == CONTENT
    AnalysisRun.objects.update(state=JobState.DONE)
    closed(bundle.case, 91)
    assert objects.listdir(f"bundles/{bundle.case.number}")[1] == []


def test_a_store_that_breaks_off_loses_nothing_and_is_tried_again(
    bundle: Bundle, objects: ObjectStorage
) -> None:
    objects.fails_after = 100_000
    sealing.seal(bundle.pk)
    bundle.refresh_from_db()
    assert bundle.state == BundleState.SEALING
    assert bundle.upload is not None and bundle.upload.staged.read_bytes() == CONTENT
    objects.fails_after = None
    SealJob.objects.update(not_before=timezone.now() - timedelta(seconds=1))
    sealing.seal(bundle.pk)
    with sealed(bundle).file.open("rb") as stored:
        assert stored.read() == CONTENT
    assert len(objects.listdir(f"bundles/{bundle.case.number}")[1]) == 1, "half a copy is deleted"


def test_a_seal_that_is_told_of_twice_makes_one_analysis(bundle: Bundle) -> None:
    sealing.seal(bundle.pk)
    sealing.announce(sealed(bundle))
    sealing.announce(bundle)
    assert AnalysisRun.objects.filter(bundle=bundle).count() == 1
    # Not even when the first analysis is over by then.
    AnalysisRun.objects.update(state=JobState.DONE)
    sealing.announce(bundle)
    assert AnalysisRun.objects.filter(bundle=bundle).count() == 1
