"""A disk that fills up in mid-upload: a sentence, and what has arrived stays."""

import os
import resource
from collections.abc import Iterator

import pytest

from tests.uploads.tus_client import Tus, sentence
from uploads.transfer.models import Upload

pytestmark = pytest.mark.django_db

ROOM = 300_000


@pytest.fixture
def small_disk() -> Iterator[None]:
    """The system takes no file beyond ``ROOM`` bytes from this process."""
    before = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (ROOM, before[1]))
    yield
    resource.setrlimit(resource.RLIMIT_FSIZE, before)


def test_a_full_disk_keeps_what_it_took_and_the_upload_goes_on_later(tus: Tus, small_disk: None) -> None:
    content = os.urandom(500_000)
    url = tus.begin_upload(len(content))
    answer = tus.patch(url, 0, content)
    assert answer.status_code == 507
    assert "kept" in sentence(answer)
    assert tus.offset(url) == ROOM
    resource.setrlimit(
        resource.RLIMIT_FSIZE, (resource.RLIM_INFINITY, resource.getrlimit(resource.RLIMIT_FSIZE)[1])
    )
    assert tus.patch(url, ROOM, content[ROOM:]).status_code == 204
    assert Upload.objects.get().staged.read_bytes() == content
