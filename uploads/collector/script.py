"""The collector's script for one request: a template with one block of values written into it."""

from pathlib import Path

from cases.evidence_requests.powershell import quoted
from uploads.collector.options import PARTS, Options

FOLDER = Path(__file__).resolve().parent
PLACE = "#@OPTIONS@#"


def collect_ps1(options: Options, *, case: str, portal: str, secret: str, privacy: str) -> str:
    """The script's text. ``portal`` is its address without a slash at the end, ``secret`` that of an
    upload link, ``privacy`` the version of the privacy statement beside the script."""
    values = {"Case": quoted(case), "Portal": quoted(portal), "Secret": quoted(secret)}
    values |= {"Privacy": quoted(privacy), "Days": str(int(options.days))}
    for name in ("logs", "files", "registry"):
        values[name.capitalize()] = _array(getattr(options, name))
    for name in PARTS:
        values[name.capitalize()] = "$true" if getattr(options, name) else "$false"
    block = "$Options = @{\n" + "".join(f"    {name} = {value}\n" for name, value in values.items()) + "}"
    # Not str.replace with a pattern: what a value says is never read again.
    before, after = template("collect.ps1").split(PLACE)
    return before + block + after


def template(name: str) -> str:
    """One of the files beside this module."""
    return (FOLDER / name).read_text("utf-8")


def _array(lines: tuple[str, ...]) -> str:
    if not lines:
        return "@()"
    return "@(\n" + ",\n".join(f"        {quoted(line)}" for line in lines) + "\n    )"
