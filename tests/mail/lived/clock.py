"""One clock for all processes of a portal: a test moves it, and it goes on from there in each of them.

``python -m tests.mail.lived.clock FILE -m MODULE …`` runs a module, ``… FILE PATH …`` a script, by the clock
in FILE. PostgreSQL and other people's servers keep their own.
"""

import mmap
import runpy
import struct
import sys
from bisect import bisect_right
from datetime import datetime
from pathlib import Path
from typing import Self
from unittest.mock import patch
from zoneinfo import ZoneInfo

import time_machine

SHANGHAI = ZoneInfo("Asia/Shanghai")
_AHEAD = struct.Struct("<q")


class Clock:
    """By how many nanoseconds it is ahead stands in a file, which processes share even after a fork."""

    def __init__(self, file: Path) -> None:
        self.file = file
        if not file.exists():
            file.write_bytes(_AHEAD.pack(0))
        with file.open("r+b") as opened:
            self._shared = mmap.mmap(opened.fileno(), _AHEAD.size)
        self._travel = time_machine.travel(0)
        self._moments: list[datetime] = []

    def __enter__(self) -> Self:
        """This process goes by it, too."""
        patch.object(self._travel.start(), "time_ns", self._time_ns).start()
        return self

    def __exit__(self, *_: object) -> None:
        self._travel.stop()

    def move_to(self, moment: str) -> None:
        """It is then in Shanghai, as ``2020-11-09 17:18``; never back, or later acts would seem to be earlier
        ones."""
        at = datetime.fromisoformat(moment).replace(tzinfo=SHANGHAI)
        is_over = bool(self._moments) and at <= datetime.now(SHANGHAI)
        assert not is_over, f"{moment} is over; what came before it took too long"
        self._moments.append(at)
        ahead = int(at.timestamp()) * 10**9 - time_machine.escape_hatch.time.time_ns()
        self._shared[:] = _AHEAD.pack(ahead)

    def step_of(self, at: datetime) -> str:
        """The moment, as it was given, to which the clock had been moved last when it was ``at``: how long
        this machine took for what was to be done then does not count."""
        return f"{self._moments[bisect_right(self._moments, at) - 1]:%Y-%m-%d %H:%M}"

    def _time_ns(self) -> int:
        (ahead,) = _AHEAD.unpack(self._shared[:])
        return time_machine.escape_hatch.time.time_ns() + int(ahead)


if __name__ == "__main__":
    with Clock(Path(sys.argv[1])):
        if sys.argv[2] == "-m":
            sys.argv[:] = sys.argv[3:]
            runpy.run_module(sys.argv[0], run_name="__main__", alter_sys=True)
        else:
            sys.argv[:] = sys.argv[2:]
            runpy.run_path(sys.argv[0], run_name="__main__")
