"""What the .NET runtime's report of an ended process names, in whatever language it is written.

Source: the texts of events 1023, 1025 and 1026 of the provider ".NET Runtime" and 1325 of ASP.NET, of which
only names, types and codes are the same in each language.
"""

import re

DOTNET = (".net runtime", "asp.net ")
"""How the providers begin, in lower case."""

MAX_LENGTH = 8_192
"""Characters of the report that are looked at: the names stand before the stack."""
_PROGRAM = re.compile(r"[^\s\\/:\"]{1,200}\.exe\b", re.IGNORECASE)
_EXCEPTION = re.compile(r"\b[A-Za-z_][A-Za-z0-9_.+`]{0,200}Exception\b")
_CODE = re.compile(r"\b[cC]0[0-9a-fA-F]{6}\b|\be0434352\b", re.IGNORECASE)


def reported(text: str) -> dict[str, str]:
    """``Program`` and ``Exception`` (a type, else a code), as far as the report has them."""
    text = text[:MAX_LENGTH]
    program = _PROGRAM.search(text)
    exception = _EXCEPTION.search(text) or _CODE.search(text)
    found = {"Program": program, "Exception": exception}
    return {name: match[0] for name, match in found.items() if match}
