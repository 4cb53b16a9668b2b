"""Bytes of an entry that did not come about do not stay; those of entries do."""

import os
import time
from pathlib import Path
from typing import Any

import pytest
from django.core.files.storage import default_storage
from django.db import transaction

from accounts.models import User
from cases.models import Case
from cases.services import post_message
from uploads.attachments.models import MessageAttachment
from uploads.attachments.services import attach
from uploads.tasks import remove_orphans

pytestmark = pytest.mark.django_db


class Killed(BaseException):
    """Ends a transaction whose files are stored already."""


@pytest.fixture(autouse=True)
def folder(settings: Any, tmp_path: Path) -> Path:
    settings.MEDIA_ROOT = tmp_path / "media"
    return tmp_path / "media" / "attachments"


def attached(case: Case, by: User) -> MessageAttachment:
    return attach(
        post_message(case, by=by, body="The file"),
        name="a.txt",
        content=b"some words",
        content_type="text/plain",
        by=by,
    )


def orphan(case: Case, by: User) -> Path:
    """The file of an entry that was rolled back."""
    try:
        with transaction.atomic():
            attachment = attached(case, by)
            raise Killed
    except Killed:
        return Path(attachment.file.path)


def grown_old(file: Path) -> None:
    long_since = time.time() - 2 * 3600
    os.utime(file, (long_since, long_since))


def test_the_bytes_of_an_entry_that_did_not_come_about_are_deleted(case: Case, alice: User) -> None:
    file = orphan(case, alice)
    assert file.read_bytes() == b"some words"
    grown_old(file)

    remove_orphans()

    assert not file.exists()


def test_the_bytes_of_an_entry_stay_however_old_they_are(case: Case, alice: User) -> None:
    kept = attached(case, alice)
    grown_old(Path(kept.file.path))

    remove_orphans()

    assert kept.file.read() == b"some words"


def test_what_a_transaction_may_still_be_storing_stays(case: Case, alice: User) -> None:
    file = orphan(case, alice)

    remove_orphans()

    assert file.exists()


def test_a_portal_that_has_stored_nothing_yet_is_left_alone(folder: Path) -> None:
    remove_orphans()

    assert not folder.exists()


def test_one_file_that_cannot_be_deleted_keeps_no_other(
    case: Case, alice: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    stuck, other = orphan(case, alice), orphan(case, alice)
    grown_old(stuck)
    grown_old(other)
    really = default_storage.delete

    def delete(name: str) -> None:
        if name.endswith(stuck.name):
            raise OSError("the disk is read-only")
        really(name)

    monkeypatch.setattr(default_storage, "delete", delete)

    remove_orphans()

    assert (stuck.exists(), other.exists()) == (True, False)
