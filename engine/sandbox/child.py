"""The process behind ``sandbox.Sandbox``: gives up what it does not need, then does job after job.

A copy of the process of ``nursery``, made for one sandbox.
"""

import ctypes
import importlib
import os
import pickle
import resource
import signal
import socket
from typing import Any

from engine.sandbox.framing import Line
from engine.sandbox.wire import encode, told_of

PR_SET_PDEATHSIG, PR_SET_NO_NEW_PRIVS = 1, 38
CLONE_NEWUSER, CLONE_NEWNET, CLONE_NEWIPC = 0x10000000, 0x40000000, 0x08000000
MAX_THREADS = 64
"""Processes and threads in a user namespace of the child's own, where they are counted apart."""

MAX_ASKED = 1 << 30
LINE = 3
"""The file that it hears and answers by."""


def main(module: str, parent: int) -> None:
    """Serves until the other end of the line is closed.

    ``module`` holds the jobs that are expected; ``parent`` is the process without which it shall not live.
    """
    importlib.import_module(module)
    _limit(resource.RLIMIT_CORE, 0)
    system = ctypes.CDLL(None)
    _leave_network(system)
    system.prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0)
    system.prctl(PR_SET_PDEATHSIG, signal.SIGKILL)  # a parser that hangs reads no line
    if os.getppid() != parent:
        return  # dead before that was said
    line = Line(socket.socket(fileno=LINE))
    while True:
        try:
            # What comes down the line is the parent's own; what goes up is not believed there.
            job, arguments, limits = pickle.loads(line.receive(MAX_ASKED))  # noqa: S301
        except EOFError:
            return
        cpu, memory, file, files = limits
        _limit(resource.RLIMIT_FSIZE, file)
        _limit(resource.RLIMIT_NOFILE, files)
        _limit(resource.RLIMIT_AS, memory)
        used = resource.getrusage(resource.RUSAGE_SELF)
        _limit(resource.RLIMIT_CPU, int(used.ru_utime + used.ru_stime) + cpu)
        line.send(_answer(line, job, arguments))


def _answer(line: Line, job: Any, arguments: tuple[Any, ...]) -> bytes:
    try:
        return encode("returned", job(lambda word: line.send(encode("told", word)), *arguments))
    except MemoryError:
        return encode("memory")
    except Exception as error:
        return encode("raised", told_of(error))


def _limit(what: int, value: int) -> None:
    """Lowers or raises the soft limit, never above the hard one."""
    _soft, hard = resource.getrlimit(what)
    resource.setrlimit(what, (value if hard == resource.RLIM_INFINITY else min(value, hard), hard))


def _leave_network(system: ctypes.CDLL) -> None:
    """A network of its own with nothing in it; where that is forbidden, none is lost.

    root keeps its rights over files this way; others need a user namespace to be allowed it.
    """
    if os.geteuid() == 0:
        system.unshare(CLONE_NEWNET | CLONE_NEWIPC)
    elif system.unshare(CLONE_NEWUSER | CLONE_NEWNET | CLONE_NEWIPC) == 0:
        _limit(resource.RLIMIT_NPROC, MAX_THREADS)
