"""Uploading 1 GiB to this portal, to @tus/server (Node) and to tuspyserver (FastAPI), in one run.

    .venv/bin/python -m benchmarks.bench_tus_servers [--size MIB] [--rounds N]

All on the same disk, one request with the whole file, and timed until the bytes are on the disk:
the portal synchronises before it answers, the others do not, so their file is synchronised
after their answer, within the time. The answer's own time is printed, too.
The references are installed into a temporary folder from benchmarks/tus_servers/.
"""

import argparse
import contextlib
import hashlib
import http.client
import json
import os
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from pathlib import Path

from benchmarks.bench_upload import MIB, portal, random_file, timed_upload
from launcher import assets, ports, process, venv
from tests.processes import PYTHON, wait_until

HERE = Path(__file__).resolve().parent / "tus_servers"
RATIO = 1.0

Command = Callable[[Path, int], list[str]]
"""The command of a server over a folder and a port."""


def main() -> int:
    """Measures and prints; 1 if the portal is slower than a reference."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").split("\n\n", 1)[0])
    parser.add_argument("--size", type=int, default=1024, help="MiB")
    parser.add_argument("--rounds", type=int, default=3)
    wanted = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="anjuan-bench-") as name:
        folder = Path(name)
        servers = install(folder / "references")
        rounds = measure(folder, servers, wanted.size * MIB, wanted.rounds)
    print(json.dumps(rounds, indent=2))
    ours = statistics.median(rounds["portal"])
    ratios = {name: round(ours / statistics.median(rounds[name]), 2) for name in servers}
    for name, ratio in ratios.items():
        print(f"ratio upload/{name} {ratio} (target at most {RATIO})")
    return int(any(ratio > RATIO for ratio in ratios.values()))


def install(folder: Path) -> dict[str, Command]:
    """Puts both references into ``folder``, as their lock files say."""
    shutil.copytree(HERE, folder)
    node, npm = assets.node()
    quiet = ("--ignore-scripts", "--no-audit", "--no-fund", "--loglevel=error")
    subprocess.run([*npm, "ci", *quiet], cwd=folder, check=True, stdout=sys.stderr)
    packages = folder / "packages"
    wanted = ("--require-hashes", "--target", packages, "-r", folder / "requirements.txt")
    subprocess.run([*venv.installer(), "--quiet", *wanted], check=True, stdout=sys.stderr)
    python = ["env", f"PYTHONPATH={packages}", str(PYTHON)]
    return {
        "@tus/server": lambda files, port: [*node, str(folder / "serve.mjs"), str(files), str(port)],
        "tuspyserver": lambda files, port: [*python, str(folder / "serve.py"), str(files), str(port)],
    }


def measure(folder: Path, servers: dict[str, Command], size: int, rounds: int) -> dict[str, list[float]]:
    """Seconds of each upload by server, of a reference's answer alone, and of the processor; in turn,
    so that all meet the same machine."""
    source = folder / "source.bin"
    digest = random_file(source, size)
    seconds: dict[str, list[float]] = {"portal": []}
    with portal(folder) as (web, port), contextlib.ExitStack() as running:
        assert web.process is not None
        others = {
            name: running.enter_context(serving(folder, name, command)) for name, command in servers.items()
        }
        for number in range(rounds):
            before = processor_seconds(web.process.pid)
            took, staged = timed_upload(port, source, number)
            seconds["portal"].append(took)
            seconds.setdefault("portal, processor", []).append(processor_seconds(web.process.pid) - before)
            check(staged, digest)
            for name, (files, other, pid) in others.items():
                before = processor_seconds(pid)
                answered, synced = timed_elsewhere(other, source, files, digest)
                seconds.setdefault(f"{name}, answered", []).append(answered)
                seconds.setdefault(name, []).append(synced)
                seconds.setdefault(f"{name}, processor", []).append(processor_seconds(pid) - before)
    return seconds


@contextlib.contextmanager
def serving(folder: Path, name: str, command: Command) -> Iterator[tuple[Path, int, int]]:
    """A reference that answers: its folder, its port, its process."""
    files = folder / name.replace("/", "-")
    files.mkdir()
    port = ports.free_port()
    child = process.start(command(files, port), env=os.environ, log=folder / f"{files.name}.log", cwd=folder)
    try:
        wait_until(lambda: answers(port), timeout=60)
        yield files, port, child.pid
    finally:
        process.stop(child)


def processor_seconds(pid: int) -> float:
    """User and system time of a process group so far (proc_pid_stat(5), fields 14 and 15)."""
    ticks = 0
    for stat in Path("/proc").glob("[0-9]*/stat"):
        with contextlib.suppress(OSError):
            fields = stat.read_text().rpartition(")")[2].split()
            if int(fields[2]) == pid:
                ticks += int(fields[11]) + int(fields[12])
    return round(ticks / os.sysconf("SC_CLK_TCK"), 2)


def answers(port: int) -> bool:
    """Whether a server listens."""
    client = http.client.HTTPConnection(ports.LOOPBACK, port, timeout=10)
    try:
        client.request("OPTIONS", "/files")
        client.getresponse().read()
    except OSError:
        return False
    finally:
        client.close()
    return True


def timed_elsewhere(port: int, source: Path, files: Path, digest: str) -> tuple[float, float]:
    """Seconds until a reference has answered, and until its bytes are on the disk."""
    size = source.stat().st_size
    client = http.client.HTTPConnection(ports.LOOPBACK, port, timeout=600, blocksize=MIB)
    tus = {"Tus-Resumable": "1.0.0"}
    client.request("POST", "/files", headers=tus | {"Upload-Length": str(size), "Content-Length": "0"})
    created = client.getresponse()
    created.read()
    assert created.status == 201, created.status
    place = "/" + created.headers["Location"].split("//")[-1].split("/", 1)[1]
    headers = tus | {
        "Content-Type": "application/offset+octet-stream",
        "Content-Length": str(size),
        "Upload-Offset": "0",
    }
    begun = time.perf_counter()
    with source.open("rb") as file:
        client.request("PATCH", place, file, headers)
        answer = client.getresponse()
        answer.read()
    answered = time.perf_counter() - begun
    assert answer.status == 204, answer.status
    stored = max(files.iterdir(), key=lambda file: file.stat().st_size)
    with stored.open("rb") as file:
        os.fsync(file.fileno())
    synced = time.perf_counter() - begun
    client.close()
    check(stored, digest)
    return round(answered, 2), round(synced, 2)


def check(file: Path, digest: str) -> None:
    """The bytes are right; they are not needed any more."""
    with file.open("rb") as stream:
        assert hashlib.file_digest(stream, "sha256").hexdigest() == digest, file
    file.unlink()


if __name__ == "__main__":
    sys.exit(main())
