"""One file out of a bundle, known by its SHA-256, without unpacking the rest."""

import hashlib
import io
import struct
import zipfile
from typing import Any

import pytest
from django.utils import timezone

from accounts.models import User
from analysis.findings import artifact_file
from analysis.runs.models import AnalysisRun, Artifact
from cases.models import Case
from tests.analysis import bundles
from tests.people import reading_english, signed_in
from uploads.custody.models import Access, Act

pytestmark = pytest.mark.django_db

INSIDE = b"<script>alert(1)</script>" * 1000


def packed(*files: tuple[str, bytes], compression: int = zipfile.ZIP_DEFLATED) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", compression) as archive:
        for name, content in files:
            archive.writestr(name, content)
    return out.getvalue()


def make_artifact(case: Case, by: User, content: bytes, path: str, inside: bytes = INSIDE) -> Artifact:
    bundle = bundles.sealed(case, by, content)
    run = AnalysisRun.objects.create(bundle=bundle, state="done", queued_at=timezone.now())
    facts: dict[str, Any] = {"size": len(inside), "kind": "other", "state": "read"}
    return Artifact.objects.create(
        run=run, path=path, sha256=hashlib.sha256(inside).hexdigest().upper(), **facts
    )


def fetched(who: User, artifact: Artifact, **headers: str) -> Any:
    address = f"/analysis/{artifact.run.bundle.case.number}/runs/{artifact.run_id}/files/{artifact.pk}"
    answer: Any = signed_in(who).get(address, headers=headers)
    answer.body = b"".join(answer.streaming_content) if answer.streaming else answer.content
    return answer


def test_an_engineer_takes_one_file_out(case: Case, alice: User, jia: User) -> None:
    decoy = b"x" * len(INSIDE)
    content = packed(
        ("logs/page.html", decoy), ("logs/日志/page.html", INSIDE), ("big.bin", b"0" * 10_000_000)
    )
    artifact = make_artifact(case, alice, content, "logs/日志/page.html")
    answer = fetched(jia, artifact)
    assert (answer.status_code, answer.body) == (200, INSIDE)
    assert answer["Content-Type"] == "application/octet-stream"
    assert answer["Content-Disposition"] == 'attachment; filename="page.html"'
    access = Access.objects.get()
    assert (access.act, access.detail) == (Act.FILE, artifact.sha256)
    part = fetched(jia, artifact, Range="bytes=1-6")
    assert (part.status_code, part.body) == (206, INSIDE[1:7])


def test_a_bundle_that_is_one_file_is_that_file(case: Case, alice: User, jia: User) -> None:
    assert fetched(jia, make_artifact(case, alice, INSIDE, "System.evtx")).body == INSIDE


@pytest.mark.parametrize(
    "content",
    [
        packed(("inner.zip", packed(("page.html", INSIDE)))),
        packed(("page.html", b"x" * len(INSIDE))),
        b"no archive at all",
        packed(("page.html", INSIDE))[:-30],
        packed(("page.html", INSIDE)).replace(b"PK\x03\x04", b"PK\x03\x05"),
        packed(("page.html", INSIDE), compression=zipfile.ZIP_LZMA),
    ],
    ids=["nested", "another content", "no archive", "cut", "damaged", "takes memory as it likes"],
)
def test_what_cannot_be_taken_out_is_said_so(content: bytes, case: Case, alice: User, jia: User) -> None:
    answer = fetched(jia, make_artifact(case, alice, content, "page.html"))
    assert answer.status_code == 409
    assert not Access.objects.exists()


def is_refused_as_too_large(who: User, artifact: Artifact) -> bool:
    address = f"/analysis/{artifact.run.bundle.case.number}/runs/{artifact.run_id}/files/{artifact.pk}"
    answer = reading_english(who).get(address)
    sentence = "more than 1 GB would have to be unpacked. Download the whole upload instead."
    return answer.status_code == 413 and sentence in answer.content.decode()


def test_a_file_of_more_than_one_gb_is_refused_with_what_to_do(case: Case, alice: User, jia: User) -> None:
    content = packed(("page.html", INSIDE))
    size = 2**30 + 1
    huge = content.replace(len(INSIDE).to_bytes(4, "little"), size.to_bytes(4, "little"))
    wanted = make_artifact(case, alice, huge, "page.html")
    Artifact.objects.update(size=size)
    assert is_refused_as_too_large(jia, wanted)
    assert not Access.objects.exists()


def test_files_that_only_look_like_it_are_not_unpacked_without_end(
    case: Case, alice: User, jia: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    decoys = [(f"{number}/page.html", b"x" * len(INSIDE)) for number in range(2)]
    content = packed(*decoys, ("page.html", INSIDE))
    monkeypatch.setattr(artifact_file, "MAX_UNPACKED_BYTES", 3 * len(INSIDE))
    wanted = make_artifact(case, alice, content, "page.html")
    assert fetched(jia, wanted).body == INSIDE
    monkeypatch.setattr(artifact_file, "MAX_UNPACKED_BYTES", 3 * len(INSIDE) - 1)
    assert is_refused_as_too_large(jia, wanted)


def test_packed_bytes_that_unpack_to_nothing_are_not_read_without_end(
    case: Case, alice: User, jia: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    nothing = b"\x00\x00\x00\xff\xff" * 100_000  # Deflate's empty block, again and again.
    archive = bytearray(packed(("page.html", nothing), compression=zipfile.ZIP_STORED))
    for header, method, size in ((0, 8, 22), (archive.index(b"PK\x01\x02"), 10, 24)):
        struct.pack_into("<H", archive, header + method, zipfile.ZIP_DEFLATED)
        struct.pack_into("<L", archive, header + size, len(INSIDE))
    wanted = make_artifact(case, alice, bytes(archive), "page.html")
    assert fetched(jia, wanted).status_code == 409
    monkeypatch.setattr(artifact_file, "MAX_UNPACKED_BYTES", 400_000)
    assert is_refused_as_too_large(jia, wanted)


def test_a_table_of_contents_without_end_is_not_read(
    case: Case, alice: User, jia: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    content = packed(*((f"{number}.txt", b"x") for number in range(1000)), ("page.html", INSIDE))
    wanted = make_artifact(case, alice, content, "page.html")
    assert fetched(jia, wanted).body == INSIDE
    monkeypatch.setattr(artifact_file, "MAX_DIRECTORY_BYTES", 50_000)
    assert is_refused_as_too_large(jia, wanted)


def test_the_table_of_contents_may_lie_about_the_size(case: Case, alice: User, jia: User) -> None:
    bomb = packed(("page.html", b"0" * 50_000_000))
    size = len(INSIDE).to_bytes(4, "little")
    lying = bomb.replace((50_000_000).to_bytes(4, "little"), size)
    assert fetched(jia, make_artifact(case, alice, lying, "page.html")).status_code == 409


def test_a_customer_takes_nothing_out(case: Case, alice: User) -> None:
    artifact = make_artifact(case, alice, packed(("page.html", INSIDE)), "page.html")
    assert fetched(alice, artifact).status_code == 404
