"""Captures of PowerShell: every form that consoles, mails and Windows languages make of them."""

import time
from pathlib import Path

import pytest

from engine.parsers.captures.recognition import recognises
from engine.parsers.sample import Sample
from tests.engine.capture_texts import HASH, MODIFIED, OTHER_HASH, PATH, SIZE, VERSION, read

PROMPT = r"PS C:\Program Files (x86)\CodeMeter\Runtime\bin>"
TABLE = f"""
{PROMPT} Get-FileHash .\\CodeMeter.exe

Algorithm       Hash                                                                   Path
---------       ----                                                                   ----
SHA256          {HASH}       {PATH}
"""
LIST = f"""
Algorithm : SHA256
Hash      : {HASH}
Path      : {PATH}
"""
ITEM = f"""
PSPath            : Microsoft.PowerShell.Core\\FileSystem::{PATH}
VersionInfo       : File:             {PATH}
                    FileVersion:      {VERSION}
                    ProductVersion:   {VERSION}
                    Language:         英语(美国)

Name              : CodeMeter.exe
Length            : 4562920
FullName          : {PATH}
LastWriteTime     : 4/6/2016 12:20:00 PM
"""


@pytest.mark.parametrize("text", [TABLE, LIST])
def test_it_reads_a_hash_in_column_and_list_form(tmp_path: Path, text: str) -> None:
    (state,) = read(tmp_path, text).states

    assert (state.path, state.sha256, state.size) == (PATH, HASH, None)


def test_it_reads_what_get_item_says(tmp_path: Path) -> None:
    (state,) = read(tmp_path, ITEM).states

    assert (state.path, state.size, state.modified, state.version) == (PATH, SIZE, MODIFIED, VERSION)


def test_hash_and_item_of_one_file_become_one_state(tmp_path: Path) -> None:
    (state,) = read(tmp_path, TABLE + ITEM).states

    assert (state.sha256, state.size, state.modified) == (HASH, SIZE, MODIFIED)


@pytest.mark.parametrize(
    "written",
    [
        "4/6/2016 12:20:00 PM",
        "2016-04-06 12:20:00",
        "2016/4/6 12:20:00",
        "2016/4/6 下午 12:20:00",
        "06.04.2016 12:20:00",
    ],
)
def test_it_reads_the_date_forms(tmp_path: Path, written: str) -> None:
    (state,) = read(tmp_path, ITEM.replace("4/6/2016 12:20:00 PM", written)).states

    assert state.modified == MODIFIED


@pytest.mark.parametrize(
    ("encoding", "recognised"),
    [
        ("utf-16", "utf-16-le"),
        ("utf-16-le", "utf-16-le"),
        ("utf-8-sig", "utf-8"),
        ("utf-8", "utf-8"),
        ("gbk", "gb18030"),
    ],
)
def test_it_reads_every_encoding_that_windows_writes(tmp_path: Path, encoding: str, recognised: str) -> None:
    capture = read(tmp_path, ("# 重新安装后\r\n" + TABLE).encode(encoding))

    assert capture.encoding == recognised
    assert [(s.label, s.sha256) for s in capture.states] == [("重新安装后", HASH)]


def test_headings_name_the_states_and_the_file_name_does_where_there_are_none(tmp_path: Path) -> None:
    text = f"# as found\n{TABLE}\n\n重启服务后\n{TABLE.replace(HASH, OTHER_HASH)}"

    assert [s.label for s in read(tmp_path, text).states] == ["as found", "重启服务后"]
    assert [s.label for s in read(tmp_path, TABLE, name="logs/after restart.txt").states] == ["after restart"]


def test_a_second_capture_under_one_heading_is_a_state_of_its_own(tmp_path: Path) -> None:
    states = read(
        tmp_path, TABLE + ITEM + TABLE.replace(HASH, OTHER_HASH) + ITEM.replace("4562920", "4645301")
    ).states

    assert [(s.sha256, s.size) for s in states] == [(HASH, SIZE), (OTHER_HASH, 4_645_301)]
    assert states[0].label != states[1].label


def test_the_same_command_run_twice_is_one_state(tmp_path: Path) -> None:
    assert len(read(tmp_path, TABLE + TABLE).states) == 1


def test_a_name_without_folder_is_resolved_by_the_prompt(tmp_path: Path) -> None:
    text = f"{PROMPT} get-filehash .\\CodeMeter.exe\n\nAlgorithm      Hash\n------\nSHA256         {HASH}\n"
    (state,) = read(tmp_path, text).states

    assert state.path == PATH


def test_a_path_that_the_table_cut_off_is_resolved_by_the_prompt(tmp_path: Path) -> None:
    text = f"{PROMPT} Get-FileHash .\\CodeMeter.exe\n\nSHA256   {HASH}  C:\\Program Files (x86)\\CodeMet...\n"
    (state,) = read(tmp_path, text).states

    assert state.path == PATH


