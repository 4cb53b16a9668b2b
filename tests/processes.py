"""Real processes for tests: a worker, or a whole portal, that can be killed and started again."""

import os
import subprocess
import sys
import time
import urllib.request
from collections.abc import Callable, Mapping
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

from launcher import assets, parts, ports, process
from launcher.parts import Part
from launcher.postgres import Postgres
from launcher.valkey import Valkey
from tests import migrated

if TYPE_CHECKING:
    from playwright.sync_api import Page

PYTHON = Path(sys.executable)
T = TypeVar("T")
PATIENCE = 180.0
"""Seconds after which what is waited for does not come, on a machine with much else to do, too."""


def wait_until(what: Callable[[], T], *, timeout: float = PATIENCE, message: str = "") -> T:
    """Asks ``what`` again until its answer is true, and returns it; fails after ``timeout`` seconds."""
    deadline = time.monotonic() + timeout
    while True:
        answer = what()
        if answer:
            return answer
        if time.monotonic() > deadline:
            raise AssertionError(message or f"nothing came of {what!r} in {timeout:.0f} s")
        time.sleep(0.05)


class Running:
    """One part of the portal as a real process."""

    def __init__(
        self, part: Part, env: Mapping[str, str], log: Path, ready: Callable[["Running"], bool]
    ) -> None:
        self.part = part
        self.env = env
        self.log = log
        self.ready = ready
        self.process: subprocess.Popen[bytes] | None = None

    def start(self) -> None:
        """Starts it if it is not alive, and waits until it is ready."""
        if self.is_alive():
            return
        self._log_before = self.log.stat().st_size if self.log.exists() else 0
        self.process = process.start(self.part.command, env=self.env, log=self.log, cwd=parts.ROOT)
        wait_until(
            self._is_ready_or_dead,
            message=f"{self.part.name} is not ready: {self.output()[-2000:]}",
        )

    def kill(self) -> None:
        """kill -9, its children included."""
        assert self.process is not None
        process.kill_group(self.process.pid)
        self.process.wait()

    def stop(self) -> None:
        if self.process is not None:
            process.stop(self.process, steps=self.part.stop)

    def restart(self) -> None:
        self.stop()
        self.start()

    def is_alive(self) -> bool:
        return self.process is not None and self.process.poll() is None

    def output(self) -> str:
        """What it has written since it was started last."""
        return (
            self.log.read_bytes()[self._log_before :].decode("utf-8", "replace") if self.log.exists() else ""
        )

    def _is_ready_or_dead(self) -> bool:
        assert self.is_alive(), f"{self.part.name} ended: {self.output()[-4000:]}"
        return self.ready(self)


def worker_process(env: Mapping[str, str], log: Path, concurrency: int = 1) -> Running:
    """A Celery worker; ready when it takes tasks."""
    return Running(parts.worker(PYTHON, concurrency), parts.portal_environment(env), log, _takes_tasks)


def _takes_tasks(worker: Running) -> bool:
    return " ready." in worker.output()


class Portal:
    """A whole portal over its own database, broker and data folder, on its own port.

    ``web``, ``worker``, ``beat`` and ``broker`` can each be killed and started again;
    ``start`` brings up whatever of them is down. ``settings`` come on top of its own; with an IMAP_HOST it
    fetches mail, too. ``runner``: what of Python's command line runs its parts.
    """

    def __init__(
        self,
        folder: Path,
        postgres: Postgres,
        database: str,
        settings: Mapping[str, str] | None = None,
        runner: tuple[str, ...] = (),
    ) -> None:
        self.home = folder / "home"
        self.postgres = postgres
        self.database = database
        self.logs = folder / "log"
        self.broker = Valkey(folder / "valkey", self.logs / "valkey.log")
        self.port = ports.free_port()
        self.url = f"http://{ports.LOOPBACK}:{self.port}"
        self.demo_password = "a-demo-password-for-tests"
        self.settings = settings or {}
        self.runner = runner
        self.parts: list[Running] = []
        self.sessions: dict[str, Any] = {}
        """Of who has signed in by a browser: the cookies."""

    def set_up_and_start(self) -> None:
        """Makes its database, its folder and its parts, and starts them."""
        self.home.mkdir(parents=True, exist_ok=True)
        self.postgres.create_database(self.database, template=migrated.DATABASE)
        self.broker.start()
        self.env = parts.portal_environment(
            os.environ,
            DATABASE_URL=self.postgres.address(self.database),
            REDIS_URL=self.broker.address(),
            ANJUAN_HOME=str(self.home),
            ANJUAN_DEMO="1",
            ANJUAN_DEMO_PASSWORD=self.demo_password,
            PORT=str(self.port),
            PORTAL_URL=self.url,
            WEB_WORKERS="1",
            **self.settings,
        )
        assets.prepare()
        self.web = self._running(parts.web(PYTHON), lambda _: self._answers())
        self.worker = self._running(parts.worker(PYTHON, 2), _takes_tasks)
        self.beat = self._running(
            parts.beat(PYTHON, self.home), lambda running: "beat: Starting" in running.output()
        )
        for part in parts.mail_parts(PYTHON, self.settings):
            self._running(part, Running.is_alive)
        (self.home / "run").mkdir(exist_ok=True)
        self.start()

    def start(self) -> None:
        """Brings up what is down."""
        if self.broker.process is None or self.broker.process.poll() is not None:
            self.broker.start()
        for part in self.parts:
            part.start()

    def kill_broker(self) -> None:
        """kill -9; ``start`` brings it back on the same port over the same data."""
        assert self.broker.process is not None
        self.broker.process.kill()
        self.broker.process.wait()

    def end(self) -> None:
        for part in reversed(self.parts):
            part.stop()
        self.broker.stop()

    def enter(self, page: "Page", address: str) -> None:
        """Signs in by password and goes to the first page; whoever did so before goes there at once."""
        if cookies := self.sessions.get(address):
            page.context.add_cookies(cookies)
            page.goto(f"{self.url}/")
            return
        page.goto(f"{self.url}/accounts/login/")
        page.fill("input[name=login]", address)
        page.fill("input[name=password]", self.demo_password)
        page.press("input[name=password]", "Enter")
        page.wait_for_url(f"{self.url}/")
        self.sessions[address] = page.context.cookies()

    def manage(self, *words: str, timeout: float = 300) -> str:
        """Runs ``manage.py`` against this portal; what it printed. Fails with its output."""
        done = subprocess.run(
            [PYTHON, "manage.py", *words],
            cwd=parts.ROOT,
            env=self.env,
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            timeout=timeout,
        )
        assert done.returncode == 0, (
            f"manage.py {' '.join(words)}: {done.stderr[-4000:] or done.stdout[-4000:]}"
        )
        return done.stdout

    def sql(self, statement: str) -> str:
        """One statement on this portal's database, by psql; bare rows, columns parted by ``|``."""
        return self.postgres.sql(statement, self.database)

    def _running(self, part: Part, ready: Callable[[Running], bool]) -> Running:
        python, *command = part.command
        part = replace(part, command=(python, *self.runner, *command))
        running = Running(part, self.env, self.logs / f"{part.name}.log", ready)
        self.parts.append(running)
        return running

    def _answers(self) -> bool:
        try:
            with urllib.request.urlopen(f"{self.url}/health/live", timeout=5) as answer:
                return bool(answer.status == 200)
        except OSError:  # An answer that is an error is one, too.
            return False
