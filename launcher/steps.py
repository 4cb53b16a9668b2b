"""Steps of the set-up that are done once for a given input, and said while they are done."""

import hashlib
import os
import subprocess
import sys
import time
from collections.abc import Callable, Iterable, Mapping, Sequence
from pathlib import Path

from launcher.halt import Halt

ROOT = Path(__file__).resolve().parent.parent
LOG = ROOT / "var" / "setup.log"


def say(sentence: str) -> None:
    """One line for the person who waits."""
    print(f"  {sentence}", flush=True)


def digest(files: Iterable[Path], *more: str) -> str:
    """A hash of the files' names and contents, and of ``more``."""
    sha = hashlib.sha256()
    for file in sorted(files):
        sha.update(f"{file.relative_to(ROOT)}\0{file.stat().st_size}\0".encode())
        sha.update(file.read_bytes())
    sha.update("\0".join(more).encode())
    return sha.hexdigest()


def files_below(folder: Path) -> list[Path]:
    """Every file of a folder, whatever its depth; none where the folder is not there."""
    return [path for path in folder.rglob("*") if path.is_file()]


def once(stamp: Path, inputs: str, sentence: str, act: Callable[[], None]) -> bool:
    """Does ``act`` unless ``stamp`` says that it was done with the same inputs; whether it did."""
    if stamp.is_file() and stamp.read_text() == inputs:
        return False
    say(sentence)
    started = time.monotonic()
    stamp.unlink(missing_ok=True)
    act()
    stamp.parent.mkdir(parents=True, exist_ok=True)
    stamp.write_text(inputs)
    say(f"    done in {time.monotonic() - started:.0f} s")
    return True


def run(command: Sequence[str | Path], *, trouble: str, env: Mapping[str, str] | None = None) -> None:
    """Runs a command, its output kept in var/setup.log; raises Halt with ``trouble`` and its last words."""
    LOG.parent.mkdir(parents=True, exist_ok=True)
    words = [str(word) for word in command]
    try:
        done = subprocess.run(
            words,
            cwd=ROOT,
            env={**os.environ, **(env or {})},
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            errors="replace",
        )
    except OSError as error:
        raise Halt(f"{trouble} ({words[0]}: {error.strerror})") from error
    with LOG.open("a", encoding="utf-8") as log:
        log.write(f"$ {' '.join(words)}\n{done.stdout}\n")
    if done.returncode == 0:
        return
    if "No space left on device" in done.stdout or "ENOSPC" in done.stdout:
        raise Halt(
            f"The disk is full: free about 2 GB on the file system of {ROOT}, then run the command again."
        )
    last = [line.strip() for line in done.stdout.splitlines() if line.strip()][-4:]
    for line in last:
        print(f"    | {line}", file=sys.stderr)
    raise Halt(f"{trouble} All that it said: {LOG}")
