"""Baselines added by people: from a finished analysis, from a file, from a list; and given away as JSON."""

from __future__ import annotations

import hashlib
import logging
import re
import shutil
import tempfile
import time
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path, PureWindowsPath
from typing import IO, Any

from django.db import transaction
from django.utils import timezone

from accounts.errors import NotAllowed
from accounts.languages import current_language
from accounts.models import User
from analysis.baselines.errors import BaselineNotAdded, FileTooLarge, NoSuchState
from analysis.baselines.models import Baseline
from analysis.runs.models import AnalysisRun
from analysis.runs.worker import baselines
from cases import times
from cases.models import Case
from engine.artifacts import Artifact
from engine.parsers.baselines import BaselineUnreadable, as_json
from engine.parsers.file_state import FileState
from engine.parsers.parser import Unparsable
from engine.parsers.pe import parser as pe
from engine.parsers.pe.facts import PeFacts
from engine.sandbox import jobs
from engine.sandbox.confinement import confinement
from engine.sandbox.sandbox import Sandbox, Stopped
from engine.text_safety import one_line
from engine.unpacking.identify import identify

logger = logging.getLogger(__name__)

MAX_FILE_BYTES = 512 * 2**20
SECONDS = 30
"""For reading a file or list: an engineer waits for it."""
LISTS = {".json", ".csv", ".txt", ".tsv", ".sha256", ".sha256sum", ".db", ".sqlite"}
"""Endings of files that are read as lists; any other file is itself the known one."""

CHUNK = 1 << 20

SET_UP_FOLDER = re.compile(r"[A-Za-z]:\\(Windows|Program Files|Program Files \(x86\))\\", re.IGNORECASE)


@dataclass(frozen=True)
class Proposal:
    """What would be shared of a file that a run has seen, for an engineer to read; ``size`` in bytes."""

    sha256: str
    path: str
    product: str
    version: str
    size: int | None
    modified: str | None


def proposed_from(run: AnalysisRun, sha256: str, *, by: User) -> Proposal:
    """The file of that hash as the finished run knows it.

    What the customer wrote (headings, the case, folders of her own) stays behind. A program's own words
    and folders below ``Program Files`` do not: they may name whose program it is, so a person decides.
    Raises ``NotAllowed`` for all but the vendor and ``NoSuchState``.
    """
    _check(by)
    result, wanted = run.result, sha256.upper()
    # The beginning of a path that a console cut off is no file's name.
    known = [file_state for file_state in result.file_states if not file_state.cut]
    state = next((file_state for file_state in known if file_state.sha256 == wanted), None)
    program = next((candidate for candidate in result.pe if candidate.sha256.upper() == wanted), None)
    if state is not None:
        path, size, modified, version = state.path, state.size, state.modified, state.version
    elif program is not None:
        path, size, modified, version = program.artifact, None, None, None
    else:
        raise NoSuchState
    path = public_path(path)
    return Proposal(
        sha256=wanted,
        path=path,
        product=(program.product if program else None) or PureWindowsPath(path).stem,
        version=version or (program.file_version if program else None) or "",
        size=size or (program.size if program else None),
        modified=modified,
    )


def add_from_run(
    run: AnalysisRun, sha256: str, *, path: str, product: str, version: str, by: User
) -> tuple[Baseline, bool]:
    """The file of that hash, by the words that the engineer confirmed; the flag says whether it is new.

    All analyses compare with it; ``source_case`` says where it is from to those who may see that case.
    An empty path or product is the file's name. Raises as ``proposed_from`` does.
    """
    proposal = proposed_from(run, sha256, by=by)
    path = one_line(path)[:1000] or PureWindowsPath(proposal.path).name
    product = one_line(product)[:100] or PureWindowsPath(path).stem
    version = one_line(version)[:200]
    known = FileState(
        path=path,
        sha256=proposal.sha256,
        size=proposal.size,
        modified=proposal.modified,
        version=version or None,
        label=neutral_label(product, version, timezone.now()),
    )
    return _store(known, product=product, by=by, source_case=run.bundle.case)


def neutral_label(product: str, version: str | None, added: datetime) -> str:
    """What findings call a state that an analysis gave: “CodeMeter 6.20, 2026-11-28”, in any language."""
    return f"{f'{product} {version or str()}'.strip()[:180]}, {times.day(added)}"


