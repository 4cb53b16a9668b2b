"""Parsers of hostile bytes run in a process of their own, with limits; its end is not ours.

One child works through all jobs and is replaced only when it dies or falls silent, so that a
folder of small files costs one start. A job is a function of a module, called in the child as
``job(tell, *arguments)``; what it tells, returns or raises comes back pickled. The child gets
none of this process's environment, and no network where the system allows that.
"""

import os
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass
from multiprocessing import Pipe
from multiprocessing.connection import Connection
from pathlib import Path
from types import TracebackType
from typing import Any, Self

from analysis.engine.text import Text, text

ROOT = Path(__file__).resolve().parents[2]
TICK = 0.5
"""Seconds between two looks at a silent child."""

MIB = 2**20
MAPPED = 4 * 2**30
"""Bytes of address space for a mapped file; longer executables do not exist."""

STARTS = 3
"""A child that cannot even begin is tried so often."""

LAST_WORDS = 500


@dataclass(frozen=True)
class Allowance:
    """What one job may use: ``memory`` and ``file`` in bytes, ``silence`` in seconds without a
    word, ``cpu`` seconds of work plus ``cpu_per_mib`` for each MiB of its input. After
    ``patience`` stops a run has seen enough: silence is then borne a tenth of the time."""

    memory: int = 2 * 2**30
    file: int = 17 * 2**30
    files: int = 256
    silence: float = 60.0
    cpu: int = 60
    cpu_per_mib: float = 2.0
    patience: int = 5


DEFAULT_ALLOWANCE = Allowance()


class Stopped(Exception):
    """The child died or had to be ended in this job. ``sentence`` is for people."""

    def __init__(self, sentence: Text, last_words: str = "") -> None:
        super().__init__(sentence["en"] + (f" [{last_words}]" if last_words else ""))
        self.sentence = sentence


class SandboxBroken(Exception):
    """No child can be started at all; the message says why."""


class JobFailed(Exception):
    """Stands for an exception of the job that cannot be pickled; the message names it."""


Tell = Callable[[Any], None]
Job = Callable[..., Any]
Prepared = tuple[Job, tuple[Any, ...]]


