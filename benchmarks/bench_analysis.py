"""The whole analysis of a folder of 300 logs, and of one log of 1,000,000 events.

Both against bare iteration of the Rust parser over the same files in the same run (the aim is
4 times its time, not reached yet: it is told, and fails nothing) and against python-evtx (a
slice, scaled); the memory of the whole process tree beyond what a small log needs (target:
under 250 MiB, at any size).

Run: ``.venv/bin/python -m benchmarks.bench_analysis [LOGS] [EVENTS]``
"""

import json
import os
import subprocess
import sys
import tempfile
import threading
from pathlib import Path

from benchmarks.bench_events import bare_rust, python_evtx, traffic
from demo.evtx.writer import write_log

LOGS, EVENTS = 300, 1_000_000
EACH = 1_000
AIM, GROWTH_MIB = 4.0, 250


def main(logs: int, events: int) -> int:
    """Measures, prints JSON and ratios; returns 1 when a target was missed."""
    with tempfile.TemporaryDirectory(prefix="bench-analysis-") as name:
        folder = Path(name)
        small = folder / "small.evtx"
        write_log(small, traffic(EACH))
        _, base = analysis(small)
        many = folder / "many"
        many.mkdir()
        for number in range(logs):
            write_log(many / f"Log-{number:03}.evtx", traffic(EACH))
        big = folder / "System.evtx"
        write_log(big, traffic(events))
        missed = [
            judge(f"{logs} logs of {EACH:,} events", many, sorted(many.iterdir()), base),
            judge(f"one log of {events:,} events", big, [big], base),
        ]
        print(json.dumps({"python_evtx_s_a_record": round(python_evtx(small), 6)}))
    return int(any(missed))


def judge(what: str, source: Path, files: list[Path], base: int) -> bool:
    """Prints the figures of one source; whether it needs too much memory."""
    rounds = [(sum(bare_rust(file)[0] for file in files), *analysis(source)) for _ in range(3)]
    bare = min(seconds for seconds, _, _ in rounds)
    whole = min(seconds for _, seconds, _ in rounds)
    growth = (max(peak for _, _, peak in rounds) - base) / 1024
    print(json.dumps({"source": what, "bare_s": round(bare, 2), "whole_s": round(whole, 2)}))
    print(f"ratio analysis/bare {whole / bare:.1f} (aim {AIM}; {what})")
    print(f"memory grows by {growth:.0f} MiB (target under {GROWTH_MIB}; {what})")
    return growth > GROWTH_MIB


def analysis(source: Path) -> tuple[float, int]:
    """Seconds of the engine in a process of its own (start-up not counted), and the peak of its
    resident memory with all its children, in KiB."""
    program = (
        "import sys, time, tempfile; from pathlib import Path\n"
        "from analysis.engine.analyze import analyze\n"
        "with tempfile.TemporaryDirectory() as work:\n"
        "    begin = time.perf_counter()\n"
        "    analyze(Path(sys.argv[1]), Path(work))\n"
        "    print(time.perf_counter() - begin)\n"
    )
    child = subprocess.Popen([sys.executable, "-c", program, source], stdout=subprocess.PIPE, text=True)
    peak = 0
    ended = threading.Event()

    def watch() -> None:
        nonlocal peak
        while not ended.wait(0.02):
            peak = max(peak, _resident(child.pid))

    watcher = threading.Thread(target=watch)
    watcher.start()
    output, _ = child.communicate()
    ended.set()
    watcher.join()
    assert child.returncode == 0, f"the analysis of {source} failed"
    return float(output), peak


def _resident(pid: int) -> int:
    """KiB of a process and its descendants."""
    parents: dict[int, list[int]] = {}
    sizes: dict[int, int] = {}
    for entry in Path("/proc").iterdir():
        if entry.name.isdigit():
            try:
                fields = (entry / "stat").read_text().rpartition(")")[2].split()
            except OSError:
                continue
            parents.setdefault(int(fields[1]), []).append(int(entry.name))
            sizes[int(entry.name)] = int(fields[21]) * os.sysconf("SC_PAGE_SIZE") // 1024
    total, todo = 0, [pid]
    while todo:
        one = todo.pop()
        total += sizes.get(one, 0)
        todo += parents.get(one, ())
    return total


if __name__ == "__main__":
    given = [int(word) for word in sys.argv[1:3]]
    sys.exit(main(*given, *(LOGS, EVENTS)[len(given) :]))
