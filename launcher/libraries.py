"""Whether a bundled program finds the shared libraries that it needs from the machine."""

import re
import subprocess
from pathlib import Path

from launcher.halt import Halt

PACKAGES = {
    "libz.so.1": "zlib1g",
    "libssl.so.3": "libssl3",
    "libcrypto.so.3": "libssl3",
    "libstdc++.so.6": "libstdc++6",
    "libgcc_s.so.1": "libgcc-s1",
}
"""Debian's and Ubuntu's names."""


def refuse_missing(program: Path) -> None:
    """Raises Halt naming the library, and the package that holds it, when ``program`` cannot be loaded."""
    try:
        done = subprocess.run([program, "--version"], capture_output=True, text=True, timeout=30)
    except (OSError, subprocess.TimeoutExpired) as error:
        raise Halt(
            f"{program.name} does not run here ({error}): run `make clean setup`, or set DATABASE_URL "
            "and REDIS_URL to servers of your own."
        ) from error
    if done.returncode == 0:
        return
    missing = re.search(r"shared librar\w+: (\S+?):", done.stderr)
    if missing:
        package = PACKAGES.get(missing[1], f"the package that holds {missing[1]}")
        raise Halt(f"{program.name} needs the library {missing[1]}: apt-get install {package} (as root).")
    raise Halt(f"{program.name} does not run on this machine: {done.stderr.strip() or done.returncode}")
