"""The process behind ``sandbox.Sandbox``: sets its limits, then does one job after the other.

Started as ``python -m analysis.engine.sandbox_child FD FILE_SIZE OPEN_FILES``.
"""

import ctypes
import os
import pickle
import resource
import signal
import sys
from multiprocessing.connection import Connection
from typing import Any

from analysis.engine.sandbox import JobFailed

PR_SET_PDEATHSIG = 1
CLONE_NEWUSER, CLONE_NEWNET = 0x10000000, 0x40000000


def main(fd: int, file_size: int, open_files: int) -> None:
    """Serves until the other end of the line is closed."""
    _limit(resource.RLIMIT_CORE, 0)
    _limit(resource.RLIMIT_FSIZE, file_size)
    _limit(resource.RLIMIT_NOFILE, open_files)
    _leave_network()
    ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, signal.SIGKILL)  # a parser that hangs reads no line
    line = Connection(fd)
    while True:
        try:
            job, arguments, cpu, memory = line.recv()
        except EOFError:
            return
        _limit(resource.RLIMIT_AS, memory)
        used = resource.getrusage(resource.RUSAGE_SELF)
        _limit(resource.RLIMIT_CPU, int(used.ru_utime + used.ru_stime) + cpu)
        line.send(_answer(line, job, arguments))


def _answer(line: Connection, job: Any, arguments: tuple[Any, ...]) -> tuple[str, Any]:
    try:
        return "returned", job(lambda word: line.send(("told", word)), *arguments)
    except MemoryError:
        return "memory", None
    except Exception as error:
        return "raised", _portable(error)


def _portable(error: Exception) -> Exception:
    """The exception, or one that says its words, if it would not survive the journey."""
    try:
        pickle.loads(pickle.dumps(error))  # noqa: S301  Our own exception, a moment ago.
    except Exception:
        return JobFailed(f"{type(error).__name__}: {error}")
    return error


def _limit(what: int, value: int) -> None:
    """Lowers or raises the soft limit, never above the hard one."""
    _soft, hard = resource.getrlimit(what)
    resource.setrlimit(what, (value if hard == resource.RLIM_INFINITY else min(value, hard), hard))


def _leave_network() -> None:
    """A network namespace of its own, with nothing in it; where that is forbidden, none is lost.

    root keeps its rights over files this way; others need a user namespace to be allowed it.
    """
    flags = CLONE_NEWNET if os.geteuid() == 0 else CLONE_NEWNET | CLONE_NEWUSER
    try:
        ctypes.CDLL(None).unshare(flags)
    except (OSError, AttributeError):
        return


if __name__ == "__main__":
    main(*(int(word) for word in sys.argv[1:4]))
