"""The portal speaks Chinese completely."""

import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent


def test_every_text_is_translated() -> None:
    done = subprocess.run(
        [sys.executable, "locale/update.py", "--check"], cwd=ROOT, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stdout + done.stderr
