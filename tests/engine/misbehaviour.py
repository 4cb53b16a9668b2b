"""Readers that break in every way a parser of hostile bytes may; they run in the sandbox's child."""

import ctypes
import errno
import json
import os
import pickle
import signal
import socket
import sqlite3
import struct
import subprocess
import time
from contextlib import closing
from pathlib import Path
from typing import Any

from engine.artifacts import Artifact
from engine.index.open_writer import writer
from engine.parsers.evtx import parser as evtx
from engine.parsers.evtx.log_facts import PartFacts, Place
from engine.parsers.evtx.records import read_part
from engine.sandbox import jobs
from engine.sandbox.child import LINE
from engine.sandbox.sandbox import Emit
from engine.sandbox.wire import refusing
from engine.yara_scan import NotInstalled, TooSlow


def echo(emit: Emit, value: Any) -> Any:
    return value


def counts(emit: Emit, number: int) -> int:
    for count in range(number):
        emit(count)
    return number


def process_id(emit: Emit, *arguments: Any) -> int:
    return os.getpid()


_kept: list[str] = []


def remembers(emit: Emit, word: str) -> str | None:
    """What the call before it said."""
    _kept.append(word)
    return _kept[-2] if len(_kept) > 1 else None


def open_files(emit: Emit) -> list[str]:
    found = os.listdir("/proc/self/fd")
    return sorted(file for file in found if os.path.exists(f"/proc/self/fd/{file}"))


def ignores_signals(emit: Emit) -> None:
    for number in (signal.SIGTERM, signal.SIGINT, signal.SIGHUP):
        signal.signal(number, signal.SIG_IGN)


def environment(emit: Emit) -> dict[str, str]:
    return dict(os.environ)


def raises(emit: Emit, *arguments: Any) -> None:
    raise RuntimeError("broken")


def raises_timeout(emit: Emit, artifact: Artifact) -> None:
    raise TimeoutError(errno.ETIMEDOUT, "timed out")


def fills_the_disk(emit: Emit, artifact: Artifact) -> None:
    raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))


def fills_the_index(emit: Emit, artifact: Artifact) -> None:
    with closing(sqlite3.connect(Path(os.environ["TMPDIR"], "other.sqlite"))) as index:
        index.execute("PRAGMA max_page_count = 2")
        index.execute("CREATE TABLE record (data)")
        index.execute("INSERT INTO record VALUES (zeroblob(100000))")


class Locked(Exception):
    """An exception that cannot travel."""

    def __init__(self, message: str, detail: str) -> None:
        super().__init__(message)
        self.detail = detail


def raises_locked(emit: Emit) -> None:
    raise Locked("cannot travel", "")


def segfaults(emit: Emit, *arguments: Any) -> None:
    ctypes.string_at(8)


def aborts(emit: Emit, *arguments: Any) -> None:
    os.write(2, b"assertion failed in the parser\n")
    os.abort()


def hangs(emit: Emit, *arguments: Any) -> None:
    time.sleep(600)


def spins(emit: Emit, *arguments: Any) -> None:
    while True:
        emit("still here")


def devours(emit: Emit, *arguments: Any) -> int:
    return len([bytes(2**24) for _ in range(2**12)])


def writes(emit: Emit, file: Path, size: int) -> None:
    with file.open("wb") as out:
        out.truncate(size)


def opens(emit: Emit, count: int) -> None:
    files = [os.open("/dev/null", os.O_RDONLY) for _ in range(count)]
    assert files


def connects(emit: Emit, port: int) -> None:
    socket.create_connection(("127.0.0.1", port), timeout=5).close()


def stores_backwards(emit: Emit) -> int:
    """Rows that one statement stores in many pages of the index, later ones before earlier ones."""
    with writer().whole():
        part = writer().part("System.evtx", "0" * 64)
        kind = part.kind(("P", 1, None, None, None, None, None, None, None, None))
        origin = part.origin((None, 4, 8, None))
        payload = json.dumps({"text": "x" * 6_000})
        for first in (2_000, 1_000, 0):
            numbers = [first + place * 389 % 1_000 for place in range(1_000)]
            part.add([(part.first + n, part.log, n + 1, None, kind, origin, payload, n + 1) for n in numbers])
        part.close()
    return 3_000


