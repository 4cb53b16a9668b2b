"""Takes the file system from the sandbox's child, but for what its jobs need: Landlock.

Where the kernel has no Landlock (Linux before 5.13, or left out of it), nothing is taken and
nothing is lost; ``confined`` tells. The rules hold for the rest of the process's life.
Source: linux/landlock.h and docs.kernel.org/userspace-api/landlock.html; the numbers of the three
system calls are the same on every architecture but Alpha.
"""

import ctypes
import os
import stat
import struct
import sys
from collections.abc import Iterable
from contextlib import suppress
from pathlib import Path

from engine.sandbox.process import ROOT
from engine.sandbox.sandbox import Emit, Prepared

CREATE_RULESET, ADD_RULE, RESTRICT_SELF = 444, 445, 446
ASK_VERSION = 1
PATH_BENEATH = 1

WRITE_FILE, READ_FILE, READ_DIR = 1 << 1, 1 << 2, 1 << 3
REMOVE_DIR, REMOVE_FILE, MAKE_DIR, MAKE_REG = 1 << 4, 1 << 5, 1 << 7, 1 << 8
TRUNCATE = 1 << 14
FILE_RIGHTS = {1: 13, 2: 14, 3: 15, 4: 15}
"""How many rights over files each version knows; 16 from version 5 on."""

ALL_TCP, ALL_SCOPES = 0b11, 0b11

READ = READ_FILE | READ_DIR
WRITE = READ | WRITE_FILE | REMOVE_DIR | REMOVE_FILE | MAKE_DIR | MAKE_REG | TRUNCATE
"""No links, sockets, pipes or devices, and nothing is ever executed."""

ON_FILES = WRITE_FILE | READ_FILE | TRUNCATE
CODE = ("cases", "engine", "mail", "tests")
"""Of the project's folder; beside them may lie settings and data."""

SYSTEM = (
    "/usr",
    "/lib",
    "/lib64",
    "/etc/ld.so.cache",
    "/etc/localtime",
    "/etc/ssl/openssl.cnf",
    "/dev/urandom",
)
"""What Python and native libraries read while they work. ``/dev/null`` is written, too."""


def confinement(readable: Iterable[Path], writable: Iterable[Path] = ()) -> Prepared:
    """The job for ``Sandbox.prepare``: afterwards the child reads only these files and folders, its
    own program and the system's libraries, writes only the ``writable`` ones, starts no program,
    and neither signals, traces nor reads the memory of any other process."""
    return confined, (list(readable), list(writable))


def confined(emit: Emit, readable: list[Path], writable: list[Path]) -> bool:
    """Runs in the child; whether the kernel does it. Must come before anything starts a thread."""
    system = ctypes.CDLL(None, use_errno=True)
    version = system.syscall(CREATE_RULESET, None, ctypes.c_size_t(0), ASK_VERSION)
    if version < 1:
        return False
    rights = (1 << FILE_RIGHTS.get(version, 16)) - 1
    handled = struct.pack("=3Q", rights, ALL_TCP * (version >= 4), ALL_SCOPES * (version >= 6))
    length = 8 if version < 4 else 16 if version < 6 else 24
    rules = system.syscall(CREATE_RULESET, handled, ctypes.c_size_t(length), 0)
    if rules < 0:
        return False
    try:
        own = [Path(path) for path in {*sys.path, sys.prefix, sys.base_prefix} if path and Path(path) != ROOT]
        code = [ROOT / name for name in CODE]
        for path in [*own, *code, *map(Path, SYSTEM), *readable]:
            _allow(system, rules, path, READ & rights)
        _allow(system, rules, ROOT, READ_DIR)
        for path in [*writable, Path(os.devnull)]:
            _allow(system, rules, path, WRITE & rights)
        if system.syscall(RESTRICT_SELF, rules, 0) != 0:
            return False
    finally:
        os.close(rules)
    for folder in writable[:1]:
        os.environ["TMPDIR"] = str(folder)
    return True


def _allow(system: ctypes.CDLL, rules: int, path: Path, rights: int) -> None:
    """What does not exist cannot be read in any case."""
    with suppress(OSError):
        place = os.open(path, os.O_PATH | os.O_CLOEXEC)
        try:
            if not stat.S_ISDIR(os.fstat(place).st_mode):
                rights &= ON_FILES
            system.syscall(ADD_RULE, rules, PATH_BENEATH, struct.pack("=Qi", rights, place), 0)
        finally:
            os.close(place)
