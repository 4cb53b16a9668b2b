"""Crash dumps of the system and of programs."""

import struct
from pathlib import Path

from engine.artifacts import State
from tests.engine.parsers.exports.reading import read

TIME = 132648000000000000


def kernel64() -> bytes:
    head = bytearray(8192)
    head[:8] = b"PAGEDU64"
    struct.pack_into("<II", head, 8, 15, 19041)
    struct.pack_into("<III", head, 0x30, 0x8664, 8, 0x139)
    struct.pack_into("<4Q", head, 0x40, 3, 0xFFFFF80000000001, 2, 0)
    struct.pack_into("<Q", head, 0xFA8, TIME)
    return bytes(head)


def kernel32() -> bytes:
    head = bytearray(4096)
    head[:8] = b"PAGEDUMP"
    struct.pack_into("<II", head, 8, 15, 7601)
    struct.pack_into("<II5I", head, 0x20, 0x14C, 2, 0x50, 1, 2, 3, 4)
    struct.pack_into("<Q", head, 0xFC0, TIME)
    return bytes(head)


def process() -> bytes:
    names = [f"C:\\a\\{name}".encode("utf-16-le") for name in ("app.exe", "bad.dll")]
    texts = b"".join(struct.pack("<I", len(name)) + name for name in names)
    exception = struct.pack("<IIIIQQ", 77, 0, 0xC0000005, 0, 0, 0x180001234) + bytes(136)
    exception_at, texts_at = 32 + 24, 32 + 24 + len(exception)
    modules_at = texts_at + len(texts)
    places = (texts_at, texts_at + 4 + len(names[0]))
    modules = struct.pack("<I", 2) + b"".join(
        struct.pack("<QIIII", base, 0x10000, 0, 0, at).ljust(108, b"\0")
        for base, at in zip((0x140000000, 0x180000000), places, strict=True)
    )
    head = struct.pack("<4sIIIIIQ", b"MDMP", 0xA793, 2, 32, 0, 1620349200, 0)
    directory = struct.pack("<6I", 6, len(exception), exception_at, 4, len(modules), modules_at)
    return head + directory + exception + texts + modules


EXAMPLES = [kernel64(), kernel32(), process()]


def test_a_systems_dump_tells_its_bug_check_and_parameters(tmp_path: Path) -> None:
    artifact, _, (event,) = read(tmp_path, EXAMPLES[0], "050721-10000-01.dmp")

    assert (artifact.kind, artifact.state) == ("crash-dump", State.READ)
    assert (event.time, event.channel, event.level) == ("2021-05-06T18:40:00.000000Z", "Crash dump", 1)
    assert (event.data["BugCheckCode"], event.data["Build"]) == ("0x00000139", "19041")
    assert event.data["Parameters"] == (
        "0x0000000000000003, 0xfffff80000000001, 0x0000000000000002, 0x0000000000000000"
    )
    _, _, (older,) = read(tmp_path, EXAMPLES[1], "a.dmp")
    assert (older.data["BugCheckCode"], older.data["Parameter4"], older.data["Build"]) == (
        "0x00000050",
        "0x4",
        "7601",
    )
    assert older.time == "2021-05-06T18:40:00.000000Z"


def test_a_programs_dump_tells_exception_and_module(tmp_path: Path) -> None:
    artifact, _, (event,) = read(tmp_path, EXAMPLES[2], "app.dmp")

    assert artifact.state is State.READ
    assert (event.time, event.channel, event.level) == ("2021-05-07T01:00:00.000000Z", "Process dump", 2)
    assert event.data["AppName"] == "app.exe" and event.data["ModuleName"] == "bad.dll"
    assert (event.data["ExceptionCode"], event.data["Address"]) == ("0xc0000005", "0x180001234")


def test_a_dump_that_is_cut_says_so(tmp_path: Path) -> None:
    artifact, _, (event,) = read(tmp_path, EXAMPLES[0][:200], "a.dmp")

    assert artifact.state is State.PARTLY and artifact.detail is not None
    assert "its header is shorter than it must be" in artifact.detail["en"]
    assert event.data["BugCheckCode"] == "0x00000139" and event.time is None
