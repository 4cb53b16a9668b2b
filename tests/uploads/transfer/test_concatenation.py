"""Parts that were uploaded side by side become one file: with the same rights and limits as any other."""

import hashlib
import os
from datetime import timedelta
from typing import Any

import pytest
from django.test import override_settings
from django.utils import timezone

from accounts.models import User
from cases.models import Case
from tests.people import signed_in
from tests.uploads.tus_client import CHUNK, Tus, metadata, sentence
from uploads import sweep as sweeping
from uploads.bundles import sealing
from uploads.bundles.models import Bundle, BundleState
from uploads.custody.models import Statement
from uploads.transfer.models import Concat, Upload

pytestmark = pytest.mark.django_db

CONTENT = os.urandom(70_000)
CUTS = (CONTENT[:30_000], CONTENT[30_000:30_001], CONTENT[30_001:])


def begin_part(tus: Tus, size: int) -> Any:
    assert tus.case is not None
    return tus.ask(
        "POST",
        "/uploads/tus/",
        Upload_Length=str(size),
        Upload_Concat="partial",
        Upload_Metadata=metadata(case=tus.case.number),
    )


def parts_of(tus: Tus, cuts: tuple[bytes, ...] = CUTS) -> list[str]:
    places = []
    for cut in cuts:
        answer = begin_part(tus, len(cut))
        assert answer.status_code == 201, answer.content.decode()
        assert tus.patch(answer["Location"], 0, cut).status_code == 204
        places.append(answer["Location"])
    return places


def join(tus: Tus, places: list[str], name: str = "logs.zip") -> Any:
    assert tus.case is not None
    return tus.ask(
        "POST",
        "/uploads/tus/",
        Upload_Concat="final;" + " ".join(places),
        Upload_Metadata=metadata(filename=name, case=tus.case.number),
    )


def upload_at(place: str) -> Upload:
    return Upload.objects.get(pk=place.rpartition("/")[2])


def sealed_bytes(place: str) -> bytes:
    """What the worker makes of the joined upload."""
    bundle = Bundle.objects.get(upload=upload_at(place))
    sealing.seal(bundle.pk)
    bundle.refresh_from_db()
    assert bundle.state == BundleState.SEALED
    with bundle.file.open("rb") as file:
        content: bytes = file.read()
    assert bundle.sha256 == hashlib.sha256(content).hexdigest()
    return content


def test_parts_become_one_file_in_their_order(tus: Tus) -> None:
    places = parts_of(tus)
    assert not Bundle.objects.exists(), "a part is no bundle"
    answer = join(tus, [f"https://portal.example{place}" for place in places])
    assert (answer.status_code, answer["Upload-Offset"]) == (201, str(len(CONTENT)))
    bundle = Bundle.objects.get()
    assert (bundle.upload, bundle.name, bundle.size) == (
        upload_at(answer["Location"]),
        "logs.zip",
        len(CONTENT),
    )
    assert bundle.consent is not None
    assert sealed_bytes(answer["Location"]) == CONTENT
    assert not any(upload_at(place).staged.exists() for place in places)
    response = tus.ask("HEAD", answer["Location"])
    assert response["Upload-Concat"] == "final;" + " ".join(places)
    assert (response["Upload-Offset"], response["Upload-Length"]) == (str(len(CONTENT)),) * 2


def test_the_order_is_the_one_that_is_asked_for_and_no_other(tus: Tus) -> None:
    places = sorted((begin_part(tus, 10)["Location"] for _ in range(3)), reverse=True)
    for letter, place in zip(b"abc", places, strict=True):
        assert tus.patch(place, 0, bytes([letter]) * 10).status_code == 204
    joined = join(tus, [places[1], places[0], places[2]])["Location"]
    assert sealed_bytes(joined) == b"b" * 10 + b"a" * 10 + b"c" * 10


def test_who_missed_the_answer_and_joins_again_gets_the_same_upload(tus: Tus) -> None:
    places = parts_of(tus)
    assert join(tus, places)["Location"] == join(tus, places)["Location"]
    assert Bundle.objects.count() == 1


def test_head_says_that_a_part_is_a_part(tus: Tus) -> None:
    assert tus.ask("HEAD", parts_of(tus)[0])["Upload-Concat"] == "partial"


def test_an_unfinished_part_is_named(tus: Tus) -> None:
    places = parts_of(tus)
    places.insert(1, begin_part(tus, 10)["Location"])
    answer = join(tus, places)
    assert answer.status_code == 400
    assert "Part 2" in sentence(answer)
    assert not Upload.objects.filter(concat=Concat.FINAL).exists()


def test_a_joined_upload_takes_no_bytes_and_stays(tus: Tus) -> None:
    place = join(tus, parts_of(tus))["Location"]
    assert tus.patch(place, len(CONTENT), b"more").status_code == 403
    assert tus.ask("DELETE", place).status_code == 409


def test_a_complete_part_can_be_cancelled_and_expires(tus: Tus) -> None:
    first, second, _ = parts_of(tus)
    assert tus.ask("DELETE", first).status_code == 204
    assert not upload_at(first).staged.exists()
    Upload.objects.update(expires_at=timezone.now() - timedelta(seconds=1))
    assert tus.ask("HEAD", second).status_code == 410
    sweeping.sweep()
    assert not upload_at(second).staged.exists()
    assert not Bundle.objects.exists()
    assert join(tus, [second]).status_code == 410


def test_a_part_whose_time_is_over_is_not_joined(tus: Tus) -> None:
    places = parts_of(tus)
    Upload.objects.filter(pk=upload_at(places[1]).pk).update(expires_at=timezone.now())
    assert join(tus, places).status_code == 410
    assert not Bundle.objects.exists()


