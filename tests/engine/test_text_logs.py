"""Text logs in a bundle: what they tell is a finding with the lines it stands at, in both languages."""

from pathlib import Path

import pytest

from engine.analyze import analyze
from tests.engine.parsers.logs import test_codemeter, test_msi, test_plain, test_servicing, test_setupapi
from tests.engine.parsers.logs import test_windows_update as updates


@pytest.mark.parametrize(
    ("name", "content", "told"),
    [
        (
            "CodeMeter.log",
            test_codemeter.EXAMPLES[0],
            {
                "CodeMeter gave a program no licence: WB218 NO LICENSE AVAILABLE": [3],
                "CodeMeter gave a program no licence: WB200 ENTRY NOT FOUND": [4],
            },
        ),
        (
            "CBS.log",
            test_servicing.EXAMPLES[0],
            {
                "The system file 程序.exe is damaged and could not be repaired": [2],
                "Windows servicing met an error: 0x800F081F (the source files were not found)": [4],
            },
        ),
        (
            "setupapi.dev.log",
            test_setupapi.EXAMPLES[0],
            {
                "Installing a device or driver failed: Device Install (Hardware initiated) - "
                "USB\\VID_0000&PID_0001\\1": [8]
            },
        ),
        (
            "MSI1.LOG",
            test_msi.EXAMPLES[0],
            {"The installation of “Licence Kit” failed at the action StartService": [5]},
        ),
        ("app.log", test_plain.EXAMPLES[0], {"The text log app.log tells of errors (2 times)": [2, 4]}),
    ],
)
def test_what_a_log_tells_is_a_finding_at_its_lines(
    tmp_path: Path, name: str, content: bytes, told: dict[str, list[int]]
) -> None:
    bundle = tmp_path / "bundle"
    bundle.mkdir()
    (bundle / name).write_bytes(content)

    document = analyze(bundle, tmp_path / "work", readers=1).document()

    assert {
        finding.title["en"]: [piece.locator.line for piece in finding.evidence]
        for finding in document.findings
    } == told
    assert all(piece.message for finding in document.findings for piece in finding.evidence)
    (artifact,) = document.artifacts
    assert artifact.state == "read"


def test_a_line_is_its_own_message(tmp_path: Path) -> None:
    bundle = tmp_path / "bundle"
    bundle.mkdir()
    (bundle / "WindowsUpdate.log").write_bytes(updates.EXAMPLES[0])

    (finding,) = analyze(bundle, tmp_path / "work", readers=1).document().findings

    assert finding.summary["en"].startswith("1 line in WindowsUpdate.log, at 2021-05-07 09:00:01")
    (piece,) = finding.evidence
    assert piece.message is not None
    assert piece.message["zh-hans"] == "*FAILED* [80240438] Web service call"
