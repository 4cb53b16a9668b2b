"""The child process of a sandbox, and the nursery that it is asked of."""

import os
import signal
import socket
import struct
import subprocess
import sys
import tempfile
import threading
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from typing import Any

from engine.sandbox.framing import Line

ROOT = Path(__file__).resolve().parents[2]
MAX_LAST_WORDS_BYTES = 500
ENGINE_JOBS = "engine.sandbox.jobs"
KEPT = {"LANG", "LC_ALL", "TMPDIR"}
"""What of this process's environment the child gets."""
CODE = struct.Struct("=i")
"""An exit code on a leash; negative: the signal."""


def awake(emit: Callable[[None], None]) -> None:
    """The first job of each child: it has begun."""


class Nursery:
    """This end of ``engine.sandbox.nursery``, which makes this process's children; for all threads."""

    _lock = threading.Lock()
    _all: dict[tuple[tuple[str, str], ...], "Nursery"] = {}
    """By what children get of this process: in another environment there is another one."""

    @classmethod
    def ask(cls, module: str, files: list[int]) -> None:
        """Has a child made with these files. Raises ``OSError`` where that is impossible."""
        paths = [str(ROOT), *filter(None, os.environ.get("PYTHONPATH", "").split(os.pathsep))]
        env = {name: value for name, value in os.environ.items() if name in KEPT}
        env["PYTHONPATH"] = os.pathsep.join(paths)
        key = tuple(sorted(env.items()))
        with cls._lock:
            if key in cls._all:
                try:
                    cls._all[key].send(module, files)
                    return
                except OSError:  # It was killed.
                    cls._all.pop(key).close()
            nursery = cls(env)
            nursery.send(module, files)
            cls._all[key] = nursery

    @classmethod
    def end_all(cls) -> None:
        """Ends those of this process and with them all sandboxes; what they worked is its children's then."""
        with cls._lock:
            while cls._all:
                cls._all.popitem()[1].close()

    @classmethod
    def forked(cls) -> None:
        """After a fork: those here are the other process's, and so is whoever holds the lock."""
        cls._lock = threading.Lock()
        while cls._all:
            cls._all.popitem()[1]._requests.close()

    def __init__(self, env: dict[str, str]) -> None:
        self._requests, theirs = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
        with theirs:
            self.process = subprocess.Popen(
                [sys.executable, "-m", "engine.sandbox.nursery", str(theirs.fileno())],
                cwd=ROOT,
                env=env,
                stdin=subprocess.DEVNULL,
                stdout=subprocess.DEVNULL,
                pass_fds=[theirs.fileno()],
                start_new_session=True,
            )

    def send(self, module: str, files: list[int]) -> None:
        """Asks for a child. Raises ``OSError`` where the nursery is gone."""
        socket.send_fds(self._requests, [module.encode()], files)

    def close(self) -> None:
        """Ends the nursery and its children."""
        self._requests.close()
        self.process.kill()
        self.process.wait()


os.register_at_fork(after_in_child=Nursery.forked)


class Child:
    """A child and the line to it; it dies with this process, or when this object is gone. ``module``: where
    its jobs are."""

    def __init__(self, module: str = ENGINE_JOBS) -> None:
        ours, line = socket.socketpair()
        self._leash, leash = socket.socketpair()
        self._words: Any = tempfile.TemporaryFile()  # noqa: SIM115  closed by end
        self._code: int | None = None
        try:
            Nursery.ask(module, [line.fileno(), self._words.fileno(), leash.fileno()])
        except BaseException:
            for end in (ours, self._leash, self._words):
                end.close()
            raise
        finally:
            line.close()
            leash.close()
        self.line = Line(ours)

    def code(self, patience: float | None) -> int | None:
        """Its exit code, ``None`` if it does not end within ``patience`` seconds."""
        if self._code is None:
            self._leash.settimeout(patience)
            try:
                told = self._leash.recv(CODE.size)
            except TimeoutError:
                return None
            except ConnectionError:
                told = b""
            # A nursery that is killed tells nothing, and its children die with it.
            (self._code,) = CODE.unpack(told) if told else (-signal.SIGKILL,)
        return self._code

    def end(self) -> str:
        """Ends it; its last words on the error stream."""
        self.line.close()
        with suppress(OSError):
            self._leash.shutdown(socket.SHUT_WR)
        self.code(None)
        self._leash.close()
        with self._words as words:
            words.seek(max(0, words.seek(0, os.SEEK_END) - MAX_LAST_WORDS_BYTES))
            return str(words.read().decode("utf-8", "replace")).strip()
