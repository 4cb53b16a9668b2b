"""``make run``: starts every part of the portal, watches them, and stops them together."""

import ctypes
import os
import re
import signal
import subprocess
import sys
import time
import urllib.error
import urllib.request
from pathlib import Path
from types import FrameType
from typing import NoReturn

from launcher import options, parts, process
from launcher.halt import Halt
from launcher.home import Home, write_private
from launcher.options import Options
from launcher.parts import Part
from launcher.postgres import Postgres
from launcher.steps import ROOT, say
from launcher.valkey import Valkey
from launcher.venv import PYTHON

SIGN_INS = (
    "from accounts.models import User\n"
    "for user in User.objects.filter(email__endswith='@demo.anjuan.example').order_by('pk'):\n"
    "    print(f'{user.role:<14} {user.email:<32} {user.organisation or \"\"}')"
)


class Stopped(BaseException):
    """Someone asked for the end: Ctrl-C, SIGTERM, a closed terminal."""


class Launcher:
    """One run, from the first service to the last."""

    def __init__(self, chosen: Options) -> None:
        self.options = chosen
        self.home = Home(chosen.home)
        self.postgres: Postgres | None = None
        self.valkey: Valkey | None = None
        self.running: list[tuple[Part, subprocess.Popen[bytes]]] = []
        self.env: dict[str, str] = {}
        self.log_sizes: dict[str, int] = {}

    def start(self) -> None:
        """Raises Halt with one line when something is in the way."""
        self.home.open()
        options.refuse_taken_port(self.options)
        self._start_services()
        say("Bringing the database up to date")
        self._manage("migrate", "--no-input", "--verbosity", "0")
        say("Starting worker, scheduler and web server")
        self._start_part(parts.worker(PYTHON, self.options.worker_processes))
        self._start_part(parts.prompt_worker(PYTHON))
        self._start_part(parts.mail_worker(PYTHON))
        self._start_part(parts.beat(PYTHON, self.home.folder))
        for part in parts.mail_parts(PYTHON, self.env):
            self._start_part(part)
        self._start_part(parts.web(PYTHON))
        self._wait_for_web()
        sign_ins = self._load_demo() if self.options.demo else ""
        self.home.note(self.options.url)
        self._welcome(sign_ins)

    def watch(self) -> None:
        """Returns never: raises Halt when a part ends by itself."""
        while True:
            self._refuse_dead()
            time.sleep(0.5)

    def stop(self) -> None:
        """Ends web, worker and beat, then what they need; each has the time to end in order."""
        # All are told before the first is waited for: each takes its second or two.
        for part, child in self.running:
            if child.poll() is None:
                child.send_signal(part.stop[0][0])
        for part, child in self.running:
            process.stop(child, steps=part.stop, signalled=True)
        if self.valkey is not None:
            self.valkey.stop()
        if self.postgres is not None:
            self.postgres.stop()
        self.home.close()

    def _start_services(self) -> None:
        home = self.home
        database, broker = self.options.database, self.options.broker
        if database is None:
            fresh = not (home.folder / "postgres" / "data").exists()
            say("Making the database" if fresh else "Starting PostgreSQL")
            self.postgres = Postgres(
                home.folder / "postgres", home.logs / "postgres.log", home.secret("postgres")
            )
            self.postgres.start()
            assert self.postgres.process is not None
            home.remember("postgres", self.postgres.process.pid)
            self.postgres.create_database("anjuan")
            database = self.postgres.address()
        if broker is None:
            say("Starting Valkey")
            self.valkey = Valkey(home.folder / "valkey", home.logs / "valkey.log", home.secret("valkey"))
            self.valkey.start()
            assert self.valkey.process is not None
            home.remember("valkey", self.valkey.process.pid)
            broker = self.valkey.address()
        shared = {
            "DATABASE_URL": database,
            "REDIS_URL": broker,
            "SECRET_KEY": os.environ.get("SECRET_KEY") or home.secret("django"),
            "ANJUAN_DEMO": "1" if self.options.demo else "0",
            # The links in mails lead here, unless the operator says where people come from.
            "PORTAL_URL": os.environ.get("PORTAL_URL") or self.options.url,
        }
        home.write_services(shared)
        self.env = parts.portal_environment(
            os.environ,
            **shared,
            ANJUAN_HOME=str(home.folder),
            BIND=self.options.host,
            PORT=str(self.options.port),
        )

    def _start_part(self, part: Part) -> None:
        log = self._log(part)
        self.log_sizes[part.name] = log.stat().st_size if log.exists() else 0
        child = process.start(
            part.command,
            env=self.env,
            log=log,
            cwd=ROOT,
            on_parent_death=part.on_parent_death,
        )
        self.running.append((part, child))
        self.home.remember(part.name, child.pid)

    def _wait_for_web(self) -> None:
        deadline = time.monotonic() + 90
        while time.monotonic() < deadline:
            self._refuse_dead()
            try:
                with urllib.request.urlopen(f"{self.options.url}/health/live", timeout=5):  # noqa: S310 (http)
                    return
            except urllib.error.HTTPError:
                return
            except OSError:
                time.sleep(0.1)
        raise Halt(
            f"The web server does not answer at {self.options.url} (its log: {self.home.logs / 'web.log'})."
        )

    def _load_demo(self) -> str:
        """The sign-ins, a line each; loads the demo where that was not done to its end before."""
        done = self.home.folder / "demo-sign-ins.txt"
        if not done.exists():
            say("Loading the demo: a case with its log bundle, analysed as a customer's would be")
            self._manage("load_demo", ANJUAN_DEMO_PASSWORD=self.home.secret("demo"))
            write_private(done, self._manage("shell", "--verbosity", "0", "--command", SIGN_INS))
        return done.read_text()

    def _manage(self, *words: str, **more: str) -> str:
        """Runs manage.py; what it printed. Raises Halt with the last line of its error."""
        with (self.home.logs / "manage.log").open("ab") as log:
            child = subprocess.Popen(
                [PYTHON, "manage.py", *words],
                cwd=ROOT,
                env=self.env | more,
                stdin=subprocess.DEVNULL,
                stdout=subprocess.PIPE,
                stderr=subprocess.PIPE,
                start_new_session=True,
            )
            try:
                output, errors = child.communicate()
            except BaseException:
                process.kill_group(child.pid)
                child.wait()
                raise
            log.write(errors)
        if child.returncode == 0:
            return output.decode("utf-8", "replace")
        kind, sentence = _last_error(errors.decode("utf-8", "replace"))
        about = "DATABASE_URL: " if kind.endswith("OperationalError") and self.options.database else ""
        log_file = self.home.logs / "manage.log"
        raise Halt(f"{about}{sentence or kind} (`manage.py {words[0]}`; all of it: {log_file})")

    def _refuse_dead(self) -> None:
        services = [("postgres", self.postgres), ("valkey", self.valkey)]
        known = [(name, service.process) for name, service in services if service is not None]
        known += [(part.name, child) for part, child in self.running]
        for name, child in known:
            if child is not None and child.poll() is not None:
                log = self.home.logs / f"{name}.log"
                text = log.read_bytes()[self.log_sizes.get(name, 0) :].decode("utf-8", "replace")
                # An exception's own sentence, if there is one: gunicorn says more after it.
                for line in (
                    [_last_error(text)[1]] if _last_error(text)[0] else process.tail(log).splitlines()
                ):
                    print(f"    | {line}", file=sys.stderr)
                how = (
                    f"signal {-child.returncode}" if child.returncode < 0 else f"exit code {child.returncode}"
                )
                raise Halt(f"{name} ended by itself ({how}), so all parts are stopped; its log: {log}")

    def _log(self, part: Part) -> Path:
        return self.home.logs / f"{part.name}.log"

    def _welcome(self, sign_ins: str) -> None:
        print(f"\nAnjuan runs at {self.options.url}/\n")
        if sign_ins:
            print("Sign in as")
            for line in sign_ins.splitlines():
                print(f"  {line}")
            print(f"with the password {self.home.secret('demo')}\n")
            for bundle in sorted((self.home.folder / "demo").glob("*.zip")):
                print(f"Log bundle to upload to the first customer's case: {bundle}")
        if not self.options.demo and "ANJUAN_HTTPS" not in self.env:
            print("Sign-ins need https: put a proxy with TLS in front, or set ANJUAN_HTTPS=0 for plain http.")
        print(f"Data and logs: {self.home.folder}")
        print("Ctrl-C stops it.", flush=True)


