"""The process that the sandboxes' children are copies of, so that none of them imports anything anew.

Started as ``python -m engine.sandbox.nursery FD`` by the first sandbox of a process. It reads nothing but the
requests of that process (``process.Nursery``): the name of a module of jobs, and three files for a child:
its line, its error stream, its leash. A child is killed when the other end of its leash is closed, and its
exit code is written there; all of them die with the nursery, and the nursery goes when nobody can ask it.
"""

import errno
import gc
import importlib
import os
import selectors
import signal
import socket
import sys
from contextlib import suppress
from pathlib import Path

from engine.sandbox import child
from engine.sandbox.process import CODE

ALWAYS = "engine.sandbox.confinement"
"""What every child needs, whatever its jobs are."""
MAX_NAME_BYTES = 1000
FILES = 3


def main(fd: int) -> None:
    """Serves until the other end of the socket is closed."""
    importlib.import_module(ALWAYS)
    requests = socket.socket(fileno=fd)
    woken, wakes = socket.socketpair()
    for end in (woken, wakes):
        end.setblocking(False)
    signal.set_wakeup_fd(wakes.fileno(), warn_on_full_buffer=False)
    signal.signal(signal.SIGCHLD, lambda number, frame: None)
    leashes: dict[int, socket.socket] = {}
    with selectors.DefaultSelector() as selector:
        selector.register(requests, selectors.EVENT_READ)
        selector.register(woken, selectors.EVENT_READ)
        while True:
            for key, _ in selector.select():
                if key.fileobj is woken:
                    woken.recv(1 << 16)
                elif key.fileobj is not requests:
                    os.kill(key.data, signal.SIGKILL)  # not waited for yet: the number is still its own
                    selector.unregister(key.fileobj)
                else:
                    name, files, _flags, _address = socket.recv_fds(requests, MAX_NAME_BYTES, FILES)
                    if not name:
                        return
                    with suppress(OSError):  # no room: its caller hears that the line is closed
                        process, leash = _started(name.decode(), files)
                        leashes[process] = leash
                        selector.register(leash, selectors.EVENT_READ, process)
            for process, code in _ended():
                with leashes.pop(process) as leash, suppress(OSError):
                    if leash in selector.get_map():
                        selector.unregister(leash)
                    leash.send(CODE.pack(code))


def _started(module: str, files: list[int]) -> tuple[int, socket.socket]:
    """A new child, and the leash that it is held by. Raises ``OSError``."""
    if len(files) < FILES:  # The system hands over as many as there is room for.
        for file in files:
            os.close(file)
        raise OSError(errno.EMFILE, os.strerror(errno.EMFILE))
    line, words, leash = files
    # One that cannot be imported is the child's to tell, by its last words.
    with suppress(Exception):
        importlib.import_module(module)
    gc.freeze()  # a collection in the child copies no page of what was there before
    nursery, held = os.getpid(), socket.socket(fileno=leash)
    try:
        process = os.fork()
        if process == 0:
            _become_child(module, nursery, line, words)
    finally:
        os.close(line)
        os.close(words)
    return process, held


def _become_child(module: str, nursery: int, line: int, words: int) -> None:
    """Never returns. Nothing of the nursery's stays open: neither its socket nor another child's leash."""
    code = 1
    try:
        signal.set_wakeup_fd(-1)
        signal.signal(signal.SIGCHLD, signal.SIG_DFL)
        os.setsid()
        os.dup2(words, 2)
        os.dup2(line, child.LINE)
        for file in [int(entry.name) for entry in Path("/proc/self/fd").iterdir()]:
            if file > child.LINE:
                with suppress(OSError):  # the list's own
                    os.close(file)
        child.main(module, nursery)
        code = 0
    except Exception:
        sys.excepthook(*sys.exc_info())
    finally:
        os._exit(code)


def _ended() -> list[tuple[int, int]]:
    """The children that have ended since it was last asked, each with its exit code."""
    ended = []
    with suppress(ChildProcessError):
        while (found := os.waitpid(-1, os.WNOHANG))[0]:
            ended.append((found[0], os.waitstatus_to_exitcode(found[1])))
    return ended


if __name__ == "__main__":
    main(int(sys.argv[1]))
