"""``make test`` and ``make check``: one stage after the other, each with how long it will take.

``python -m launcher.suite`` runs all of it; with files or folders it checks these alone and runs the
tests of their room. How long a stage took is kept in ``var/`` and told before it runs again.
"""

import json
import os
import subprocess
import sys
import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from launcher.steps import ROOT
from launcher.venv import PYTHON

DURATIONS = ROOT / "var" / "durations.json"
EVERYTHING = "."
PYTEST = ("pytest", "-q")
BY_FILE = ("--dist", "loadfile", "--no-loadscope-reorder")
"""In the order of tests/conftest.py: pytest-xdist's own has the files of few and long tests last."""


@dataclass(frozen=True)
class Stage:
    """One command; ``seconds`` is what it takes on two cores where it has not run yet."""

    name: str
    command: Sequence[str]
    seconds: float


def stages(files: Sequence[str]) -> list[Stage]:
    """What is run for these files and folders; for everything where none is named."""
    code = [file for file in files if Path(ROOT, file).is_dir() or file.endswith(".py")] or [EVERYTHING]
    lint = [
        Stage("Lint", ("ruff", "check", *code), 1),
        Stage("Format", ("ruff", "format", "--check", *code), 1),
    ]
    if files:
        # mypy follows imports: the files' own mistakes are found without reading all others' again.
        return [
            *lint,
            Stage("Types of " + " ".join(files), ("mypy", *code), 10),
            Stage(
                "Tests of the room", ("pytest", "-q", "-m", "not slow and not browser", *tests_of(files)), 15
            ),
        ]
    return [
        *lint,
        Stage("Types", ("mypy", EVERYTHING), 40),
        Stage("Migrations and Django's checks", ("launcher.checks",), 6),
        Stage("Tests", (*PYTEST, "-n", "auto", "--maxprocesses", "4", *BY_FILE), 420),
    ]


def tests_of(files: Sequence[str]) -> list[str]:
    """The tests beside the files: the room's folder below tests/, or the nearest one above it.

    A test file stands for itself.
    """
    tests: dict[str, None] = {}
    for file in files:
        path = Path(file)
        if path.parts[:1] == ("tests",):
            tests[str(path)] = None
            continue
        for mirror in (Path("templates"), Path("static", "src")):
            if path.is_relative_to(mirror):
                path = path.relative_to(mirror)
        is_folder = Path(ROOT, file).is_dir()
        folder = path if is_folder else path.parent
        own = Path("tests", folder, f"test_{path.stem}.py")
        while folder.parts and not Path(ROOT, "tests", folder).is_dir():
            folder = folder.parent
        if not is_folder and Path(ROOT, own).is_file():
            tests[str(own)] = None
        elif folder.parts:
            tests[str(Path("tests", folder))] = None
    return [*tests, "tests/test_architecture.py"]


def run(stage: Stage, known: dict[str, float]) -> bool:
    """Whether the stage went well; its time is kept in ``known``."""
    print(f"{stage.name} (about {_span(known.get(stage.name, stage.seconds))})", flush=True)
    started = time.monotonic()
    # Hundreds of processes import the same files: to compile them anew is a fifth of the start of each.
    env = os.environ | {"PYTHONDONTWRITEBYTECODE": ""}
    done = subprocess.run([PYTHON, "-m", *stage.command], cwd=ROOT, env=env, stdin=subprocess.DEVNULL)
    if done.returncode == 0:
        known[stage.name] = round(time.monotonic() - started, 1)
    return done.returncode == 0


def _span(seconds: float) -> str:
    return f"{seconds / 60:.0f} min" if seconds >= 90 else f"{max(seconds, 1):.0f} s"


def main(files: list[str]) -> int:
    """0 when every stage went well; the first that did not ends it."""
    if missing := [file for file in files if not Path(ROOT, file).exists()]:
        print(f"There is no {missing[0]} here: name files or folders of the project.", file=sys.stderr)
        return 2
    try:
        known = json.loads(DURATIONS.read_text())
    except (OSError, ValueError):
        known = {}
    planned = stages(files)
    whole = sum(known.get(stage.name, stage.seconds) for stage in planned)
    print(f"{len(planned)} stages, about {_span(whole)} in all", flush=True)
    started = time.monotonic()
    for stage in planned:
        if not run(stage, known):
            print(f"{stage.name}: not right; see above.", file=sys.stderr)
            return 1
    DURATIONS.parent.mkdir(exist_ok=True)
    DURATIONS.write_text(json.dumps(known, indent=1))
    print(f"All right ({_span(time.monotonic() - started)})")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
