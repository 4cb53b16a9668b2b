"""Exported registry keys."""

from pathlib import Path

from tests.engine.parsers.machine.reading import read

REG = (
    "Windows Registry Editor Version 5.00\r\n\r\n"
    "[HKEY_LOCAL_MACHINE\\SYSTEM\\CurrentControlSet\\Services\\Licence.exe]\r\n"
    '"ImagePath"="C:\\\\a b\\\\c.exe"\r\n"Start"=dword:00000004\r\n\r\n'
    '[HKEY_CURRENT_USER\\Software\\X]\r\n"Count"=dword:000000ff\r\n'
)
EXAMPLES = [REG.encode("utf-16"), REG.replace("Windows Registry Editor Version 5.00", "REGEDIT4").encode()]


def test_services_stand_before_other_values(tmp_path: Path) -> None:
    for content in EXAMPLES:
        artifact, told = read(tmp_path, content, "service.reg")

        assert artifact.kind == "registry"
        assert told == [
            ("program", "C:\\a b\\c.exe", 4, "Licence.exe"),
            ("start_type", "4 DISABLED", 5, "Licence.exe"),
            ("value", "Count = 255 (0xff)", 8, "HKEY_CURRENT_USER\\Software\\X"),
            ("keys", "2", 1, ""),
        ]
