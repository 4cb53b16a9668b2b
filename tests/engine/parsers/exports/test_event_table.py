"""Event Viewer's CSV and text files, and PowerShell's CSV, are events like any others."""

from pathlib import Path

import pytest

from engine.artifacts import State
from engine.index.values import LogForm
from tests.engine.parsers.exports.reading import read

CHINESE = (
    "级别,日期和时间,来源,事件 ID,任务类别\r\n"
    "错误,2021/5/7 9:00:00,Service Control Manager,7034,无,授权服务 服务意外停止。这发生了 2 次。\r\n"
    '信息 ,2021/5/7 8:59:00,Kernel-Power,42,(64),"系统正在进入睡眠状态。\r\n\r\n睡眠原因: 应用程序 API"\r\n'
    "警告,2021/5/7 8:58:00,Ntfs (Microsoft-Windows-Ntfs),98,无,卷 C: (\\Device\\HarddiskVolume3) 正常。\r\n"
)
ENGLISH = (
    "\ufeffLevel,Date and Time,Source,Event ID,Task Category\r\n"
    'Error,5/7/2021 1:05:00 PM,Application Error,1000,(100),"Faulting application name: a.exe, '
    "version: 1.0.0.0, time stamp: 0x5f3e1a2b\r\n"
    "Faulting module name: ntdll.dll, version: 10.0.19041.1, time stamp: 0x1\r\n"
    'Exception code: 0xc0000005\r\nFault offset: 0x0000000000061f31\r\nFaulting process id: 0x1234"\r\n'
)
TABBED = (
    "级别\t日期和时间\t来源\t事件 ID\t任务类别\r\n"
    '严重\t2021/5/7 上午 9:00:00\tKernel-Power\t41\t(63)\t"系统已在未先正常关机的情况下重新启动。"\r\n'
)
SECURITY = (
    "Keywords,Date and Time,Source,Event ID,Task Category\n"
    'Audit Failure,13/05/2021 09:00:00,Microsoft Windows security auditing.,4625,Logon,"An account failed"\n'
)
POWERSHELL = (
    "#TYPE System.Diagnostics.Eventing.Reader.EventLogRecord\r\n"
    '"Message","Id","Version","Qualifiers","Level","ProviderName","LogName","ProcessId","ThreadId",'
    '"MachineName","UserId","TimeCreated","RecordId","LevelDisplayName"\r\n'
    '"The Spooler service entered the stopped state.","7036","0","16384","4","Service Control Manager",'
    '"System","700","800","PC-01","S-1-5-18","2021/5/7 9:00:00","991","信息"\r\n'
)
OLD = (
    '"EventID","MachineName","Data","Index","Category","EntryType","Message","Source","ReplacementStrings",'
    '"InstanceId","TimeGenerated","TimeWritten","UserName"\r\n'
    '"6008","PC-01","","77","(0)","Error",'
    '"The previous system shutdown at 8:00:00 on 2021/5/7 was unexpected.",'
    '"EventLog","System.String[]","2147489656","2021/5/7 9:00:00","2021/5/7 9:00:00",""\r\n'
)
EXAMPLES = [
    CHINESE.encode(),
    CHINESE.encode("gb18030"),
    ENGLISH.encode(),
    TABBED.encode("utf-16"),
    SECURITY.encode(),
    POWERSHELL.encode(),
    OLD.encode(),
]


@pytest.mark.parametrize("content", EXAMPLES[:2], ids=["utf-8", "gbk"])
def test_a_chinese_csv_is_read_line_by_line_its_messages_whole(tmp_path: Path, content: bytes) -> None:
    artifact, facts, events = read(tmp_path, content, "系统.csv")

    assert (artifact.kind, artifact.state, facts.form) == ("event-table", State.READ, LogForm.LINES)
    assert [(event.record_id, event.event_id, event.level, event.time) for event in events] == [
        (2, 7034, 2, "2021-05-07T09:00:00.000000"),
        (3, 42, 4, "2021-05-07T08:59:00.000000"),
        (6, 98, 3, "2021-05-07T08:58:00.000000"),
    ]
    assert [event.provider for event in events] == [
        "Service Control Manager",
        "Microsoft-Windows-Kernel-Power",
        "Microsoft-Windows-Ntfs",
    ]
    assert {event.channel for event in events} == {"System"}
    assert events[0].data == {"param1": "授权服务", "param2": "2"}
    assert events[1].rendering == ("zh-CN", "系统正在进入睡眠状态。\n\n睡眠原因: 应用程序 API")


