"""Event logs read by several processes, each into a file of the index of its own.

Parts of logs are handed out in order to whoever is free: this thread with the run's own sandbox, and
further threads with one each. Which process read what changes nothing in what is read. All that is
told happens in this thread; a thread that must end does so within a tick of its sandbox.
"""

import errno
import os
import sqlite3
from collections import Counter, deque
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from queue import Empty, SimpleQueue
from threading import Event, Lock, Thread
from types import TracebackType
from typing import Any, Self

from engine.artifacts import Artifact
from engine.index.writer import EventIndexWriter
from engine.parsers.evtx import parser as evtx
from engine.parsers.evtx.log_facts import PartFacts, Place
from engine.parsers.evtx.records import places
from engine.sandbox.sandbox import Job, Sandbox, SandboxBroken

MAX_READERS = 4
MIN_BYTES_PER_READER = 16 * 2**20
"""Bytes of logs that are worth one more process: it needs a moment to wake up."""
TICK = 0.5
"""Seconds between two words to the report while only others read."""

READER: Job = evtx.parse

PartOutcome = PartFacts | Exception
OpenSandbox = Callable[[Path, Callable[[], None]], Sandbox]
"""Makes a sandbox that reads into the index file given, with what it does while idle."""


@dataclass(frozen=True)
class _Task:
    """One part of the log ``log``, the one of that number in its order."""

    log: int
    number: int
    artifact: Artifact
    place: Place


class _Cancelled(BaseException):
    """Ends a thread; nobody needs what it reads any more."""


