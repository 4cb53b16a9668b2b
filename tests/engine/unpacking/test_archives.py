"""Archives of every format: read alike, in one account, and contained where they are hostile."""

import bz2
import gzip
import hashlib
import io
import lzma
import tarfile
import zipfile
import zlib
from collections.abc import Callable
from pathlib import Path

import py7zr
import pytest
from backports import zstd

from engine.artifacts import Artifact, State
from engine.text import text
from engine.unpacking.archives import libarchive
from engine.unpacking.archives.budget import DEFAULT_LIMITS, Limits
from engine.unpacking.unpack import unpack
from tests.engine import archive_writers as writers
from tests.engine.archive_writers import save

SAID = b"PS C:\\> Get-FileHash x\r\n" * 40
FILES = [("日志/a.txt", SAID), ("b.bin", bytes(70_000))]
TAR = writers.tar(FILES)

HOSTILE_NAMES = {
    "../evil.txt": "outside",
    "a/../../evil.txt": "outside",
    "/etc/evil.txt": "outside",
    "C:/evil.txt": "outside",
    "logs/NUL.txt": "reserved",
    "com1": "reserved",
}

FORMATS: dict[str, Callable[[writers.Files], bytes]] = {
    "zip": writers.zipped,
    "7z": writers.seven_zip,
    "rar4": writers.rar4,
    "rar5": writers.rar5,
    "cab": writers.cab,
    "cab-stored": lambda files: writers.cab(files, packed=False),
    "tar": writers.tar,
    "tar.gz": lambda files: gzip.compress(writers.tar(files)),
    "tar.bz2": lambda files: bz2.compress(writers.tar(files)),
    "tar.xz": lambda files: lzma.compress(writers.tar(files)),
    "tar.zst": lambda files: zstd.compress(writers.tar(files)),
}


def taken(
    folder: Path,
    data: bytes,
    limits: Limits = DEFAULT_LIMITS,
    *,
    name: str = "bundle",
    password: str | None = None,
) -> dict[str, Artifact]:
    """The artifacts by name; whatever came out lies in the folder that was meant."""
    source = save(folder, name, data)
    artifacts = unpack(source, folder / "out", limits, password=password)
    assert {entry.name for entry in folder.iterdir()} <= {name, "out"}
    assert all(entry.name.isdecimal() for entry in (folder / "out").iterdir())
    return {artifact.path: artifact for artifact in artifacts}


def why(artifact: Artifact) -> str:
    """Its detail in English."""
    return (artifact.detail or text("", ""))["en"]


# -- Read alike -------------------------------------------------------------------------


@pytest.mark.parametrize("form", FORMATS)
def test_files_of_every_format_come_out_whole(tmp_path: Path, form: str) -> None:
    artifacts = taken(tmp_path, FORMATS[form](FILES))

    assert {path: (a.sha256, a.size) for path, a in artifacts.items()} == {
        name: (hashlib.sha256(data).hexdigest(), len(data)) for name, data in FILES
    }
    assert artifacts["日志/a.txt"].kind == "capture" and artifacts["日志/a.txt"].file.read_bytes() == SAID
    assert artifacts["b.bin"].file.name == "null", "what no parser reads takes no place"


@pytest.mark.parametrize(
    "pack", [gzip.compress, bz2.compress, lzma.compress, zstd.compress], ids=["gz", "bz2", "xz", "zst"]
)
def test_a_single_compressed_file_keeps_its_name(
    tmp_path: Path, pack: Callable[[bytes], bytes], request: pytest.FixtureRequest
) -> None:
    artifacts = taken(tmp_path, pack(SAID), name=f"状态.txt.{request.node.callspec.id}")

    assert artifacts["状态.txt"].size == len(SAID) and artifacts["状态.txt"].state is State.READ


@pytest.mark.parametrize(
    "method", [py7zr.FILTER_LZMA, py7zr.FILTER_PPMD, py7zr.FILTER_COPY, py7zr.FILTER_ZSTD]
)
def test_a_7z_of_any_usual_method_is_read(tmp_path: Path, method: int) -> None:
    assert taken(tmp_path, writers.seven_zip(FILES, method=method))["日志/a.txt"].size == len(SAID)


def test_names_of_a_tar_are_read_as_chinese_windows_wrote_them(tmp_path: Path) -> None:
    old = writers.tar(FILES, form=tarfile.USTAR_FORMAT, encoding="gb18030")

    assert list(taken(tmp_path, old)) == ["日志/a.txt", "b.bin"]


def test_a_zip64_is_read(tmp_path: Path) -> None:
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as archive, archive.open("a.txt", "w", force_zip64=True) as entry:
        entry.write(SAID)

    assert taken(tmp_path, packed.getvalue())["a.txt"].size == len(SAID)


