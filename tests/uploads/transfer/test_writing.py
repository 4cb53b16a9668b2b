"""Of two requests that write one upload the newer one wins, and the older one does its bytes no harm."""

import hashlib
import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from io import BytesIO
from pathlib import Path
from typing import Any

import pytest

from accounts.models import User
from cases.models import Case
from tests.uploads.raw import begun
from uploads.transfer import staging, writing
from uploads.transfer.errors import ChecksumMismatch, ChunkTooLong, OffsetMismatch, TakenOver
from uploads.transfer.models import Upload
from uploads.transfer.writing import BLOCK, Checksum, append

pytestmark = pytest.mark.django_db

NEWER = b"n" * (3 * BLOCK)
OLDER = b"o" * len(NEWER)
WRONG = Checksum("sha256", hashlib.sha256(b"something else").digest())


@pytest.fixture(params=["the file carries the lease", "the file system has no attributes"])
def upload(
    alice: User, case: Case, request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch
) -> Iterator[Upload]:
    """An upload of ``len(NEWER)`` bytes, none of them here yet."""
    attributes: dict[str, bytes] = {}

    def set_attribute(_: int, name: str, value: bytes) -> None:
        if request.param != "the file carries the lease":
            raise OSError
        attributes[name] = value

    def get_attribute(_: int, name: str) -> bytes:
        if request.param != "the file carries the lease":
            raise OSError
        return attributes[name]

    monkeypatch.setattr(os, "setxattr", set_attribute)
    monkeypatch.setattr(os, "getxattr", get_attribute)
    upload = begun(alice, case, len(NEWER))
    yield upload
    upload.staged.unlink()


class Interrupted(BytesIO):
    """A request's body; after its first block something else happens before the rest comes."""

    def __init__(self, content: bytes, happens: Callable[[], object]) -> None:
        super().__init__(content)
        self.happens = happens

    def readinto(self, memory: Any, /) -> int:
        if self.tell() == BLOCK:
            self.happens()
        return super().readinto(memory)


@pytest.mark.parametrize("checksum", [None, WRONG])
def test_a_request_that_was_taken_over_writes_and_drops_nothing(
    upload: Upload, checksum: Checksum | None
) -> None:
    body = Interrupted(OLDER, lambda: append(upload, BytesIO(NEWER), 0))
    with pytest.raises(TakenOver):
        append(upload, body, 0, checksum)
    upload.refresh_from_db()
    assert upload.offset == len(NEWER)
    assert upload.staged.read_bytes() == NEWER


def test_a_request_that_was_taken_over_does_not_tell_its_own_offset(upload: Upload) -> None:
    body = Interrupted(OLDER[:BLOCK], lambda: append(upload, BytesIO(NEWER), 0))
    with pytest.raises(TakenOver):
        append(upload, body, 0)
    upload.refresh_from_db()
    assert upload.offset == len(NEWER)


def test_a_taken_over_request_whose_checksum_is_wrong_drops_nothing(upload: Upload) -> None:
    body = Interrupted(OLDER[:BLOCK], lambda: append(upload, BytesIO(NEWER), 0))
    with pytest.raises(TakenOver):
        append(upload, body, 0, WRONG, length=BLOCK)
    assert upload.staged.read_bytes() == NEWER


def test_a_request_that_was_overtaken_before_its_first_byte_drops_nothing(
    upload: Upload, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Both saw offset 0; the second one's bytes were acknowledged before the first one opened the file."""
    opened = staging.opened

    @contextmanager
    def late(file: Path) -> Iterator[int]:
        monkeypatch.setattr(staging, "opened", opened)
        append(upload, BytesIO(NEWER), 0)
        with opened(file) as descriptor:
            yield descriptor

    monkeypatch.setattr(staging, "opened", late)
    with pytest.raises(OffsetMismatch):
        append(upload, BytesIO(OLDER[:BLOCK]), 0)
    upload.refresh_from_db()
    assert upload.offset == len(NEWER)
    assert upload.staged.read_bytes() == NEWER


def test_a_checked_chunk_that_did_not_come_whole_is_not_kept(upload: Upload) -> None:
    came = NEWER[:BLOCK]
    right = Checksum("sha256", hashlib.sha256(came).digest())
    with pytest.raises(ChecksumMismatch):
        append(upload, BytesIO(came), 0, right, length=BLOCK + 1)
    assert upload.staged.read_bytes() == b""
    assert append(upload, BytesIO(came), 0, right, length=BLOCK) == BLOCK


def test_a_body_of_unknown_length_ends_where_the_upload_ends(upload: Upload) -> None:
    with pytest.raises(ChunkTooLong):
        append(upload, BytesIO(NEWER + b"and more"), 0)
    assert upload.staged.stat().st_size <= len(NEWER)
    assert append(upload, BytesIO(NEWER), writing.settle(upload).offset) == len(NEWER)
    assert upload.staged.read_bytes() == NEWER


def test_a_wrong_checksum_drops_the_bytes_of_its_own_request_only(upload: Upload) -> None:
    append(upload, BytesIO(NEWER[:BLOCK]), 0)
    with pytest.raises(ChecksumMismatch):
        append(upload, BytesIO(NEWER[BLOCK:]), BLOCK, WRONG)
    assert upload.staged.read_bytes() == NEWER[:BLOCK]
    assert append(upload, BytesIO(NEWER[BLOCK:]), BLOCK) == len(NEWER)
    assert writing.settle(upload).is_complete
