"""What the engine's tests share."""

import subprocess
import sys
from pathlib import Path

import pytest

WHEELS = Path(__file__).with_name("requirements-windows.txt")


@pytest.fixture(scope="session")
def signed_windows_files(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with a public wheel for Windows, unpacked; its libraries carry their vendor's signature.

    Skips where no package index can be reached; test_authenticode.py also signs programs itself.
    """
    folder = tmp_path_factory.mktemp("windows")
    uv = str(Path(sys.executable).with_name("uv"))
    install = "pip install --quiet --native-tls --no-deps --require-hashes --only-binary :all:"
    install += " --python-platform windows --python-version 3.11"
    command = [uv, *install.split(), "--target", str(folder), "-r", str(WHEELS)]
    done = subprocess.run(command, capture_output=True, text=True, timeout=120, check=False)
    if done.returncode:
        pytest.skip(f"no package index: {done.stderr.strip()[-300:]}")
    return folder
