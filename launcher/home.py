"""The data folder of one portal: its lock, its secrets, and what of a former start is still alive."""

import fcntl
import json
import os
import secrets
import shutil
import signal
import time
from pathlib import Path
from typing import IO

from launcher import process
from launcher.halt import Halt

MIN_FREE_BYTES = 300 * 2**20
"""Bytes; below this PostgreSQL, Valkey and uploads would fail one after the other."""

MAX_LOG_BYTES = 20 * 2**20


class Home:
    """``folder``, mode 0700, used by one launcher at a time."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.logs = folder / "log"
        self.run = folder / "run"
        self.services = folder / "services.env"
        self._lock: IO[str] | None = None
        self._children: list[tuple[str, int]] = []

    def open(self) -> None:
        """Makes and locks the folder; raises Halt when another start holds it or it cannot be written."""
        try:
            for folder in (self.folder, self.logs, self.run):
                folder.mkdir(parents=True, exist_ok=True)
            self.folder.chmod(0o700)
            lock = (self.folder / "lock").open("a+")
        except OSError as error:
            raise Halt(
                f"The data folder {self.folder} cannot be written ({error.strerror}): "
                "set ANJUAN_HOME to another folder."
            ) from error
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError as error:
            lock.seek(0)
            raise Halt(
                f"Anjuan already runs on {self.folder} ({lock.read().strip() or 'just starting'}): "
                "stop that one first, or set ANJUAN_HOME to another folder."
            ) from error
        self._lock = lock
        self.note("starting")
        free = shutil.disk_usage(self.folder).free
        if free < MIN_FREE_BYTES:
            raise Halt(
                f"Only {free // 2**20} MB are free on the disk of {self.folder}: free at least "
                f"{MIN_FREE_BYTES // 2**20} MB, or set ANJUAN_HOME to a folder on another disk."
            )
        self._end_leftovers()
        for log in self.logs.glob("*.log"):
            if log.stat().st_size > MAX_LOG_BYTES:
                log.replace(log.with_suffix(".log.old"))

    def note(self, sentence: str) -> None:
        """What a second start on this folder is told of the first."""
        assert self._lock is not None
        self._lock.seek(0)
        self._lock.truncate()
        self._lock.write(f"process {os.getpid()}, {sentence}")
        self._lock.flush()

    def secret(self, name: str) -> str:
        """A generated secret that stays the same from start to start (secrets.json, mode 0600)."""
        file = self.folder / "secrets.json"
        known: dict[str, str] = json.loads(file.read_text()) if file.exists() else {}
        if name not in known:
            known[name] = secrets.token_urlsafe(12 if name == "demo" else 36)
            write_private(file, json.dumps(known, indent=1))
        return known[name]

    def write_services(self, variables: dict[str, str]) -> None:
        """What other commands on this machine read (config/settings.py) to find the running services."""
        write_private(self.services, "".join(f"{name}={value}\n" for name, value in variables.items()))

    def remember(self, name: str, pid: int) -> None:
        """Notes a child, so that the next start can end it if this one is killed."""
        self._children.append((name, pid))
        lines = [f"{_boot()} {pid} {process.started_at(pid)} {name}" for name, pid in self._children]
        write_private(self.run / "children", "\n".join(lines))

    def close(self) -> None:
        """After all parts have ended; leaves a folder alone that another start holds."""
        if self._lock is None:
            return
        self.services.unlink(missing_ok=True)
        (self.run / "children").unlink(missing_ok=True)
        self._lock.close()

    def _end_leftovers(self) -> None:
        """Ends what a killed launcher left behind; a number that another program got is left alone."""
        file = self.run / "children"
        lines = file.read_text().splitlines() if file.exists() else []
        waiting: list[int] = []
        for line in lines:
            boot, pid, started, name = [*line.split(), "", "", "", ""][:4]
            if boot != _boot() or not pid.isdecimal():
                continue
            alive_since = process.started_at(int(pid))
            if alive_since is None:
                # Its number stays taken while its group has members, so the group is ours.
                process.kill_group(int(pid))
            elif alive_since == started:
                os.kill(int(pid), signal.SIGINT if name == "postgres" else signal.SIGTERM)
                waiting.append(int(pid))
        deadline = time.monotonic() + 10
        for pid_ in waiting:
            while process.started_at(pid_) is not None and time.monotonic() < deadline:
                time.sleep(0.05)
            process.kill_group(pid_)
        file.unlink(missing_ok=True)


def write_private(file: Path, text: str) -> None:
    """Writes a file that only its owner reads, whole or not at all."""
    draft = file.with_name(file.name + ".new")
    descriptor = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    with os.fdopen(descriptor, "w", encoding="utf-8") as output:
        output.write(text)
    draft.replace(file)


def _boot() -> str:
    return Path("/proc/sys/kernel/random/boot_id").read_text().strip()
