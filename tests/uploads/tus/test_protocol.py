"""What the tus endpoint promises a client, header by header and status by status."""

import base64
import hashlib
import shutil
import zlib
from pathlib import Path
from typing import Any

import pytest
from django.test import Client

from accounts.models import User
from cases.models import Case
from tests.uploads.tus_client import CHUNK, Tus, metadata, sentence, upload_at
from uploads.bundles.models import Bundle, BundleState
from uploads.custody.privacy import version_in_force
from uploads.transfer.models import Upload

pytestmark = pytest.mark.django_db


def checksum(body: bytes, algorithm: str = "sha256") -> str:
    if algorithm == "crc32":
        digest = zlib.crc32(body).to_bytes(4, "big")
    else:
        digest = hashlib.new(algorithm, body).digest()
    return f"{algorithm} {base64.b64encode(digest).decode()}"


def test_options_say_what_the_server_can_do_to_anybody(settings: Any) -> None:
    answer = Client().options("/uploads/tus/")
    assert answer.status_code == 204
    assert answer["Tus-Resumable"] == answer["Tus-Version"] == "1.0.0"
    assert set(answer["Tus-Extension"].split(",")) == {
        *("creation", "creation-with-upload", "checksum", "concatenation", "expiration", "termination")
    }
    assert answer["Tus-Max-Size"] == str(settings.UPLOAD_MAX_SIZE)
    assert answer["Tus-Checksum-Algorithm"] == "sha1,sha256,crc32"


def test_a_file_comes_in_chunks_and_becomes_a_bundle_in_the_thread(
    tus: Tus, alice: User, case: Case, django_capture_on_commit_callbacks: Any
) -> None:
    body = bytes(range(256)) * 40
    url = tus.begin_upload(len(body), "系统日志.zip")
    assert url.startswith("/uploads/tus/")
    with django_capture_on_commit_callbacks() as asked:
        first = tus.patch(url, 0, body[:4096])
        assert (first.status_code, first["Upload-Offset"]) == (204, "4096")
        assert tus.offset(url) == 4096
        last = tus.patch(url, 4096, body[4096:])
    assert (last.status_code, last["Upload-Offset"]) == (204, str(len(body)))
    assert len(asked) == 1
    bundle = Bundle.objects.get(upload=upload_at(url))
    assert (bundle.name, bundle.size, bundle.state) == ("系统日志.zip", len(body), BundleState.SEALING)
    assert (bundle.user, bundle.case) == (alice, case)
    assert bundle.consent is not None and bundle.consent.version == version_in_force()
    assert (bundle.message.kind, bundle.message.author) == ("bundle", alice)
    assert upload_at(url).staged.read_bytes() == body


def test_head_tells_offset_and_length_and_is_never_cached(tus: Tus) -> None:
    answer = tus.ask("HEAD", tus.begin_upload(10))
    assert (answer["Upload-Offset"], answer["Upload-Length"]) == ("0", "10")
    assert answer["Cache-Control"] == "no-store"
    assert answer["Tus-Resumable"] == "1.0.0"


def test_it_does_not_accept_a_chunk_twice(tus: Tus) -> None:
    url = tus.begin_upload(12288)
    tus.patch(url, 0, b"a" * 8192)
    answer = tus.patch(url, 4096, b"b" * 4096)
    assert answer.status_code == 409
    assert sentence(answer) == "This chunk starts at 4096; the upload continues at 8192."
    assert answer["Upload-Offset"] == "8192"
    assert tus.offset(url) == 8192


def test_who_missed_the_last_answer_learns_that_all_is_here(tus: Tus) -> None:
    url = tus.begin_upload(4)
    tus.patch(url, 0, b"full")
    assert tus.offset(url) == 4
    assert tus.patch(url, 0, b"full").status_code == 409
    assert Bundle.objects.count() == 1


@pytest.mark.parametrize("algorithm", ["sha1", "sha256", "crc32"])
def test_a_right_checksum_is_kept_and_a_wrong_one_keeps_nothing(tus: Tus, algorithm: str) -> None:
    url = tus.begin_upload(20)
    assert (
        tus.patch(url, 0, b"0123456789", Upload_Checksum=checksum(b"0123456789", algorithm)).status_code
        == 204
    )
    answer = tus.patch(url, 10, b"damaged!!!", Upload_Checksum=checksum(b"9876543210", algorithm))
    assert (answer.status_code, answer.reason_phrase) == (460, "Checksum Mismatch")
    assert "damaged" in sentence(answer)
    assert tus.offset(url) == 10
    assert upload_at(url).staged.read_bytes() == b"0123456789"
    assert (
        tus.patch(url, 10, b"9876543210", Upload_Checksum=checksum(b"9876543210", algorithm)).status_code
        == 204
    )


@pytest.mark.parametrize("header", ["md4 AAAA", "sha1", "sha1 ***", "sha256 AAAA", "crc32 AAAA", ""])
def test_a_checksum_that_it_cannot_check_is_refused(tus: Tus, header: str) -> None:
    answer = tus.patch(tus.begin_upload(4), 0, b"1234", Upload_Checksum=header)
    assert answer.status_code == 400
    assert "sha1, sha256" in sentence(answer)


@pytest.mark.parametrize("version", ["0.2.2", "1.0", ""])
def test_another_version_is_told_which_one_it_speaks(tus: Tus, version: str) -> None:
    tus.always["Tus-Resumable"] = version
    answer = tus.create(10)
    assert (answer.status_code, answer["Tus-Version"]) == (412, "1.0.0")
    assert "1.0.0" in sentence(answer)


