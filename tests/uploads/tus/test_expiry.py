"""An upload that nobody goes on with is gone after its time, and says so from the first."""

from datetime import timedelta
from typing import Any

import pytest
from django.utils import timezone
from django.utils.http import parse_http_date

from tests.uploads.tus_client import Tus, sentence
from uploads.transfer.models import Upload

pytestmark = pytest.mark.django_db


def test_creation_and_chunks_say_when_the_upload_expires(tus: Tus, settings: Any) -> None:
    settings.UPLOAD_EXPIRY_HOURS = 2
    created = tus.create(8)
    in_two_hours = (timezone.now() + timedelta(hours=2)).timestamp()
    assert abs(parse_http_date(created["Upload-Expires"]) - in_two_hours) < 60
    assert "Upload-Expires" in tus.patch(created["Location"], 0, b"1234")


def test_an_expired_upload_is_gone_and_cannot_go_on(tus: Tus) -> None:
    url = tus.begin_upload(8)
    Upload.objects.update(expires_at=timezone.now() - timedelta(seconds=1))
    assert tus.ask("HEAD", url).status_code == 410
    answer = tus.patch(url, 0, b"1234")
    assert answer.status_code == 410
    assert "expired" in sentence(answer)


def test_each_chunk_gives_the_upload_its_whole_time_again(tus: Tus, settings: Any) -> None:
    settings.UPLOAD_EXPIRY_HOURS = 2
    url = tus.begin_upload(8)
    Upload.objects.update(expires_at=timezone.now() + timedelta(minutes=1))
    answer = tus.patch(url, 0, b"1234")
    in_two_hours = (timezone.now() + timedelta(hours=2)).timestamp()
    assert abs(parse_http_date(answer["Upload-Expires"]) - in_two_hours) < 60
    assert abs(parse_http_date(tus.ask("HEAD", url)["Upload-Expires"]) - in_two_hours) < 60


def test_a_complete_upload_does_not_expire(tus: Tus) -> None:
    url = tus.begin_upload(4)
    tus.patch(url, 0, b"1234")
    Upload.objects.update(expires_at=timezone.now() - timedelta(days=1))
    answer = tus.ask("HEAD", url)
    assert (answer.status_code, answer["Upload-Offset"]) == (200, "4")
    assert "Upload-Expires" not in answer
