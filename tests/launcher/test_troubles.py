"""What can be wrong with a machine is told in one line, with what to do."""

import os
import shutil
from pathlib import Path

import pytest

from launcher import chromium, home, libraries, postgres, unprivileged
from launcher.halt import Halt
from launcher.home import Home
from launcher.postgres import SPEED_BEFORE_SAFETY, Postgres


def without_library(program: Path, library: str) -> Path:
    """A program that ends as ld.so ends one whose library is missing."""
    program.write_text(
        "#!/bin/sh\n"
        f'echo "$0: error while loading shared libraries: {library}: cannot open shared object file" >&2\n'
        "exit 127\n"
    )
    program.chmod(0o755)
    return program


def test_a_missing_library_is_named_with_its_package(tmp_path: Path) -> None:
    with pytest.raises(Halt, match=r"libz\.so\.1: apt-get install zlib1g"):
        libraries.refuse_missing(without_library(tmp_path / "postgres", "libz.so.1"))


def test_what_the_browser_tests_need_of_root_is_told_in_one_line(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    driver = without_library(tmp_path / "node", "libatomic.so.1")
    monkeypatch.setattr(chromium, "driver", lambda: driver)
    monkeypatch.setattr(chromium, "BY_PLAYWRIGHT", tmp_path / "none")
    monkeypatch.setenv("PATH", str(tmp_path))
    monkeypatch.delenv("CHROMIUM", raising=False)
    with pytest.raises(Halt, match=r"apt-get install chromium fonts-noto-cjk libatomic1 \(as root\)"):
        chromium.install()


@pytest.mark.skipif(os.geteuid() != 0, reason="only root gives up rights")
def test_postgresql_starts_for_root_below_a_private_folder_without_namespaces(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """As in a container or a chroot below /root."""
    private = tmp_path / "private"
    package = postgres.binaries().parent.parent
    for folder in package.parent.glob(f"{package.name}*"):
        shutil.copytree(folder, private / folder.name, symlinks=True)
    private.chmod(0o700)
    binaries = private / package.name / "pginstall" / "bin"
    monkeypatch.setattr(postgres, "binaries", lambda: binaries)
    monkeypatch.setattr(unprivileged, "namespace", lambda: None)
    server = Postgres(private / "pg", private / "postgres.log", settings=SPEED_BEFORE_SAFETY)
    try:
        server.start()
        assert server.process is not None
        assert Path(f"/proc/{server.process.pid}").stat().st_uid == unprivileged.NOBODY
        assert server.sql("SELECT 1 + 1") == "2"
    finally:
        server.stop()


def test_a_nearly_full_disk_is_told_before_anything_starts(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(home, "MIN_FREE_BYTES", 2**60)
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
