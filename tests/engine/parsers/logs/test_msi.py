"""Verbose logs of Windows Installer."""

from pathlib import Path

from engine.artifacts import State
from tests.engine.parsers.exports.reading import read

ENGLISH = """\
=== Verbose logging started: 5/17/2021  23:59:58  Build type: SHIP UNICODE 5.00  Calling process: a ===
MSI (c) (10:20) [23:59:58:100]: Resetting cached policy values
Action start 23:59:59: InstallFinalize.
CustomAction StartService returned actual error code 1603 (note this may not be 100% accurate)
Action ended 0:00:05: StartService. Return value 3.
Action ended 0:00:05: InstallFinalize. Return value 3.
Property(S): ProductName = Licence Kit
MSI (s) (10!24) [00:00:06:123]: MainEngineThread is returning 1603
=== Verbose logging stopped: 5/18/2021  0:00:06 ===
"""
CHINESE = """\
=== 详细日志记录已开始: 2021/5/7  9:00:00  生成类型: SHIP UNICODE 5.00.10011.00  正在调用进程: a ===
MSI (s) (10:20) [09:00:05:123]: Product: 授权工具 -- Installation failed.
操作结束 9:00:05: InstallFinalize。返回值 3。
"""
EXAMPLES = [ENGLISH.encode("utf-16"), CHINESE.encode("utf-16"), CHINESE.encode("gb18030")]


def test_the_first_action_that_failed_is_the_one_at_fault(tmp_path: Path) -> None:
    artifact, _, events = read(tmp_path, EXAMPLES[0], "MSI1.LOG")

    assert (artifact.kind, artifact.state) == ("msi-log", State.READ)
    assert [(event.record_id, event.level, event.time) for event in events] == [
        (1, 4, "2021-05-17T23:59:58.000000"),
        (2, 4, "2021-05-17T23:59:58.100000"),
        (3, 4, "2021-05-17T23:59:59.000000"),
        (4, 2, "2021-05-17T23:59:59.000000"),
        (5, 2, "2021-05-18T00:00:05.000000"),
        (6, 2, "2021-05-18T00:00:05.000000"),
        (8, 2, "2021-05-18T00:00:06.123000"),
    ]
    failures = [event for event in events if "FirstFailure" in event.data]
    assert [(event.record_id, event.data["Action"], event.data["Product"]) for event in failures] == [
        (5, "StartService", "Licence Kit")
    ]
    assert str(failures[0].data["Cause"]).startswith(
        "CustomAction StartService returned actual error code 1603"
    )


def test_a_chinese_log_is_read_the_same_way(tmp_path: Path) -> None:
    for content in EXAMPLES[1:]:
        _, _, events = read(tmp_path, content, "a.log")

        assert [(event.record_id, event.time) for event in events] == [
            (1, "2021-05-07T09:00:00.000000"),
            (2, "2021-05-07T09:00:05.123000"),
            (3, "2021-05-07T09:00:05.000000"),
        ]
        assert events[2].data["FirstFailure"] == "yes" and events[2].data["Product"] == "授权工具"
