"""CBS.log, dism.log and the logs of Windows Setup."""

from pathlib import Path

import pytest

from engine.artifacts import State
from tests.engine.parsers.exports.reading import read

CBS = (
    "2021-05-07 09:00:01, Info                  CBS    Starting TrustedInstaller initialization.\r\n"
    "2021-05-07 09:00:03, Info                  CSI    00000013 [SR] Cannot repair member file "
    "[l:12]'程序.exe' of Agent, hash mismatch\r\n"
    "  Found: {l:32 abc=}\r\n"
    "2021-05-07 09:00:04, Error                 CBS    Failed to resolve package 'Package_for_RollupFix' "
    "[HRESULT = 0x800f081f - CBS_E_SOURCE_MISSING]\r\n"
)
DISM = "2021-05-07 09:00:01, Error                 DISM   DISM Package Manager: Failed (hr:0x80070002)\n"
SETUP = "2021-05-07 09:00:01, Error      [0x0606cc] IBS    The source is not there.\n"
EXAMPLES = [CBS.encode(), DISM.encode() * 2, SETUP.encode() * 2]


def test_a_file_that_cannot_be_repaired_and_a_code_are_told_with_their_lines(tmp_path: Path) -> None:
    artifact, _, events = read(tmp_path, EXAMPLES[0], "CBS.log")

    assert (artifact.kind, artifact.state) == ("servicing-log", State.READ)
    assert [(event.record_id, event.level, event.provider) for event in events] == [
        (1, 4, "CBS"),
        (2, 4, "CSI"),
        (4, 2, "CBS"),
    ]
    assert events[1].data["File"] == "程序.exe"
    assert str(events[1].data["Message"]).endswith("hash mismatch\n  Found: {l:32 abc=}")
    assert events[2].data["HResult"] == "0x800f081f"
    assert events[2].data["Symbol"] == "CBS_E_SOURCE_MISSING"
    assert events[2].data["Package"] == "Package_for_RollupFix"


@pytest.mark.parametrize(
    ("content", "name", "channel", "code"),
    [
        (EXAMPLES[1], "dism.log", "dism.log", "0x80070002"),
        (EXAMPLES[1], "a.txt", "dism.log", "0x80070002"),
        (EXAMPLES[2], "Panther/setuperr.log", "setupact.log", "0x0606cc"),
    ],
)
def test_each_log_has_its_own_name(
    tmp_path: Path, content: bytes, name: str, channel: str, code: str
) -> None:
    _, _, events = read(tmp_path, content, name)

    assert [(event.channel, event.level, event.data["HResult"]) for event in events] == [
        (channel, 2, code)
    ] * 2
