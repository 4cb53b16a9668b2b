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
    "libatomic.so.1": "libatomic1",
}
"""Debian's and Ubuntu's names."""


def refuse_missing(program: Path) -> None:
    """Raises Halt naming the library, and the package that holds it, when ``program`` cannot be loaded."""
    done = _try(program)
    if done.returncode == 0:
        return
    library = _missing(done)
    if library is not None:
        package = PACKAGES.get(library, f"the package that holds {library}")
        raise Halt(f"{program.name} needs the library {library}: apt-get install {package} (as root).")
    raise Halt(f"{program.name} does not run on this machine: {done.stderr.strip() or done.returncode}")


def missing_package(program: Path) -> str | None:
    """The package that holds a library which ``program`` lacks; None where it lacks none of ``PACKAGES``."""
    return PACKAGES.get(_missing(_try(program)) or "")


def _try(program: Path) -> subprocess.CompletedProcess[str]:
    try:
        return subprocess.run([program, "--version"], capture_output=True, text=True, timeout=30)
    except (OSError, subprocess.TimeoutExpired) as error:
        raise Halt(
            f"{program.name} does not run here ({error}): run `make clean setup`, or set DATABASE_URL "
            "and REDIS_URL to servers of your own."
        ) from error


def _missing(done: subprocess.CompletedProcess[str]) -> str | None:
    """The library that the loader missed (ld.so names the first)."""
    if done.returncode == 0:
        return None
    missing = re.search(r"shared librar\w+: (\S+?):", done.stderr)
    return missing[1] if missing else None
