"""The project's source as its tests read it: which modules there are, and what each imports."""

import ast
from collections.abc import Iterator
from functools import cache
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
PORTAL = ("jobs", "accounts", "cases", "uploads", "analysis", "mail", "config")
"""Each may import those before it."""
PACKAGES = (*PORTAL, "engine", "demo", "launcher", "benchmarks")


@cache
def modules(package: str) -> list[Path]:
    """The package's files, migrations aside."""
    return [
        file
        for file in sorted((ROOT / package).rglob("*.py"))
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
            assert child.level == 0 and child.module, "imports are written in full here"
            inner = {f"{child.module}.{name.name}" for name in child.names}
            yield from ((name, child.lineno) for name in inner & set(every_module()) or {child.module})
        else:
            yield from _imports(child)


def dotted(file: Path) -> str:
    """The name by which a file is imported."""
    return ".".join(file.relative_to(ROOT).with_suffix("").parts).removesuffix(".__init__")


@cache
def every_module() -> dict[str, Path]:
    """All modules of the project by name, the tests' and the migrations' included."""
    return {
        dotted(file): file
        for package in (*PACKAGES, "tests")
        for file in (ROOT / package).rglob("*.py")
        if "__pycache__" not in file.parts
    }


def imported_modules(file: Path) -> set[str]:
    """The project's modules that a file imports: ``from a import b`` names ``a.b`` where that is one."""
    return {name for name, _line in imports(file)} & set(every_module())
