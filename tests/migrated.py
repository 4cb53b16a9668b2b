"""A database server whose database ``migrated`` every session of the tests begins with a copy of.

The migrations take ten seconds of a processor, in each process of the suite and once more for the live
portal. They run once for each state of their files; what came of it lies in ``var/``, and a newer state
takes its place.
"""

import fcntl
import os
import secrets
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

from launcher import postgres, steps
from launcher.postgres import SPEED_BEFORE_SAFETY, Postgres
from launcher.steps import ROOT

DATABASE = "migrated"
"""As template of a new database: it has all tables, and what a first migration fills in."""
KEPT = ROOT / "var" / "migrated"


def server(folder: Path, log: Path) -> Postgres:
    """A server that is not yet started, over a copy of the kept one."""
    KEPT.parent.mkdir(exist_ok=True)
    with KEPT.with_suffix(".lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        state = _state()
        if not (KEPT / state).is_dir():
            _make(state)
        _copy(KEPT / state / "data", folder / "data")
        password = (KEPT / state / "password").read_text()
    return Postgres(folder, log, password=password, settings=SPEED_BEFORE_SAFETY)


def _state() -> str:
    files = [Path(__file__), Path(postgres.__file__), ROOT / "requirements.txt"]
    moved_clock = os.environ.get("FAKETIME", "")  # Of `make test-clocks`.
    return steps.digest([*files, *ROOT.glob("*/migrations/*.py")], moved_clock)[:16]


def _make(state: str) -> None:
    # The server may run as somebody who cannot enter the checkout: it works elsewhere.
    with tempfile.TemporaryDirectory(prefix="anjuan-migrated-") as folder:
        made = Postgres(
            Path(folder, "pg"),
            Path(folder, "log"),
            password=secrets.token_urlsafe(24),
            settings=SPEED_BEFORE_SAFETY,
        )
        made.start()
        try:
            for name in ("anjuan", DATABASE):
                made.create_database(name)
            done = subprocess.run(
                [sys.executable, "manage.py", "migrate", "--verbosity", "0"],
                cwd=ROOT,
                env=os.environ | {"DATABASE_URL": made.address(DATABASE), "ANJUAN_HOME": folder},
                stdin=subprocess.DEVNULL,
                capture_output=True,
                text=True,
            )
            assert done.returncode == 0, done.stderr
        finally:
            made.stop()
        shutil.rmtree(KEPT, ignore_errors=True)
        draft = KEPT / "draft"
        draft.mkdir(parents=True)
        (draft / "password").write_text(made.password)
        _copy(made.data, draft / "data")
        draft.rename(KEPT / state)


def _copy(source: Path, target: Path) -> None:
    target.parent.mkdir(parents=True, exist_ok=True)
    # With its owner: Python's own copies leave that out.
    subprocess.run(["cp", "-a", source, target], check=True)
