"""Stored files encrypted: no byte in clear, any place readable, nothing altered is believed."""

import base64
import hashlib
import io
import os
import random
from pathlib import Path
from typing import Any

import pytest
from django.core.exceptions import ImproperlyConfigured
from django.core.files.base import ContentFile
from django.core.files.storage import FileSystemStorage

from accounts.models import User
from analysis.runs.worker import fetch
from cases.models import Case
from tests.people import signed_in
from tests.uploads.raw import complete
from uploads.bundles import sealing
from uploads.bundles.encryption import (
    HEADER,
    SEGMENT,
    TAG,
    Altered,
    EncryptedStorage,
    KeyMissing,
    id_of,
    key_of,
    refuse_missing_keys,
)
from uploads.bundles.models import Bundle, BundleState, EncryptionKey

NEW, OLD = (base64.b64encode(bytes([byte]) * 32).decode() for byte in (1, 2))
SIZES = [0, 1, SEGMENT - 1, SEGMENT, SEGMENT + 1, 2 * SEGMENT, 3 * SEGMENT + 5]


def storage(folder: Path, *keys: str) -> EncryptedStorage:
    inner = {"BACKEND": "django.core.files.storage.FileSystemStorage", "OPTIONS": {"location": str(folder)}}
    return EncryptedStorage(inner, keys or (NEW,))


@pytest.mark.parametrize("size", SIZES)
def test_what_is_stored_comes_back_and_lies_nowhere_in_clear(size: int, tmp_path: Path) -> None:
    content = (b"EventLog" * (size // 8 + 1))[:size]
    store = storage(tmp_path)
    name = store.save("bundles/a", ContentFile(content))
    raw = (tmp_path / name).read_bytes()
    assert b"EventLog" not in raw
    assert len(raw) == HEADER + size + TAG * max(-(-size // SEGMENT), 1)
    with store.open(name) as file:
        assert file.read() == content and file.size == size
    assert store.size(name) == size


def test_any_place_is_read_without_the_ones_before(tmp_path: Path) -> None:
    content, chance = os.urandom(5 * SEGMENT + 77), random.Random(7)
    store = storage(tmp_path)
    store.save("a", ContentFile(content))
    with store.open("a") as file:
        for _ in range(200):
            first, length = chance.randrange(len(content) + 9), chance.randrange(2 * SEGMENT)
            file.seek(first)
            assert file.read(length) == content[first : first + length]
        file.seek(-10, io.SEEK_END)
        assert file.read() == content[-10:]


def test_the_same_contents_are_never_stored_alike(tmp_path: Path) -> None:
    store = storage(tmp_path)
    for name in ("a", "b"):
        store.save(name, ContentFile(b"the same"))
    assert (tmp_path / "a").read_bytes()[40:] != (tmp_path / "b").read_bytes()[40:]


WHOLE = SEGMENT + TAG
CHANGES = {
    "a bit of the contents": lambda raw: raw[:-100] + bytes([raw[-100] ^ 1]) + raw[-99:],
    "a bit of the header": lambda raw: raw[: HEADER - 1] + bytes([raw[HEADER - 1] ^ 1]) + raw[HEADER:],
    "cut at the border of a segment": lambda raw: raw[: HEADER + 2 * WHOLE],
    "cut within": lambda raw: raw[:-5],
    "cut to the header": lambda raw: raw[:HEADER],
    "longer": lambda raw: raw + b"x",
    "two segments exchanged": lambda raw: (
        raw[:HEADER] + raw[HEADER + WHOLE : HEADER + 2 * WHOLE] + raw[HEADER : HEADER + WHOLE]
        + raw[HEADER + 2 * WHOLE :]
    ),
    "one segment left out": lambda raw: raw[:HEADER] + raw[HEADER + WHOLE :],
}  # fmt: skip


@pytest.mark.parametrize("change", CHANGES)
def test_what_is_altered_is_not_believed(change: str, tmp_path: Path) -> None:
    store = storage(tmp_path)
    store.save("a", ContentFile(os.urandom(2 * SEGMENT + 500)))
    file = tmp_path / "a"
    file.write_bytes(CHANGES[change](file.read_bytes()))
    with pytest.raises(Altered), store.open("a") as opened:
        opened.read()


def test_after_a_rotation_old_files_are_read_and_new_ones_use_the_new_key(tmp_path: Path) -> None:
    storage(tmp_path, OLD).save("old", ContentFile(b"old"))
    rotated = storage(tmp_path, NEW, OLD)
    rotated.save("new", ContentFile(b"new"))
    assert rotated.open("old").read() == b"old"
    assert storage(tmp_path, NEW).open("new").read() == b"new"
    with pytest.raises(KeyMissing, match=id_of(key_of(OLD)).hex()):
        storage(tmp_path, NEW).open("old")


def test_files_from_before_are_read_as_they_are(tmp_path: Path) -> None:
    FileSystemStorage(str(tmp_path)).save("before", ContentFile(b"in clear"))
    assert storage(tmp_path).open("before").read() == b"in clear"
    assert storage(tmp_path).size("before") == 8


# -- The start ------------------------------------------------------------------------


@pytest.mark.django_db
def test_a_start_without_a_key_that_was_used_is_refused_by_its_id(settings: Any) -> None:
    refuse_missing_keys()
    settings.ENCRYPTION_KEYS = [OLD]
    refuse_missing_keys()
    settings.ENCRYPTION_KEYS = [NEW, OLD]
    refuse_missing_keys()
    assert EncryptionKey.objects.count() == 2
    for keys in ([NEW], [OLD], []):
        settings.ENCRYPTION_KEYS = keys
        with pytest.raises(ImproperlyConfigured, match="put it back"):
            refuse_missing_keys()


@pytest.mark.django_db
@pytest.mark.parametrize("text", ["", "short", "A" * 44, "%" * 44])
def test_a_key_that_is_none_is_refused(text: str, settings: Any) -> None:
    settings.ENCRYPTION_KEYS = [text]
    with pytest.raises(ImproperlyConfigured, match="32 random bytes"):
        refuse_missing_keys()


# -- The portal over it ---------------------------------------------------------------


@pytest.mark.django_db(transaction=True)
def test_a_bundle_is_sealed_served_in_parts_analysed_and_deleted(
    alice: User, case: Case, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    store = storage(tmp_path / "media")
    monkeypatch.setattr(Bundle._meta.get_field("file"), "storage", store)
    content = os.urandom(3 * SEGMENT + 9)
    bundle = complete(alice, case, content)
    sealing.seal(bundle.pk)
    bundle.refresh_from_db()
    assert (bundle.state, bundle.sha256) == (BundleState.SEALED, hashlib.sha256(content).hexdigest())
    name = str(bundle.file.name)
    assert content[:64] not in (tmp_path / "media" / name).read_bytes()
    answer: Any = signed_in(alice).get(
        f"/uploads/bundles/{bundle.pk}/file", headers={"Range": f"bytes={SEGMENT - 3}-{SEGMENT + 3}"}
    )
    assert b"".join(answer.streaming_content) == content[SEGMENT - 3 : SEGMENT + 4]
    assert fetch(bundle, tmp_path / "work").read_bytes() == content
    store.delete(name)
    assert not store.exists(name)
