"""Child processes that never outlive this one, and what is known of them in /proc."""

import ctypes
import os
import signal
import subprocess
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path

PR_SET_PDEATHSIG = 1

_libc = ctypes.CDLL(None, use_errno=True)


def start(
    command: Sequence[str | Path],
    *,
    env: Mapping[str, str],
    log: Path,
    cwd: Path | None = None,
    on_parent_death: signal.Signals = signal.SIGTERM,
    become: Callable[[], None] | None = None,
) -> subprocess.Popen[bytes]:
    """Starts ``command`` in a process group of its own, its output appended to ``log``.

    The kernel sends it ``on_parent_death`` when this process ends in any way, kill -9
    included (prctl(2), PR_SET_PDEATHSIG). ``become`` runs in the child and gives up rights.
    """
    parent = os.getpid()

    def prepare() -> None:
        if become is not None:
            become()
        # After `become`: a change of user clears the setting.
        _libc.prctl(PR_SET_PDEATHSIG, int(on_parent_death), 0, 0, 0)
        if os.getppid() != parent:
            os._exit(1)

    log.parent.mkdir(parents=True, exist_ok=True)
    with log.open("ab") as output:
        return subprocess.Popen(
            [str(word) for word in command],
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=subprocess.STDOUT,
            env=dict(env),
            cwd=cwd,
            start_new_session=True,
            preexec_fn=prepare,
        )


def stop(
    process: subprocess.Popen[bytes],
    *,
    steps: Sequence[tuple[signal.Signals, float]] = ((signal.SIGTERM, 10.0), (signal.SIGKILL, 5.0)),
    signalled: bool = False,
) -> None:
    """Sends each signal of ``steps`` in turn until the process ends; then ends what is left of its group.

    ``signalled``: the first signal was sent already.
    """
    for number, (sign, patience) in enumerate(steps):
        if process.poll() is not None:
            break
        if number or not signalled:
            process.send_signal(sign)
        try:
            process.wait(patience)
        except subprocess.TimeoutExpired:
            continue
    kill_group(process.pid)


def kill_group(pid: int) -> None:
    """Ends every process of the group led by ``pid``; an empty group is fine."""
    try:
        os.killpg(pid, signal.SIGKILL)
    except (ProcessLookupError, PermissionError):
        pass


def started_at(pid: int) -> str | None:
    """The start time of a living process in clock ticks since boot (proc(5), stat field 22)."""
    try:
        stat = Path(f"/proc/{pid}/stat").read_text()
    except OSError:
        return None
    fields = stat.rpartition(")")[2].split()
    return None if fields[0] in {"Z", "X"} else fields[19]


def tail(log: Path, lines: int = 3) -> str:
    """The last lines that a process wrote, for a sentence about its end."""
    try:
        text = log.read_bytes()[-8192:].decode("utf-8", "replace")
    except OSError:
        return ""
    return "\n".join([line for line in text.splitlines() if line.strip()][-lines:])
