"""What can be wrong with a machine is told in one line, with what to do."""

from pathlib import Path

import pytest

from launcher import home, libraries
from launcher.halt import Halt
from launcher.home import Home


def test_a_missing_library_is_named_with_its_package(tmp_path: Path) -> None:
    program = tmp_path / "postgres"
    program.write_text(
        "#!/bin/sh\n"
        'echo "$0: error while loading shared libraries: libz.so.1: cannot open shared object file" >&2\n'
        "exit 127\n"
    )
    program.chmod(0o755)
    with pytest.raises(Halt, match=r"libz\.so\.1: apt-get install zlib1g"):
        libraries.refuse_missing(program)


def test_a_nearly_full_disk_is_told_before_anything_starts(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(home, "LEAST_FREE", 2**60)
    with pytest.raises(Halt, match="MB are free on the disk"):
        Home(tmp_path / "home").open()


def test_a_secret_stays_the_same_and_is_nobody_elses_to_read(tmp_path: Path) -> None:
    first = Home(tmp_path / "home")
    first.open()
    secret = first.secret("demo")
    first.close()
    second = Home(tmp_path / "home")
    second.open()
    assert second.secret("demo") == secret
    assert (second.folder / "secrets.json").stat().st_mode & 0o777 == 0o600
    assert second.folder.stat().st_mode & 0o777 == 0o700
    second.close()