class Sandbox:
    """A context manager around the child.

    ``prepare`` jobs run in each new child before anything else. ``idle`` is called about twice
    a second while a job works silently; what it raises ends the child and goes on upwards.
    """

    def __init__(
        self,
        allowance: Allowance = DEFAULT_ALLOWANCE,
        prepare: Sequence[Prepared] = (),
        idle: Callable[[], None] = lambda: None,
    ) -> None:
        self._allowance, self._idle = allowance, idle
        self.prepare: list[Prepared] = list(prepare)
        self._child: subprocess.Popen[bytes] | None = None
        self._line: Connection | None = None
        self._words: Any = None
        self._prepared = False
        self.stops = 0

    def start(self) -> None:
        """Starts the child now, so that it wakes up while other work is done."""
        if self._child is not None:
            return
        ours, theirs = Pipe()
        self._words = tempfile.TemporaryFile()  # noqa: SIM115  closed by _end
        kept = {name: value for name, value in os.environ.items() if name in {"LANG", "LC_ALL", "TMPDIR"}}
        command = [sys.executable, "-m", "analysis.engine.sandbox_child", str(theirs.fileno())]
        try:
            self._child = subprocess.Popen(
                [*command, str(self._allowance.file), str(self._allowance.files)],
                cwd=ROOT,
                env=kept | {"PYTHONPATH": os.pathsep.join([str(ROOT), *_extra_paths()])},
                stdin=subprocess.DEVNULL,
                stdout=subprocess.DEVNULL,
                stderr=self._words,
                pass_fds=[theirs.fileno()],
                start_new_session=True,
            )
        finally:
            theirs.close()
        self._line, self._prepared = ours, False

    def call(self, job: Job, *arguments: Any, hear: Tell = lambda word: None, size: int = 0) -> Any:
        """What the job returns; ``hear`` receives what it tells, ``size`` is its input in bytes.

        Raises ``Stopped``, ``SandboxBroken``, whatever the job itself raises (``JobFailed`` where
        that cannot travel), and whatever ``hear`` or ``idle`` raises.
        """
        self._ready()
        return self._ask(job, arguments, hear, size)

    def _ready(self) -> None:
        for attempt in range(STARTS):
            self.start()
            if self._prepared:
                return
            try:
                for job, arguments in self.prepare:
                    self._ask(job, arguments, lambda word: None, 0)
            except Stopped as stopped:
                if attempt == STARTS - 1:
                    raise SandboxBroken(str(stopped)) from stopped
            else:
                self._prepared = True
                return

    def _ask(self, job: Job, arguments: tuple[Any, ...], hear: Tell, size: int) -> Any:
        line, allowed = self._line, self._allowance
        assert line is not None
        cpu = int(allowed.cpu + allowed.cpu_per_mib * size / MIB)
        silence = allowed.silence if self.stops < allowed.patience else allowed.silence / 10
        try:
            line.send((job, arguments, cpu, allowed.memory + min(size, MAPPED)))
            while True:
                kind, value = self._next(line, silence)
                if kind == "told":
                    hear(value)
                elif kind == "returned":
                    return value
                elif kind == "memory":
                    raise self._stopped(
                        "解析程序用尽了允许的内存",
                        "The parser used all the memory that it is allowed",
                    )
                else:
                    raise _Raised(value)
        except _Raised as raised:
            raise raised.error from None
        except (EOFError, OSError) as error:
            raise self._died() from error
        except BaseException:
            # An answer may still be under way: this child is of no more use.
            self._end()
            raise

    def _next(self, line: Connection, silence: float) -> tuple[str, Any]:
        deadline = time.monotonic() + silence
        while not line.poll(min(TICK, silence)):
            self._idle()
            if time.monotonic() > deadline:
                raise self._stopped(
                    f"解析程序 {silence:.0f} 秒没有任何进展，已被停止",
                    f"The parser made no progress for {silence:.0f} s and was stopped",
                )
        return line.recv()

    # -- Ends -------------------------------------------------------------------------

    def _died(self) -> Stopped:
        """The child closed its end of the line: it is dead or about to be."""
        child = self._child
        code = 0
        if child is not None:
            with suppress(subprocess.TimeoutExpired):
                code = child.wait(timeout=5)
        if code == -signal.SIGXCPU:
            return self._stopped(
                "解析程序用尽了允许的处理器时间，已被停止",
                "The parser used all the processor time that it is allowed and was stopped",
            )
        name = _signal_name(code)
        return self._stopped(
            f"解析程序崩溃（{name}）" if name else "解析程序崩溃",
            f"The parser crashed ({name})" if name else "The parser crashed",
        )

    def _stopped(self, zh: str, en: str) -> Stopped:
        self.stops += 1
        words = self._end()
        return Stopped(text(f"{zh}；其他文件不受影响。", f"{en}; the other files are not affected."), words)

    def _end(self) -> str:
        """Ends the child; its last words on the error stream."""
        child, line, words = self._child, self._line, self._words
        self._child = self._line = self._words = None
        if child is None or line is None:
            return ""
        child.kill()
        child.wait()
        line.close()
        with words:
            end = words.seek(0, os.SEEK_END)
            words.seek(max(0, end - LAST_WORDS))
            return str(words.read().decode("utf-8", "replace")).strip()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._end()


class _Raised(Exception):
    """Carries the job's own exception past the handlers for the line's."""

    def __init__(self, error: Exception) -> None:
        super().__init__(error)
        self.error = error


def _signal_name(code: int) -> str:
    if code >= 0:
        return f"exit {code}" if code else ""
    try:
        return signal.Signals(-code).name
    except ValueError:
        return f"signal {-code}"


def _extra_paths() -> list[str]:
    """Folders that this process imports from and a fresh interpreter would not."""
    return [path for path in os.environ.get("PYTHONPATH", "").split(os.pathsep) if path]
