"""Archives with a password: named until it is given, then read; a wrong one is told."""

from collections.abc import Callable
from pathlib import Path

import pytest
from py7zr import FILTER_COPY

from engine.analyze import analyze
from engine.artifacts import Artifact, State
from engine.schema.versions import stored_form
from engine.text import text
from engine.unpacking.unpack import unpack
from tests.engine import archive_writers as writers
from tests.engine.archive_writers import save

SAID = b"PS C:\\> Get-FileHash x\r\n" * 400
FILES = [("日志/a.txt", SAID), ("b.bin", bytes(7_000))]
PASSWORD = "密码 Pass1"

LOCKED: dict[str, Callable[[], bytes]] = {
    "zip-aes": lambda: writers.locked_zip(FILES, PASSWORD.encode(), aes=True),
    "zip-crypto": lambda: writers.locked_zip(FILES, PASSWORD.encode(), aes=False),
    "zip-gb18030": lambda: writers.locked_zip(FILES, PASSWORD.encode("gb18030"), aes=False),
    "7z": lambda: writers.seven_zip(FILES, password=PASSWORD),
    "7z-names": lambda: writers.seven_zip(FILES, password=PASSWORD, hidden=True),
    "7z-stored": lambda: writers.seven_zip(FILES, password=PASSWORD, method=FILTER_COPY),
}


def taken(folder: Path, data: bytes, password: str | None) -> list[Artifact]:
    """The artifacts of that archive."""
    return unpack(save(folder, "bundle", data), folder / "out", password=password)


def why(artifact: Artifact) -> str:
    """Its detail in English."""
    return (artifact.detail or text("", ""))["en"]


@pytest.mark.parametrize("form", LOCKED)
def test_without_the_password_locked_files_are_named(tmp_path: Path, form: str) -> None:
    artifacts = taken(tmp_path, LOCKED[form](), None)

    assert all(a.locked and a.state is State.UNREADABLE and a.size == 0 for a in artifacts)
    assert all("Enter the password" in why(a) for a in artifacts)


@pytest.mark.parametrize("form", LOCKED)
def test_with_the_password_they_are_read(tmp_path: Path, form: str) -> None:
    artifacts = taken(tmp_path, LOCKED[form](), PASSWORD)

    assert [(a.path, a.size, a.locked) for a in artifacts] == [
        (name, len(data), False) for name, data in FILES
    ]
    assert artifacts[0].file.read_bytes() == SAID


@pytest.mark.parametrize("form", LOCKED)
def test_a_wrong_password_is_told_and_may_be_given_again(tmp_path: Path, form: str) -> None:
    artifacts = taken(tmp_path, LOCKED[form](), "Pass1")

    assert artifacts and all(a.locked and a.size == 0 and "does not open" in why(a) for a in artifacts)
    assert all(a.state is State.UNREADABLE for a in artifacts)


def test_a_password_does_not_hurt_files_without_one(tmp_path: Path) -> None:
    for data in (writers.zipped(FILES), writers.seven_zip(FILES), writers.tar(FILES)):
        assert [a.locked for a in taken(tmp_path, data, PASSWORD)] == [False, False]
        assert taken(tmp_path, data, PASSWORD)[0].state is State.READ


def test_a_locked_archive_inside_is_opened_by_the_same_password(tmp_path: Path) -> None:
    bundle = writers.zipped([("inner.7z", writers.seven_zip(FILES, password=PASSWORD)), ("c.txt", SAID)])
    before = {a.path: a for a in taken(tmp_path, bundle, None)}
    after = {a.path: a for a in taken(tmp_path, bundle, PASSWORD)}

    assert before["inner.7z/日志/a.txt"].locked and before["c.txt"].state is State.READ
    assert after["inner.7z/日志/a.txt"].state is State.READ


@pytest.mark.parametrize("make", [writers.rar4, writers.rar5], ids=["rar4", "rar5"])
def test_a_rar_with_a_password_is_told_what_else_to_send(tmp_path: Path, make: Callable[..., bytes]) -> None:
    artifacts = taken(tmp_path, make(FILES, locked=True), PASSWORD)

    assert artifacts and all("zip or 7z" in why(a) and not a.locked for a in artifacts)


@pytest.mark.parametrize("password", [None, PASSWORD])
def test_no_flipped_byte_of_a_locked_7z_breaks_it(tmp_path: Path, password: str | None) -> None:
    whole = writers.seven_zip([("a.txt", SAID[:100])], password=PASSWORD, hidden=True)
    for place in range(6, len(whole), 3):
        data = bytearray(whole)
        data[place] ^= 0xFF
        assert taken(tmp_path, bytes(data), password)


def test_the_result_lists_what_waits_for_a_password(tmp_path: Path) -> None:
    source = save(tmp_path, "logs.7z", LOCKED["7z"]())
    closed = stored_form(analyze(source, tmp_path / "closed").document())
    opened = stored_form(analyze(source, tmp_path / "opened", password=PASSWORD).document())

    assert closed["locked"] == ["日志/a.txt", "b.bin"] and opened["locked"] == []
    assert PASSWORD not in str(opened)