def test_archives_inside_are_opened_and_named_by_their_place(tmp_path: Path) -> None:
    inner = writers.seven_zip([("x.tar.gz", gzip.compress(TAR))])
    artifacts = taken(tmp_path, writers.zipped([("logs/n.7z", inner), ("after.txt", SAID)]))

    assert artifacts["logs/n.7z/x.tar.gz/日志/a.txt"].state is State.READ
    assert artifacts["logs/n.7z"].kind == "archive" and "opened" in why(artifacts["logs/n.7z"])
    assert artifacts["after.txt"].state is State.READ


def test_archives_in_a_folder_are_opened_and_stay_where_they_are(tmp_path: Path) -> None:
    (tmp_path / "source").mkdir()
    archive = save(tmp_path / "source", "logs.tar", TAR)
    artifacts = {a.path: a for a in unpack(tmp_path / "source", tmp_path / "out")}

    assert artifacts["logs.tar/日志/a.txt"].size == len(SAID)
    assert archive.read_bytes() == TAR


def test_office_documents_are_no_archives(tmp_path: Path) -> None:
    document = writers.zipped([("[Content_Types].xml", b"<Types/>"), ("word/document.xml", SAID)])
    artifacts = taken(tmp_path, writers.zipped([("报告.docx", document)]))

    assert list(artifacts) == ["报告.docx"] and artifacts["报告.docx"].kind == "other"


@pytest.mark.parametrize("form", FORMATS)
def test_a_cut_archive_never_breaks_the_unpacking(tmp_path: Path, form: str) -> None:
    data = FORMATS[form](FILES)
    for share in (0.3, 0.6, 0.95):
        source = save(tmp_path, "cut", data[: int(len(data) * share)])
        artifacts = unpack(source, tmp_path / "out")
        assert artifacts and any(a.state is not State.READ for a in artifacts), share


def test_without_its_library_a_format_is_named_with_what_to_do(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def missing() -> None:
        raise ImportError("libexpat.so.1: cannot open shared object file")

    monkeypatch.setattr(libarchive, "library", missing)
    (only,) = taken(tmp_path, writers.seven_zip(FILES)).values()

    assert only.state is State.UNREADABLE and "libexpat1" in why(only)


# -- Parts ------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "data",
    [
        writers.rar4(FILES, volume=True),
        writers.rar5(FILES, volume=True),
        writers.cab(FILES, flags=2),
        b"PK\x07\x08" + writers.zipped(FILES),
        writers.zipped(FILES)[:-18] + b"\x02\0\x02\0" + writers.zipped(FILES)[-14:],
    ],
    ids=["rar4", "rar5", "cab", "zip", "last-zip"],
)
def test_a_part_of_many_is_known_by_its_flags(tmp_path: Path, data: bytes) -> None:
    (only,) = taken(tmp_path, data).values()

    assert only.state is State.UNREADABLE and "one part of an archive" in why(only)


@pytest.mark.parametrize("name", ["logs.7z.002", "logs.zip.001", "logs.z01", "logs.r00", "logs.part2.rar"])
def test_a_part_of_many_is_known_by_its_name(tmp_path: Path, name: str) -> None:
    artifacts = taken(tmp_path, writers.zipped([(name, b"\x8f\x01" * 500)]))

    assert "one part of an archive" in why(artifacts[name])


# -- Hostile ----------------------------------------------------------------------------


@pytest.mark.parametrize("form", FORMATS)
def test_names_that_deceive_are_named_and_not_read(tmp_path: Path, form: str) -> None:
    names = [*HOSTILE_NAMES, "gif\u202etxt.exe\x1b[31m", "Log.txt", "LOG.TXT"]
    write = writers.seven_zip_named if form == "7z" else FORMATS[form]
    artifacts = list(taken(tmp_path, write([(name, SAID) for name in names])).values())

    refused = dict(zip(HOSTILE_NAMES, artifacts, strict=False))
    assert all(HOSTILE_NAMES[name] in why(a) and a.state is State.SKIPPED for name, a in refused.items())
    bidi, first, second = artifacts[len(HOSTILE_NAMES) :]
    assert bidi.path.isprintable() and "\u202e" not in bidi.path and bidi.state is State.READ
    assert first.state is State.READ
    assert (second.path, second.state) == ("LOG.TXT (2)", State.SKIPPED) and "two files" in why(second)


def test_links_and_devices_are_named_and_not_made(tmp_path: Path) -> None:
    data = writers.tar(
        FILES,
        writers.special("symbolic", tarfile.SYMTYPE, "/etc/passwd"),
        writers.special("hard", tarfile.LNKTYPE, "b.bin"),
        writers.special("character", tarfile.CHRTYPE),
        writers.special("block", tarfile.BLKTYPE),
        writers.special("pipe", tarfile.FIFOTYPE),
    )
    artifacts = taken(tmp_path, data)

    assert all("link" in why(artifacts[name]) for name in ("symbolic", "hard"))
    assert all("no regular file" in why(artifacts[name]) for name in ("character", "block", "pipe"))
    assert all(not a.size for name, a in artifacts.items() if name not in dict(FILES))
    zipped = taken(tmp_path, writers.zipped(FILES, symlinks=["link"]))
    assert "link" in why(zipped["link"])


