"""Output of ``netstat`` and of ``Get-NetTCPConnection``."""

from pathlib import Path

from tests.engine.parsers.machine.reading import read

WITH_PROGRAMS = """
Active Connections

  Proto  Local Address          Foreign Address        State           PID
  TCP    0.0.0.0:443            0.0.0.0:0              LISTENING       3320
 [exvpngw.exe]
  TCP    0.0.0.0:3389           0.0.0.0:0              LISTENING       1180
  TermService
 [svchost.exe]
  TCP    192.0.2.10:49200       198.51.100.40:1433     ESTABLISHED     4912
 [MesGateway.exe]
  TCP    192.0.2.10:49201       198.51.100.40:1433     CLOSE_WAIT      4912
 [MesGateway.exe]
  TCP    [::1]:49300            [::1]:445              ESTABLISHED     4
 Can not obtain ownership information
  UDP    0.0.0.0:123            *:*                                    1004
  W32Time
 [svchost.exe]
"""
CHINESE = """
活动连接

  协议  本地地址          外部地址        状态           PID
  TCP    192.0.2.10:49200       198.51.100.40:1433     TIME_WAIT       0
"""
OF_POWERSHELL = """
LocalAddress  LocalPort RemoteAddress   RemotePort State       AppliedSetting OwningProcess
------------  --------- -------------   ---------- -----       -------------- -------------
192.0.2.10    49200     198.51.100.40   1433       Established Internet       4912
0.0.0.0       443       0.0.0.0         0          Listen                     3320
"""
WITHOUT_NUMBERS = """
Active Connections

  Proto  Local Address          Foreign Address        State
  TCP    192.0.2.10:49200       198.51.100.40:1433     ESTABLISHED
 [MesGateway.exe]
  TCP    192.0.2.10:49201       198.51.100.40:445      ESTABLISHED
 Can not obtain ownership information
  TCP    192.0.2.10:49202       198.51.100.40:80       ESTABLISHED
 [browser.exe]
"""
EXAMPLES = [WITH_PROGRAMS.encode(), CHINESE.encode("gb18030"), OF_POWERSHELL.encode()]


def test_connections_are_counted_by_program_and_ports_told_by_who_waits(tmp_path: Path) -> None:
    artifact, told = read(tmp_path, EXAMPLES[0], "netstat.txt")

    assert artifact.kind == "netstat"
    assert told == [
        ("connections", "2 (ESTABLISHED 1, CLOSE_WAIT 1)", 10, "MesGateway.exe (PID 4912)"),
        ("connections", "1 (ESTABLISHED 1)", 14, "PID 4"),
        ("listening", "TCP 0.0.0.0:443", 5, "exvpngw.exe (PID 3320)"),
        ("listening", "TCP 0.0.0.0:3389", 7, "svchost.exe (PID 1180)"),
    ]


def test_without_numbers_a_program_has_the_connection_above_it(tmp_path: Path) -> None:
    assert read(tmp_path, WITHOUT_NUMBERS.encode(), "netstat.txt")[1] == [
        ("connections", "1 (ESTABLISHED 1)", 5, "MesGateway.exe"),
        ("connections", "1 (ESTABLISHED 1)", 9, "browser.exe"),
    ]


def test_chinese_and_powershell_tell_the_process_by_its_number(tmp_path: Path) -> None:
    assert read(tmp_path, EXAMPLES[1], "netstat.txt")[1] == [
        ("connections", "1 (TIME_WAIT 1)", 5, "PID 0"),
    ]
    assert read(tmp_path, EXAMPLES[2], "tcp.txt")[1] == [
        ("connections", "1 (ESTABLISHED 1)", 4, "PID 4912"),
        ("listening", "TCP 0.0.0.0:443", 5, "PID 3320"),
    ]