def test_an_english_csv_gives_the_values_of_a_crash_back(tmp_path: Path) -> None:
    _, _, (event,) = read(tmp_path, EXAMPLES[2], "export.csv")

    assert event.time == "2021-05-07T13:05:00.000000" and event.channel == "Application"
    assert event.data["AppName"] == "a.exe" and event.data["ModuleName"] == "ntdll.dll"
    assert event.data["ExceptionCode"] == "0xc0000005"
    assert event.data["FaultingOffset"] == "0x0000000000061f31"


def test_the_tab_separated_text_is_read_too(tmp_path: Path) -> None:
    _, _, (event,) = read(tmp_path, EXAMPLES[3], "a.txt")

    assert (event.event_id, event.level, event.provider) == (41, 1, "Microsoft-Windows-Kernel-Power")
    assert event.time == "2021-05-07T09:00:00.000000"


def test_a_day_above_twelve_shows_that_the_day_comes_first(tmp_path: Path) -> None:
    _, _, (event,) = read(tmp_path, EXAMPLES[4], "a.csv")

    assert event.time == "2021-05-13T09:00:00.000000"
    assert (event.provider, event.channel) == ("Microsoft-Windows-Security-Auditing", "Security")


def test_powershells_csv_keeps_windows_record_numbers(tmp_path: Path) -> None:
    _, facts, (event,) = read(tmp_path, EXAMPLES[5], "a.csv")

    assert (facts.form, event.record_id, event.computer) == (LogForm.NUMBERED, 991, "PC-01")
    assert event.data == {"param1": "Spooler", "param2": "stopped"}
    _, _, (old,) = read(tmp_path, EXAMPLES[6], "b.csv")
    assert (old.record_id, old.event_id, old.level) == (77, 6008, 2)
    assert old.data == {"Data": ["8:00:00", "2021/5/7"]}


def test_a_row_that_is_no_event_is_named_with_its_line(tmp_path: Path) -> None:
    content = CHINESE.replace("7034", "?").encode()

    artifact, facts, events = read(tmp_path, content, "系统.csv")

    assert len(events) == 2 and facts.unreadable == 1
    assert artifact.state is State.PARTLY and artifact.detail is not None
    assert artifact.detail["zh-hans"] == "第 2 行：看不出事件 ID 或时间。"


def test_a_quote_that_is_not_closed_costs_no_event_and_is_named(tmp_path: Path) -> None:
    heading, *rows = CHINESE.split("\r\n")
    broken = '错误,2021/5/7 9:01:00,Foo,1,无,"没有闭合'
    content = "\r\n".join([heading, rows[0], broken, *rows[1:]])

    artifact, _, events = read(tmp_path, content.encode(), "系统.csv")

    assert [(event.record_id, event.event_id) for event in events] == [(2, 7034), (3, 1), (4, 42), (7, 98)]
    assert artifact.state is State.PARTLY and artifact.detail is not None
    assert artifact.detail["en"] == "Line 3: a quote is not closed, or a field is too long."


def test_open_quotes_without_end_are_given_up_and_named(tmp_path: Path) -> None:
    heading = CHINESE.partition("\r\n")[0]
    content = "\n".join([heading, *['错误,2021/5/7 9:01:00,Foo,1,无,"a""b'] * 5_000])

    artifact, _, events = read(tmp_path, content.encode(), "系统.csv")

    assert len(events) == 100 and artifact.detail is not None
    assert "96 more places" in artifact.detail["en"]
