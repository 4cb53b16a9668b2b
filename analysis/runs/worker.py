"""One attempt at a run: fetch the bundle, keep the lease alive, let the engine work, store the result."""

from __future__ import annotations

import os
import shutil
import tomllib
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import asdict
from importlib import metadata
from pathlib import Path
from zoneinfo import ZoneInfo

from celery.exceptions import SoftTimeLimitExceeded
from django.conf import settings

from analysis.baselines.models import Baseline
from analysis.runs import services as runs
from analysis.runs.conditions import conditions_of
from analysis.runs.models import AnalysisRun, Failure
from analysis.runs.passwords import password_of
from analysis.runs.services import RUNS
from engine.analyze import analyze
from engine.index.writer import Forged
from engine.parsers.file_state import FileState
from engine.progress import Progress
from engine.sandbox.sandbox import Allowance
from engine.text_safety import disk_name, storable
from engine.unpacking.unpack import SourceUnreadable
from jobs.errors import GaveUp, LeaseLost
from jobs.worker import Attempt, carry_out
from uploads.bundles.models import Bundle

TIME_FOR_ENGINE = 0.9
"""Of the task's time limit: the engine stops by itself and concludes from what it has read."""

PARSERS = ("evtx", "python-evtx", "pefile")


class BundleMissing(Exception):
    """The bundle's file is not in the storage."""


class BundleAltered(Exception):
    """The bundle's file is not the one that was sealed."""


def execute(run_id: int) -> None:
    """Claims the run and carries it to its end; a run that cannot be claimed is no error."""
    carry_out(RUNS, AnalysisRun.objects.filter(pk=run_id), _attempt)


def _attempt(attempt: Attempt[AnalysisRun]) -> None:
    try:
        with workplace(attempt.job) as work:
            _analyse(attempt, work)
    except BundleMissing as error:
        raise GaveUp(Failure.BUNDLE_MISSING, str(error)) from error
    except BundleAltered as error:
        raise GaveUp(Failure.BUNDLE_ALTERED, str(error)) from error
    except SourceUnreadable as error:
        raise GaveUp(Failure.UNREADABLE, str(error)) from error
    except Forged as error:
        raise GaveUp(Failure.BROKEN, f"a file of this upload took over its parser: {error}") from error


def index_path(bundle: Bundle) -> Path:
    """The folder of the bundle's event index: rebuildable, replaced by every run that completes."""
    return Path(settings.MEDIA_ROOT) / "indexes" / str(bundle.pk)


def forget_index(bundle: Bundle) -> None:
    """Deletes the bundle's event index, if there is one."""
    kept = index_path(bundle)
    if kept.exists():
        shutil.rmtree(kept)
    kept.with_suffix(".sqlite").unlink(missing_ok=True)  # as earlier versions kept it


def _analyse(attempt: Attempt[AnalysisRun], work: Path) -> None:
    run = attempt.job
    # Before they are used: what changes meanwhile is offered as new.
    AnalysisRun.objects.filter(pk=run.pk).update(conditions=conditions_of(run.bundle.case))
    result = analyze(
        fetch(run.bundle, work / "source"),
        work / "engine",
        baselines=baselines(),
        zone=ZoneInfo(settings.TIME_ZONE),
        incident=run.bundle.case.incident_at,
        report=Reporter(attempt),
        stop=(LeaseLost, SoftTimeLimitExceeded),
        rules=settings.RULES,
        kept=Path(settings.ANJUAN_HOME) / "rules",
        password=password_of(run),
        yara=settings.YARA_RULES,
        allowance=Allowance(seconds=TIME_FOR_ENGINE * settings.CELERY_TASK_SOFT_TIME_LIMIT),
    )
    if result.source.sha256.upper() != run.bundle.sha256.upper():
        raise BundleAltered(f"sealed {run.bundle.sha256}, found {result.source.sha256}")

    def keep_index() -> None:
        if result.index is not None:
            forget_index(run.bundle)
            kept = index_path(run.bundle)
            kept.parent.mkdir(parents=True, exist_ok=True)
            shutil.move(result.index, kept)

    runs.complete(run, result.document(versions()), before_commit=keep_index)


def versions() -> dict[str, str]:
    """What made the result: the portal and the parsers whose word it takes."""
    project = tomllib.loads((settings.BASE_DIR / "pyproject.toml").read_text())["project"]
    return {"anjuan": project["version"]} | {name: metadata.version(name) for name in PARSERS}


@contextmanager
def workplace(run: AnalysisRun) -> Iterator[Path]:
    """An empty folder of this attempt's own; what an earlier attempt left behind is removed."""
    parent = Path(settings.ANJUAN_HOME) / "work"
    parent.mkdir(parents=True, exist_ok=True)
    for left in parent.glob(f"run-{run.pk}-*"):
        shutil.rmtree(left, ignore_errors=True)
    folder = parent / f"run-{run.pk}-{run.token}"
    folder.mkdir()
    try:
        yield folder
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def fetch(bundle: Bundle, folder: Path) -> Path:
    """The bundle's file below ``folder``, under its own name; raises ``BundleMissing``.

    Linked where the storage is a file system, else copied out of the storage.
    """
    folder.mkdir()
    to = folder / disk_name(bundle.name)
    if not bundle.file.name or not bundle.file.storage.exists(bundle.file.name):
        raise BundleMissing(f"bundle {bundle.pk}: {bundle.file.name or 'no file'}")
    with suppress(NotImplementedError, OSError):
        os.link(bundle.file.path, to)
        return to
    with bundle.file.open("rb") as source, to.open("wb") as target:
        shutil.copyfileobj(source, target, 1 << 20)
    return to


def baselines() -> list[FileState]:
    """The lab's known-good states, as the engine takes them."""
    return [
        FileState(
            path=baseline.path,
            sha256=baseline.sha256.upper(),
            size=baseline.size,
            modified=baseline.modified or None,
            version=baseline.version or None,
            label=baseline.label,
        )
        for baseline in Baseline.objects.all()
    ]


class Reporter:
    """Writes the engine's progress now and then; stops the engine once the lease is lost."""

    def __init__(self, attempt: Attempt[AnalysisRun]) -> None:
        self.attempt = attempt
        self._stage = ""

    def __call__(self, progress: Progress) -> None:
        is_new_stage, self._stage = progress.stage != self._stage, progress.stage
        self.attempt.note(storable(asdict(progress)), now=is_new_stage)
