"""``make bench``: runs every benchmarks/bench_*.py as a program of its own, one after the other.

A benchmark prints its figures itself and the ratios to its targets as lines
``ratio NAME VALUE (target …)``, which are repeated together at the end. It exits with a
code other than 0 when it missed a target. ``python -m benchmarks.runner NAME…`` runs
only those whose file name holds one of the names.
"""

import subprocess
import sys
import time
from pathlib import Path

FOLDER = Path(__file__).resolve().parent


def main(names: list[str]) -> int:
    """Returns 1 when a benchmark failed or missed a target."""
    ratios: list[str] = []
    failed: list[str] = []
    for file in sorted(FOLDER.glob("bench_*.py")):
        if names and not any(name in file.stem for name in names):
            continue
        print(f"== {file.stem}", flush=True)
        started = time.monotonic()
        child = subprocess.Popen(
            [sys.executable, "-m", f"benchmarks.{file.stem}"],
            cwd=FOLDER.parent,
            stdout=subprocess.PIPE,
            text=True,
        )
        assert child.stdout is not None
        for line in child.stdout:
            print(f"   {line}", end="", flush=True)
            if line.lower().startswith("ratio "):
                ratios.append(line.rstrip().removeprefix("ratio "))
        if child.wait() != 0:
            failed.append(file.stem)
        print(f"   ({time.monotonic() - started:.1f} s)", flush=True)
    if ratios:
        print("== ratios")
        for line in ratios:
            print(f"   {line}")
    for name in failed:
        print(f"   {name} failed or missed a target", file=sys.stderr)
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