def test_a_chunk_of_another_content_type_is_refused(tus: Tus) -> None:
    answer = tus.patch(tus.begin_upload(4), 0, b"1234", Content_Type="application/zip")
    assert answer.status_code == 415
    assert CHUNK in sentence(answer)


@pytest.mark.parametrize("offset", ["", "-1", "x", "1.5", "٣", "9" * 30])
def test_a_chunk_without_a_readable_offset_is_refused(tus: Tus, offset: str) -> None:
    answer = tus.ask("PATCH", tus.begin_upload(4), b"1234", Content_Type=CHUNK, Upload_Offset=offset)
    assert answer.status_code == 400
    assert "Upload-Offset" in sentence(answer)


def test_a_file_that_is_too_large_is_refused_with_the_limit(tus: Tus, settings: Any) -> None:
    settings.UPLOAD_MAX_SIZE = 1_000_000
    answer = tus.create(1_000_001)
    assert answer.status_code == 413
    assert "1,000,000" in sentence(answer)


def test_a_chunk_past_the_end_is_refused(tus: Tus) -> None:
    url = tus.begin_upload(4)
    answer = tus.patch(url, 0, b"12345")
    assert answer.status_code == 413
    assert sentence(answer) == "This chunk would end at 5; the upload has 4 bytes in all."
    assert tus.offset(url) == 0


def test_an_empty_file_is_refused_by_name(tus: Tus) -> None:
    answer = tus.create(0, "System.evtx")
    assert answer.status_code == 400
    assert "System.evtx" in sentence(answer)
    assert not Upload.objects.exists()


@pytest.mark.parametrize(
    "header", ["", "filename", "filename !!!", "filename " + base64.b64encode(b"\xff").decode()]
)
def test_metadata_that_it_cannot_read_is_refused(tus: Tus, header: str) -> None:
    answer = tus.ask("POST", "/uploads/tus/", Upload_Length="4", Upload_Metadata=header)
    assert answer.status_code == 400
    assert "Upload-Metadata" in sentence(answer)


def test_a_deferred_length_is_refused(tus: Tus) -> None:
    answer = tus.ask("POST", "/uploads/tus/", Upload_Defer_Length="1")
    assert answer.status_code == 400
    assert "Upload-Length" in sentence(answer)


def test_a_disk_without_room_refuses_at_creation(tus: Tus, settings: Any) -> None:
    settings.UPLOAD_MAX_SIZE = 2**62
    free = shutil.disk_usage(Path(settings.ANJUAN_HOME)).free
    answer = tus.create(free)
    assert answer.status_code == 507
    assert "no room" in sentence(answer)


def test_a_file_of_just_the_largest_size_is_taken(tus: Tus, settings: Any) -> None:
    settings.UPLOAD_MAX_SIZE = 1_000
    assert tus.create(1_000).status_code == 201


def test_a_cancelled_upload_is_gone_with_its_bytes(tus: Tus) -> None:
    url = tus.begin_upload(8)
    tus.patch(url, 0, b"1234")
    staged = upload_at(url).staged
    assert tus.ask("DELETE", url).status_code == 204
    assert not staged.exists()
    assert tus.ask("HEAD", url).status_code == 410
    assert tus.ask("DELETE", url).status_code == 410


def test_a_complete_upload_can_no_longer_be_cancelled(tus: Tus) -> None:
    url = tus.begin_upload(4)
    tus.patch(url, 0, b"1234")
    answer = tus.ask("DELETE", url)
    assert answer.status_code == 409
    assert upload_at(url).staged.exists()


def test_a_method_that_the_address_does_not_know_is_refused(tus: Tus) -> None:
    answer = tus.ask("GET", tus.begin_upload(4))
    assert (answer.status_code, answer["Allow"]) == (405, "OPTIONS, HEAD, PATCH, DELETE")


def test_a_proxy_that_lets_only_post_through_is_no_obstacle(tus: Tus) -> None:
    url = tus.begin_upload(4)
    answer = tus.ask(
        "POST", url, b"1234", Content_Type=CHUNK, Upload_Offset="0", X_HTTP_Method_Override="PATCH"
    )
    assert answer.status_code == 204
    assert tus.offset(url) == 4


def test_refusals_speak_the_readers_language(alice: User, case: Case) -> None:
    english = sentence(Tus(alice, language="en").create(4, case="CAS-1"))
    assert english.startswith("There is no such case")


def test_bytes_lost_from_the_disk_lower_the_offset(tus: Tus) -> None:
    url = tus.begin_upload(100)
    tus.patch(url, 0, b"x" * 50)
    with upload_at(url).staged.open("r+b") as file:
        file.truncate(30)
    assert tus.offset(url) == 30
    assert tus.patch(url, 30, b"y" * 70).status_code == 204
    assert upload_at(url).staged.read_bytes() == b"x" * 30 + b"y" * 70


def test_bytes_beyond_the_told_offset_are_dropped(tus: Tus) -> None:
    url = tus.begin_upload(8)
    tus.patch(url, 0, b"1234")
    with upload_at(url).staged.open("ab") as file:
        file.write(b"?" * 20)
    assert tus.patch(url, 4, b"5678").status_code == 204
    assert upload_at(url).staged.read_bytes() == b"12345678"


def test_a_file_of_a_folder_keeps_its_path_and_is_downloaded_by_its_name(tus: Tus, case: Case) -> None:
    words = metadata(filename="System.evtx", path="logs/old/System.evtx", case=case.number)
    answer = tus.ask("POST", "/uploads/tus/", Upload_Length="4", Upload_Metadata=words)
    assert upload_at(answer["Location"]).name == "logs/old/System.evtx"
    assert upload_at(tus.begin_upload(4, "C:\\fakepath\\System.evtx")).name == "System.evtx"
