"""Lists of known files in the forms people have them."""

import hashlib
from pathlib import Path

import pytest

from analysis.engine.parsers.baselines import BaselineUnreadable, as_json
from analysis.engine.parsers.file_state import FileState
from analysis.engine.parsers.hash_lists import read_known_files

A, B = (hashlib.sha256(name).hexdigest() for name in (b"a", b"b"))


def listed(folder: Path, content: str, name: str = "list.txt", encoding: str = "utf-8") -> list[FileState]:
    file = folder / name
    file.write_bytes(content.encode(encoding))
    return read_known_files(file)


def test_the_output_of_sha256sum_is_read(tmp_path: Path) -> None:
    states = listed(tmp_path, f"{A}  bin/a b.exe\n{B} *b.dll\n# a remark\n")

    assert [(s.path, s.sha256, s.label) for s in states] == [
        ("bin/a b.exe", A.upper(), "list"),
        ("b.dll", B.upper(), "list"),
    ]


def test_a_table_of_the_reference_data_set_is_read(tmp_path: Path) -> None:
    table = (
        '"sha256","sha1","md5","crc32","file_name","file_size","package_id"\n'
        f'"{A.upper()}","x","y","z","CodeMeter.exe","4562920","17"\n'
        '"too short","x","y","z","other.exe","1","17"\n'
    )
    (state,) = listed(tmp_path, table, "NSRLFile.csv")

    assert (state.path, state.sha256, state.size) == ("CodeMeter.exe", A.upper(), 4_562_920)


def test_the_older_data_set_without_sha256_is_refused_by_name(tmp_path: Path) -> None:
    old = '"SHA-1","MD5","CRC32","FileName","FileSize","ProductCode"\n"0","0","0","a.exe",1,1\n'
    with pytest.raises(BaselineUnreadable, match="SHA-1 or MD5 alone") as refused:
        listed(tmp_path, old)
    assert "没有 SHA-256" in refused.value.sentence["zh-hans"]


@pytest.mark.parametrize("encoding", ["utf-8-sig", "utf-16"])
def test_what_powershell_exports_is_read(tmp_path: Path, encoding: str) -> None:
    table = f'"Algorithm","Hash","Path"\r\n"SHA256","{A.upper()}","C:\\程序\\a.exe"\r\n'
    (state,) = listed(tmp_path, table, "hashes.csv", encoding)

    assert (state.path, state.sha256) == ("C:\\程序\\a.exe", A.upper())


def test_our_own_export_comes_back_whole(tmp_path: Path) -> None:
    states = [FileState("C:\\a.exe", A.upper(), 12, "2016-04-06T12:20:00", "1.2", "实验室")]

    assert listed(tmp_path, as_json(states), "export.json") == states


@pytest.mark.parametrize("content", ["", "hello\n", "a,b\n1,2\n", "{", "[]", "sha256\nxyz\n"])
def test_what_is_no_list_is_refused_by_name(tmp_path: Path, content: str) -> None:
    with pytest.raises(BaselineUnreadable, match="list"):
        listed(tmp_path, content)
