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


def groups(provider: str) -> Iterator[tuple[str, Any]]:
    """What the catalogue holds for a provider (case folded): the file and the content of each group."""
    for file, chunk in providers().get(provider, ()):
        yield file, yaml.load(chunk, Loader=_Loader)[0]  # noqa: S506  see ``_read``


@lru_cache(maxsize=1)
def providers() -> Mapping[str, Sequence[tuple[str, str]]]:
    """The file and the text of each group of the catalogue by provider (case folded)."""
    by_provider: dict[str, list[tuple[str, str]]] = {}
    for file in sorted(DATA.glob("events-*.yaml")):
        content = file.read_text("utf-8")
        heads = list(_GROUP.finditer(content))
        ends = [*(head.start() for head in heads[1:]), len(content)]
        for head, end in zip(heads, ends, strict=True):
            for name in _names(head[1]):
                by_provider.setdefault(name.casefold(), []).append((file.name, content[head.start() : end]))
    return by_provider


def _names(stated: str) -> list[str]:
    """The names of a group's first line: one, or several as ``[a, b]``."""
    names = stated.removeprefix("[").removesuffix("]").split(", ")
    return [name.strip("\"'") for name in names]


@lru_cache(maxsize=1)
def names() -> dict[str, dict[str, Any]]:
    """What the names and GUIDs in values mean, by table."""
    return _read(DATA / "names.yaml")


@lru_cache(maxsize=1)
def flags() -> dict[str, dict[int, Any]]:
    """What the bits of values mean, by table."""
    return _read(DATA / "flags.yaml")


def rows(pattern: str) -> Iterator[dict[str, str]]:
    """The rows of the tables of that name: CSV with a head, which is read far quicker than YAML."""
    for file in sorted(DATA.glob(pattern)):
        with file.open(encoding="utf-8", newline="") as stream:
            yield from csv.DictReader(stream)


@lru_cache(maxsize=1)
def labels() -> dict[str, dict[int, Any]]:
    """What the numbers in values mean, by table."""
    return _read(DATA / "labels.yaml")


def _read(file: Path) -> Any:
    with file.open(encoding="utf-8") as stream:
        return yaml.load(stream, Loader=_Loader)  # noqa: S506  a safe loader, in C where there is one