def test_nobody_joins_the_parts_of_another(tus: Tus, case: Case, jia: User, bob: User) -> None:
    places = parts_of(tus)
    for other in (jia, bob):
        assert join(Tus(other, case), places).status_code == 404
    assert not Bundle.objects.exists()


def test_parts_of_another_case_are_not_joined(tus: Tus, alice: User) -> None:
    from tests.people import report

    other = Tus(alice, report(alice, title="Another"))
    assert join(other, parts_of(tus)).status_code == 404


def test_no_part_and_no_joining_without_consent(tus: Tus) -> None:
    places = parts_of(tus)
    Statement.objects.create(version="9", text_zh="新", text_en="New", published_at=timezone.now())
    assert begin_part(tus, 4).status_code == 403
    assert join(tus, places).status_code == 403


def test_parts_together_are_no_way_around_the_largest_size(tus: Tus, settings: Any) -> None:
    places = parts_of(tus)
    settings.UPLOAD_MAX_SIZE = len(CONTENT) - 1
    answer = join(tus, places)
    assert answer.status_code == 413
    assert f"{len(CONTENT):,}" in sentence(answer)


@pytest.mark.parametrize("header", ["", "final", "final;", "final;/uploads/tus/x", "both", "final;{0} {0}"])
def test_a_concatenation_that_it_cannot_read_is_refused(tus: Tus, header: str) -> None:
    answer = tus.ask(
        "POST",
        "/uploads/tus/",
        Upload_Length="4",
        Upload_Concat=header.format("/uploads/tus/00000000-0000-4000-8000-000000000000"),
        Upload_Metadata=metadata(filename="x", case=tus.case.number if tus.case else ""),
    )
    assert answer.status_code == 400
    assert "Upload-Concat" in sentence(answer)


def test_what_an_earlier_version_left_half_joined_is_made_good_by_the_sweep(tus: Tus) -> None:
    places = parts_of(tus)
    place = join(tus, places)["Location"]
    joined = upload_at(place)
    # As after a crash in mid-copy: the row with its parts, half the bytes, and nothing told.
    joined.staged.write_bytes(CONTENT[:40_000])
    Bundle.objects.all().delete()
    Upload.objects.update(gone_at=None)
    Upload.objects.filter(pk=joined.pk).update(offset=0)
    assert "Upload-Offset" not in tus.ask("HEAD", place)
    sweeping.sweep()
    assert Bundle.objects.get().upload == joined
    assert sealed_bytes(place) == CONTENT


def test_joining_copies_nothing_in_the_request(tus: Tus) -> None:
    places = parts_of(tus)
    place = join(tus, places)["Location"]
    assert not upload_at(place).staged.exists()
    assert [upload_at(part).staged.read_bytes() for part in places] == list(CUTS)
    user = upload_at(place).user
    assert user is not None
    assert "every 2s" in signed_in(user).get(f"/uploads/{upload_at(place).pk}/card").content.decode(), (
        "its card waits for the seal"
    )


def test_parts_of_a_joined_upload_stay_until_it_is_sealed(tus: Tus) -> None:
    places = parts_of(tus)
    place = join(tus, places)["Location"]
    for part in places:
        os.utime(upload_at(part).staged, (1, 1))
        assert tus.ask("DELETE", part).status_code == 410, "given to the joined upload"
    sweeping.sweep()
    assert sealed_bytes(place) == CONTENT


def test_a_part_whose_bytes_were_lost_is_not_joined(tus: Tus) -> None:
    places = parts_of(tus)
    upload_at(places[2]).staged.write_bytes(CUTS[2][:-1])
    assert join(tus, places).status_code == 400
    assert tus.offset(places[2]) == len(CUTS[2]) - 1


def test_bytes_may_come_with_the_creation(tus: Tus) -> None:
    body = b"0123456789"
    whole = tus.ask(
        "POST",
        "/uploads/tus/",
        body,
        Content_Type=CHUNK,
        Upload_Length="10",
        Upload_Metadata=metadata(filename="x.evtx", case=tus.case.number if tus.case else ""),
    )
    assert (whole.status_code, whole["Upload-Offset"]) == (201, "10")
    assert "Upload-Expires" not in whole
    assert Bundle.objects.get().name == "x.evtx"
    begun = tus.create(20, Content_Type=CHUNK)
    assert (begun.status_code, begun["Upload-Offset"]) == (201, "0")


@pytest.mark.parametrize(
    ("length", "checksum", "status"), [("3", None, 413), ("10", "sha1 AAAAAAAAAAAAAAAAAAAAAAAAAAA=", 460)]
)
def test_bytes_that_come_wrong_with_the_creation_leave_nothing(
    tus: Tus, length: str, checksum: str | None, status: int
) -> None:
    more = {"Upload_Checksum": checksum} if checksum else {}
    answer = tus.ask(
        "POST",
        "/uploads/tus/",
        b"0123456789",
        Content_Type=CHUNK,
        Upload_Length=length,
        Upload_Metadata=metadata(filename="x.evtx", case=tus.case.number if tus.case else ""),
        **more,
    )
    assert answer.status_code == status
    assert not Upload.objects.filter(gone_at=None).exists()


def test_a_full_disk_joins_later(tus: Tus) -> None:
    places = parts_of(tus)
    with override_settings(UPLOAD_DISK_RESERVE=2**62):
        assert join(tus, places).status_code == 507
    answer = join(tus, places)
    assert answer.status_code == 201
    assert sealed_bytes(answer["Location"]) == CONTENT