def test_it_reads_what_a_mail_program_left_of_a_capture(tmp_path: Path) -> None:
    text = (
        "Algorithm\tHash\n-----\nPath\n\n"
        f"SHA256 {HASH[:47]}  \n{HASH[47:]} C:\\Program Files  "
        "\n(x86)\\CodeMeter\\Runtime\\bin\\CodeMeter.exe\n\n"
        f"{PROMPT} get-item .\\CodeMeter.exe | select \\*\n\n"
        "PSPath :  \nMicrosoft.PowerShell.Core\\FileSystem::C:\\Program Files  \n"
        "(x86)\\CodeMeter\\Runtime\\bin\\CodeMeter.exe  \n"
        "VersionInfo : File: C:\\Program Files  \n(x86)\\CodeMeter\\Runtime\\bin\\CodeMeter.exe  \n"
        "FileVersion: Version  \n6.20 of 2016-Apr-06 (Build 2147)  \n"
        "Debug: Fals  \ne  \nLanguage:\n\n英语(美\n\n国)\n\nBaseName : CodeMeter\n\n\nName : "
        "CodeMeter.exe  \n"
        "**Length : 4562920**  \nLastWriteTime : 2016-04-06 12:20:00  \n"
    )
    (state,) = read(tmp_path, text).states

    assert (state.path, state.sha256, state.size) == (PATH, HASH, SIZE)
    assert (state.modified, state.version) == (MODIFIED, VERSION)


@pytest.mark.parametrize(
    "wrong",
    [HASH[:-1], HASH.replace("0", "O").replace("9", "O"), HASH + "A"],
    ids=["short", "letter", "long"],
)
def test_a_hash_of_other_than_64_digits_is_named_with_its_line(tmp_path: Path, wrong: str) -> None:
    capture = read(tmp_path, f"first line\n\nSHA256          {wrong}       {PATH}\n")

    assert capture.states == []
    assert [unread.line for unread in capture.unreadable] == [3]


def test_a_bad_hash_does_not_cost_the_item_beside_it(tmp_path: Path) -> None:
    capture = read(tmp_path, TABLE.replace(HASH, HASH[:-1]) + ITEM)

    assert [(s.sha256, s.size) for s in capture.states] == [(None, SIZE)]
    assert len(capture.unreadable) == 1


def test_it_names_a_size_and_a_date_that_it_does_not_understand(tmp_path: Path) -> None:
    broken = ITEM.replace("4562920", "4.35 MB").replace("4/6/2016 12:20:00 PM", "last spring")
    capture = read(tmp_path, broken)

    assert [(s.size, s.modified, s.version) for s in capture.states] == [(None, None, VERSION)]
    assert len(capture.unreadable) == 2


def test_a_lone_hash_is_named_and_not_lost(tmp_path: Path) -> None:
    assert [unread.line for unread in read(tmp_path, f"the new one:\n{HASH}\n").unreadable] == [2]


def test_an_md5_is_not_taken_for_a_sha256(tmp_path: Path) -> None:
    (state,) = read(tmp_path, f"MD5             {HASH[:32]}       {PATH}\n").states

    assert (state.sha256, state.other_hashes) == (None, {"MD5": HASH[:32]})


def test_it_reads_certutil(tmp_path: Path) -> None:
    text = (
        f'C:\\Temp>certutil -hashfile "{PATH}" SHA256\nSHA256 的 {PATH} 哈希:\n{HASH.lower()}\n'
        "CertUtil: -hashfile 命令成功完成。\n"
    )
    (state,) = read(tmp_path, text).states

    assert (state.path, state.sha256) == (PATH, HASH)


@pytest.mark.parametrize(
    "content", [b"", b"\0" * 999, b"\xff\xfe\x00", b"PS C:\\" + b"A" * 5000, b"SHA256 " + b"\xff" * 64]
)
def test_no_content_breaks_it(tmp_path: Path, content: bytes) -> None:
    assert read(tmp_path, content).states == []


def test_a_heading_right_below_a_path_is_no_part_of_it(tmp_path: Path) -> None:
    text = f"found:\nSHA256   {HASH}   {PATH}\n重新安装后:\nSHA256   {OTHER_HASH}   {PATH}\n"

    assert [(s.label, s.path) for s in read(tmp_path, text).states] == [("found", PATH), ("重新安装后", PATH)]


@pytest.mark.parametrize(
    "line",
    [
        "SHA256 的 " + " " * 3000 + "x",
        "SHA256 ab" + "\nab" * 100_000,
        "\n" * 400_000,
        "A" * 900_000,
        "-a---- 1/1/2020 " + "1 " * 2000,
        "get" * 20_000,
        "# x\n" * 100_000,
        "Length :\n" * 100_000,
        "".join(f"SHA256 {HASH} C:\\{number}.exe\n" for number in range(20_000)),
    ],
    ids=range(9),
)
def test_no_content_takes_long(tmp_path: Path, line: str) -> None:
    began = time.process_time()
    data = line.encode()
    recognises(Sample(data[:65536]))
    read(tmp_path, data)

    assert time.process_time() - began < 25
