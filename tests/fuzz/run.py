"""``make fuzz``: ten thousand mutated files for each parser, in the sandbox that analyses use.

A file fails when the parser hangs, crashes, needs more memory than allowed, or raises what it
does not document (an analysis survives that too, at the cost of the file). Failures are named by
number: ``python -m tests.fuzz.run --parser evtx --only 4711 --keep bad.evtx`` writes the file.
"""

import sys
import time
from argparse import ArgumentParser
from dataclasses import dataclass, field
from pathlib import Path

from engine.sandbox.sandbox import Allowance, Sandbox, Stopped
from tests.fuzz import parsers
from tests.fuzz.mutations import mutated
from tests.fuzz.parsers import PARSERS, Tried

FILES = 10_000
BATCH = 1_000
ALLOWED = Allowance(memory=1 << 30, silence=20.0, cpu=600, file=64 << 20, patience=10**6)
SLOWEST = 10.0
"""Seconds that one small file may take."""


@dataclass
class Outcome:
    """What became of one parser's files."""

    parser: str
    files: int = 0
    refused: int = 0
    failures: list[str] = field(default_factory=list)
    slowest: tuple[float, int] = (0.0, 0)
    peak: int = 0

    def add(self, tried: Tried) -> None:
        self.files += tried.done
        self.refused += tried.refused
        self.failures += [f"file {number} raised {error}" for number, error in tried.escaped]
        self.slowest = max(self.slowest, tried.slowest)
        self.peak = max(self.peak, tried.peak)

    def __str__(self) -> str:
        return (
            f"{self.parser}: {self.files:,} files, {self.refused:,} refused by name, {len(self.failures)} "
            f"failures; slowest {self.slowest[0]:.2f} s (file {self.slowest[1]}), peak {self.peak} MiB"
        )


def fuzz(name: str, files: int, seconds: float = 1e9, first: int = 0) -> Outcome:
    """Tries the numbered files; a stop is a failure, and the next file goes on."""
    outcome = Outcome(name)
    number, end, deadline = first, first + files, time.monotonic() + seconds
    with Sandbox(ALLOWED) as sandbox:
        while number < end and (left := deadline - time.monotonic()) > 0:
            trying = number

            def on_message(word: int) -> None:
                nonlocal trying
                trying = word

            try:
                tried = sandbox.call(
                    parsers.batch, name, number, min(BATCH, end - number), left, on_message=on_message
                )
            except Stopped as stopped:
                outcome.failures.append(f"file {trying}: {stopped}")
                outcome.files += trying - number + 1
                number = trying + 1
            else:
                outcome.add(tried)
                number += tried.done
    if outcome.slowest[0] > SLOWEST:
        outcome.failures.append(f"file {outcome.slowest[1]} took {outcome.slowest[0]:.1f} s")
    return outcome


def main(words: list[str]) -> int:
    """Returns 1 when anything failed."""
    reader = ArgumentParser(prog="python -m tests.fuzz.run", description=__doc__)
    reader.add_argument("--files", type=int, default=FILES)
    reader.add_argument("--parser", choices=PARSERS, action="append")
    reader.add_argument("--only", type=int, metavar="NUMBER")
    reader.add_argument("--keep", type=Path, metavar="FILE", help="write the file of --only there")
    asked = reader.parse_args(words)
    failed = False
    for name in asked.parser or PARSERS:
        first, files = (0, asked.files) if asked.only is None else (asked.only, 1)
        if asked.keep and asked.only is not None:
            asked.keep.write_bytes(mutated(name, asked.only, PARSERS[name].seeds()))
        started = time.monotonic()
        outcome = fuzz(name, files, first=first)
        print(f"{outcome}, {time.monotonic() - started:.0f} s", flush=True)
        for failure in outcome.failures[:20]:
            print(f"  {failure}")
        failed = failed or bool(outcome.failures)
    return int(failed)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
