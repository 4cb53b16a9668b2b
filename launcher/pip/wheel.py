"""Brings pip into an environment whose Python came without one.

Debian and Ubuntu keep ``ensurepip`` in python3-venv, which a plain python3 lacks. pip
runs from its own wheel, so one file from the package index is enough to begin with.
"""

import hashlib
import os
import re
from pathlib import Path

from launcher import steps
from launcher.halt import Halt
from launcher.pip import configuration, index
from launcher.steps import ROOT

PIN = ROOT / "requirements-pip.txt"
"""The one place that names pip's version and its files' SHA-256."""


def install(python: Path) -> None:
    """Installs pip for the interpreter ``python``; raises Halt with what to do."""
    wheel = _wheel()
    steps.run(
        [
            *(python, f"{wheel}/pip", "--isolated", "install", "--disable-pip-version-check", "--no-input"),
            *("--no-index", "--find-links", wheel.parent, "--require-hashes", "-r", PIN),
        ],
        # Whatever else the configuration wants of installations is no matter of this one.
        env={"PIP_CONFIG_FILE": os.devnull},
        trouble="pip could not be installed from its wheel.",
    )


def _wheel() -> Path:
    """The pinned wheel, in var/; fetched where it is not there as it should be."""
    version, hashes = pin()
    wheel = ROOT / "var" / "pip" / f"pip-{version}-py3-none-any.whl"
    if wheel.is_file() and hashlib.sha256(wheel.read_bytes()).hexdigest() in hashes:
        return wheel
    steps.say("Fetching pip from the package index, because this Python brings none")
    try:
        content = index.fetch("pip", wheel.name, hashes, configuration.read(os.environ))
    except Halt as halt:
        raise Halt(f"{halt} Or install python3-venv (as root: apt-get install python3-venv).") from halt
    wheel.parent.mkdir(parents=True, exist_ok=True)
    draft = wheel.with_suffix(".new")
    draft.write_bytes(content)
    draft.replace(wheel)
    return wheel


def pin() -> tuple[str, set[str]]:
    """Version and SHA-256 hashes."""
    text = PIN.read_text("utf-8")
    version = re.search(r"^pip==(\S+)", text, re.MULTILINE)
    assert version is not None
    return version[1], set(re.findall(r"--hash=sha256:([0-9a-f]{64})", text))
