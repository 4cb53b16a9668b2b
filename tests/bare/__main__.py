"""``make test-bare``: the README's two commands on a bare Debian 12, as root and as an ordinary user.

Needs root, debootstrap and the package registries; takes half an hour and more. Not
collected by pytest. The standard library alone: this machine may be bare, too.
"""

import argparse
import os
import re
import signal
import subprocess
import sys
import threading
import time
import urllib.request
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from launcher import ports
from launcher.halt import Halt
from launcher.steps import ROOT
from tests.bare.machine import PERSON, SUPERUSER, Machine, hold

RUN_PATIENCE = 30 * 60.0
TEST_PATIENCE = 120 * 60.0
"""Seconds; on two busy cores the whole suite takes a quarter of an hour."""


class Command:
    """One command on the machine, its output shown and kept as it comes."""

    def __init__(self, machine: Machine, *words: str, patience: float, port: int | None) -> None:
        self.started = time.monotonic()
        self.output = ""
        print(f"\n{machine.account.name}$ {' '.join(words)}", flush=True)
        self.process = subprocess.Popen(
            machine.command(*words, port=port),
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            errors="replace",
            start_new_session=True,
        )
        self.limit = threading.Timer(patience, self.process.kill)
        self.limit.daemon = True
        self.limit.start()

    def lines(self) -> Iterator[str]:
        assert self.process.stdout is not None
        for line in self.process.stdout:
            self.output += line
            print(f"[{self.seconds():5.0f} s] {line}", end="", flush=True)
            yield line

    def seconds(self) -> float:
        return time.monotonic() - self.started

    def interrupt(self) -> None:
        """Ctrl-C."""
        os.killpg(self.process.pid, signal.SIGINT)

    def end(self) -> int:
        """Reads to the end; the exit code."""
        for _ in self.lines():
            pass
        self.limit.cancel()
        return self.process.wait()


@contextmanager
def command(machine: Machine, *words: str, patience: float, port: int | None = None) -> Iterator[Command]:
    """Ends it in any case."""
    running = Command(machine, *words, patience=patience, port=port)
    try:
        yield running
    finally:
        running.limit.cancel()
        running.process.kill()
        running.process.wait()


def start(machine: Machine) -> tuple[float, str]:
    """Seconds from ``make run`` to the sign-ins, and the password; then Ctrl-C. Raises Halt."""
    port = ports.free_port()
    with command(machine, "make", "run", patience=RUN_PATIENCE, port=port) as running:
        password = ""
        for line in running.lines():
            if line.startswith("with the password "):
                seconds, password = running.seconds(), line.split()[-1]
            if line.startswith("Ctrl-C stops it"):
                break
        if not password:
            raise Halt(f"make run ended without the sign-ins (exit code {running.end()})")
        with urllib.request.urlopen(f"http://{ports.LOOPBACK}:{port}/", timeout=30) as page:
            if b'type="password"' not in page.read():
                raise Halt("the first page does not ask for a password")
        running.interrupt()
        running.end()
        if "Stopping" not in running.output:
            raise Halt("Ctrl-C did not stop make run in order")
        return seconds, password


def try_run(machine: Machine) -> str:
    """``make run`` twice over the same data."""
    first, password = start(machine)
    second, same = start(machine)
    if same != password:
        raise Halt("the second start made new sign-ins")
    return f"the sign-ins after {first:.0f} s, the second time after {second:.0f} s"


def try_test(machine: Machine) -> str:
    """``make test``; root installs what it names to an ordinary user."""
    asked = ""
    while True:
        with command(machine, "make", "test", patience=TEST_PATIENCE) as running:
            status, seconds, output = running.end(), running.seconds(), running.output
        wanted = re.search(r"apt-get install ([a-z0-9 .+-]+) \(as root\)", output)
        if status != 0 and wanted and not asked:
            asked = wanted[1]
            print(f"\nroot$ apt-get install {asked}", flush=True)
            machine.run("apt-get", "update", account=SUPERUSER)
            install = ("env", "DEBIAN_FRONTEND=noninteractive", "apt-get", "install", "--yes")
            machine.run(*install, "--no-install-recommends", *asked.split(), account=SUPERUSER)
            continue
        counts = re.findall(r"^=*\s*(\d+ (?:passed|failed)[^=\n]*?)\s*=*$", output, re.MULTILINE)
        result = f"{counts[-1] if counts else 'no test ran'}; {seconds:.0f} s in all"
        if status != 0:
            raise Halt(f"{result}; exit code {status}")
        return result + (f" (after root had installed {asked})" if asked else "")


HALVES: dict[str, Callable[[Machine], str]] = {"run": try_run, "test": try_test}
ACCOUNTS = {"root": SUPERUSER, "user": PERSON}


def main() -> int:
    """Returns the exit code: 1 when anything failed."""
    parser = argparse.ArgumentParser(prog="make test-bare", description=__doc__)
    parser.add_argument("--only", choices=HALVES, help="one of the two commands")
    parser.add_argument("--account", choices=ACCOUNTS, help="one of the two accounts")
    chosen = parser.parse_args()
    accounts = [ACCOUNTS[chosen.account]] if chosen.account else list(ACCOUNTS.values())
    halves = [chosen.only] if chosen.only else list(HALVES)
    results: list[str] = []
    failed = False
    try:
        hold()
        print(f"The commit {_commit()}, on a bare Debian 12 where namespaces are forbidden", flush=True)
        for account in accounts:
            machine = Machine(account)
            machine.make()
            for half in halves:
                where = f"make {half:<4}  as {account.name:<6}  in {account.clone}"
                try:
                    results.append(f"{where}  {HALVES[half](machine)}")
                except (Halt, OSError) as error:
                    results.append(f"{where}  FAILED: {error}; the machine is kept in {machine.root}")
                    failed = True
                    break
            else:
                machine.remove()
    except Halt as halt:
        print(f"\n{halt}", file=sys.stderr)
        failed = True
    print("\n" + "\n".join(results), flush=True)
    return int(failed)


def _commit() -> str:
    words = ("git", "log", "-1", "--format=%h %s")
    return subprocess.run(words, cwd=ROOT, check=True, capture_output=True, text=True).stdout.strip()


if __name__ == "__main__":
    sys.exit(main())
