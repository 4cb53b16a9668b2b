"""The tables of error codes: our own sentences, and the complete lists that the set-up builds.

Ours are ``data/codes/<family>.tsv``, one code a line: number, name, Chinese, English, parted by
tabs; a name or a sentence may be empty, a line that begins with ``#`` says where its facts are from.
The built ones are ``data/built/<family>.json``, number (decimal) to name and English sentence; where
they are from stands in docs/decisions/0023. Both are read at the first look-up of their family.
"""

from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import NamedTuple

import msgspec

from engine.messages.data_files import DATA

OURS = DATA / "codes"
BUILT = DATA / "built"
FAMILIES = ("win32", "ntstatus", "hresult", "exception", "exitcode", "bugcheck", "kerberos", "jet")
"""The families of error codes, each with a file of our own."""
BUILT_FAMILIES = ("win32", "ntstatus", "hresult")
"""Those of which there is a complete list besides."""


class Meaning(NamedTuple):
    """What a code is called and means; a sentence is empty in a language that has none.
    ``ours`` tells our own words from those of Windows."""

    name: str
    chinese: str
    english: str
    ours: bool = True


def meaning(family: str, number: int) -> Meaning | None:
    """By our table, then by the built one; ``number`` is unsigned."""
    ours = own(family).get(number)
    if worded(family, number):
        return ours
    listed = _built(family).get(str(number))
    return Meaning(listed[0], "", listed[1], ours=False) if listed else ours


def worded(family: str, number: int) -> bool:
    """Whether our table has words for it."""
    ours = own(family).get(number)
    return ours is not None and bool(ours.chinese or ours.english)


@cache
def own(family: str) -> Mapping[int, Meaning]:
    """Our table of a family."""
    table: dict[int, Meaning] = {}
    for line in (OURS / f"{family}.tsv").read_text("utf-8").splitlines():
        if line and not line.startswith("#"):
            number, name, chinese, english = line.split("\t")
            table[int(number, 0) & 0xFFFFFFFF] = Meaning(name, chinese, english)
    return table


def _built(family: str) -> Mapping[str, tuple[str, str]]:
    """The complete list of a family; empty where the set-up has not built it, or it cannot be read
    (``missing``)."""
    return _listed(_built_file(family))


@cache
def _listed(file: Path) -> Mapping[str, tuple[str, str]]:
    try:
        return msgspec.json.decode(file.read_bytes(), type=dict[str, tuple[str, str]])
    except (OSError, ValueError):  # msgspec's own errors are ValueErrors
        return {}


def missing() -> list[str]:
    """The families whose complete list is not here; `manage.py check` says so."""
    return [family for family in BUILT_FAMILIES if not _built(family)]


def _built_file(family: str) -> Path:
    return BUILT / f"{family}.json"
