"""Parsers of hostile bytes run in a process of their own, with limits; its end is not ours.

One child works through all jobs and is replaced only when it dies or falls silent. A job is a
function of a module, called in the child as ``job(emit, *arguments)``; what it emits, returns or
raises comes back as ``wire`` says, never as code. The child gets none of this process's
environment, and no network where the system allows that; ``confinement`` takes the file system
from it.
"""

import math
import pickle
import signal
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from types import TracebackType
from typing import Any, Self

from engine.sandbox import wire
from engine.sandbox.framing import TooLong
from engine.sandbox.process import ENGINE_JOBS, Child, awake
from engine.sandbox.wire import Job, JobFailed, NotAgreed
from engine.text import Text, text

__all__ = [
    "DEFAULT_ALLOWANCE",
    "Allowance",
    "Emit",
    "Job",
    "JobFailed",
    "OutOfTime",
    "Sandbox",
    "SandboxBroken",
    "Stopped",
]

MIB = 2**20
MAX_MAPPED_BYTES = 4 * 2**30
"""Bytes of address space for a mapped file; longer executables do not exist."""

MAX_STARTS = 3
"""A child that cannot even begin is tried so often."""

MAX_SECONDS_TO_START = 60.0
"""Seconds in which a child must begin, on a busy machine too."""

MAX_SECONDS_TO_END = 5.0
"""Seconds that a child which has closed its line may take to end."""


@dataclass(frozen=True)
class Allowance:
    """What one job may use: ``memory`` and ``file`` in bytes, ``silence`` in seconds without a
    word, ``cpu`` seconds of work plus ``cpu_per_mib`` for each MiB of its input. After
    ``patience`` stops a run has seen enough: silence is then borne a tenth of the time. The whole
    analysis may take ``seconds``; see ``analyze``."""

    memory: int = 2 * 2**30
    file: int = 17 * 2**30
    files: int = 256
    silence: float = 60.0
    cpu: int = 60
    cpu_per_mib: float = 2.0
    patience: int = 5
    seconds: float = math.inf


DEFAULT_ALLOWANCE = Allowance()


class Stopped(Exception):
    """The child died or had to be ended in this job. ``sentence`` is for people."""

    def __init__(self, sentence: Text, last_words: str = "") -> None:
        super().__init__(sentence["en"] + (f" [{last_words}]" if last_words else ""))
        self.sentence = sentence


CUT_SHORT = text(
    "分析时间已用完，此文件只开始读取，未读完；其中的内容未参与分析。请把材料分成几次上传，或联系管理员延长分析时间。",
    "The time for this analysis was used up while this file was read; nothing of it was examined. "
    "Please upload in several parts, or ask the administrator for more time.",
)
NOT_BEGUN = text(
    "分析时间已用完，此文件未读取。请把材料分成几次上传，或联系管理员延长分析时间。",
    "The time for this analysis was used up before this file; it was not read. "
    "Please upload in several parts, or ask the administrator for more time.",
)


class OutOfTime(Stopped):
    """The sandbox's time is over; the job was stopped, or not begun."""


class SandboxBroken(Exception):
    """No child can be started at all; the message says why."""


Emit = Callable[[Any], None]
Prepared = tuple[Job, tuple[Any, ...]]


