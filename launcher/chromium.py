"""Headless Chromium for the browser tests, what Playwright's driver needs, and a Han font for screenshots."""

import os
import shutil
import subprocess
from pathlib import Path

from launcher import libraries, steps, venv
from launcher.halt import Halt
from launcher.steps import ROOT

PACKAGES = ("chromium", "fonts-noto-cjk")
SHELL = "chromium-headless-shell"
"""Debian's package and program: Chromium without windows, which costs half the processor time in tests."""
FONTS = ROOT / "node_modules" / "@embedpdf" / "fonts-sc" / "fonts"
BY_PLAYWRIGHT = venv.VENV / "anjuan-chromium"
"""The stamp of the build that Playwright brought."""
FONT_CONFIGURATION = ROOT / "var" / "fonts.conf"


def installed() -> str | None:
    """The machine's own Chromium, if it runs; CHROMIUM names another one."""
    if named := os.environ.get("CHROMIUM"):
        return named
    for name in (SHELL, "chromium", "chromium-browser"):
        program = shutil.which(name)
        # Ubuntu's package is a mere hint at a snap.
        if program and subprocess.run([program, "--version"], capture_output=True).returncode == 0:
            return program
    return None


def driver() -> Path:
    """Node as the playwright wheel brings it."""
    return venv.site_packages() / "playwright" / "driver" / "node"


def install() -> None:
    """The distribution's packages where apt serves, otherwise the build that Playwright brings.

    Raises Halt naming the packages where root has to install them.
    """
    packages = _missing_packages()
    if packages and _may_apt():
        _by_apt(packages)
        packages = _missing_packages()
    if libraries.missing_package(driver()):
        raise Halt(f"The browser tests lack packages: apt-get install {' '.join(packages)} (as root).")
    if installed() is None:
        steps.once(
            BY_PLAYWRIGHT,
            steps.digest([ROOT / "requirements-dev.txt"]),
            "Installing Chromium by Playwright",
            _by_playwright,
        )
    _write_font_configuration()


def _missing_packages() -> list[str]:
    """Debian's and Ubuntu's names."""
    browser = () if BY_PLAYWRIGHT.exists() or installed() else PACKAGES
    library = libraries.missing_package(driver())
    return [*browser, *([library] if library else ())]


def _may_apt() -> bool:
    if shutil.which("apt-get") is None:
        return False
    if os.geteuid() == 0:
        return True
    return (
        shutil.which("sudo") is not None
        and subprocess.run(["sudo", "-n", "true"], capture_output=True).returncode == 0
    )


def _by_apt(packages: list[str]) -> None:
    steps.say(f"Installing {', '.join(packages)} by apt-get")
    prefix = [] if os.geteuid() == 0 else ["sudo", "-n"]
    options = ("-y", "--no-install-recommends")
    install = [*prefix, "env", "DEBIAN_FRONTEND=noninteractive", "apt-get", "install", *options]
    try:
        steps.run([*prefix, "apt-get", "update"], trouble="apt-get update failed.")
        if subprocess.run(["apt-cache", "show", SHELL], capture_output=True).returncode == 0:
            packages = [SHELL if name == "chromium" else name for name in packages]
        steps.run([*install, *packages], trouble="apt-get could not install them.")
    except Halt as halt:
        steps.say(str(halt))


def _by_playwright() -> None:
    trouble = "Chromium could not be installed: apt-get install chromium (as root), or set CHROMIUM."
    steps.run([venv.PYTHON, "-m", "playwright", "install", "--only-shell", "chromium"], trouble=trouble)
    # It may be there and still lack libraries of the machine.
    start = (
        "import playwright.sync_api as api\nwith api.sync_playwright() as it: it.chromium.launch().close()"
    )
    steps.run([venv.PYTHON, "-c", start], trouble=trouble)


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
        families = subprocess.run([fc_list, ":lang=zh-cn", "family"], capture_output=True, text=True).stdout
        if families.strip():
            return {}
    if not FONT_CONFIGURATION.exists():
        _write_font_configuration()
    return {"FONTCONFIG_FILE": str(FONT_CONFIGURATION)}
