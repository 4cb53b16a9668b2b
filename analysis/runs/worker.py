"""One attempt at a run: fetch the bundle, keep the lease alive, let the engine work, store the result."""

from __future__ import annotations

import logging
import os
import shutil
import threading
import time
import tomllib
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import asdict
from importlib import metadata
from pathlib import Path
from typing import Self
from zoneinfo import ZoneInfo

from celery.exceptions import SoftTimeLimitExceeded
from django.conf import settings
from django.db import Error as DatabaseError
from django.db import connection

from analysis.baselines.models import Baseline
from analysis.runs import services as runs
from analysis.runs.errors import LeaseLost
from analysis.runs.models import AnalysisRun, Failure
from analysis.runs.passwords import password_of
from engine.analyze import analyze
from engine.index.writer import Forged
from engine.parsers.file_state import FileState
from engine.progress import Progress
from engine.sandbox.sandbox import Allowance, Spare
from engine.unpacking.unpack import SourceUnreadable
from uploads.bundles.models import Bundle

logger = logging.getLogger(__name__)

BEAT = 4.0
"""Seconds between two renewals of the lease."""
NOTE_EVERY = 0.5
"""Seconds between two writes of the progress."""
TIME_FOR_ENGINE = 0.9
"""Of the task's time limit: the engine stops by itself and concludes from what it has read."""

SPARE = Spare()
"""A process for the next bundle's parsers, woken up between two runs. Celery's worker processes have
one thread that works; each has its own."""

PARSERS = ("evtx", "python-evtx", "pefile")


class BundleMissing(Exception):
    """The bundle's file is not in the storage."""


class BundleAltered(Exception):
    """The bundle's file is not the one that was sealed."""


def execute(run_id: int) -> None:
    """Claims the run and carries it to its end; a run that cannot be claimed is no error.

    Being told to end (SystemExit, KeyboardInterrupt) returns the run to the queue.
    """
    run = runs.claim(run_id)
    if run is None:
        logger.info("run %s is finished or in other hands", run_id)
        return
    try:
        with workplace(run) as work, Heartbeat(run) as heartbeat:
            _analyse(run, work, heartbeat)
    except LeaseLost:
        logger.warning("run %s went to another worker; attempt %s writes nothing", run.pk, run.attempt)
    except BundleMissing as error:
        runs.fail(run, Failure.BUNDLE_MISSING, str(error))
    except BundleAltered as error:
        runs.fail(run, Failure.BUNDLE_ALTERED, str(error))
    except SourceUnreadable as error:
        runs.fail(run, Failure.UNREADABLE, str(error))
    except Forged as error:
        runs.fail(run, Failure.BROKEN, f"a file of this upload took over its parser: {error}")
    except SoftTimeLimitExceeded:
        # What took too long once takes as long again, and keeps others waiting. As with an end from
        # outside, the signal may have struck in the middle of a query: that connection is of no more use.
        connection.close()
        runs.fail(run, Failure.TIMED_OUT, f"more than {settings.CELERY_TASK_SOFT_TIME_LIMIT} s")
    except Exception as error:
        logger.exception("run %s, attempt %s", run.pk, run.attempt)
        connection.close()
        runs.retry_or_fail(run, error)
    except BaseException:
        connection.close()
        runs.release(run)
        raise
    finally:
        SPARE.restock()


def index_path(bundle: Bundle) -> Path:
    """The folder of the bundle's event index: rebuildable, replaced by every run that completes."""
    return Path(settings.MEDIA_ROOT) / "indexes" / str(bundle.pk)


def forget_index(bundle: Bundle) -> None:
    """Deletes the bundle's event index, if there is one."""
    kept = index_path(bundle)
    if kept.exists():
        shutil.rmtree(kept)
    kept.with_suffix(".sqlite").unlink(missing_ok=True)  # as earlier versions kept it


