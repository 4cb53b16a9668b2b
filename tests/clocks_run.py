"""`make test-clocks`: the whole suite under each clock of ``tests.clocks``, with everything that it starts.

libfaketime moves the clock of PostgreSQL, Valkey, workers and web servers, too; Chromium keeps its own. It
must be newer than 0.9.12: older ones leave the times of files where they are, and Debian's 0.9.10 ends
every sleep with an error. LIBFAKETIME names a ``libfaketimeMT.so.1`` built of
https://github.com/wolfcw/libfaketime.
"""

import os
import shutil
import subprocess
import sys
import tempfile
import time
from argparse import ArgumentParser
from pathlib import Path

from launcher import chromium
from launcher.steps import ROOT
from tests.clocks import CLOCKS, Clock

PROBE = """
import os, sys, tempfile, time
time.sleep(0.001)
with tempfile.NamedTemporaryFile() as file:
    away = abs(time.time() - os.stat(file.name).st_mtime), abs(time.time() - float(sys.argv[1]))
sys.exit(0 if max(away) < 60 else "The clock is not moved, or that of files is not.")
"""
UNMOVED_BROWSER = """#!/bin/sh
unset LD_PRELOAD
exec "{}" "$@"
"""


def environment(clock: Clock, library: str, folder: Path) -> dict[str, str]:
    """That of a machine of such a clock. Time goes on from there, the same in all processes."""
    moved = {
        "LD_PRELOAD": library,
        "FAKETIME": f"{round(clock.now.timestamp() - time.time()):+}",
        "FAKETIME_DONT_FAKE_MONOTONIC": "1",
        "TZ": str(clock.now.tzinfo),
    }
    if own := chromium.installed():
        browser = folder / "chromium"
        browser.write_text(UNMOVED_BROWSER.format(shutil.which(own)))
        browser.chmod(0o755)
        moved["CHROMIUM"] = str(browser)
    return os.environ | moved


def main() -> int:
    """0 when every test passed under every clock that was asked for."""
    parser = ArgumentParser(prog="make test-clocks")
    parser.add_argument(
        "--clock", action="append", choices=list(CLOCKS), help="this one only; may be repeated"
    )
    options, of_pytest = parser.parse_known_args()
    library = os.environ.get("LIBFAKETIME", "")
    if not Path(library).is_file():
        sys.exit("Set LIBFAKETIME to a libfaketimeMT.so.1 newer than 0.9.12; tests/clocks_run.py says why.")
    failed = []
    with tempfile.TemporaryDirectory() as folder:
        for name in options.clock or CLOCKS:
            clock = CLOCKS[name]
            moved = environment(clock, library, Path(folder))
            probe = [sys.executable, "-c", PROBE, str(clock.now.timestamp())]
            if subprocess.run(probe, env=moved).returncode:
                sys.exit(f"{library} does not do: take one newer than 0.9.12.")
            print(f"{name}: {clock.now}", flush=True)
            if subprocess.run(
                [sys.executable, "-m", "pytest", "-q", *of_pytest], cwd=ROOT, env=moved
            ).returncode:
                failed.append(name)
    print(f"Failed under: {', '.join(failed)}" if failed else "Passed under every clock.")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