def dies_in_mid_log(emit: Emit, artifact: Artifact, number: int, place: Place) -> PartFacts:
    """Reads the log named ``Bad.evtx`` and dies before the end; the others to their end."""
    if not artifact.path.endswith("Bad.evtx"):
        return evtx.parse(emit, artifact, number, place)
    with writer().whole():
        read_part(artifact, place, number, writer(), emit)
        os.abort()


def raises_in_mid_log(emit: Emit, artifact: Artifact, number: int, place: Place) -> PartFacts:
    """As above, by an exception."""
    if not artifact.path.endswith("Bad.evtx"):
        return evtx.parse(emit, artifact, number, place)
    with writer().whole():
        read_part(artifact, place, number, writer(), emit)
        raise RuntimeError("broken")


def dies_behind_first_part(emit: Emit, artifact: Artifact, number: int, place: Place) -> PartFacts:
    """As above, but only behind the first part of the log."""
    reads = dies_in_mid_log if place.chunk else evtx.parse
    return reads(emit, artifact, number, place)


def hangs_at_bad(emit: Emit, artifact: Artifact, number: int, place: Place) -> PartFacts:
    """Hangs at the log named ``Bad.evtx``."""
    if artifact.path.endswith("Bad.evtx"):
        time.sleep(600)
    return evtx.parse(emit, artifact, number, place)


def fills_the_disk_at_a_log(emit: Emit, artifact: Artifact, number: int, place: Place) -> PartFacts:
    """The disk is full at the log named ``Bad.evtx``."""
    if artifact.path.endswith("Bad.evtx"):
        # As many pages as are there already.
        writer()._db.execute("PRAGMA max_page_count = 1")
    return evtx.parse(emit, artifact, number, place)


def unpacks_to_death(
    emit: Emit, source: Path, into: Path, limits: Any, skip: dict[int, Any], password: str | None
) -> list[jobs.Unpacked]:
    """Dies at the second entry unless told to leave it out."""

    def watched(name: str) -> None:
        if name.startswith("deadly"):
            os.abort()
        emit(name)

    return jobs.unpacked(watched_emit(emit, watched), source, into, limits, skip, password)


def watched_emit(emit: Emit, watched: Any) -> Emit:
    return lambda word: watched(word) if isinstance(word, str) else emit(word)


class Runs:
    """Unpickled, it makes a file."""

    def __init__(self, victim: Path) -> None:
        self.victim = victim

    def __reduce__(self) -> tuple[Any, tuple[Any, ...]]:
        return open, (str(self.victim), "w")


def answers_by_pickle(emit: Emit, victim: Path) -> None:
    """As a taken-over parser would: code instead of facts, past the encoder."""
    message = pickle.dumps(("returned", Runs(victim)))
    os.write(LINE, struct.pack(">I", len(message)) + message)
    time.sleep(600)


def answers_without_end(emit: Emit, victim: Path) -> None:
    os.write(LINE, struct.pack(">I", 2**32 - 1))
    time.sleep(600)


def answers_half(emit: Emit, victim: Path) -> None:
    os.write(LINE, struct.pack(">I", 1000) + b"half")
    time.sleep(600)


def reads(emit: Emit, file: Path) -> int:
    return len(file.read_bytes())


def links(emit: Emit, place: Path, to: Path) -> None:
    place.symlink_to(to)


def starts_a_program(emit: Emit) -> None:
    subprocess.run(["/bin/true"], check=True)


def signals(emit: Emit, process: int) -> None:
    os.kill(process, 0)


def peeks(emit: Emit, process: int) -> int:
    """Opens another process's memory."""
    with open(f"/proc/{process}/mem", "rb") as memory:
        return memory.fileno()


def peeks_at_its_parent(emit: Emit) -> int:
    return peeks(emit, os.getppid())


@refusing(NotInstalled)
def has_no_yara(emit: Emit, sources: Any) -> None:
    raise NotInstalled("No module named 'yara_x'")


@refusing(TooSlow)
def is_too_slow(emit: Emit, file: Path) -> None:
    raise TooSlow("timeout")
