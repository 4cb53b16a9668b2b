"""Lists of known files in the forms people have them."""

import hashlib
import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from engine.parsers.baselines import BaselineUnreadable, as_json
from engine.parsers.file_state import FileState
from engine.parsers.hash_lists import MAX_FILES, read_baseline_list
from engine.sandbox.confinement import confinement
from engine.sandbox.jobs import baselines_in
from engine.sandbox.sandbox import Allowance, Sandbox

A, B = (hashlib.sha256(name).hexdigest() for name in (b"a", b"b"))


def listed(folder: Path, content: str, name: str = "list.txt", encoding: str = "utf-8") -> list[FileState]:
    file = folder / name
    file.write_bytes(content.encode(encoding))
    return read_baseline_list(file)


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


OLD_HEADER = '"SHA-1","MD5","CRC32","FileName","FileSize","ProductCode","OpSystemCode","SpecialCode"\n'


def test_the_older_data_set_is_refused_for_what_it_lacks_even_where_it_is_too_large(tmp_path: Path) -> None:
    row = '"0000","9B3702B0E788C6D62996392FE3C9786A","05E566DF","a.exe",32768,18266,"358",""\n'
    with pytest.raises(BaselineUnreadable, match="Version 3 of the NSRL RDS has SHA-256"):
        listed(tmp_path, OLD_HEADER + row * 250_000, "NSRLFile.txt")


FULL = "CREATE TABLE METADATA (sha256, sha1, md5, file_name, bytes, package_id);" + (
    "CREATE VIEW FILE AS SELECT sha256, sha1, md5, file_name, bytes AS file_size, package_id FROM METADATA;"
)
MINIMAL = "CREATE TABLE FILE (sha256, sha1, md5, crc32, file_name, file_size, package_id);"


def database(folder: Path, schema: str, statement: str = "", *values: object) -> Path:
    file = folder / "RDS.db"
    with closing(sqlite3.connect(file)) as made:
        made.executescript(schema)
        made.execute(statement, values)
        made.commit()
    return file


@pytest.mark.parametrize(
    ("schema", "table", "marks"),
    [(FULL, "METADATA", "?,'x','y',?,?,17"), (MINIMAL, "FILE", "?,'x','y','z',?,?,17")],
)
def test_the_databases_of_the_reference_data_set_are_read(
    tmp_path: Path, schema: str, table: str, marks: str
) -> None:
    file = database(tmp_path, schema, f"INSERT INTO {table} VALUES ({marks})", A, "CodeMeter.exe", 4_562_920)

    assert read_baseline_list(file) == [FileState("CodeMeter.exe", A.upper(), 4_562_920, None, None, "RDS")]


@pytest.mark.parametrize(
    ("schema", "reason"),
    [
        ("CREATE TABLE other (sha256, file_name);", "no file names with their SHA-256"),
        ("CREATE TABLE FILE (sha1, file_name);", "SHA-1 or MD5 alone"),
    ],
)
def test_a_database_that_cannot_serve_is_refused_by_name(tmp_path: Path, schema: str, reason: str) -> None:
    with pytest.raises(BaselineUnreadable, match=reason):
        read_baseline_list(database(tmp_path, schema, "SELECT 1"))


def test_a_broken_database_is_refused_by_name(tmp_path: Path) -> None:
    file = database(tmp_path, MINIMAL, "SELECT 1")
    file.write_bytes(file.read_bytes()[:100] + b"\xff" * 9000)
    with pytest.raises(BaselineUnreadable, match="cannot be read"):
        read_baseline_list(file)


def test_a_database_that_computes_for_ever_is_stopped(tmp_path: Path) -> None:
    endless = "CREATE VIEW FILE AS WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n) "
    file = database(tmp_path, endless + "SELECT i AS sha256, i AS file_name FROM n WHERE i < 0;", "SELECT 1")
    with (
        Sandbox(Allowance(silence=1.0), prepare=[confinement([file])]) as sandbox,
        pytest.raises(BaselineUnreadable, match="no progress"),
    ):
        baselines_in(sandbox, file)


@pytest.mark.parametrize("separator", [",", "|", "\t"])
def test_an_export_without_names_of_columns_is_read(tmp_path: Path, separator: str) -> None:
    sha1, md5 = hashlib.sha1(b"a").hexdigest(), hashlib.md5(b"a").hexdigest()
    row = separator.join((A.upper(), sha1, md5, "E8B7BE43", "CodeMeter.exe", "4562920", "17"))

    assert listed(tmp_path, f"{row}\n") == [
        FileState("CodeMeter.exe", A.upper(), 4_562_920, None, None, "list")
    ]


def test_tagged_and_escaped_lines_of_sha256sum_are_read(tmp_path: Path) -> None:
    tagged = listed(tmp_path, f"SHA256 (bin/a (b).exe) = {A}\n")
    escaped = listed(tmp_path, f"\\{A}  a\\\\b.exe\n")

    assert [state.path for state in (*tagged, *escaped)] == ["bin/a (b).exe", "a\\b.exe"]


HOSTILE = {
    "a size beyond the database's numbers": f"sha256,path,size\n{A},a.exe,{'9' * 5000}\n",
    "control and direction marks in a name": f"{A}  a\0\u202e.exe\n",
    "a name that cannot be stored": f"{A}  a\ufdd0.exe\n{B}  {'x' * 5000}\n",
    "a bracket that is never closed": "[" * 100_000,
    "a field without end": f'sha256,path\n{A},"' + "x" * 200_000,
    "hashes without names": f"{A}\n{B}\n",
}


@pytest.mark.parametrize("name", HOSTILE)
def test_a_hostile_list_yields_what_can_be_stored_or_a_sentence(tmp_path: Path, name: str) -> None:
    try:
        states = listed(tmp_path, HOSTILE[name])
    except BaselineUnreadable as refused:
        assert refused.sentence["zh-hans"] and refused.sentence["en"]
    else:
        for state in states:
            assert state.path.isprintable() or "\ufdd0" in state.path
            assert len(state.path) <= 500 and (state.size or 0) < 2**63


def test_a_list_of_everything_is_refused_with_the_way_to_a_smaller_one(tmp_path: Path) -> None:
    row = "INSERT INTO FILE WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i <= ?) "
    columns = "SELECT ?, 'x', 'y', 'z', 'a' || i, i, 17 FROM n"
    with pytest.raises(BaselineUnreadable, match="WHERE file_name LIKE"):
        read_baseline_list(database(tmp_path, MINIMAL, row + columns, MAX_FILES, A))


def test_deeply_nested_json_is_refused_by_name(tmp_path: Path) -> None:
    with pytest.raises(BaselineUnreadable, match="no JSON"):
        listed(tmp_path, '{"a":' * 200_000, "list.json")