class LogReaders:
    """A context manager around the further threads; ``read`` reads along, ``finish`` waits for all.

    ``logs`` are the logs by their number in the index, ``index`` is the folder of its files,
    ``report_progress`` changes the progress, ``done`` hears of each log that is through. ``stop`` are
    exceptions that end the run. ``readers`` processes read; by default as many as are worth it.
    """

    def __init__(
        self,
        logs: dict[int, Artifact],
        index: Path,
        open_sandbox: OpenSandbox,
        report_progress: Callable[..., None],
        done: Callable[[], None],
        stop: tuple[type[Exception], ...] = (),
        readers: int | None = None,
    ) -> None:
        tasks = [
            _Task(log, number, artifact, place)
            for log, artifact in logs.items()
            for number, place in enumerate(places(artifact.file.stat().st_size))
        ]
        self._work = _Work(tasks)
        self._index, self._open_sandbox = index, open_sandbox
        self._report_progress, self._done = report_progress, done
        self._ends: tuple[type[Exception], ...] = (SandboxBroken, *stop)
        size = sum(task.place.size for task in tasks)
        self._heard: SimpleQueue[Callable[[], None]] = SimpleQueue()
        self._cancelled = Event()
        self._threads = [
            Thread(target=self._read_beside, args=(number,), name=f"log-reader-{number}", daemon=True)
            for number in range(1, worth(size) if readers is None else readers)
        ]
        self._left = Counter(task.log for task in tasks)
        self._outcomes: dict[int, dict[int, PartOutcome]] = {log: {} for log in logs}
        self._records: dict[int, int] = dict.fromkeys(logs, 0)
        self._underway: dict[int, int] = {}
        self._total = 0
        self._failure: BaseException | None = None
        self._reading = len(self._threads)

    def __enter__(self) -> Self:
        for thread in self._threads:
            thread.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._cancelled.set()
        for thread in self._threads:
            thread.join()

    def read(self, sandbox: Sandbox, last: int) -> None:
        """Reads along, as long as there are parts of logs up to the one of that number.

        Raises ``SandboxBroken``, ``OSError`` of a full disk, what ``report_progress`` raises.
        """
        self._read(sandbox, 0, self._here, self._check_failure, last)

    def finish(self, close: Callable[[], None]) -> dict[int, list[PartOutcome]]:
        """What came of the parts of each log, in their order: facts, or why one could not be read; the
        parts behind such a one may be missing. Calls ``close`` and waits for the others; raises as
        ``read`` does.
        """
        close()
        while self._reading:
            self._listen(TICK)
            self._check_failure()
            self._report_progress()
        self._check_failure()
        return {log: [parts[number] for number in sorted(parts)] for log, parts in self._outcomes.items()}

    # -- In any thread ----------------------------------------------------------------

    def _read(
        self,
        sandbox: Sandbox,
        reader: int,
        say: Callable[..., None],
        check: Callable[[], None],
        last: int | None = None,
    ) -> bool:
        """Reads parts until none is left; whether there was any. ``check`` may raise to end it."""
        is_any_read = False
        while task := self._work.take(last):
            check()
            is_any_read = True
            say(self._begun, task)
            outcome: PartOutcome
            try:
                outcome = sandbox.call(
                    READER,
                    task.artifact,
                    task.log,
                    task.place,
                    on_message=lambda records: say(self._counted, reader, records),
                    size=task.place.size,
                )
            except self._ends:
                raise
            except Exception as error:
                if disk_is_full(error):
                    raise
                self._work.give_up(task.log)
                outcome = error
            say(self._ended, reader, task, outcome)
        return is_any_read

    def _read_beside(self, number: int) -> None:
        try:
            file = self._index / f"{number}.sqlite"
            with self._open_sandbox(file, self._check) as sandbox:
                is_any_read = self._read(sandbox, number, self._there, self._check)
            if is_any_read:
                with EventIndexWriter(file, resume=True):
                    pass  # adds the search indices
        except _Cancelled:
            pass
        except BaseException as error:
            self._heard.put(partial(self._failed, error))
        self._heard.put(self._gone)

    def _there(self, word: Callable[..., None], *values: Any) -> None:
        self._check()
        self._heard.put(partial(word, *values))

    def _check(self) -> None:
        if self._cancelled.is_set():
            raise _Cancelled

    # -- In this thread ---------------------------------------------------------------

    def _here(self, word: Callable[..., None], *values: Any) -> None:
        word(*values)
        self._listen()

    def _listen(self, seconds: float = 0) -> None:
        """Does what was said; waits so long for a word if there is none."""
        try:
            self._heard.get(seconds > 0, seconds or None)()
            while True:
                self._heard.get_nowait()()
        except Empty:
            return

    def _begun(self, task: _Task) -> None:
        self._report_progress(artifact=task.artifact.path)

    def _counted(self, reader: int, records: int) -> None:
        self._underway[reader] = records
        self._report_progress(records=self._total + sum(self._underway.values()))

    def _ended(self, reader: int, task: _Task, outcome: PartOutcome) -> None:
        self._underway.pop(reader, None)
        self._outcomes[task.log][task.number] = outcome
        self._left[task.log] -= 1
        if task.log not in self._records:
            return  # another part of it failed
        if isinstance(outcome, Exception):
            self._total -= self._records.pop(task.log)
            self._done()
            return
        self._records[task.log] += outcome.records
        self._total += outcome.records
        if not self._left[task.log]:
            self._done()

    def _gone(self) -> None:
        self._reading -= 1

    def _failed(self, error: BaseException) -> None:
        # Not raised here: this may be in the midst of a call, where it would seem to be the child's.
        self._failure = self._failure or error

    def _check_failure(self) -> None:
        if self._failure is not None:
            raise self._failure


class _Work:
    """Parts handed out in order; a log that is given up takes its other parts with it."""

    def __init__(self, tasks: list[_Task]) -> None:
        self._tasks = deque(tasks)
        self._lock = Lock()
        self._given_up: set[int] = set()

    def give_up(self, log: int) -> None:
        """Hands out no more parts of this log."""
        self._given_up.add(log)

    def take(self, last: int | None) -> _Task | None:
        """The next part, of a log up to ``last``; ``None`` when there is none."""
        with self._lock:
            while self._tasks and (last is None or self._tasks[0].log <= last):
                task = self._tasks.popleft()
                if task.log not in self._given_up:
                    return task
        return None


def worth(size: int) -> int:
    """How many processes are worth starting for so many bytes of logs on this machine."""
    return min(len(os.sched_getaffinity(0)), MAX_READERS, 1 + size // MIN_BYTES_PER_READER)


def disk_is_full(error: Exception) -> bool:
    """Whether the disk is full, as the system or SQLite says it: that is no artifact's fault."""
    if isinstance(error, sqlite3.OperationalError):
        return "disk is full" in str(error)
    return isinstance(error, OSError) and error.errno in (errno.ENOSPC, errno.EDQUOT)
