"""Uploading 1 GiB through gunicorn against a plain, synced copy of the same file, in one run.

    .venv/bin/python -m benchmarks.bench_upload [--size MIB] [--rounds N]

It starts PostgreSQL, Valkey and gunicorn of its own in a temporary folder and prints one JSON
document: seconds of each, the ratio of the medians, the server's memory before, at most and
after, and whether the SHA-256 is right.
"""

import argparse
import contextlib
import hashlib
import http.client
import json
import os
import shutil
import statistics
import sys
import tempfile
import threading
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from launcher import parts, ports
from launcher.postgres import Postgres
from launcher.valkey import Valkey
from tests.processes import PYTHON, Running, wait_until

MIB = 2**20
RATIO = 4.0
GROWTH = 64
"""MiB that the server may hold on to for an upload of any size."""


def main() -> int:
    """Measures and prints; 1 if a target is missed."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").split("\n\n", 1)[0])
    parser.add_argument("--size", type=int, default=1024, help="MiB")
    parser.add_argument("--rounds", type=int, default=3)
    wanted = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="anjuan-bench-") as folder:
        rounds = measure(Path(folder), wanted.size * MIB, wanted.rounds)
    print(json.dumps(rounds, indent=2))
    growth = rounds["server_memory_kib"]["most"] / 1024 - rounds["server_memory_kib"]["before"] / 1024
    print(f"ratio upload/copy {rounds['ratio']} (target at most {RATIO})")
    print(f"server memory grows by {growth:.0f} MiB (target at most {GROWTH})")
    return 0 if rounds["sha256_right"] and rounds["ratio"] <= RATIO and growth <= GROWTH else 1


def measure(folder: Path, size: int, rounds: int) -> dict[str, Any]:
    """Copies and uploads in turn, so that both meet the same machine."""
    source = folder / "source.bin"
    digest = random_file(source, size)
    with portal(folder) as (web, port):
        memory = Memory(web)
        copies, uploads, hashes = [], [], set()
        for number in range(rounds):
            copies.append(timed_copy(source, folder / "copy.bin"))
            with memory.watched():
                seconds, staged = timed_upload(port, source, number)
            uploads.append(seconds)
            with staged.open("rb") as file:
                hashes.add(hashlib.file_digest(file, "sha256").hexdigest())
            staged.unlink()
        return {
            "bytes": size,
            "copy_seconds": copies,
            "upload_seconds": uploads,
            "ratio": round(statistics.median(uploads) / statistics.median(copies), 2),
            "upload_mib_per_second": round(size / MIB / statistics.median(uploads)),
            "server_memory_kib": {"before": memory.before, "most": memory.most, "after": memory.now()},
            "sha256_right": hashes == {digest},
        }


def random_file(file: Path, size: int) -> str:
    """Incompressible bytes; their SHA-256."""
    digest = hashlib.sha256()
    with file.open("wb") as target:
        for _ in range(size // MIB):
            block = os.urandom(MIB)
            digest.update(block)
            target.write(block)
    return digest.hexdigest()


def timed_copy(source: Path, target: Path) -> float:
    """Seconds of a copy with fsync."""
    begun = time.perf_counter()
    shutil.copyfile(source, target)
    with target.open("rb") as file:
        os.fsync(file.fileno())
    seconds = time.perf_counter() - begun
    target.unlink()
    return round(seconds, 2)


def timed_upload(port: int, source: Path, number: int) -> tuple[float, Path]:
    """Seconds of one PATCH with the whole file, the answer included; and the staged file."""
    upload, headers = begin_bench_upload(source, number)
    begun = time.perf_counter()
    client = http.client.HTTPConnection(ports.LOOPBACK, port, timeout=600, blocksize=MIB)
    with source.open("rb") as file:
        client.request("PATCH", f"/uploads/tus/{upload.pk}", file, headers)
        answer = client.getresponse()
        answer.read()
    seconds = time.perf_counter() - begun
    assert answer.status == 204, answer.status
    return round(seconds, 2), upload.staged


def begin_bench_upload(source: Path, number: int) -> tuple[Any, dict[str, str]]:
    """A customer's upload that waits for its bytes, and the headers to send them with."""
    from django.test import Client

    from accounts.models import Organisation, User
    from cases.services import report_case
    from uploads.custody.agreements import agree
    from uploads.transfer.services import begin_upload

    organisation = Organisation.objects.create(name=f"Bench {number}")
    user = User.objects.create_user(
        f"bench{number}@customer.example", organisation=organisation, name="Bench"
    )
    case = report_case(by=user, organisation=organisation, contact=user, title="Bench")
    agree(user, case)
    size = source.stat().st_size
    upload = begin_upload(user=user, case=case, name="bench.bin", size=size)
    client = Client()
    client.force_login(user)
    token = "b" * 32
    return upload, {
        "Tus-Resumable": "1.0.0",
        "Content-Type": "application/offset+octet-stream",
        "Content-Length": str(size),
        "Upload-Offset": "0",
        "Cookie": f"sessionid={client.cookies['sessionid'].value}; csrftoken={token}",
        "X-CSRFToken": token,
    }


