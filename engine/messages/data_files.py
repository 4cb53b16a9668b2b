"""The data files of this package: YAML beside the modules, read once."""

from collections.abc import Iterator
from functools import lru_cache
from pathlib import Path
from typing import Any

import yaml

DATA = Path(__file__).parent / "data"
_Loader: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)


def events() -> Iterator[tuple[str, Any]]:
    """The name and content of each file of the catalogue."""
    for file in sorted(DATA.glob("events-*.yaml")):
        yield file.name, _read(file)


@lru_cache(maxsize=1)
def labels() -> dict[str, dict[int, Any]]:
    """What the numbers in values mean, by table."""
    return _read(DATA / "labels.yaml")


def _read(file: Path) -> Any:
    with file.open(encoding="utf-8") as stream:
        return yaml.load(stream, Loader=_Loader)  # noqa: S506  a safe loader, in C where there is one
