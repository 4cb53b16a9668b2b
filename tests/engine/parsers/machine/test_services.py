"""Output of ``sc query`` and ``sc qc``."""

from pathlib import Path

from tests.engine.parsers.machine.reading import read

QUERY = """
SERVICE_NAME: Licence.exe
        TYPE               : 10  WIN32_OWN_PROCESS
        STATE              : 1  STOPPED
        WIN32_EXIT_CODE    : 1067  (0x42b)
        SERVICE_EXIT_CODE  : 0  (0x0)
"""
CONFIG = """
[SC] QueryServiceConfig 成功

SERVICE_NAME: Licence.exe
        TYPE               : 10  WIN32_OWN_PROCESS
        START_TYPE         : 4   DISABLED
        BINARY_PATH_NAME   : C:\\a\\b.exe
"""
EXAMPLES = [QUERY.encode(), CONFIG.encode("gb18030")]


def test_state_and_exit_codes_are_read_by_their_service(tmp_path: Path) -> None:
    artifact, told = read(tmp_path, EXAMPLES[0], "sc.txt")

    assert artifact.kind == "services"
    assert told == [
        ("state", "1 STOPPED", 4, "Licence.exe"),
        ("exit_code", "1067 (0x42b)", 5, "Licence.exe"),
        ("service_exit_code", "0 (0x0)", 6, "Licence.exe"),
    ]
    _, told = read(tmp_path, EXAMPLES[1], "sc.txt")
    assert told == [
        ("start_type", "4 DISABLED", 6, "Licence.exe"),
        ("program", "C:\\a\\b.exe", 7, "Licence.exe"),
    ]