def _last_error(text: str) -> tuple[str, str]:
    """Name and sentence of the exception that ended a command; its last line where there was none."""
    lines = [line.strip() for line in text.splitlines() if line.strip()]
    for line in reversed(lines):
        if error := re.match(r"([A-Za-z_][\w.]*(?:Error|Exception|Configured|Refusal|Start)): (.+)", line):
            return error[1], error[2]
    return "", lines[-1] if lines else "it ended without a word"


def _raise_stopped(number: int, frame: FrameType | None) -> NoReturn:
    # One request is enough: the second must not cut the orderly end short.
    for sign in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        signal.signal(sign, signal.SIG_IGN)
    raise Stopped(number)


def main() -> int:
    """Returns the exit code: 0 after a wanted end, 1 after a Halt."""
    for sign in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        signal.signal(sign, _raise_stopped)
    if "MAKELEVEL" in os.environ:
        # kill -9 of make must not leave us behind.
        ctypes.CDLL(None).prctl(process.PR_SET_PDEATHSIG, int(signal.SIGTERM), 0, 0, 0)
    launcher: Launcher | None = None
    try:
        launcher = Launcher(options.read(os.environ))
        print("Starting Anjuan", flush=True)
        launcher.start()
        launcher.watch()
    except Halt as halt:
        print(f"\n{halt}", file=sys.stderr, flush=True)
        return 1
    except OSError as error:
        print(f"\nThe start stopped: {error}", file=sys.stderr, flush=True)
        return 1
    except Stopped:
        print("\nStopping", flush=True)
        return 0
    finally:
        for sign in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
            signal.signal(sign, signal.SIG_IGN)
        if launcher is not None:
            launcher.stop()
    return 0


if __name__ == "__main__":
    sys.exit(main())
