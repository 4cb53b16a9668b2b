"""A stored file comes back whole or in the part that is asked for, and never as a page."""

import hashlib
from random import Random
from typing import Any
from urllib.parse import unquote

import pytest

from accounts.models import User
from cases.models import Case
from tests.analysis import bundles
from tests.people import signed_in
from uploads.bundles.models import Bundle
from uploads.custody.models import Access

pytestmark = pytest.mark.django_db

CONTENT = Random(7).randbytes(200_000)
SIZE = len(CONTENT)
ETAG = f'"{hashlib.sha256(CONTENT).hexdigest()}"'


@pytest.fixture
def bundle(alice: User, case: Case) -> Bundle:
    return bundles.sealed(case, alice, CONTENT)


def fetched(who: User, bundle: Bundle, method: str = "get", **headers: str) -> Any:
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    answer: Any = getattr(signed_in(who), method)(f"/uploads/bundles/{bundle.pk}/file", headers=named)
    answer.body = b"".join(answer.streaming_content) if answer.streaming else answer.content
    return answer


def test_the_whole_file_comes_with_its_hash_and_length(bundle: Bundle, jia: User) -> None:
    answer = fetched(jia, bundle)
    assert (answer.status_code, answer.body) == (200, CONTENT)
    assert (answer["Content-Length"], answer["ETag"], answer["Accept-Ranges"]) == (str(SIZE), ETAG, "bytes")


@pytest.mark.parametrize(
    ("asked", "first", "last"),
    [
        ("bytes=0-0", 0, 0),
        ("bytes=100-70000", 100, 70_000),
        ("bytes=199999-", SIZE - 1, SIZE - 1),
        ("bytes=1000-99999999", 1000, SIZE - 1),
        ("bytes=-500", SIZE - 500, SIZE - 1),
        ("bytes=-99999999", 0, SIZE - 1),
    ],
)
def test_a_part_is_what_was_asked_for(asked: str, first: int, last: int, bundle: Bundle, jia: User) -> None:
    answer = fetched(jia, bundle, Range=asked)
    assert (answer.status_code, answer.body) == (206, CONTENT[first : last + 1])
    assert answer["Content-Range"] == f"bytes {first}-{last}/{SIZE}"
    assert answer["Content-Length"] == str(last - first + 1)


@pytest.mark.parametrize("asked", [f"bytes={SIZE}-", "bytes=-0", "bytes=9999999999999999999-"])
def test_a_part_behind_the_end_is_refused_with_the_size(asked: str, bundle: Bundle, jia: User) -> None:
    answer = fetched(jia, bundle, Range=asked)
    assert (answer.status_code, answer["Content-Range"], answer.body) == (416, f"bytes */{SIZE}", b"")
    assert not Access.objects.exists()


@pytest.mark.parametrize(
    "asked", ["bytes=5-4", "bytes=-", "bytes=a-b", "lines=1-2", "bytes=0-1,5-6", "bytes=٣-٤", "bytes"]
)
def test_a_range_that_cannot_be_read_gives_the_whole(asked: str, bundle: Bundle, jia: User) -> None:
    answer = fetched(jia, bundle, Range=asked)
    assert (answer.status_code, answer.body) == (200, CONTENT)


@pytest.mark.parametrize(("state", "status"), [(ETAG, 206), ('"other"', 200), (f"W/{ETAG}", 200)])
def test_a_part_of_another_state_of_the_file_gives_the_whole(
    state: str, status: int, bundle: Bundle, jia: User
) -> None:
    assert fetched(jia, bundle, Range="bytes=1-2", If_Range=state).status_code == status


def test_a_download_in_parts_is_one_download_and_asking_for_the_head_is_none(
    bundle: Bundle, jia: User
) -> None:
    assert fetched(jia, bundle, "head").body == b""
    assert not Access.objects.exists()
    for asked in ("bytes=0-9", "bytes=10-19", "bytes=20-"):
        fetched(jia, bundle, Range=asked)
    assert Access.objects.count() == 1


@pytest.mark.parametrize("name", ["page.html", "picture.svg", "日志\u202egpj.exe", '"; x="', "a" * 255])
def test_nothing_opens_as_a_page_and_no_name_deceives(name: str, bundle: Bundle, jia: User) -> None:
    Bundle.objects.update(name=name)
    answer = fetched(jia, bundle)
    assert answer["Content-Type"] == "application/octet-stream"
    assert answer["X-Content-Type-Options"] == "nosniff"
    assert answer["Content-Security-Policy"] == "sandbox; default-src 'none'"
    disposition = answer["Content-Disposition"]
    assert disposition.startswith("attachment; filename") and disposition.isascii()
    assert "\u202e" not in unquote(disposition)


@pytest.mark.parametrize(("proxy", "header"), [("nginx", "X-Accel-Redirect"), ("xsendfile", "X-Sendfile")])
def test_a_proxy_that_can_sends_the_file_itself(
    proxy: str, header: str, bundle: Bundle, jia: User, settings: Any
) -> None:
    settings.SENDFILE = proxy
    answer = fetched(jia, bundle)
    assert (answer.status_code, answer.body) == (200, b"")
    place = {"nginx": f"/_files/{bundle.file.name}", "xsendfile": bundle.file.path}[proxy]
    assert answer[header] == place
    assert answer["Content-Disposition"].startswith("attachment")
    assert Access.objects.count() == 1
