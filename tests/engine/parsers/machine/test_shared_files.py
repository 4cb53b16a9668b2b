"""Several commands wrote into one file (``>>``): what one says of files is read beside the machine."""

from pathlib import Path

import pytest

from engine.analyze import analyze
from engine.artifacts import State

HASH = "AB" * 32
HASHES = f"""
Algorithm       Hash                                                                   Path
---------       ----                                                                   ----
SHA256          {HASH}       C:\\App\\a.dll
"""
SYSTEMINFO = "Host Name:                 PC-01\nOS Name:                   Microsoft Windows 10 Pro\n"
IPCONFIG = "Windows IP Configuration\n\n   Host Name . . . . . . . . . . . . : PC-01\n"
SERVICE = "SERVICE_NAME: ExampleLicence\n        STATE              : 1  STOPPED\n"


@pytest.mark.parametrize("output", [SYSTEMINFO, IPCONFIG, SERVICE], ids=["systeminfo", "ipconfig", "sc"])
def test_hashes_behind_the_output_of_another_command_are_states_of_that_machine(
    tmp_path: Path, output: str
) -> None:
    bundle, work = tmp_path / "all.txt", tmp_path / "work"
    bundle.write_text(output + HASHES, "utf-8")

    document = analyze(bundle, work).document()

    (state,) = document.file_states
    assert (state.path, state.sha256) == ("C:\\App\\a.dll", HASH)
    assert len(document.machine) == 1
    (artifact,) = document.artifacts
    assert artifact.state == State.READ and artifact.detail is not None
    assert artifact.detail["en"].endswith(" (hashes and the like) was read, too: 1 state.")


def test_lines_about_files_that_are_not_understood_are_named(tmp_path: Path) -> None:
    bundle, work = tmp_path / "all.txt", tmp_path / "work"
    bundle.write_text(SYSTEMINFO + HASHES + HASHES.replace("ABAB", "OBAB", 1), "utf-8")

    (artifact,) = analyze(bundle, work).document().artifacts

    assert artifact.state == State.PARTLY and artifact.detail is not None
    assert "Line 10: " in artifact.detail["en"]
