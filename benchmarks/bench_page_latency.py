"""How long a case page takes while 16 people upload slowly, against the same page alone, in one run.

    .venv/bin/python -m benchmarks.bench_page_latency [--uploads N] [--pages N]

Each upload sends 16 KiB four times a second to one gunicorn worker; the pages are asked for one
after the other. Idle and busy take turns, and the medians are compared.
"""

import argparse
import contextlib
import http.client
import json
import socket
import statistics
import sys
import tempfile
import threading
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from benchmarks.bench_upload import MIB, begin_bench_upload, portal, random_file
from launcher import ports

RATIO = 1.5
PIECE, PAUSE = 16 * 1024, 0.25
ROUNDS = 3


def main() -> int:
    """Measures and prints; 1 if pages take too much longer."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").split("\n\n", 1)[0])
    parser.add_argument("--uploads", type=int, default=16)
    parser.add_argument("--pages", type=int, default=100, help="in each round")
    wanted = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="anjuan-bench-") as name:
        folder = Path(name)
        source = folder / "source.bin"
        random_file(source, 64 * MIB)
        with portal(folder) as (_, port):
            begun = [begin_bench_upload(source, number) for number in range(wanted.uploads)]
            upload, headers = begun[0]
            page = f"/cases/{upload.case.number}/"
            latencies(port, page, headers["Cookie"], 10)  # The first pages compile their templates.
            alone, busy = [], []
            for _ in range(ROUNDS):
                alone += latencies(port, page, headers["Cookie"], wanted.pages)
                with uploading(port, begun):
                    busy += latencies(port, page, headers["Cookie"], wanted.pages)
    measured = {
        name: {
            "median_ms": round(statistics.median(times), 1),
            "p95_ms": round(sorted(times)[len(times) * 95 // 100], 1),
        }
        for name, times in (("alone", alone), ("busy", busy))
    }
    print(json.dumps(measured, indent=2))
    ratio = round(statistics.median(busy) / statistics.median(alone), 2)
    print(f"ratio page with {wanted.uploads} slow uploads/page alone {ratio} (target at most {RATIO})")
    return int(ratio > RATIO)


def latencies(port: int, page: str, cookie: str, count: int) -> list[float]:
    """Milliseconds of each request, over one kept connection."""
    client = http.client.HTTPConnection(ports.LOOPBACK, port, timeout=60)
    times = []
    for _ in range(count):
        begun = time.perf_counter()
        client.request("GET", page, headers={"Cookie": cookie})
        answer = client.getresponse()
        answer.read()
        assert answer.status == 200, answer.status
        times.append((time.perf_counter() - begun) * 1000)
    client.close()
    return times


@contextlib.contextmanager
def uploading(port: int, begun: list[tuple[Any, dict[str, str]]]) -> Iterator[None]:
    """One slow upload for each of ``begun``, each under way; cut off at the end."""
    over = threading.Event()
    under_way = threading.Barrier(len(begun) + 1)

    def send(upload: Any, headers: dict[str, str]) -> None:
        line = socket.create_connection((ports.LOOPBACK, port), timeout=60)
        offset = offset_of(port, upload, headers)
        left = int(headers["Content-Length"]) - offset
        more = headers | {"Upload-Offset": str(offset), "Content-Length": str(left), "Host": "127.0.0.1"}
        head = "".join(f"{name}: {value}\r\n" for name, value in more.items())
        line.sendall(f"PATCH /uploads/tus/{upload.pk} HTTP/1.1\r\n{head}\r\n".encode())
        line.sendall(b"x" * PIECE)
        under_way.wait()
        while not over.wait(PAUSE):
            line.sendall(b"x" * PIECE)
        line.close()

    senders = [threading.Thread(target=send, args=arguments) for arguments in begun]
    for sender in senders:
        sender.start()
    under_way.wait()
    try:
        yield
    finally:
        over.set()
        for sender in senders:
            sender.join()


def offset_of(port: int, upload: Any, headers: dict[str, str]) -> int:
    """What the server has of an upload."""
    client = http.client.HTTPConnection(ports.LOOPBACK, port, timeout=60)
    wanted = {name: headers[name] for name in ("Tus-Resumable", "Cookie")}
    client.request("HEAD", f"/uploads/tus/{upload.pk}", headers=wanted)
    answer = client.getresponse()
    answer.read()
    client.close()
    return int(answer.headers["Upload-Offset"])


if __name__ == "__main__":
    sys.exit(main())
