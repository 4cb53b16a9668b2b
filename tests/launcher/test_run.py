"""``make run``'s supervisor, for real: started, stopped, killed and started again over one data folder."""

import os
import signal
import socket
import subprocess
import sys
import urllib.request
from collections.abc import Iterator
from pathlib import Path

import psycopg
import pytest
import redis

from launcher import parts, ports, process
from tests.processes import PATIENCE, wait_until


class Run:
    """One start of launcher.run over ``home``; without the demo, so in the manner of production."""

    def __init__(self, home: Path, **more: str) -> None:
        given = ("DATABASE_URL", "REDIS_URL", "SECRET_KEY", "MAKELEVEL", "DJANGO_SETTINGS_MODULE")
        env = {name: value for name, value in os.environ.items() if name not in given}
        self.home = home
        self.port = more.get("PORT") or str(ports.free_port())
        self.log = home.with_name(f"{home.name}-{self.port}.log")
        # A second process of the web server is two seconds more of each start.
        in_brief = {"ANJUAN_HOME": str(home), "ANJUAN_DEMO": "0", "PORT": self.port, "WEB_WORKERS": "1"}
        with self.log.open("wb") as output:
            self.process = subprocess.Popen(
                [sys.executable, "-m", "launcher.run"],
                cwd=parts.ROOT,
                env=env | in_brief | more,
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=subprocess.STDOUT,
            )

    def output(self) -> str:
        return self.log.read_text()

    def wait_until_it_serves(self) -> None:
        def serves() -> bool:
            assert self.process.poll() is None, self.output()
            return "Anjuan runs at" in self.output()

        wait_until(serves)

    def children(self) -> list[int]:
        """The processes that the launcher started."""
        return [int(line.split()[1]) for line in (self.home / "run" / "children").read_text().splitlines()]

    def services(self) -> dict[str, str]:
        lines = (self.home / "services.env").read_text().splitlines()
        return dict(line.split("=", 1) for line in lines)


def nothing_lives_of(pids: list[int]) -> bool:
    """Whether the processes and everything in their groups have ended."""
    groups = {str(pid) for pid in pids}
    for stat in Path("/proc").glob("[0-9]*/stat"):
        try:
            fields = stat.read_text().rpartition(")")[2].split()
        except OSError:
            continue
        if fields[2] in groups and fields[0] not in "ZX":
            return False
    return True


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("launcher") / "home"


@pytest.fixture
def started(home: Path) -> Iterator[Run]:
    """A portal that runs over the module's data folder."""
    run = Run(home)
    children: list[int] = []
    try:
        run.wait_until_it_serves()
        children = run.children()
        yield run
    finally:
        if run.process.poll() is None:
            run.process.kill()
            run.process.wait()
        for pid in children:
            process.kill_group(pid)


def test_its_data_outlives_kill_9_of_everything(started: Run, home: Path) -> None:
    """It runs without the demo, in the manner of production, and is refused a second launcher beside it."""
    assert "ANJUAN_HTTPS=0" in started.output(), "nobody is told why signing in over http fails"
    with urllib.request.urlopen(f"http://127.0.0.1:{started.port}/accounts/login/") as answer:
        cookies = answer.headers.get_all("Set-Cookie")
    assert cookies
    assert all("Secure" in cookie for cookie in cookies)

    second = Run(home)
    assert second.process.wait(PATIENCE) == 1
    assert "already runs" in second.output() and started.port in second.output()

    services = started.services()
    with psycopg.connect(services["DATABASE_URL"]) as database:
        database.execute("CREATE TABLE mark (word text)")
        database.execute("INSERT INTO mark VALUES ('您好')")
    redis.Redis.from_url(services["REDIS_URL"]).set("mark", "还在")
    children = started.children()

    started.process.kill()
    for pid in children:
        process.kill_group(pid)
    started.process.wait()
    wait_until(lambda: nothing_lives_of(children))

    again = Run(home)
    try:
        again.wait_until_it_serves()
        services = again.services()
        with psycopg.connect(services["DATABASE_URL"]) as database:
            assert database.execute("SELECT word FROM mark").fetchall() == [("您好",)]
        assert redis.Redis.from_url(services["REDIS_URL"]).get("mark") == "还在".encode()
        children = again.children()
    finally:
        again.process.terminate()
        assert again.process.wait(PATIENCE) == 0, again.output()
    assert nothing_lives_of(children)
    assert not (home / "services.env").exists()


def test_the_end_of_one_part_ends_all_and_is_told(started: Run) -> None:
    children = started.children()
    worker = next(
        int(line.split()[1])
        for line in (started.home / "run" / "children").read_text().splitlines()
        if line.endswith(" worker")
    )
    os.kill(worker, signal.SIGKILL)
    assert started.process.wait(PATIENCE) == 1
    assert "worker ended by itself (signal 9)" in started.output()
    assert nothing_lives_of(children)


def test_no_part_outlives_a_killed_launcher(started: Run) -> None:
    children = started.children()
    started.process.kill()
    started.process.wait()
    wait_until(lambda: nothing_lives_of(children))


def test_a_port_in_use_is_one_clear_line(tmp_path: Path) -> None:
    with socket.socket() as other:
        other.bind((ports.LOOPBACK, 0))
        other.listen()
        port = other.getsockname()[1]
        run = Run(tmp_path / "home", PORT=str(port))
        assert run.process.wait(PATIENCE) == 1
    assert f"Port {port} is in use" in run.output()
    assert "PORT=" in run.output() and "Traceback" not in run.output()


@pytest.mark.parametrize(
    ("name", "value", "sentence"),
    [
        ("PORT", "80a", "PORT=80a: say a number from 1 to 65535."),
        ("ANJUAN_DEMO", "perhaps", "ANJUAN_DEMO=perhaps: say 1 or 0."),
        ("DATABASE_URL", "mysql://somewhere/x", "DATABASE_URL is not an address of the kind that is needed"),
        ("ANJUAN_HOME", "/proc/nowhere", "set ANJUAN_HOME to another folder"),
    ],
)
def test_a_wrong_value_is_told_by_its_name(tmp_path: Path, name: str, value: str, sentence: str) -> None:
    run = Run(tmp_path / "home", **{name: value})
    assert run.process.wait(PATIENCE) == 1
    assert sentence in run.output() and "Traceback" not in run.output()


def test_a_database_that_does_not_answer_is_told(tmp_path: Path) -> None:
    nobody = ports.free_port()
    run = Run(tmp_path / "home", DATABASE_URL=f"postgresql://u:p@{ports.LOOPBACK}:{nobody}/x")
    assert run.process.wait(PATIENCE) == 1
    assert "DATABASE_URL:" in run.output() and "Traceback" not in run.output()


def test_production_does_not_start_with_a_short_key(home: Path) -> None:
    run = Run(home, SECRET_KEY="short")
    assert run.process.wait(PATIENCE) == 1
    assert "SECRET_KEY is too short" in run.output()
