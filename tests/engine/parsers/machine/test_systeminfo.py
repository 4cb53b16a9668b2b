"""Output of ``systeminfo``."""

from pathlib import Path

from engine.artifacts import State
from tests.engine.parsers.machine.reading import read

CHINESE = """
主机名:           PC-01
OS 名称:          Microsoft Windows 10 专业版
OS 版本:          10.0.19041 暂缺 Build 19041
系统启动时间:     2021/5/7, 8:00:00
系统型号:         OptiPlex 7050
处理器:           安装了 1 个处理器。
                  [01]: Intel64 Family 6
BIOS 版本:        Dell Inc. 1.11.1, 2018/7/11
物理内存总量:     8,064 MB
修补程序:         安装了 2 个修补程序。
                  [01]: KB4601554
                  [02]: KB5001330
网卡:             安装了 1 个 NIC。
                  [01]: Intel(R) Ethernet
"""
ENGLISH = """
Host Name:                 PC-01
OS Name:                   Microsoft Windows Server 2019 Standard
OS Version:                10.0.17763 N/A Build 17763
System Boot Time:          5/7/2021, 8:00:00 AM
Time Zone:                 (UTC+08:00) Beijing
Hotfix(s):                 1 Hotfix(s) Installed.
                           [01]: KB5001330
"""
EXAMPLES = [CHINESE.encode("gb18030"), ENGLISH.encode()]


def test_the_facts_of_a_chinese_machine_are_read_with_their_lines(tmp_path: Path) -> None:
    artifact, told = read(tmp_path, EXAMPLES[0], "systeminfo.txt")

    assert (artifact.kind, artifact.state) == ("systeminfo", State.READ)
    assert told == [
        ("computer", "PC-01", 2, ""),
        ("windows", "Microsoft Windows 10 专业版", 3, ""),
        ("version", "10.0.19041 暂缺 Build 19041", 4, ""),
        ("boot", "2021/5/7, 8:00:00", 5, ""),
        ("model", "OptiPlex 7050", 6, ""),
        ("processor", "Intel64 Family 6", 8, ""),
        ("bios", "Dell Inc. 1.11.1, 2018/7/11", 9, ""),
        ("memory", "8,064 MB", 10, ""),
        ("hotfix", "KB4601554", 12, ""),
        ("hotfix", "KB5001330", 13, ""),
    ]
    assert artifact.detail is not None
    assert artifact.detail["zh-hans"].startswith(
        "电脑名称 PC-01；操作系统 Microsoft Windows 10 专业版；版本 "
    )
    assert artifact.detail["zh-hans"].endswith("；另有 4 项。")


def test_an_english_machine_tells_the_same(tmp_path: Path) -> None:
    _, told = read(tmp_path, EXAMPLES[1], "systeminfo.txt")

    assert [(key, value) for key, value, _, _ in told] == [
        ("computer", "PC-01"),
        ("windows", "Microsoft Windows Server 2019 Standard"),
        ("version", "10.0.17763 N/A Build 17763"),
        ("boot", "5/7/2021, 8:00:00 AM"),
        ("time_zone", "(UTC+08:00) Beijing"),
        ("hotfix", "KB5001330"),
    ]
