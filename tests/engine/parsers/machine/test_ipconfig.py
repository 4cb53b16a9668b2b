"""Output of ``ipconfig``."""

from pathlib import Path

from tests.engine.parsers.machine.reading import read

CHINESE = """
Windows IP 配置

   主机名  . . . . . . . . . . . . . : PC-01

以太网适配器 本地连接:

   自动配置 IPv4 地址 . . . . . . . : 169.254.10.20(首选)
   默认网关. . . . . . . . . . . . . :
"""
ENGLISH = """
Windows IP Configuration

   Host Name . . . . . . . . . . . . : PC-01

Ethernet adapter Ethernet:

   Media State . . . . . . . . . . . : Media disconnected
   DHCP Enabled. . . . . . . . . . . : Yes
   IPv4 Address. . . . . . . . . . . : 10.0.0.5(Preferred)
   DNS Servers . . . . . . . . . . . : 10.0.0.1
                                       10.0.0.2
"""
EXAMPLES = [CHINESE.encode("gb18030"), ENGLISH.encode()]


def test_addresses_are_read_by_their_adapter(tmp_path: Path) -> None:
    artifact, told = read(tmp_path, EXAMPLES[0], "ipconfig.txt")

    assert artifact.kind == "ipconfig"
    assert told == [
        ("computer", "PC-01", 4, ""),
        ("address", "169.254.10.20(首选)", 8, "以太网适配器 本地连接"),
    ]
    _, told = read(tmp_path, EXAMPLES[1], "ipconfig.txt")
    assert [(key, value) for key, value, _, about in told if about == "Ethernet adapter Ethernet"] == [
        ("media", "Media disconnected"),
        ("dhcp", "Yes"),
        ("address", "10.0.0.5(Preferred)"),
        ("dns", "10.0.0.1"),
        ("dns", "10.0.0.2"),
    ]
