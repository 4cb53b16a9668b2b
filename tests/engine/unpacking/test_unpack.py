"""Unpacking: every entry is taken out or named, and nothing gets out of the folder."""

import bz2
import hashlib
import os
import stat
import struct
import time
import zipfile
import zlib
from pathlib import Path

import pytest

from engine.artifacts import Artifact, State
from engine.unpacking import entry_names
from engine.unpacking.archives.budget import DEFAULT_LIMITS, Limits
from engine.unpacking.unpack import SourceUnreadable, unpack

SAID = b"PS C:\\> Get-FileHash x\r\n"


class NamedRaw(zipfile.ZipInfo):
    """An entry whose name stands in the archive as given, without the UTF-8 flag."""

    raw = b""

    def _encodeFilenameFlags(self) -> tuple[bytes, int]:
        return self.raw, self.flag_bits & ~0x800


def bundle(
    folder: Path, *entries: tuple[str | zipfile.ZipInfo, bytes], method: int = zipfile.ZIP_DEFLATED
) -> Path:
    file = folder / "bundle.zip"
    with zipfile.ZipFile(file, "w", method) as archive:
        for name, data in entries:
            archive.writestr(name, data, method)
    return file


def named(raw: bytes, extra: bytes = b"") -> zipfile.ZipInfo:
    entry = NamedRaw("entry")
    entry.raw, entry.extra = raw, extra
    return entry


def taken(folder: Path, source: Path, limits: Limits = DEFAULT_LIMITS) -> dict[str, Artifact]:
    return {artifact.path: artifact for artifact in unpack(source, folder / "out", limits)}


def test_every_file_has_its_hash_size_and_kind(tmp_path: Path) -> None:
    (artifact,) = unpack(bundle(tmp_path, ("logs/a.txt", SAID)), tmp_path / "out")

    assert (artifact.path, artifact.kind, artifact.state) == ("logs/a.txt", "capture", State.READ)
    assert (artifact.sha256, artifact.size) == (hashlib.sha256(SAID).hexdigest(), len(SAID))
    assert artifact.file.read_bytes() == SAID


@pytest.mark.parametrize(
    ("entry", "name"),
    [
        ("日志/截图.txt", "日志/截图.txt"),
        (named("日志/截图.txt".encode("gb18030")), "日志/截图.txt"),
        (named("日志/截图.txt".encode()), "日志/截图.txt"),
        (named(b"EventLog\\System.evtx"), "EventLog/System.evtx"),
    ],
    ids=["flag", "gb18030", "utf-8", "backslash"],
)
def test_names_are_read_as_their_author_meant_them(tmp_path: Path, entry: zipfile.ZipInfo, name: str) -> None:
    assert list(taken(tmp_path, bundle(tmp_path, (entry, SAID)))) == [name]


def test_the_unicode_path_field_counts_only_while_its_checksum_fits(tmp_path: Path) -> None:
    def field(raw: bytes) -> bytes:
        body = b"\x01" + struct.pack("<L", zlib.crc32(raw)) + "真名.txt".encode()
        return struct.pack("<HH", 0x7075, len(body)) + body

    right = bundle(tmp_path, (named(b"??.txt", field(b"??.txt")), SAID))
    assert list(taken(tmp_path, right)) == ["真名.txt"]
    stale = bundle(tmp_path, (named(b"new.txt", field(b"??.txt")), SAID))
    assert list(taken(tmp_path, stale)) == ["new.txt"]


@pytest.mark.parametrize(
    "name",
    [
        "../evil.txt",
        "a/../../evil.txt",
        "/etc/passwd",
        "C:/evil.txt",
        "C:evil.txt",
        "..\\evil.txt",
        "\\\\host\\x",
        "..",
        "a/..",
    ],
)
def test_a_name_that_points_outside_is_named_and_not_read(tmp_path: Path, name: str) -> None:
    artifacts = unpack(bundle(tmp_path, (named(name.encode()), SAID), ("good.txt", SAID)), tmp_path / "out")

    assert [a.state for a in artifacts] == [State.SKIPPED, State.READ]
    assert artifacts[0].detail is not None and "outside" in artifacts[0].detail["en"]
    assert {p.name for p in tmp_path.iterdir()} == {"bundle.zip", "out"}
    assert len(list((tmp_path / "out").iterdir())) == 1


@pytest.mark.parametrize("name", ["CON", "logs/nul.txt", "COM1.log", "a.txt:stream"])
def test_reserved_names_are_named_and_not_read(tmp_path: Path, name: str) -> None:
    (artifact,) = unpack(bundle(tmp_path, (name, SAID)), tmp_path / "out")

    assert artifact.state is State.SKIPPED


