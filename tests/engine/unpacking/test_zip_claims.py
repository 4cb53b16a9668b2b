"""Zip files whose headers contradict themselves or the bytes: read, and what is not so is named."""

import gzip
import zipfile
from pathlib import Path

import pytest

from engine.artifacts import Artifact, State
from engine.result import _artifact
from engine.unpacking.archives.budget import DEFAULT_LIMITS, Limits
from engine.unpacking.unpack import unpack
from tests.engine import archive_writers as writers
from tests.engine.archive_writers import Claim, save

SAID = b"PS C:\\> Get-FileHash x\r\n" * 40
BEFORE, AFTER = Claim("before.txt", SAID), Claim("after.txt", SAID)


def taken(folder: Path, data: bytes, limits: Limits = DEFAULT_LIMITS) -> dict[str, Artifact]:
    """The artifacts by name."""
    return {a.path: a for a in unpack(save(folder, "bundle.zip", data), folder / "out", limits)}


def said(artifact: Artifact) -> str:
    """All that the result says of it, in English."""
    return _artifact(artifact).detail["en"]


def test_names_that_differ_are_read_under_the_directorys_name_and_told(tmp_path: Path) -> None:
    artifacts = taken(
        tmp_path, writers.claimed_zip(Claim("状态.txt", SAID, local={"name": "x/1.txt"}), AFTER)
    )

    assert (artifacts["状态.txt"].state, artifacts["状态.txt"].size) == (State.READ, len(SAID))
    assert "“状态.txt” in its directory, “x/1.txt” before its bytes" in said(artifacts["状态.txt"])
    assert said(artifacts["after.txt"]) == ""


def test_a_slash_the_other_way_round_is_the_same_name(tmp_path: Path) -> None:
    data = writers.claimed_zip(Claim("logs/a.txt", SAID, local={"name": "logs\\a.txt"}))

    assert said(taken(tmp_path, data)["logs/a.txt"]) == ""


BOTH = ("central", "local")


@pytest.mark.parametrize("method", [0, 8, 9, 12], ids=["stored", "deflate", "deflate64", "bzip2"])
@pytest.mark.parametrize("where", [("central",), ("local",), BOTH], ids=["central", "local", "both"])
@pytest.mark.parametrize("size", [3, 10_000_000], ids=["smaller", "larger"])
def test_a_size_that_is_not_so_costs_no_byte_and_is_told(
    tmp_path: Path, method: int, where: tuple[str, ...], size: int
) -> None:
    lies = {"packed": size, "size": size}
    central, local = (lies if place in where else {} for place in ("central", "local"))
    claim = Claim("a.txt", SAID, method, central=central, local=local)
    artifacts = taken(tmp_path, writers.claimed_zip(BEFORE, claim, AFTER))

    assert {path: (a.state, a.size) for path, a in artifacts.items()} == {
        path: (State.READ, len(SAID)) for path in ("before.txt", "a.txt", "after.txt")
    }
    assert f"states a size of {size:,} bytes; unpacked there are {len(SAID):,}" in said(artifacts["a.txt"])
    assert said(artifacts["before.txt"]) == said(artifacts["after.txt"]) == ""


@pytest.mark.parametrize("method", [0, 8])
def test_sizes_behind_the_bytes_are_no_contradiction(tmp_path: Path, method: int) -> None:
    data = writers.claimed_zip(Claim("a.txt", SAID, method, descriptor=True), AFTER)
    artifacts = taken(tmp_path, data)

    assert [(a.state, a.size, said(a)) for a in artifacts.values()] == [(State.READ, len(SAID), "")] * 2


def test_a_size_that_is_not_so_counts_for_the_limits_as_what_it_is(tmp_path: Path) -> None:
    claim = Claim("big.bin", bytes(3_000_000), central={"size": 10, "packed": 10}, local={"size": 10})
    artifacts = taken(tmp_path, writers.claimed_zip(claim, AFTER), Limits(file=1_000_000))

    assert artifacts["big.bin"].state is State.SKIPPED and artifacts["after.txt"].state is State.READ


def test_damage_stays_damage_whatever_the_sizes_say(tmp_path: Path) -> None:
    data = bytearray(writers.claimed_zip(Claim("a.txt", SAID, 0, central={"size": 5}), AFTER))
    data[100] ^= 1
    artifacts = taken(tmp_path, bytes(data))

    assert artifacts["a.txt"].state is State.PARTLY and "checksum" in said(artifacts["a.txt"])


