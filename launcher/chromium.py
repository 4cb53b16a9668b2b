"""Headless Chromium for the browser tests, and a Han font for its screenshots."""

import os
import shutil
import subprocess

from launcher import steps, venv
from launcher.halt import Halt
from launcher.steps import ROOT

PACKAGES = ("chromium", "fonts-noto-cjk")
FONTS = ROOT / "node_modules" / "@embedpdf" / "fonts-sc" / "fonts"
FONT_CONFIGURATION = ROOT / "var" / "fonts.conf"


def installed() -> str | None:
    """The machine's own Chromium; CHROMIUM names another one."""
    return os.environ.get("CHROMIUM") or shutil.which("chromium") or shutil.which("chromium-browser")


def install() -> None:
    """The distribution's package where apt serves, otherwise the build that Playwright brings."""
    if installed() is None and not (_may_apt() and _by_apt()):
        steps.once(
            venv.VENV / "anjuan-chromium",
            steps.digest([ROOT / "requirements-dev.txt"]),
            "Installing Chromium by Playwright",
            _by_playwright,
        )
    _write_font_configuration()


def _may_apt() -> bool:
    if shutil.which("apt-get") is None:
        return False
    if os.geteuid() == 0:
        return True
    return (
        shutil.which("sudo") is not None
        and subprocess.run(["sudo", "-n", "true"], capture_output=True).returncode == 0
    )


def _by_apt() -> bool:
    steps.say("Installing Chromium by apt-get")
    prefix = [] if os.geteuid() == 0 else ["sudo", "-n"]
    install = [
        *prefix,
        "env",
        "DEBIAN_FRONTEND=noninteractive",
        "apt-get",
        "install",
        "-y",
        "--no-install-recommends",
    ]
    try:
        steps.run([*prefix, "apt-get", "update"], trouble="apt-get update failed.")
        steps.run([*install, *PACKAGES], trouble="apt-get could not install Chromium.")
    except Halt as halt:
        steps.say(f"{halt} Trying Playwright's instead.")
        return False
    # Ubuntu's package is a mere hint at a snap.
    found = installed()
    return found is not None and subprocess.run([found, "--version"], capture_output=True).returncode == 0


def _by_playwright() -> None:
    steps.run(
        [venv.PYTHON, "-m", "playwright", "install", "--only-shell", "chromium"],
        trouble="Chromium could not be installed: apt-get install chromium (as root), or set CHROMIUM.",
    )


def _write_font_configuration() -> None:
    """For tests on a machine without a Chinese face: fontconfig finds the one of the PDF reports."""
    FONT_CONFIGURATION.parent.mkdir(exist_ok=True)
    FONT_CONFIGURATION.write_text(
        '<?xml version="1.0"?>\n<!DOCTYPE fontconfig SYSTEM "fonts.dtd">\n<fontconfig>\n'
        '  <include ignore_missing="yes">/etc/fonts/fonts.conf</include>\n'
        f"  <dir>{FONTS}</dir>\n"
        "</fontconfig>\n"
    )


def font_environment() -> dict[str, str]:
    """What gives Chromium glyphs for Chinese text; nothing where a Han font is installed."""
    if fc_list := shutil.which("fc-list"):
        said = subprocess.run([fc_list, ":lang=zh-cn", "family"], capture_output=True, text=True).stdout
        if said.strip():
            return {}
    if not FONT_CONFIGURATION.exists():
        _write_font_configuration()
    return {"FONTCONFIG_FILE": str(FONT_CONFIGURATION)}
