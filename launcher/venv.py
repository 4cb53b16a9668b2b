"""The project's own Python environment, .venv, from the hashed requirement files."""

import importlib.util
import shutil
import subprocess
import sys
from pathlib import Path

from launcher import steps
from launcher.halt import Halt
from launcher.pip import wheel
from launcher.steps import ROOT

VENV = ROOT / ".venv"
PYTHON = VENV / "bin" / "python"
RUN = ("requirements.txt", "requirements-run.txt")
DEVELOPMENT = (*RUN, "requirements-dev.txt")
NODE = ("requirements-node.txt",)

OFFLINE = "The Python packages could not be installed: is the package index reachable from here?"
NO_VENV = (
    f"The Python {sys.executable} lacks the module venv of the standard library: install the package of your "
    "distribution that holds it (as root: apt-get install python3-venv), or name another Python, as in "
    "`make run PYTHON=python3.12`."
)


def works() -> bool:
    """Whether .venv holds an interpreter of this Python that starts."""
    if not PYTHON.exists():
        return False
    version = f"{sys.version_info.major}.{sys.version_info.minor}"
    script = "import sys; print('%d.%d' % sys.version_info[:2])"
    try:
        done = subprocess.run([PYTHON, "-I", "-c", script], capture_output=True, text=True)
    except OSError:
        return False
    return done.returncode == 0 and done.stdout.strip() == version


def create() -> None:
    """Makes .venv, with pip inside where this Python brings one."""
    if VENV.exists():
        shutil.rmtree(VENV)
    if importlib.util.find_spec("venv") is None:
        raise Halt(NO_VENV)
    bare = importlib.util.find_spec("ensurepip") is None
    steps.run(
        [sys.executable, "-m", "venv", *(["--without-pip"] if bare else []), VENV],
        trouble="The folder .venv could not be made.",
    )


def installer() -> list[str]:
    """The command that installs into .venv; brings pip there first where it is missing."""
    # The record is what an installation writes last.
    if not any((VENV / "lib").glob("python3.*/site-packages/pip-*.dist-info/RECORD")):
        wheel.install(PYTHON)
    return [str(PYTHON), "-m", "pip", "install", "--disable-pip-version-check", "--no-input"]


def install(names: tuple[str, ...], stamp: str, sentence: str) -> None:
    """Installs the requirement files ``names`` unless that was done with the same contents."""
    if not works():
        steps.say("Making the Python environment .venv")
        create()
    files = [ROOT / name for name in names]

    def act() -> None:
        command = [*installer(), "--require-hashes"]
        for file in files:
            command += ["-r", str(file)]
        steps.run(command, trouble=OFFLINE)

    steps.once(VENV / f"anjuan-{stamp}", steps.digest(files), sentence, act)


def site_packages() -> Path:
    """Where the packages of .venv are."""
    return next((VENV / "lib").glob("python3.*/site-packages"))
