"""What the cited records name, for the sentence of a rule that names nothing of them.

A rule for many kinds of events cannot know which value of each is the file, the host or the account at fault;
what has the form of a path, an address or an account, or stands in a field that is called a name, tells.
"""

import re
from collections.abc import Mapping
from typing import Final

from engine.text import Text, text
from engine.text_safety import legible

MAX_NAMES: Final = 3
MAX_LENGTH: Final = 110
_TELLING = re.compile(
    r"\S*[\\/][^\\/]*[A-Za-z0-9].*|[^\s@]+@[^\s@]+|[A-Za-z]:|[0-9]{1,3}(?:\.[0-9]{1,3}){3}(?::[0-9]+)?"
    r"|[\w+ -]{1,60}\.(?:exe|dll|sys|inf|msi|ocx|cpl|edb|mdf|ldf|vhdx?)|[\w-]+(?:\.[\w-]+)*\.[A-Za-z][\w-]+",
    re.IGNORECASE,
)
_NO_NAME = re.compile(
    r"[\W\dA-F]*|(?:0x)?[0-9A-Fa-f]*|S-1-[0-9-]+|%.*|.*\{[0-9A-Fa-f-]{36}\}.*|[0-9A-Fa-f-]{36}|(?i:true|false|null|\(null\))"
)
_IS_NAME = re.compile(
    r"(?:name|user|server|device|path|file|share|volume|drive|address|host|account|printer|adapter|interface|resource"
    r"|target|zone|scope|pool|site|database|instance|node|url|service)$",
    re.IGNORECASE,
)
_OTHER = {"Computer", "ComputerName", "Provider_Name", "Binary", "Message"}


def named(values: Mapping[str, str], said: str) -> Text | None:
    """A sentence with those names in an event's ``values`` that are not ``said``; ``None`` without any."""
    telling: dict[str, bool] = {}
    for name, value in values.items():
        value = legible(value.strip())
        last = name.rpartition(".")[2]
        if name in _OTHER or "version" in last.casefold() or not 1 < len(value) <= MAX_LENGTH:
            continue
        if _NO_NAME.fullmatch(value) and not _TELLING.fullmatch(value):
            continue
        if _TELLING.fullmatch(value):
            telling[value] = True
        elif _IS_NAME.search(last):
            telling.setdefault(value, False)
    names = sorted(telling, key=lambda value: not telling[value])
    names = [
        name
        for place, name in enumerate(names)
        if name.casefold() not in said.casefold()
        and not any(name.casefold() in other.casefold() for other in names[:place])
    ][:MAX_NAMES]
    if not names:
        return None
    zh, en = "、".join(f"“{name}”" for name in names), ", ".join(f"“{name}”" for name in names)
    return text(f"所引记录中写有：{zh}。", f"The records cited name {en}.")
