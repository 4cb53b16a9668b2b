"""Events as blocks of text: wevtutil, PowerShell's lists and tables, details copied out of Event Viewer."""

from pathlib import Path

from engine.artifacts import State
from tests.engine.parsers.exports.reading import read
from tests.engine.parsers.exports.test_event_xml import NAMED, event

WEVTUTIL = """\
Event[0]:
  Log Name: System
  Source: Service Control Manager
  Date: 2021-05-07T09:00:00.000
  Event ID: 7034
  Task: N/A
  Level: Error
  Opcode: N/A
  Keyword: Classic
  User: N/A
  User Name: N/A
  Computer: PC-01
  Description:\x20
The Licence service terminated unexpectedly.  It has done this 3 time(s).

Event[1]
  Log Name: System
  Source: Microsoft-Windows-Kernel-Power
  Date: 2021-05-07T10:00:00.1234560Z
  Event ID: 41
  Level: Critical
  Computer: PC-01
  Description:
The system has rebooted without cleanly shutting down first.
Level: of what is a line of the message.
"""
LIST = """\


TimeCreated  : 2021/5/7 9:00:00
ProviderName : Application Error
Id           : 1000
Message      : 错误应用程序名称: a.exe，版本: 1.0.0.0，时间戳: 0x5f3e1a2b
               错误模块名称: ntdll.dll，版本: 10.0.19041.1，时间戳: 0x1
               异常代码: 0xc0000005
               错误偏移量: 0x61f31

TimeCreated  : 2021/5/7 9:01:00
ProviderName : disk
Id           : 7
Message      : The device, \\Device\\Harddisk0\\DR0, has a bad block.

"""
TABLE = """\

   ProviderName: Service Control Manager

TimeCreated                     Id LevelDisplayName Message
-----------                     -- ---------------- -------
2021/5/7 9:00:00              7034 错误               授权服务 服务意外停止。这发生了 1 次。
2021/5/7 8:00:00              7036 信息               打印服务 服务处于 停止 状态。...

"""
COPIED = f"""\
日志名称:          System
来源:            Service Control Manager
日期:            2021/5/7 9:00:00
事件 ID:         7034
任务类别:          无
级别:            错误
关键字:           经典
用户:            暂缺
计算机:           PC-01
描述:
授权服务 服务意外停止。这发生了 4 次。
事件 Xml:
{event(88, NAMED)}
日志名称:          System
来源:            Service Control Manager
日期:            2021/5/7 9:05:00
事件 ID:         7034
级别:            错误
计算机:           PC-01
描述:
授权服务 服务意外停止。这发生了 5 次。
"""
EXAMPLES = [
    WEVTUTIL.encode(),
    LIST.encode("utf-16"),
    TABLE.encode("gb18030"),
    COPIED.replace("\n", "\r\n").encode(),
]


def test_wevtutils_text_is_read_block_by_block(tmp_path: Path) -> None:
    artifact, _, events = read(tmp_path, EXAMPLES[0], "system.txt")

    assert (artifact.kind, artifact.state) == ("event-text", State.READ)
    assert [(event.record_id, event.event_id, event.level, event.time) for event in events] == [
        (1, 7034, 2, "2021-05-07T09:00:00.000000"),
        (16, 41, 1, "2021-05-07T10:00:00.123456Z"),
    ]
    assert events[0].data == {"param1": "Licence", "param2": "3"}
    assert (events[0].channel, events[0].computer) == ("System", "PC-01")
    assert events[1].rendering is not None
    assert events[1].rendering[1].endswith("Level: of what is a line of the message.")


def test_a_list_of_powershell_keeps_messages_of_several_lines(tmp_path: Path) -> None:
    _, _, events = read(tmp_path, EXAMPLES[1], "a.txt")

    assert [(event.record_id, event.event_id, event.channel) for event in events] == [
        (3, 1000, "Application"),
        (11, 7, "System"),
    ]
    assert events[0].data["ModuleName"] == "ntdll.dll" and events[0].data["ExceptionCode"] == "0xc0000005"
    assert events[1].data == {"Data": ["\\Device\\Harddisk0\\DR0"]}


def test_the_default_table_of_powershell_is_read(tmp_path: Path) -> None:
    _, _, events = read(tmp_path, EXAMPLES[2], "a.txt")

    assert [(event.record_id, event.event_id, event.data.get("param1")) for event in events] == [
        (6, 7034, "授权服务"),
        (7, 7036, "打印服务"),
    ]
    assert {event.provider for event in events} == {"Service Control Manager"}


def test_copied_details_are_read_and_their_xml_before_their_text(tmp_path: Path) -> None:
    _, _, events = read(tmp_path, EXAMPLES[3], "a.txt")

    assert [(event.record_id, event.time, event.data["param2"]) for event in events] == [
        (1, "2021-05-07T01:00:00.123456Z", "1"),
        (14, "2021-05-07T09:05:00.000000", "5"),
    ]


def test_a_message_of_more_lines_than_are_kept_is_said_to_be_cut(tmp_path: Path) -> None:
    content = WEVTUTIL.split("Event[1]")[0] + "\n".join(f"line {number}" for number in range(400))

    artifact, facts, (cut,) = read(tmp_path, content.encode(), "System.txt")

    assert artifact.state is State.PARTLY and artifact.detail is not None and facts.unreadable == 0
    assert artifact.detail["en"] == (
        "The event of line 1 is too long: of a message the first 400 lines are kept, of values the first 500."
    )
    assert "第 1 行的事件过长" in artifact.detail["zh-hans"]
    assert cut.rendering is not None and "line 390" in cut.rendering[1]