def test_names_are_shown_without_characters_that_deceive(tmp_path: Path) -> None:
    (artifact,) = unpack(bundle(tmp_path, ("a\u202etxt.exe\x1b[31m", SAID)), tmp_path / "out")

    assert artifact.path.isprintable() and "\u202e" not in artifact.path


def test_links_are_named_and_not_followed(tmp_path: Path) -> None:
    link = zipfile.ZipInfo("link")
    link.create_system, link.external_attr = 3, (stat.S_IFLNK | 0o777) << 16
    artifacts = taken(tmp_path, bundle(tmp_path, (link, b"/etc/passwd"), ("good.txt", SAID)))

    assert (
        artifacts["link"].state is State.SKIPPED and "link" in (artifacts["link"].detail or {"en": ""})["en"]
    )
    assert artifacts["good.txt"].state is State.READ


def test_two_files_of_one_name_are_told_apart_as_windows_would(tmp_path: Path) -> None:
    artifacts = taken(tmp_path, bundle(tmp_path, ("A.txt", SAID), ("a.txt", b"other")))

    assert [(a.path, a.state) for a in artifacts.values()] == [
        ("A.txt", State.READ),
        ("a.txt (2)", State.SKIPPED),
    ]


def test_an_encrypted_entry_is_named_and_does_not_cost_the_others(tmp_path: Path) -> None:
    file = bundle(tmp_path, ("secret.txt", SAID), ("good.txt", SAID))
    data = bytearray(file.read_bytes())
    data[6] |= 1
    data[data.index(b"PK\x01\x02") + 8] |= 1
    file.write_bytes(data)
    artifacts = taken(tmp_path, file)

    assert artifacts["secret.txt"].state is State.UNREADABLE
    assert "password" in (artifacts["secret.txt"].detail or {"en": ""})["en"]
    assert artifacts["good.txt"].state is State.READ


def test_a_damaged_entry_is_read_as_far_as_it_goes(tmp_path: Path) -> None:
    noise = os.urandom(300_000)
    file = bundle(tmp_path, ("bad.bin", noise), ("good.txt", SAID), method=zipfile.ZIP_STORED)
    data = bytearray(file.read_bytes())
    data[200_000] ^= 0xFF
    file.write_bytes(data)
    artifacts = taken(tmp_path, file)

    assert artifacts["bad.bin"].state is State.PARTLY
    assert "checksum" in (artifacts["bad.bin"].detail or {"en": ""})["en"]
    assert artifacts["good.txt"].state is State.READ


def test_a_cut_archive_is_read_by_its_local_headers(tmp_path: Path) -> None:
    file = bundle(tmp_path, ("first.txt", SAID), ("second.bin", os.urandom(200_000)))
    file.write_bytes(file.read_bytes()[:100_000])
    artifacts = taken(tmp_path, file)

    assert artifacts["first.txt"].state is State.READ
    assert artifacts["second.bin"].state is State.PARTLY
    assert any("incomplete" in (a.detail or {"en": ""})["en"] for a in artifacts.values())


@pytest.mark.parametrize(
    "method", [zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED, zipfile.ZIP_BZIP2, zipfile.ZIP_LZMA]
)
def test_it_knows_the_usual_methods(tmp_path: Path, method: int) -> None:
    assert taken(tmp_path, bundle(tmp_path, ("a.txt", SAID), method=method))["a.txt"].size == len(SAID)


def with_method(file: Path, method: int) -> None:
    data = bytearray(file.read_bytes())
    struct.pack_into("<H", data, 8, method)
    struct.pack_into("<H", data, data.index(b"PK\x01\x02") + 10, method)
    file.write_bytes(data)


def test_it_reads_deflate64(tmp_path: Path) -> None:
    # Short matches are coded alike in both, so a small deflate stream is a deflate64 stream.
    file = bundle(tmp_path, ("a.txt", SAID * 3))
    with_method(file, 9)

    artifact = taken(tmp_path, file)["a.txt"]
    assert (artifact.state, artifact.size) == (State.READ, len(SAID) * 3)


def test_an_unknown_method_is_named(tmp_path: Path) -> None:
    file = bundle(tmp_path, ("a.txt", SAID))
    with_method(file, 95)

    assert taken(tmp_path, file)["a.txt"].state is State.UNREADABLE


def test_the_limit_for_one_file_counts_what_is_really_produced(tmp_path: Path) -> None:
    file = bundle(tmp_path, ("big.bin", bytes(3_000_000)), ("good.txt", SAID))
    data = bytearray(file.read_bytes())
    for at in (22, data.index(b"PK\x01\x02") + 24):
        struct.pack_into("<L", data, at, 10)  # the header lies about the size
    honest = bundle(tmp_path, ("big.bin", bytes(3_000_000)), ("good.txt", SAID))
    artifacts = taken(tmp_path, honest, Limits(file=1_000_000))

    assert artifacts["big.bin"].state is State.SKIPPED and artifacts["good.txt"].state is State.READ
    honest.write_bytes(data)
    lying = taken(tmp_path, honest, Limits(file=1_000_000))
    assert lying["big.bin"].state is not State.READ and lying["good.txt"].state is State.READ