@contextlib.contextmanager
def portal(folder: Path) -> Iterator[tuple[Running, int]]:
    """Database, broker and one gunicorn worker; Django is set up in this process, too."""
    port = ports.free_port()
    with database_and_broker(folder, PORT=str(port), WEB_WORKERS="1"):
        web = Running(parts.web(PYTHON), os.environ, folder / "web.log", lambda _: listens(port))
        web.start()
        try:
            yield web, port
        finally:
            web.stop()


@contextlib.contextmanager
def database_and_broker(folder: Path, **environment: str) -> Iterator[None]:
    """Both as servers of their own, migrated, and Django set up in this process."""
    postgres = Postgres(folder / "pg", folder / "postgres.log")
    broker = Valkey(folder / "valkey", folder / "valkey.log")
    postgres.start()
    broker.start()
    try:
        postgres.create_database("anjuan")
        os.environ |= parts.portal_environment(
            {},
            DATABASE_URL=postgres.address("anjuan"),
            REDIS_URL=broker.address(),
            ANJUAN_HOME=str(folder / "home"),
            SECRET_KEY="for-one-measurement",
            ANJUAN_DEMO="1",
            **environment,
        )
        import django
        from django.core.management import call_command

        django.setup()
        call_command("migrate", verbosity=0)
        yield
    finally:
        broker.stop()
        postgres.stop()


def listens(port: int) -> bool:
    """Whether gunicorn answers."""
    client = http.client.HTTPConnection(ports.LOOPBACK, port, timeout=10)
    try:
        client.request("OPTIONS", "/uploads/tus/")
        return client.getresponse().status == 204
    except OSError:
        return False
    finally:
        client.close()


class Memory:
    """Resident memory of the gunicorn worker, in KiB."""

    def __init__(self, web: Running) -> None:
        assert web.process is not None
        self.master = web.process.pid
        self.worker = wait_until(self._child)
        self.before = self.most = self.now()

    def _child(self) -> int:
        children = Path(f"/proc/{self.master}/task/{self.master}/children").read_text().split()
        return int(children[0]) if children else 0

    def now(self) -> int:
        """As the kernel says now."""
        lines = Path(f"/proc/{self.worker}/status").read_text().splitlines()
        return next(int(line.split()[1]) for line in lines if line.startswith("VmRSS"))

    @contextlib.contextmanager
    def watched(self) -> Iterator[None]:
        """Looks every 50 ms and remembers the most."""
        over = threading.Event()

        def look() -> None:
            while not over.wait(0.05):
                self.most = max(self.most, self.now())

        watcher = threading.Thread(target=look)
        watcher.start()
        try:
            yield
        finally:
            over.set()
            watcher.join()


if __name__ == "__main__":
    sys.exit(main())