def public_path(path: str) -> str:
    """The path if its folder is one that Windows or a set-up makes, else the file's name alone: other
    folders may bear the name of a customer, her people or her project."""
    return path if SET_UP_FOLDER.match(path) else PureWindowsPath(path).name


def add_from_file(name: str, stream: IO[bytes], *, product: str, by: User) -> int:
    """Adds a list's files, or the file itself as a known one; returns how many were new.

    Raises ``NotAllowed``, ``FileTooLarge`` and ``BaselineNotAdded``.
    """
    _check(by)
    plain = Path(name.replace("\\", "/")).name or "file"
    with tempfile.TemporaryDirectory(prefix="anjuan-baseline-") as folder:
        # The list's name goes into sentences and labels; the folder's does not.
        file = Path(folder, "known").with_suffix(Path(plain).suffix[:10])
        with file.open("wb") as copy:
            shutil.copyfileobj(stream, copy, CHUNK)
        if file.stat().st_size > MAX_FILE_BYTES:
            raise FileTooLarge
        if file.suffix.lower() in LISTS:
            return _add_list(file, plain, product, by)
        state, own_product = _state_of(file, plain)
    return int(_store(state, product=product or own_product, by=by)[1])


def remove(baseline: Baseline, *, by: User) -> None:
    """Takes a file out of the known-good ones; raises ``NotAllowed`` for all but the vendor."""
    _check(by)
    logger.info("baseline %s %s is removed by %s", baseline.sha256, baseline.path, by.pk)
    baseline.delete()


def export() -> str:
    """All baselines as the JSON that ``add_from_file`` and ``manage.py analyze`` read."""
    return as_json(baselines())


def _add_list(file: Path, name: str, product: str, by: User) -> int:
    try:
        with Sandbox(prepare=[confinement([file])]) as sandbox:
            sandbox.deadline = time.monotonic() + SECONDS
            states = jobs.baselines_in(sandbox, file)
    except BaselineUnreadable as error:
        why = str({**error.sentence}[current_language()]).replace(str(file), name)
        raise BaselineNotAdded(why=why) from error
    own = file.stem
    return _store_all(
        (
            FileState(
                s.path,
                s.sha256,
                s.size,
                s.modified,
                s.version,
                Path(name).stem if s.label == own else s.label,
            )
            for s in states
        ),
        product,
        by,
    )


def _state_of(file: Path, name: str) -> tuple[FileState, str]:
    digest = hashlib.sha256()
    with file.open("rb") as stream:
        while chunk := stream.read(CHUNK):
            digest.update(chunk)
    artifact = Artifact(name, file, digest.hexdigest(), file.stat().st_size, pe.KIND)
    version, product = None, ""
    if identify(file) == pe.KIND:
        try:
            with Sandbox(prepare=[confinement([file])]) as sandbox:
                sandbox.deadline = time.monotonic() + SECONDS
                facts: PeFacts = jobs.parse_in(sandbox, pe.parse, artifact)
            version, product = facts.file_version, facts.product or ""
        except (Unparsable, Stopped):
            pass  # its hash and size are known all the same
    return FileState(name, artifact.sha256.upper(), artifact.size, None, version, name), product


@transaction.atomic
def _store_all(states: Iterable[FileState], product: str, by: User) -> int:
    known = Baseline.objects.count()
    rows = [
        Baseline(path=state.path, sha256=state.sha256 or "", **_facts(state, product, by)) for state in states
    ]
    Baseline.objects.bulk_create(rows, batch_size=1_000, ignore_conflicts=True)
    return Baseline.objects.count() - known


def _store(
    state: FileState, *, product: str, by: User, source_case: Case | None = None
) -> tuple[Baseline, bool]:
    facts = _facts(state, product, by) | {"source_case": source_case}
    return Baseline.objects.get_or_create(path=state.path, sha256=state.sha256 or "", defaults=facts)


def _facts(state: FileState, product: str, by: User) -> dict[str, Any]:
    return {
        "product": product[:100] or "–",
        "label": state.label[:200] or state.path[:200],
        "size": state.size,
        "modified": state.modified or "",
        "version": (state.version or "")[:200],
        "added_by": by,
    }


def _check(user: User) -> None:
    if not (user.may_enter and user.is_vendor):
        raise NotAllowed
