"""What the engine's tests share."""

import subprocess
from pathlib import Path

import pytest

from launcher.venv import installer

WHEELS = Path(__file__).with_name("requirements-windows.txt")


@pytest.fixture(scope="session")
def signed_windows_files(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with a public wheel for Windows, unpacked; its libraries carry their vendor's signature.

    Skips where no package index can be reached; test_authenticode.py also signs programs itself.
    """
    folder = tmp_path_factory.mktemp("windows")
    command = [*installer(), "--target", str(folder), "--no-deps", "--require-hashes"]
    command += ["--only-binary", ":all:", "--python-version", "3.11"]
    with_uv = Path(command[0]).name == "uv"
    command += ["--python-platform", "windows"] if with_uv else ["--platform", "win_amd64"]
    command += ["-r", str(WHEELS)]
    done = subprocess.run(command, capture_output=True, text=True, timeout=120, check=False)
    if done.returncode:
        pytest.skip(f"no package index: {done.stderr.strip()[-300:]}")
    return folder
