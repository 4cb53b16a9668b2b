"""The project's own Python environment, .venv, from the hashed requirement files."""

import importlib.util
import shutil
import subprocess
import sys
from pathlib import Path

from launcher import steps
from launcher.halt import Halt
from launcher.steps import ROOT

VENV = ROOT / ".venv"
PYTHON = VENV / "bin" / "python"
RUN = ("requirements.txt", "requirements-run.txt")
DEVELOPMENT = (*RUN, "requirements-dev.txt")
NODE = ("requirements-node.txt",)

OFFLINE = "The Python packages could not be installed: is the package index reachable from here?"
NO_INSTALLER = "This Python has no pip: install python3-venv first (as root: apt-get install python3-venv)."


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
    with_pip = (
        importlib.util.find_spec("ensurepip") is not None and importlib.util.find_spec("venv") is not None
    )
    if with_pip:
        steps.run([sys.executable, "-m", "venv", VENV], trouble="The folder .venv could not be made.")
        return
    # Debian without python3-venv: the module venv is there, ensurepip is not.
    if importlib.util.find_spec("venv") is not None and outer_installer() is not None:
        steps.run(
            [sys.executable, "-m", "venv", "--without-pip", VENV],
            trouble="The folder .venv could not be made.",
        )
        return
    if virtualenv := shutil.which("virtualenv"):
        steps.run(
            [virtualenv, "--python", sys.executable, VENV],
            trouble="virtualenv could not make the folder .venv.",
        )
        return
    raise Halt(NO_INSTALLER)


def outer_installer() -> list[str] | None:
    """A program of this machine that installs into .venv; None where there is none."""
    if uv := shutil.which("uv"):
        return [uv, "pip", "install", "--python", str(PYTHON)]
    for pip in (shutil.which("pip3"), shutil.which("pip"), sys.executable):
        words = [pip, "-m", "pip"] if pip == sys.executable else [pip]
        if pip is None:
            continue
        probe = subprocess.run([*words, "--version"], capture_output=True, text=True)
        if probe.returncode == 0 and _new_enough(probe.stdout):
            return [*words, "--python", str(PYTHON), "install", "--disable-pip-version-check", "--no-input"]
    return None


def _new_enough(version_line: str) -> bool:
    """pip knows ``--python`` from 22.3 on."""
    try:
        major, minor = version_line.split()[1].split(".")[:2]
        return (int(major), int(minor)) >= (22, 3)
    except (IndexError, ValueError):
        return False


def installer() -> list[str]:
    """The command that installs into .venv; raises Halt where nothing can."""
    if any((VENV / "lib").glob("python3.*/site-packages/pip")):
        return [str(PYTHON), "-m", "pip", "install", "--disable-pip-version-check", "--no-input"]
    outer = outer_installer()
    if outer is None:
        raise Halt(NO_INSTALLER)
    return outer


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
