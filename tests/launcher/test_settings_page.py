"""docs/settings.md lists every variable that is read, and no other."""

import re
from pathlib import Path

from launcher.parts import ROOT

READERS = re.compile(
    r"(?:env\.(?:text|flag|number|words|choice|service|networks|folder|optional_folder|postgres|get)"
    r"|environ\.get|_(?:number|flag|address))"
    r"""\(\s*(?:env, )?["']([A-Z0-9_]+)["']"""
)
OF_THE_SYSTEM = {"PATH", "DJANGO_SETTINGS_MODULE", "MAKELEVEL"}
OF_PIP = {
    *("HOME", "NETRC", "XDG_CONFIG_DIRS", "XDG_CONFIG_HOME"),
    *("PIP_CONFIG_FILE", "REQUESTS_CA_BUNDLE", "CURL_CA_BUNDLE"),
}
"""Where launcher/pip/configuration.py looks, because pip does."""


def variables_read() -> set[str]:
    files: list[Path] = [*(ROOT / "config").rglob("*.py"), *(ROOT / "launcher").glob("*.py")]
    names = {name for file in files for name in READERS.findall(file.read_text())}
    return names - OF_THE_SYSTEM - OF_PIP


def test_every_variable_that_is_read_has_its_line_and_no_line_is_left_over() -> None:
    page = (ROOT / "docs" / "settings.md").read_text()
    listed = set(re.findall(r"^\| `([A-Z0-9_]+)` \|", page, re.MULTILINE))
    assert listed == variables_read()
