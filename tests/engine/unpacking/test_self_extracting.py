"""Programs that carry an archive: it is opened, or the program says that it was not."""

import struct
from collections.abc import Callable
from pathlib import Path

import pytest

from engine.artifacts import Artifact, State
from engine.result import _artifact
from engine.unpacking.archives.budget import Limits
from engine.unpacking.unpack import unpack
from tests.engine import archive_writers as writers
from tests.engine import signed_pe
from tests.engine.archive_writers import save

SAID = b"PS C:\\> Get-FileHash x\r\n" * 40
FILES = [("logs/a.txt", SAID), ("b.txt", SAID)]
STUB = signed_pe.program()
CONFIGURATION = b';!@Install@!UTF-8!\nTitle="Logs"\n;!@InstallEnd@!'


def taken(folder: Path, data: bytes) -> dict[str, Artifact]:
    """The artifacts by name, the program's as ``sfx.exe``."""
    return {a.path: a for a in unpack(save(folder, "sfx.exe", data), folder / "out")}


def said(artifact: Artifact) -> str:
    return _artifact(artifact).detail["en"]


def _counting_the_program(archive: bytes) -> bytes:
    out, place = bytearray(archive), -1
    while (place := archive.find(b"PK\1\2", place + 1)) >= 0:
        at = struct.unpack_from("<L", archive, place + 42)[0]
        struct.pack_into("<L", out, place + 42, at + len(STUB))
    end = archive.index(b"PK\5\6")
    struct.pack_into("<L", out, end + 16, struct.unpack_from("<L", archive, end + 16)[0] + len(STUB))
    return STUB + bytes(out)


def _inside(data: bytes) -> bytes:
    """A program that has the bytes in its section."""
    return signed_pe.program(size=0x4000)[: -len(data)] + data


CARRIED: dict[str, Callable[[], bytes]] = {
    "zip": lambda: STUB + writers.zipped(FILES),
    "zip whose places count the program": lambda: _counting_the_program(writers.zipped(FILES)),
    "7z": lambda: STUB + writers.seven_zip(FILES),
    "7z behind its configuration": lambda: STUB + CONFIGURATION + writers.seven_zip(FILES),
    "rar4": lambda: STUB + writers.rar4(FILES),
    "rar5": lambda: STUB + writers.rar5(FILES),
    "cab": lambda: STUB + writers.cab(FILES),
    "cab of IExpress": lambda: _inside("WEXTRACT.EXE".encode("utf-16-le") + writers.cab(FILES)),
    "signed zip": lambda: signed_pe.sign(STUB + writers.zipped(FILES)),
    "signed 7z": lambda: signed_pe.sign(STUB + writers.seven_zip(FILES)),
}


@pytest.mark.parametrize("form", CARRIED)
def test_what_a_program_carries_is_opened(tmp_path: Path, form: str) -> None:
    artifacts = taken(tmp_path, CARRIED[form]())
    program = artifacts.pop("sfx.exe")

    assert (program.kind, program.state) == ("pe", State.READ) and "self-extracting" in said(program)
    assert {path: a.file.read_bytes() for path, a in artifacts.items()} == {
        "sfx.exe/logs/a.txt": SAID,
        "sfx.exe/b.txt": SAID,
    }


@pytest.mark.parametrize(
    ("data", "maker"),
    [
        (STUB + b"\0\0\0\0\xef\xbe\xad\xdeNullsoftInst" + bytes(40), "NSIS"),
        (_inside(b"rDlPtS\xcd\xe6\xd7\x7b\x0b\x2a" + bytes(40)), "Inno Setup"),
        (STUB.replace(b".text\0\0\0", b".wixburn"), "WiX"),
        (STUB + b"InstallShield\0" + bytes(400), "InstallShield"),
    ],
)
def test_an_installer_is_named_with_what_to_send_instead(tmp_path: Path, data: bytes, maker: str) -> None:
    (only,) = taken(tmp_path, data).values()

    assert only.state is State.READ and f"({maker}) that was not unpacked" in said(only)
    assert "upload that as zip or 7z" in said(only)


def test_a_plain_program_says_nothing_of_archives(tmp_path: Path) -> None:
    for data in (STUB, STUB + b"configuration" * 50, signed_pe.sign(STUB)):
        (only,) = taken(tmp_path, data).values()
        assert only.note is None


def test_a_carried_archive_that_cannot_be_read_is_told_and_the_program_is(tmp_path: Path) -> None:
    artifacts = taken(tmp_path, STUB + writers.seven_zip(FILES)[:-30])
    program = artifacts["sfx.exe"]

    assert program.kind == "pe" and program.state is State.READ and "damaged" in said(program)


def test_one_carried_too_deep_is_named(tmp_path: Path) -> None:
    source = save(tmp_path, "sfx.exe", CARRIED["zip"]())
    (only,) = unpack(source, tmp_path / "out", Limits(depth=0))

    assert "this one lies deeper" in said(only)
