"""To which machine, path and moment the facts of a capture belong, and what a state is called."""

from pathlib import Path

import pytest

from engine.parsers.captures.headings import name_in
from tests.engine.capture_texts import HASH, MODIFIED, OTHER_HASH, PATH, SIZE, read

LIST = f"\nAlgorithm : SHA256\nHash      : {HASH}\nPath      : {PATH}\n"
OTHER_LIST = LIST.replace(HASH, OTHER_HASH)
SELECTED = f"\nName : CodeMeter.exe\nLength : {SIZE}\nLastWriteTime : 2016/4/6 12:20:00\n"


@pytest.mark.parametrize(
    "line",
    [
        "您好，下面是哈希值，请查收，谢谢！如有问题请联系我 13800000000。",
        "以下是重装之后的",
        "这是重启后的哈希",
        "Here are the hashes after the restart:",
        "Hello Jane,",
        "Get-FileHash : Cannot find path 'C:\\nope.exe' because it does not exist.",
        "At line:1 char:1",
        "    + CategoryInfo          : ObjectNotFound: (C:\\nope.exe:String) [Get-FileHash], Exception",
        "所在位置 行:1 字符: 1",
        "张工 021-6666 7777",
        "support@example.com",
        "The service was restarted and the file is different now",
        "Windows PowerShell transcript start",
        "开始时间: 20210507090807",
        "CodeMeter.exe",
        "1",
    ],
)  # fmt: skip
def test_greetings_sentences_errors_and_numbers_name_no_state(line: str) -> None:
    assert name_in(line) == ""


@pytest.mark.parametrize(
    ("line", "name"),
    [
        ("# as found", "as found"),
        ("重新安装后：", "重新安装后"),
        ("【测试环境】", "测试环境"),
        ("重启服务后", "重启服务后"),
        ("2021-05-07 9:08 重装后", "2021-05-07 9:08 重装后"),
        ("after restart from the control center", "after restart from the control center"),
        ("状态：重装后", "重装后"),
        ("您好，\n哈希如下。\n重装后：", "重装后"),
    ],
)
def test_a_heading_names_the_state_below_it(line: str, name: str) -> None:
    assert name_in(line) == name


def test_an_error_above_a_capture_leaves_the_file_name_its_label(tmp_path: Path) -> None:
    error = (
        'PS C:\\> Get-FileHash "C:\\nope.exe"\n'
        "Get-FileHash : Cannot find path 'C:\\nope.exe' because it does not exist.\n"
        'At line:1 char:1\n+ Get-FileHash "C:\\nope.exe"\n+ ~~~~~~~~~~~\n'
        "    + FullyQualifiedErrorId : FileNotFound,Get-FileHash\n\n"
    )
    labels = {state.label for state in read(tmp_path, error + LIST, name="logs/PC room.txt").states}

    assert labels <= {"PC room", "PC room (2)"}


def test_hash_and_attributes_of_one_moment_are_one_state_though_the_name_stands_alone(
    tmp_path: Path,
) -> None:
    for content in (LIST + SELECTED, SELECTED + LIST):
        (state,) = read(tmp_path, content).states
        assert (state.path, state.sha256, state.size, state.modified) == (PATH, HASH, SIZE, MODIFIED)


def test_a_name_that_could_be_either_of_two_files_is_neither(tmp_path: Path) -> None:
    elsewhere = LIST.replace(PATH, "D:\\old\\CodeMeter.exe")
    states = read(tmp_path, LIST + elsewhere + SELECTED).states

    assert [(state.path, state.size) for state in states] == [
        (PATH, None),
        ("D:\\old\\CodeMeter.exe", None),
        ("CodeMeter.exe", SIZE),
    ]


def test_a_sentence_parts_two_moments_and_names_neither(tmp_path: Path) -> None:
    states = read(tmp_path, LIST + "\n以下是重装之后的\n" + SELECTED, name="hash.txt").states

    assert [(state.path, state.sha256, state.size) for state in states] == [
        (PATH, HASH, None),
        ("CodeMeter.exe", None, SIZE),
    ]


@pytest.mark.parametrize(
    "asked",
    [
        "PS {0}> hostname\n{0}\n",
        "PS C:\\> $env:COMPUTERNAME\n{0}\n",
        "C:\\Temp>hostname\n\n{0}\n",
        "COMPUTERNAME={0}\n",
        "计算机名：{0}\n",
        "主机名:           {0}\n",
        "[{0}]: PS C:\\Users\\x\\Documents> Get-FileHash a\n",
        "admin@{0} C:\\Users\\admin>hostname\n{0}\n",
        "Start time: 20210507090807\nMachine: {0} (Microsoft Windows NT 10.0.19041.0)\n",
    ],
)
def test_each_state_is_of_the_machine_that_the_console_names(tmp_path: Path, asked: str) -> None:
    get_item = f"\nPS C:\\> Get-Item '{PATH}' | select Name,Length,LastWriteTime\n{SELECTED}\n"
    content = f"{asked.format('PC-01')}{LIST}{get_item}{asked.format('PC-02')}{OTHER_LIST}{get_item}"
    states = read(tmp_path, content).states

    assert [(state.machine, state.path, state.sha256, state.size) for state in states] == [
        ("PC-01", PATH, HASH, SIZE),
        ("PC-02", PATH, OTHER_HASH, SIZE),
    ]


def test_a_machine_named_once_is_the_machine_of_the_whole_capture(tmp_path: Path) -> None:
    (state,) = read(tmp_path, LIST + "\nPS C:\\> hostname\nPC-01\n").states

    assert state.machine == "PC-01"


def test_a_prompt_that_shows_a_machine_is_no_folder(tmp_path: Path) -> None:
    (state,) = read(tmp_path, f"PS PC-01> gi .\\x.exe | select Name,Length\n{SELECTED}").states

    assert (state.path, state.machine) == ("CodeMeter.exe", "PC-01")


def test_a_transcript_tells_when_it_was_made(tmp_path: Path) -> None:
    (state,) = read(tmp_path, f"Windows PowerShell 脚本开始\n开始时间: 20210507090807\n{LIST}").states

    assert (state.taken, state.label) == ("2021-05-07T09:08:07", "capture")


def test_rows_of_one_cut_path_stay_apart_and_say_what_to_send_instead(tmp_path: Path) -> None:
    capture = read(tmp_path, f"\nSHA256   {HASH}   C:\\Progr...\nSHA256   {OTHER_HASH}   C:\\Progr...\n")

    assert [(state.cut, state.sha256) for state in capture.states] == [(True, HASH), (True, OTHER_HASH)]
    assert [unread.line for unread in capture.unreadable] == [2, 3]
    assert "Format-List" in capture.unreadable[0].reason["en"]