def test_a_stored_block_of_deflate64_is_read_right(tmp_path: Path) -> None:
    (only,) = taken(tmp_path, writers.claimed_zip(Claim("hash.txt", SAID, 9))).values()

    assert only.state is State.READ and only.file.read_bytes() == SAID


def test_one_entry_listed_again_is_read_once(tmp_path: Path) -> None:
    data = writers.claimed_zip(Claim("a.txt", SAID))
    at, end = data.index(b"PK\1\2"), data.index(b"PK\5\6")
    again = data[at:end].replace(b"a.txt", b"b.txt")
    twice = data[:end] + again + writers._end(2, 2 * (end - at), at)
    artifacts = taken(tmp_path, twice)

    assert artifacts["a.txt"].state is State.READ and "shares its bytes" in said(artifacts["b.txt"])


# -- Around the archive ------------------------------------------------------------------

WHOLE = writers.claimed_zip(BEFORE, Claim("b.txt", SAID, 0), AFTER)


@pytest.mark.parametrize(
    "data",
    [
        b"Content-Type: application/zip\r\n\r\n" + WHOLE,
        WHOLE + b"\0" * 200_000,
        WHOLE + b"garbage " * 20_000,
        b"\xff" * 5000 + WHOLE + bytes(70_000),
    ],
    ids=["before", "zeros behind", "garbage behind", "both"],
)
def test_bytes_around_an_archive_cost_nothing(tmp_path: Path, data: bytes) -> None:
    artifacts = taken(tmp_path, data)

    assert {path: (a.state, a.size) for path, a in artifacts.items()} == {
        path: (State.READ, len(SAID)) for path in ("before.txt", "b.txt", "after.txt")
    }


@pytest.mark.parametrize("method", [0, 8, 9, 12])
@pytest.mark.parametrize("descriptor", [False, True])
def test_without_its_directory_every_whole_entry_is_read(
    tmp_path: Path, method: int, descriptor: bool
) -> None:
    claims = [Claim(f"{n}.txt", SAID, method, descriptor=descriptor) for n in range(3)]
    data = writers.claimed_zip(*claims, AFTER)
    last = data.index(b"after.txt")
    artifacts = taken(tmp_path, data[: last + 30])

    assert [(artifacts[f"{n}.txt"].state, artifacts[f"{n}.txt"].size) for n in range(3)] == [
        (State.READ, len(SAID))
    ] * 3
    assert artifacts["after.txt"].state in {State.PARTLY, State.UNREADABLE}
    assert any("incomplete" in said(a) for a in artifacts.values())


def test_a_directory_that_leads_nowhere_is_passed_over(tmp_path: Path) -> None:
    at = WHOLE.index(b"PK\1\2")
    with zipfile.ZipFile(save(tmp_path, "whole", WHOLE)) as archive:
        names = [info.filename for info in archive.infolist()]
    broken = bytearray(WHOLE)
    while (at := WHOLE.find(b"PK\1\2", at)) >= 0:
        broken[at + 42 : at + 46] = b"\x07\0\0\0"
        at += 4
    artifacts = taken(tmp_path, bytes(broken))

    assert [artifacts[name].size for name in names] == [len(SAID)] * 3


def test_locked_entries_among_plain_ones_cost_only_themselves(tmp_path: Path) -> None:
    data = bytearray(WHOLE)
    data[6] |= 1
    data[data.index(b"PK\1\2") + 8] |= 1
    artifacts = taken(tmp_path, bytes(data))

    assert [(a.locked, a.state) for a in artifacts.values()] == [
        (True, State.UNREADABLE),
        (False, State.READ),
        (False, State.READ),
    ]


def test_a_compressed_tar_that_is_called_zip_is_opened(tmp_path: Path) -> None:
    assert taken(tmp_path, gzip.compress(writers.tar([("a.txt", SAID)])))["a.txt"].size == len(SAID)


def test_a_text_that_ends_like_an_archive_is_none(tmp_path: Path) -> None:
    artifacts = unpack(save(tmp_path, "a.txt", SAID + b"PK\5\6" + bytes(18)), tmp_path / "out")

    assert [a.path for a in artifacts] == ["a.txt"]