class Sandbox:
    """A context manager around the child; as many at once as wanted, each in one thread.

    ``prepare`` jobs run in each new child before anything else. ``idle`` is called about twice
    a second while a job works silently; what it raises ends the child and goes on upwards.
    ``module`` is where the jobs are, as for ``Child``. From ``deadline`` on (seconds of
    ``time.monotonic``; it may be moved) every job is stopped by ``OutOfTime``.
    """

    def __init__(
        self,
        allowance: Allowance = DEFAULT_ALLOWANCE,
        prepare: Sequence[Prepared] = (),
        idle: Callable[[], None] = lambda: None,
        module: str = ENGINE_JOBS,
    ) -> None:
        self._allowance, self._idle, self._module = allowance, idle, module
        self.prepare: list[Prepared] = list(prepare)
        self._child: Child | None = None
        self._prepared = False
        self.deadline: float | None = None
        self.stops = 0

    def start(self) -> None:
        """Starts the child now, so that it wakes up while other work is done."""
        if self._child is None:
            self._child, self._prepared = Child(self._module), False

    def call(self, job: Job, *arguments: Any, on_message: Emit = lambda word: None, size: int = 0) -> Any:
        """What the job returns; ``on_message`` receives what it emits, ``size`` is its input in bytes.

        Raises ``Stopped``, ``SandboxBroken``, what the job declares by ``wire.refusing``,
        ``OSError`` with its number, ``JobFailed`` for all else, and whatever ``on_message`` or ``idle``
        raises.
        """
        if self.deadline is not None and time.monotonic() > self.deadline:
            raise OutOfTime(NOT_BEGUN)
        self._ready()
        return self._ask(job, arguments, on_message, size)

    def _ready(self) -> None:
        for attempt in range(MAX_STARTS):
            self.start()
            if self._prepared:
                return
            try:
                self._ask(awake, (), lambda word: None, 0, MAX_SECONDS_TO_START)
                for job, arguments in self.prepare:
                    self._ask(job, arguments, lambda word: None, 0)
            except OutOfTime:
                raise
            except Stopped as stopped:
                if attempt == MAX_STARTS - 1:
                    raise SandboxBroken(str(stopped)) from stopped
            else:
                self._prepared = True
                return

    def _ask(
        self, job: Job, arguments: tuple[Any, ...], on_message: Emit, size: int, silence: float | None = None
    ) -> Any:
        child, allowed = self._child, self._allowance
        assert child is not None
        if silence is None:
            silence = allowed.silence if self.stops < allowed.patience else allowed.silence / 10
        cpu = int(allowed.cpu + allowed.cpu_per_mib * size / MIB)
        limits = (cpu, allowed.memory + min(size, MAX_MAPPED_BYTES), allowed.file, allowed.files)
        try:
            child.line.send(pickle.dumps((job, arguments, limits)), self._waiting(silence))
            while True:
                kind, value = wire.decode(
                    child.line.receive(wire.MAX_MESSAGE_BYTES, self._waiting(silence)), job
                )
                if kind == "told":
                    on_message(value)
                    self._check_time()
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
        except (NotAgreed, TooLong) as error:
            raise self._stopped(
                "解析程序的回答不合规定，该文件可能是攻击文件，解析程序已被停止",
                "The parser answered in no agreed form and was stopped; the file may be an attack",
                str(error),
            ) from error
        except (EOFError, OSError) as error:
            raise self._died() from error
        except BaseException:
            # An answer may still be under way: this child is of no more use.
            self._end()
            raise

    def _waiting(self, silence: float) -> Callable[[], None]:
        """What is done each tick of one wait for the child."""
        deadline = time.monotonic() + silence

        def tick() -> None:
            self._idle()
            self._check_time()
            if time.monotonic() > deadline:
                raise self._stopped(
                    f"解析程序 {silence:.0f} 秒没有任何进展，已被停止",
                    f"The parser made no progress for {silence:.0f} s and was stopped",
                )

        return tick

    def _check_time(self) -> None:
        if self.deadline is not None and time.monotonic() > self.deadline:
            self._end()
            raise OutOfTime(CUT_SHORT)

    # -- Ends -------------------------------------------------------------------------

    def _died(self) -> Stopped:
        """The child closed its end of the line: it is dead or about to be."""
        code = (self._child.code(MAX_SECONDS_TO_END) if self._child is not None else 0) or 0
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

    def _stopped(self, zh: str, en: str, why: str = "") -> Stopped:
        self.stops += 1
        words = self._end()
        return Stopped(
            text(f"{zh}；其他文件不受影响。", f"{en}; the other files are not affected."), why or words
        )

    def _end(self) -> str:
        """Ends the child; its last words on the error stream."""
        child, self._child = self._child, None
        return "" if child is None else child.end()

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
