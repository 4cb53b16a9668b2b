"""What is promised to one upload is not promised to another, and nobody takes all the room."""

import shutil
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.utils import timezone

from accounts.models import User
from cases.models import Case
from tests.uploads.tus_client import Tus, sentence
from uploads.bundles.models import Bundle, BundleState
from uploads.transfer import quota
from uploads.transfer.models import Upload

pytestmark = pytest.mark.django_db

GIB = 2**30


def test_the_disk_is_not_promised_twice(tus: Tus, settings: Any) -> None:
    settings.UPLOAD_MAX_SIZE = settings.UPLOAD_UNFINISHED_PER_PERSON = 2**62
    settings.UPLOAD_UNFINISHED_PER_CASE = 2**62
    free = shutil.disk_usage(Path(settings.ANJUAN_HOME)).free
    url = tus.begin_upload(free * 2 // 3)
    answer = tus.create(free * 2 // 3)
    assert answer.status_code == 507
    assert "no room" in sentence(answer)
    Upload.objects.update(expires_at=timezone.now() - timedelta(seconds=1))
    assert tus.create(free * 2 // 3).status_code == 201, "what has expired is promised no more"
    assert tus.ask("HEAD", url).status_code == 410


def test_one_persons_unfinished_uploads_are_limited(tus: Tus, settings: Any) -> None:
    settings.UPLOAD_UNFINISHED_PER_PERSON = 100
    first = tus.begin_upload(60)
    answer = tus.create(60)
    assert answer.status_code == 507
    assert "Complete or cancel" in sentence(answer) and "yourself" in sentence(answer)
    assert tus.ask("DELETE", first).status_code == 204
    second = tus.begin_upload(60)
    assert tus.patch(second, 0, b"x" * 60).status_code == 204
    assert tus.create(60).status_code == 201, "what is complete counts no more"
    assert tus.create(41).status_code == 507
    assert tus.create(40).status_code == 201, "just full"


def test_one_cases_unfinished_uploads_are_limited(tus: Tus, case: Case, jia: User, settings: Any) -> None:
    settings.UPLOAD_UNFINISHED_PER_CASE = 100
    tus.begin_upload(60)
    answer = Tus(jia, case).create(60)
    assert answer.status_code == 507
    assert "this case" in sentence(answer)


def test_an_organisations_uploads_fit_its_room(tus: Tus, case: Case) -> None:
    case.organisation.quota_gib = 1
    case.organisation.save()
    first = tus.begin_upload(2**29)
    answer = tus.create(2**29 + 1)
    assert answer.status_code == 507
    assert "your organisation hold 536,870,912 bytes" in sentence(answer)
    assert tus.ask("DELETE", first).status_code == 204
    kept = tus.create(60)
    assert tus.patch(kept["Location"], 0, b"x" * 60).status_code == 204
    assert tus.create(2**30 - 59).status_code == 507, "what is kept counts"
    last = tus.create(2**30 - 60)
    assert last.status_code == 201, "just full"
    assert tus.ask("DELETE", last["Location"]).status_code == 204
    for gone in (BundleState.LOST, BundleState.DELETED):
        Bundle.objects.update(state=gone)
        whole = tus.create(2**30)
        assert whole.status_code == 201, "what is gone counts no more"
        assert tus.ask("DELETE", whole["Location"]).status_code == 204


def test_the_last_of_the_disk_is_not_for_uploads(tus: Tus, settings: Any) -> None:
    settings.UPLOAD_DISK_RESERVE = shutil.disk_usage(Path(settings.ANJUAN_HOME)).total
    answer = tus.create(2**20)
    assert answer.status_code == 507
    assert "no room" in sentence(answer)


def test_complete_parts_count_until_they_are_joined(tus: Tus, settings: Any) -> None:
    settings.UPLOAD_UNFINISHED_PER_PERSON = 100
    part = tus.create(60, Upload_Concat="partial")
    assert tus.patch(part["Location"], 0, b"x" * 60).status_code == 204
    assert tus.create(60).status_code == 507


def test_a_single_large_file_is_bound_by_the_largest_size_alone(tus: Tus, settings: Any) -> None:
    settings.UPLOAD_UNFINISHED_PER_PERSON = settings.UPLOAD_UNFINISHED_PER_CASE = 100
    assert tus.create(1000).status_code == 201


def test_the_number_of_unfinished_uploads_is_limited(tus: Tus, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(quota, "MAX_UNFINISHED", 2)
    tus.begin_upload(4)
    tus.begin_upload(4)
    answer = tus.create(4)
    assert answer.status_code == 507
    assert "2 unfinished uploads" in sentence(answer)
