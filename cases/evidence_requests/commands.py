"""Lines for PowerShell that collect what was asked for."""

import re

from cases.evidence_requests.powershell import quoted


def hash_of_file(path: str) -> str:
    """Writes hash and properties of the file at ``path`` (hostile text) to the desktop.

    Raises ``ValueError`` on control characters; no detail of an item has any.
    """
    name = re.sub(r"[^\w.-]", "_", re.split(r"[\\/]", path)[-1], flags=re.ASCII)[:60] or "file"
    desktop = "Join-Path ([Environment]::GetFolderPath('Desktop'))"
    return (
        f"$f = {quoted(path)}; & {{ Get-FileHash -LiteralPath $f; Get-Item -LiteralPath $f -Force }} | "
        f"Format-List * | Out-File -Width 400 ({desktop} 'hash-{name}.txt')"
    )
