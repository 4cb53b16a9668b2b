"""Hostile mails of 1, 2, 4 and 8 MB: the time to read one at most doubles with its size.

Each shape is read by ``mail.reading`` as in the sandbox; the growth is told per doubling, by processor
time, the best of some rounds. Beside them a mail of 50 MB: its memory, in a process of its own.

Run: ``.venv/bin/python -m benchmarks.bench_mail_reading [SHAPE…]``
"""

import itertools
import json
import os
import subprocess
import sys
import tempfile
import time
from base64 import encodebytes
from pathlib import Path

from mail.reading.html.page import cleaned_html
from mail.reading.message import read_mail

SIZES = (1, 2, 4, 8)
"""Megabytes."""
ROUNDS = 3
MB = 10**6
MAX_GROWTH = 2.2
"""Of the time from a size to the double one; what takes less than ``MIN_SECONDS`` is not judged."""
MIN_SECONDS = 0.2
MAX_PEAK_MIB = 256

HEADER = b"From: a@b.example\nSubject: x\nMIME-Version: 1.0\n"
PAGE, TEXT = b"Content-Type: text/html\n\n", b"Content-Type: text/plain; charset="
SHAPES: dict[str, tuple[bytes, bytes]] = {
    "open comments": (PAGE, b"<!--"),
    "open elements": (PAGE, b"<div>"),
    "open formatting": (PAGE, b"<b><i><p>"),
    "cited in cited": (PAGE, b"<blockquote type=cite>x"),
    "tables in tables": (PAGE, b"<table><tr><td>x"),
    "open attributes": (PAGE, b"<p a='"),
    "references": (PAGE, b"&amp;"),
    "digits": (PAGE + b"&#", b"9"),
    "pictures": (PAGE, b'<img src="data:image/png;base64,AAAA">'),
    "broken bytes": (TEXT + b"gb2312\n\n", b"\xff"),
    "broken between whole": (TEXT + b"gb2312\n\n", b"\xd6\xd0\xff"),
    "unlabelled bytes": (TEXT + b"\n\n", b"\x81\xff"),
    "uuencode": (TEXT + b"utf-8\n\n", b"begin 644 a\n"),
    "flowed": (TEXT + b"utf-8; format=flowed\n\n", b"> a \n"),
    "fields": (b"", b"X-A: b\n"),
    "folds": (b"X-A: b\n", b" \t\n"),
    "recipients": (b"To: ", b"a@b.example, "),
    "encoded words": (b"Subject: ", b"=?utf-8?q?a?= "),
    "open words": (b"Subject: ", b"=?utf-8?q?"),
    "parameters": (b"Content-Type: text/plain", b'; a="b'),
    "results": (b"Authentication-Results: mx", b"; (a"),
    "parts": (b"Content-Type: multipart/mixed; boundary=b\n\n", b"--b\n\nx\n"),
    "nesting": (b"", b"Content-Type: multipart/mixed; boundary=b\n\n--b\n"),
    "messages": (b"", b"Content-Type: message/rfc822\n\n"),
}


def message(shape: str, megabytes: int) -> bytes:
    """A mail of this shape and size."""
    begin, piece = SHAPES[shape]
    return HEADER + begin + piece * (megabytes * MB // len(piece)) + b"\n\nx"


def seconds(raw: bytes) -> float:
    """Processor time to read it and to clean its page."""
    started = time.process_time()
    mail = read_mail(raw)
    cleaned_html(mail.html, lambda identifier: "")
    return time.process_time() - started


def growth(shape: str) -> tuple[float, float]:
    """The greatest growth from a size to its double, and the seconds of the largest."""
    times = [min(seconds(message(shape, size)) for _ in range(ROUNDS)) for size in SIZES]
    steps = [
        after / max(before, MIN_SECONDS) for before, after in itertools.pairwise(times) if after > MIN_SECONDS
    ]
    return max(steps, default=0.0), times[-1]


def peak_of_large() -> int:
    """MiB of a process that reads a mail of 50 MB."""
    with tempfile.NamedTemporaryFile(suffix=".eml") as file:
        file.write(HEADER + b"Content-Type: application/zip\nContent-Transfer-Encoding: base64\n\n")
        file.write(encodebytes(os.urandom(37 * 2**20)))
        file.flush()
        command = [sys.executable, "-m", "benchmarks.bench_mail_reading", "--memory", file.name]
        return int(subprocess.run(command, check=True, capture_output=True, text=True).stdout)


def _memory(file: Path) -> None:
    read_mail(file.read_bytes())
    # Not getrusage: its peak outlives exec and would be the parent's.
    print(int(Path("/proc/self/status").read_text().split("VmHWM:")[1].split()[0]) // 1024)


def main(shapes: list[str]) -> int:
    """Measures, prints one JSON line and lines for people; returns 1 when a target was missed."""
    figures = {shape: growth(shape) for shape in shapes or SHAPES}
    peak = peak_of_large()
    print(
        json.dumps({shape: [round(step, 2), round(longest, 2)] for shape, (step, longest) in figures.items()})
    )
    for shape, (step, longest) in figures.items():
        print(f"{shape}: grows {step:.1f} times at most from a size to its double, {longest:.2f} s for 8 MB")
    worst = max(step for step, _longest in figures.values())
    print(f"ratio mail/doubled {worst:.1f} (target at most {MAX_GROWTH})")
    print(f"a mail of 50 MB is read within {peak} MiB (target at most {MAX_PEAK_MIB})")
    return 0 if worst <= MAX_GROWTH and peak <= MAX_PEAK_MIB else 1


if __name__ == "__main__":
    if sys.argv[1:2] == ["--memory"]:
        _memory(Path(sys.argv[2]))
    else:
        sys.exit(main(sys.argv[1:]))
