"""What a parser that was taken over can reach: its input, its folder, and nothing else."""

import os
from collections.abc import Callable, Iterator
from functools import lru_cache
from pathlib import Path
from typing import Any

import pytest

from engine.sandbox.confinement import confined, confinement
from engine.sandbox.sandbox import Sandbox
from tests.engine import misbehaviour as jobs


@pytest.fixture
def places(tmp_path: Path) -> Path:
    (tmp_path / "work").mkdir()
    (tmp_path / "work" / "old").write_text("old")
    (tmp_path / "source").write_text("source")
    (tmp_path / "secret").write_text("secret")
    return tmp_path


@lru_cache(maxsize=1)
def can_confine() -> bool:
    with Sandbox() as sandbox:
        return bool(sandbox.call(confined, [], []))


@pytest.fixture
def sandbox(places: Path) -> Iterator[Sandbox]:
    if not can_confine():
        pytest.skip("this kernel has no Landlock")
    with Sandbox(prepare=[confinement([places / "source"], [places / "work"])]) as sandbox:
        yield sandbox


def test_it_reads_its_source_and_works_in_its_folder(sandbox: Sandbox, places: Path) -> None:
    sandbox.call(jobs.writes, places / "work" / "new", 10)

    assert sandbox.call(jobs.reads, places / "source") == 6
    assert sandbox.call(jobs.reads, places / "work" / "new") == 10


FORBIDDEN: dict[str, Callable[[Sandbox, Path], Any]] = {
    "reading anything else": lambda sandbox, places: sandbox.call(jobs.reads, places / "secret"),
    "reading the system's secrets": lambda sandbox, places: sandbox.call(jobs.reads, Path("/etc/passwd")),
    "writing its source": lambda sandbox, places: sandbox.call(jobs.writes, places / "source", 1),
    "writing anywhere else": lambda sandbox, places: sandbox.call(jobs.writes, places / "new", 1),
    "leaving links": lambda sandbox, places: sandbox.call(
        jobs.links, places / "work" / "link", places / "secret"
    ),
    "starting programs": lambda sandbox, places: sandbox.call(jobs.starts_a_program),
    "signalling the worker": lambda sandbox, places: sandbox.call(jobs.signals, os.getpid()),
    "reading the worker's memory": lambda sandbox, places: sandbox.call(jobs.peeks, os.getpid()),
    "reading its nursery's memory": lambda sandbox, places: sandbox.call(jobs.peeks_at_its_parent),
}


@pytest.mark.parametrize("attempt", FORBIDDEN)
def test_it_is_kept_from(sandbox: Sandbox, places: Path, attempt: str) -> None:
    with pytest.raises(PermissionError):
        FORBIDDEN[attempt](sandbox, places)

    assert sandbox.call(jobs.reads, places / "source") == 6
    assert (places / "secret").read_text() == "secret"
