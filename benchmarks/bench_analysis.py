"""The whole analysis of a folder of 300 logs, and of one log of 1,000,000 events.

Both against bare iteration of the Rust parser (one thread, nothing done with the records) over the
same files in the same run: the one log at most 4 times its processor time, of all processes together,
and 4 times its time on the wall; the folder 3 times on the wall, which is an aim: it is told and fails
nothing (see docs/decisions/0010). The analysis reads with a process a core: on a machine that is busy with
other things times on the wall say nothing, and fail nothing either. Compiled rules lie ready on the disk and
the sandboxes' nursery runs, as the portal's workers have them.
Memory of the whole process tree beyond what a small log needs: under 250 MiB, at any size. And
against python-evtx (a slice, scaled).

Run: ``.venv/bin/python -m benchmarks.bench_analysis [LOGS] [EVENTS]``
"""

import json
import os
import subprocess
import sys
import tempfile
import threading
from pathlib import Path
from typing import NamedTuple

from benchmarks.bench_events import bare_rust, python_evtx, traffic
from demo.evtx.writer import write_log

LOGS, EVENTS = 300, 1_000_000
EACH = 1_000
ROUNDS = 3
MOST, MOST_OF_MANY, GROWTH_MIB = 4.0, 3.0, 250

PROGRAM = """
import resource, sys, tempfile, time
from pathlib import Path
from engine.analyze import analyze
from engine.registry import prepare_rules
from engine.rules import prepared
from engine.sandbox.process import Nursery, awake
from engine.sandbox.sandbox import Sandbox

def work():
    used = [resource.getrusage(who) for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)]
    return sum(one.ru_utime + one.ru_stime for one in used)

with tempfile.TemporaryDirectory() as folder:
    rules = Path(folder, "rules")
    prepare_rules(None, rules)
    prepared._ready.clear()  # kept on disk alone, as the portal's next worker finds them
    with Sandbox() as sandbox:
        sandbox.call(awake)
    started, before = time.perf_counter(), work()
    analyze(Path(sys.argv[1]), Path(folder, "work"), kept=rules)
    took = time.perf_counter() - started
    Nursery.end_all()
    print(took, work() - before)
"""


class Took(NamedTuple):
    """Seconds on the wall and of processor work, and peak memory in KiB."""

    wall: float
    work: float
    peak: int = 0


def main(logs: int, events: int) -> int:
    """Measures, prints JSON and ratios; returns 1 when a target was missed."""
    with tempfile.TemporaryDirectory(prefix="bench-analysis-") as name:
        folder = Path(name)
        small = folder / "small.evtx"
        write_log(small, traffic(EACH))
        base = analysis(small).peak
        many = folder / "many"
        many.mkdir()
        for number in range(logs):
            write_log(many / f"Log-{number:03}.evtx", traffic(EACH))
        big = folder / "System.evtx"
        write_log(big, traffic(events))
        missed = [
            judge(
                f"{logs} logs of {EACH:,} events",
                many,
                sorted(many.iterdir()),
                base,
                MOST_OF_MANY,
                binding=False,
            ),
            judge(f"one log of {events:,} events", big, [big], base, MOST, binding=True),
        ]
        print(json.dumps({"python_evtx_s_a_record": round(python_evtx(small), 6)}))
    return int(any(missed))


def judge(what: str, source: Path, files: list[Path], base: int, most: float, *, binding: bool) -> bool:
    """Prints the figures of one source; whether it misses a target."""
    busy = os.getloadavg()[0] > len(os.sched_getaffinity(0)) + 0.5
    rounds = [(bare(files), analysis(source)) for _ in range(ROUNDS)]
    least, whole = (Took(*map(min, zip(*side, strict=True))) for side in zip(*rounds, strict=True))
    growth = (max(took.peak for _, took in rounds) - base) / 1024
    print(
        json.dumps(
            {
                "source": what,
                "bare_s": round(least.wall, 2),
                "whole_s": round(whole.wall, 2),
                "whole_cpu_s": round(whole.work, 2),
            }
        )
    )
    ratio, of_work = whole.wall / least.wall, whole.work / least.work
    print(f"ratio analysis/bare {ratio:.1f} ({'target' if binding else 'aim'} at most {most:g}; {what})")
    target = f"target at most {most:g}; " if binding else ""
    print(f"ratio analysis/bare by processor time {of_work:.1f} ({target}all processes; {what})")
    print(f"memory grows by {growth:.0f} MiB (target under {GROWTH_MIB}; {what})")
    if binding and busy:
        print("the machine is busy with other things: times are not judged")
    return (binding and (of_work > most or (not busy and ratio > most))) or growth > GROWTH_MIB


def bare(files: list[Path]) -> Took:
    """The Rust parser over all files, doing nothing with the records."""
    walls, works = zip(*map(bare_rust, files), strict=True)
    return Took(sum(walls), sum(works))


def analysis(source: Path) -> Took:
    """The engine in a process of its own (start-up not counted), with all its children."""
    child = subprocess.Popen([sys.executable, "-c", PROGRAM, source], stdout=subprocess.PIPE, text=True)
    peak = 0
    ended = threading.Event()

    def watch() -> None:
        nonlocal peak
        while not ended.wait(0.05):
            peak = max(peak, _resident(child.pid))

    watcher = threading.Thread(target=watch)
    watcher.start()
    output, _ = child.communicate()
    ended.set()
    watcher.join()
    assert child.returncode == 0, f"the analysis of {source} failed"
    wall, work = map(float, output.split())
    return Took(wall, work, peak)


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
        folder = todo.pop()
        total += sizes.get(folder, 0)
        todo += parents.get(folder, ())
    return total


if __name__ == "__main__":
    given = [int(word) for word in sys.argv[1:3]]
    sys.exit(main(*given, *(LOGS, EVENTS)[len(given) :]))