def _analyse(run: AnalysisRun, work: Path, heartbeat: Heartbeat) -> None:
    result = analyze(
        fetch(run.bundle, work / "source"),
        work / "engine",
        baselines=baselines(),
        zone=ZoneInfo(settings.TIME_ZONE),
        incident=run.bundle.case.incident_at,
        report=Reporter(run, heartbeat),
        stop=(LeaseLost, SoftTimeLimitExceeded),
        rules=settings.RULES,
        password=password_of(run),
        yara=settings.YARA_RULES,
        allowance=Allowance(seconds=TIME_FOR_ENGINE * settings.CELERY_TASK_SOFT_TIME_LIMIT),
        spare=SPARE,
    )
    if result.source.sha256.upper() != run.bundle.sha256.upper():
        raise BundleAltered(f"sealed {run.bundle.sha256}, found {result.source.sha256}")

    def keep_index() -> None:
        if result.index is not None:
            forget_index(run.bundle)
            kept = index_path(run.bundle)
            kept.parent.mkdir(parents=True, exist_ok=True)
            shutil.move(result.index, kept)

    runs.complete(run, result.document() | {"versions": versions()}, before_commit=keep_index)


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
    to = folder / file_name(bundle.name)
    if not bundle.file.name or not bundle.file.storage.exists(bundle.file.name):
        raise BundleMissing(f"bundle {bundle.pk}: {bundle.file.name or 'no file'}")
    with suppress(NotImplementedError, OSError):
        os.link(bundle.file.path, to)
        return to
    with bundle.file.open("rb") as source, to.open("wb") as target:
        shutil.copyfileobj(source, target, 1 << 20)
    return to


def file_name(name: str) -> str:
    """A customer's file name as one harmless part of a path, at most 200 bytes of UTF-8."""
    last = name.replace("\\", "/").rpartition("/")[2]
    kept = "".join(letter for letter in last if letter.isprintable()).strip(" .")
    stem, dot, ending = kept.rpartition(".")
    room = 200 - len((dot + ending).encode())
    if len(kept.encode()) > 200:
        kept = (stem.encode()[:room].decode("utf-8", "ignore") + dot + ending) if room > 0 else ""
    return kept or "bundle"


def baselines() -> list[FileState]:
    """The lab's known-good states, as the engine takes them."""
    return [
        FileState(
            path=one.path,
            sha256=one.sha256.upper(),
            size=one.size,
            modified=one.modified or None,
            version=one.version or None,
            label=one.label,
        )
        for one in Baseline.objects.all()
    ]


class Heartbeat:
    """Renews the lease from a thread of its own as long as the attempt lasts."""

    def __init__(self, run: AnalysisRun) -> None:
        self.run = run
        self.lost = threading.Event()
        self._over = threading.Event()
        self._thread = threading.Thread(target=self._beat, name=f"heartbeat-{run.pk}", daemon=True)

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._over.set()
        self._thread.join(timeout=10)

    def _beat(self) -> None:
        try:
            while not self._over.wait(BEAT):
                try:
                    runs.renew(self.run)
                except LeaseLost:
                    self.lost.set()
                    return
                except DatabaseError:
                    logger.exception("run %s: the lease could not be renewed, trying again", self.run.pk)
                    connection.close()
        finally:
            connection.close()


class Reporter:
    """Writes the engine's progress now and then; stops the engine once the lease is lost."""

    def __init__(self, run: AnalysisRun, heartbeat: Heartbeat) -> None:
        self.run = run
        self.heartbeat = heartbeat
        self._next = 0.0
        self._stage = ""

    def __call__(self, progress: Progress) -> None:
        if self.heartbeat.lost.is_set():
            raise LeaseLost(self.run.pk)
        now = time.monotonic()
        if now < self._next and progress.stage == self._stage:
            return
        self._next, self._stage = now + NOTE_EVERY, progress.stage
        try:
            runs.note_progress(self.run, asdict(progress))
        except DatabaseError:
            logger.exception("run %s: its progress could not be written", self.run.pk)
            connection.close()
