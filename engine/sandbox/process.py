"""The child process of a sandbox, and one that waits ready for the next bundle."""

import os
import socket
import subprocess
import sys
import tempfile
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


def awake(emit: Callable[[None], None]) -> None:
    """The first job of each child: it has begun."""


class Child:
    """A started child and the line to it. It dies with the thread that started it. ``module``: where its
    jobs are, which it imports while it waits."""

    def __init__(self, module: str = ENGINE_JOBS) -> None:
        ours, theirs = socket.socketpair()
        self._words: Any = tempfile.TemporaryFile()  # noqa: SIM115  closed by end
        paths = [str(ROOT), *filter(None, os.environ.get("PYTHONPATH", "").split(os.pathsep))]
        kept = {name: value for name, value in os.environ.items() if name in KEPT}
        try:
            self._process = subprocess.Popen(
                [sys.executable, "-m", "engine.sandbox.child", str(theirs.fileno()), module],
                cwd=ROOT,
                env=kept | {"PYTHONPATH": os.pathsep.join(paths)},
                stdin=subprocess.DEVNULL,
                stdout=subprocess.DEVNULL,
                stderr=self._words,
                pass_fds=[theirs.fileno()],
                start_new_session=True,
            )
        except BaseException:
            ours.close()
            self._words.close()
            raise
        finally:
            theirs.close()
        self.line = Line(ours)

    @property
    def lives(self) -> bool:
        """Whether the process has not ended."""
        return self._process.poll() is None

    def code(self, patience: float) -> int | None:
        """Its exit code, ``None`` if it does not end within ``patience`` seconds."""
        try:
            return self._process.wait(timeout=patience)
        except subprocess.TimeoutExpired:
            return None

    def end(self) -> str:
        """Ends it; its last words on the error stream."""
        self._process.kill()
        self._process.wait()
        self.line.close()
        with self._words as words:
            words.seek(max(0, words.seek(0, os.SEEK_END) - MAX_LAST_WORDS_BYTES))
            return str(words.read().decode("utf-8", "replace")).strip()


class Spare:
    """Holds one child started ahead, so that the next sandbox need not wait for it to wake up.

    A child serves one sandbox and then ends, spare or not. ``module`` as for ``Child``. Not for several
    threads.
    """

    def __init__(self, module: str = ENGINE_JOBS) -> None:
        self._module = module
        self._child: Child | None = None

    def take(self) -> Child:
        """The waiting child, or a new one."""
        child, self._child = self._child, None
        if child is not None and not child.lives:
            child.end()
            child = None
        return child or Child(self._module)

    def restock(self) -> None:
        """Starts the next child, unless one waits already; where it cannot be started, none waits."""
        if self._child is None:
            with suppress(OSError):
                self._child = Child(self._module)

    def close(self) -> None:
        """Ends the child that waits."""
        child, self._child = self._child, None
        if child is not None:
            child.end()