def test_a_name_longer_than_the_limit_is_not_read(tmp_path: Path) -> None:
    artifacts = taken(tmp_path, writers.tar([("d/" * 600 + "a.txt", SAID), ("b.txt", SAID)]))

    assert [a.state for a in artifacts.values()] == [State.SKIPPED, State.READ]
    assert all(len(path) <= 400 for path in artifacts)


def test_entries_that_share_their_bytes_are_not_read(tmp_path: Path) -> None:
    bomb = writers.overlapping(50, SAID * 1000)
    with zipfile.ZipFile(save(tmp_path, "bundle", bomb)) as archive:
        assert sum(entry.file_size for entry in archive.infolist()) > 40 * len(SAID) * 1000
    artifacts = taken(tmp_path, bomb)

    *quoting, kernel = artifacts.values()
    assert len(quoting) == 49 and all("shares its bytes" in why(a) and not a.size for a in quoting)
    assert kernel.size == len(SAID) * 1000, "the one that has bytes of its own"


def test_archives_inside_one_another_have_one_budget(tmp_path: Path) -> None:
    bomb = writers.nested_bomb(3, 6, bytes(100_000))
    artifacts = list(taken(tmp_path, bomb, Limits(total=3_000_000)).values())

    assert sum(a.size for a in artifacts) <= 3_000_000
    assert any("limit for the whole bundle" in why(a) for a in artifacts)
    many = list(taken(tmp_path, bomb, Limits(entries=100)).values())
    assert sum("more files than the limit" in why(a) for a in many) == 1 and len(many) <= 110


def test_archives_too_deep_are_named_and_not_opened(tmp_path: Path) -> None:
    artifacts = taken(tmp_path, writers.nested_bomb(5, 1, SAID))

    assert max(path.count("/") for path in artifacts) == 3
    (deepest,) = (a for path, a in artifacts.items() if path.count("/") == 3)
    assert deepest.state is State.SKIPPED and "3 deep" in why(deepest)


def test_the_ratio_counts_for_streams_as_well(tmp_path: Path) -> None:
    bomb = gzip.compress(bytes(30_000_000))
    (only,) = taken(tmp_path, bomb, Limits(ratio_floor=10_000_000), name="memory.dmp.gz").values()

    assert only.size == 0 and "250 times" in why(only)


def test_the_holes_of_a_sparse_file_count_as_what_they_stand_for(tmp_path: Path) -> None:
    entry = tarfile.TarInfo("hole.bin")
    entry.pax_headers = {
        "GNU.sparse.major": "0",
        "GNU.sparse.minor": "1",
        "GNU.sparse.name": "hole.bin",
        "GNU.sparse.size": str(1 << 50),
        "GNU.sparse.numblocks": "1",
        "GNU.sparse.map": f"{1 << 50},0",
    }
    artifacts = taken(tmp_path, writers.tar([], entry), Limits(total=5_000_000))

    assert any("limit for the whole bundle" in why(a) for a in artifacts.values())


def test_time_and_disk_have_limits(tmp_path: Path) -> None:
    late = list(taken(tmp_path, TAR, Limits(seconds=-1)).values())
    assert late[0].size == 0 and "took longer" in why(late[0])
    full = list(taken(tmp_path, writers.zipped(FILES), Limits(free_disk=1 << 62)).values())
    assert len(full) == 2 and all("disk space" in why(a) for a in full)


def test_a_dictionary_beyond_the_memory_is_no_reason_to_die(tmp_path: Path) -> None:
    data = bytearray(lzma.compress(SAID, format=lzma.FORMAT_XZ, filters=[{"id": lzma.FILTER_LZMA2}]))
    place = data.index(b"\x21\x01", 12) + 2
    data[place] = 40  # 4 GiB less a byte; the header's own checksum is made to fit
    size = (data[12] + 1) * 4
    data[12 + size - 4 : 12 + size] = zlib.crc32(bytes(data[12 : 12 + size - 4])).to_bytes(4, "little")
    (only,) = taken(tmp_path, bytes(data), name="x.txt.xz").values()

    assert only.state in {State.UNREADABLE, State.READ}


def test_where_an_earlier_attempt_died_a_stream_ends_by_name(tmp_path: Path) -> None:
    died = text("解析程序崩溃。", "The parser crashed.")
    source = save(tmp_path, "bundle", writers.tar([("a.txt", SAID), ("b.txt", SAID), ("c.txt", SAID)]))
    artifacts = unpack(source, tmp_path / "out", skip={1: died})

    assert [(a.path, a.detail) for a in artifacts][1:] == [("…", died)] and artifacts[0].state is State.READ
    source = save(tmp_path, "bundle", writers.zipped([("a.txt", SAID), ("b.txt", SAID), ("c.txt", SAID)]))
    assert [a.state for a in unpack(source, tmp_path / "out", skip={1: died})] == [
        State.READ,
        State.UNREADABLE,
        State.READ,
    ]