def test_the_limit_for_the_whole_bundle_names_what_was_left_out(tmp_path: Path) -> None:
    file = bundle(tmp_path, *((f"{n}.bin", b"x" * 400_000) for n in range(5)))
    states = [a.state for a in taken(tmp_path, file, Limits(total=1_000_000)).values()]

    assert states.count(State.SKIPPED) == 5  # zeros are no kind that is analysed
    sizes = sorted(a.size for a in taken(tmp_path, file, Limits(total=1_000_000)).values())
    assert sizes == [0, 0, 0, 400_000, 400_000]


def test_zeros_are_no_bomb_below_the_floor_and_one_above_it(tmp_path: Path) -> None:
    file = bundle(tmp_path, ("memory.dmp", bytes(20_000_000)))

    assert taken(tmp_path, file)["memory.dmp"].size == 20_000_000
    bomb = taken(tmp_path, file, Limits(ratio_floor=10_000_000))["memory.dmp"]
    assert bomb.size == 0 and "250 times" in (bomb.detail or {"en": ""})["en"]


def test_too_many_entries_end_with_a_word_about_the_rest(tmp_path: Path) -> None:
    file = bundle(tmp_path, *((f"{n}.txt", SAID) for n in range(8)))
    artifacts = list(taken(tmp_path, file, Limits(entries=5)).values())

    assert len(artifacts) == 6 and artifacts[-1].state is State.SKIPPED


def test_a_folder_is_walked_and_its_links_are_not(tmp_path: Path) -> None:
    source = tmp_path / "source"
    (source / "logs").mkdir(parents=True)
    (source / "logs" / "a.txt").write_bytes(SAID)
    (source / "out").symlink_to("/")
    os.mkfifo(source / "pipe")
    artifacts = taken(tmp_path, source)

    assert {path: a.state for path, a in artifacts.items()} == {
        "logs/a.txt": State.READ,
        "out": State.SKIPPED,
        "pipe": State.SKIPPED,
    }


def test_a_single_file_is_a_bundle_of_one(tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_bytes(SAID)
    (artifact,) = unpack(tmp_path / "a.txt", tmp_path / "out")

    assert artifact.file == tmp_path / "a.txt" and artifact.kind == "capture"


def test_a_path_that_is_not_there_is_refused_by_name(tmp_path: Path) -> None:
    with pytest.raises(SourceUnreadable, match="no such file"):
        unpack(tmp_path / "nothing", tmp_path / "out")


def test_no_flipped_byte_of_an_archive_breaks_it(tmp_path: Path) -> None:
    good = bundle(tmp_path, ("日志.txt", SAID), ("b/c.bin", bz2.compress(SAID))).read_bytes()
    broken = tmp_path / "broken.zip"
    for position in range(4, len(good)):
        data = bytearray(good)
        data[position] ^= 0xFF
        broken.write_bytes(data)
        assert unpack(broken, tmp_path / "out")


def test_one_name_twenty_thousand_times_takes_no_minute(tmp_path: Path) -> None:
    names = entry_names.Unique()
    before = time.process_time()
    taken = [names.take("a.txt") for _ in range(20_000)]
    assert time.process_time() - before < 15
    assert (len(set(taken)), taken[-1]) == (20_000, "a.txt (20000)")
    assert names.take("A.TXT (7)") == "A.TXT (7) (2)"


def test_a_broken_entry_of_any_method_costs_only_itself(tmp_path: Path) -> None:
    source = tmp_path / "bundle.zip"
    with zipfile.ZipFile(source, "w") as archive:
        for method in (zipfile.ZIP_LZMA, zipfile.ZIP_BZIP2, zipfile.ZIP_DEFLATED):
            archive.writestr(f"{method}.txt", b"Algorithm Hash Path " * 500, method)
        archive.writestr("whole.txt", b"whole")
    data = bytearray(source.read_bytes())
    with zipfile.ZipFile(source) as archive:
        for entry in archive.infolist()[:3]:
            data[entry.header_offset + 60 : entry.header_offset + 64] = b"\xff\xff\xff\xff"
    source.write_bytes(data)
    artifacts = {artifact.path: artifact for artifact in unpack(source, tmp_path / "into")}

    assert len(artifacts) == 4 and artifacts["whole.txt"].size == 5
    assert all(
        artifact.state in {State.UNREADABLE, State.PARTLY}
        for n, artifact in artifacts.items()
        if n != "whole.txt"
    )
