"""Lines for PowerShell that collect what was asked for."""

import re

QUOTES = re.compile("(['‘’‚‛])")
"""All of these end a single-quoted text for PowerShell; doubled, each stands for itself
(about_Quoting_Rules)."""


def hash_of_file(path: str) -> str:
    """Writes hash and properties of the file at ``path`` (hostile text) to the desktop."""
    name = re.sub(r"[^\w.-]", "_", re.split(r"[\\/]", path)[-1], flags=re.ASCII)[:60] or "file"
    quoted = "'" + QUOTES.sub(r"\1\1", path) + "'"
    desktop = "Join-Path ([Environment]::GetFolderPath('Desktop'))"
    return (
        f"$f = {quoted}; & {{ Get-FileHash -LiteralPath $f; Get-Item -LiteralPath $f -Force }} | "
        f"Format-List * | Out-File -Width 400 ({desktop} 'hash-{name}.txt')"
    )
