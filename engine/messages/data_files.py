"""The data files of this package: YAML and CSV beside the modules, read once."""

import csv
import re
from collections.abc import Iterator, Mapping, Sequence
from functools import lru_cache
from pathlib import Path
from typing import Any

import yaml

DATA = Path(__file__).parent / "data"
_Loader: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)


_GROUP = re.compile(r"^- provider: (.+)$", re.MULTILINE)
_EVENT = re.compile(r"^  - id: (.+)$", re.MULTILINE)


def events(provider: str) -> Mapping[int, Sequence[tuple[str, str]]]:
    """What the catalogue holds for a provider (case folded): by event id the file and the text of
    each entry. Nothing is parsed but the numbers, since one entry is wanted and not hundreds."""
    by_id: dict[int, list[tuple[str, str]]] = {}
    for file, group in providers().get(provider, ()):
        for stated, entry in _cut(group, _EVENT):
            for number in stated.strip("[]").split(","):
                by_id.setdefault(int(number), []).append((file, entry))
    return by_id


def entry(content: str) -> Any:
    """One entry of ``events``, parsed."""
    return yaml.load(content, Loader=_Loader)[0]  # noqa: S506  see ``read_yaml``


@lru_cache(maxsize=1)
def providers() -> Mapping[str, Sequence[tuple[str, str]]]:
    """The file and the text of each group of the catalogue by provider (case folded)."""
    by_provider: dict[str, list[tuple[str, str]]] = {}
    for file in sorted(DATA.glob("events-*.yaml")):
        for stated, group in _cut(file.read_text("utf-8"), _GROUP):
            for name in stated.strip("[]").split(", "):
                by_provider.setdefault(name.strip("\"'").casefold(), []).append((file.name, group))
    return by_provider


def _cut(content: str, head: re.Pattern[str]) -> Iterator[tuple[str, str]]:
    """What each head states, and the text from it to the next."""
    heads = list(head.finditer(content))
    ends = [*(found.start() for found in heads[1:]), len(content)]
    for found, end in zip(heads, ends, strict=True):
        yield found[1].partition(" #")[0].strip(), content[found.start() : end]


@lru_cache(maxsize=1)
def names() -> dict[str, dict[str, Any]]:
    """What the names and GUIDs in values mean, by table."""
    return read_yaml(DATA / "names.yaml")


@lru_cache(maxsize=1)
def flags() -> dict[str, dict[int, Any]]:
    """What the bits of values mean, by table."""
    return read_yaml(DATA / "flags.yaml")


def rows(pattern: str) -> Iterator[dict[str, str]]:
    """The rows of the tables of that name: CSV with a head, which is read far quicker than YAML."""
    for file in sorted(DATA.glob(pattern)):
        with file.open(encoding="utf-8", newline="") as stream:
            yield from csv.DictReader(stream)


@lru_cache(maxsize=1)
def labels() -> dict[str, dict[int, Any]]:
    """What the numbers in values mean, by table."""
    return read_yaml(DATA / "labels.yaml")


def read_yaml(file: Path) -> Any:
    """What a file of our own says, as ``yaml.safe_load`` has it."""
    with file.open(encoding="utf-8") as stream:
        return yaml.load(stream, Loader=_Loader)  # noqa: S506  a safe loader, in C where there is one
