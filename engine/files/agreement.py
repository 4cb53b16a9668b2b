"""Whether two captured versions or write times say the same, however a tool writes them."""

import re
from collections.abc import Iterable

from engine.parsers.captures.values import squeezed

_BUILD = re.compile(r"\(.*")
_WORD = re.compile(r"^(?:version|ver\.?|v|版本)[:：]?(?=\d)")
_NUMBERS = re.compile(r"\d+(?:[.,]\d+)*")


def version_key(version: str) -> str:
    """A version for comparing: ``Version 1, 2, 0, 0`` is ``1.2``; in brackets stands the build's name.

    Source: Microsoft, "VERSIONINFO resource" (four numbers, and a text that people write).
    """
    plain = _WORD.sub("", squeezed(_BUILD.sub("", version)) or squeezed(version))
    if _NUMBERS.fullmatch(plain) is None:
        return plain
    numbers = [str(int(number)) for number in re.split("[.,]", plain)]
    while len(numbers) > 2 and numbers[-1] == "0":
        numbers.pop()
    return ".".join(numbers)


def same_version(mine: str | None, theirs: str | None) -> bool | None:
    """``None`` where one side does not say."""
    return None if mine is None or theirs is None else version_key(mine) == version_key(theirs)


def same_time(mine: str | None, theirs: str | None) -> bool | None:
    """Local times as far as both are told: ``dir`` knows no seconds. ``None`` where one side does not say."""
    return None if mine is None or theirs is None else mine.startswith(theirs) or theirs.startswith(mine)


def distinct_times(times: Iterable[str]) -> list[str]:
    """The times that differ, in the order of their appearance, each as fully as it is told."""
    distinct: list[str] = []
    for time in sorted(dict.fromkeys(times), key=len, reverse=True):
        if not any(same_time(time, known) for known in distinct):
            distinct.append(time)
    return distinct
