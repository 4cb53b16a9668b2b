"""Values written into PowerShell: nothing in them is read as code."""

import re

QUOTES = re.compile("['‘’‚‛]")
"""All of these end a single-quoted text for PowerShell, and each one doubled stands for itself
(https://learn.microsoft.com/powershell/module/microsoft.powershell.core/about/about_quoting_rules)."""


def quoted(value: str) -> str:
    """A single-quoted PowerShell text. Raises ``ValueError`` on control characters, which no value
    here may have."""
    if any(ord(character) < 32 or ord(character) == 127 for character in value):
        raise ValueError("a value with control characters")
    return "'" + QUOTES.sub(lambda quote: quote[0] * 2, value) + "'"
