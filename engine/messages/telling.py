"""What of a long text in a record tells the fault: programs write whole reports, too long for a sentence.

The heads that every report begins with and the frames of a call stack are left out; where the rest is still
too long, lines with an exception, a file, a version, an address with its port or a code go before others.
Sources: the texts of .NET Runtime 1023 to 1026, of ASP.NET 1309 and 1325, and of Apache's service.
"""

import re
from typing import Final

from engine.text_safety import shortened

MAX_LENGTH: Final = 16_000
MAX_LINES: Final = 100
"""Of a text that are looked at: the fault stands before its details."""
_HEAD: Final = re.compile(
    r"\s*(?:An unhandled exception (?:has )?occurred\b"
    r"|Description: (?:The process was terminated|A \.NET application)"
    r"|Event (?:code|message|time|ID|sequence|occurrence|detail code)\b|(?:Application|Process|Thread) ID\b"
    r"|(?:CoreCLR|Framework|\.NET) Version\b|\.NET location\b|Architecture\b|Stack ?Trace: *$"
    r"|应用程序 ID|进程 ID|框架版本|说明: 由于未经处理的异常|发生了?未(?:经)?处理的异常)",
    re.IGNORECASE,
)
_FRAME: Final = re.compile(r"\s*(?:StackTrace: *)?(?:at|在) +[\w.<>`]+[.(]")
_TELLS: Final = re.compile(
    r"\b\w{1,100}(?:Exception|Error)\b|[^\s\\/:\"']{1,80}\.(?:exe|dll|sys|ocx|config|json|conf)\b"
    r"|\b\d{1,5}\.\d{1,5}\.\d{1,5}\b|[\d\]]:\d{2,5}\b|\b0x[0-9A-Fa-f]{4,16}\b"
    r"|\b(?:errno|OS|code|HRESULT)[ :=]{1,3}-?\d{2,10}\b",
    re.IGNORECASE,
)
MAX_LINE: Final = 500
"""Characters of a line that are looked at."""


def telling(said: str, limit: int) -> str:
    """``said`` in at most ``limit`` characters, its lines in their order; one that fits is left as it is."""
    if len(said) <= limit:
        return said
    lines = [line.strip()[:MAX_LINE] for line in said[:MAX_LENGTH].splitlines()[:MAX_LINES] if line.strip()]
    kept = [line for line in lines if not _HEAD.match(line) and not _FRAME.match(line)] or lines
    told: set[str] = set()
    chosen: list[int] = []
    room = limit
    # What a line names that an earlier one has said already brings nothing.
    for place in sorted(range(len(kept)), key=lambda place: not _TELLS.search(kept[place])):
        names = {found[0].casefold() for found in _TELLS.finditer(kept[place])}
        if (names and names <= told) or (chosen and len(kept[place]) + 2 > room):
            continue
        told |= names
        room -= len(kept[place]) + 2
        chosen.append(place)
    return shortened("; ".join(kept[place].rstrip(".;；。") for place in sorted(chosen)), limit)
