"""How PostgreSQL, which refuses to run as root, is started by root.

First choice is a user namespace in which root appears as user 1000: the files stay
root's, so it works below a home folder of mode 0700. Containers often forbid
namespaces; there the server becomes the account 65534 and keeps one capability,
CAP_DAC_OVERRIDE, so that it still reaches its files below such a folder. access(2), by
which initdb and postgres look for each other, forgets the capabilities of whoever is not
root, unless SECBIT_NO_SETUID_FIXUP is set (capabilities(7), "The securebits flags").
"""

import ctypes
import os
import shutil
import subprocess
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from launcher.halt import Halt

NOBODY = 65534
CAP_DAC_OVERRIDE = 1
CAPABILITY_VERSION_3 = 0x20080522
PR_SET_KEEPCAPS = 8
PR_SET_SECUREBITS = 28
SECBIT_NO_SETUID_FIXUP = 1 << 2
PR_CAP_AMBIENT = 47
PR_CAP_AMBIENT_RAISE = 2

_libc = ctypes.CDLL(None, use_errno=True)


@dataclass(frozen=True)
class Identity:
    """What goes before a command, what its process does first, and whose the data folder must be."""

    prefix: tuple[str, ...] = ()
    become: Callable[[], None] | None = None
    owner: int | None = None

    def runs(self, binary: Path, folder: Path) -> bool:
        """Whether ``binary`` starts in this way and can write into ``folder``."""
        script = 'touch "$2/.probe" && rm "$2/.probe" && exec "$1" --version'

        def prepare() -> None:
            if self.become is not None:
                self.become()
            # What initdb asks before it executes postgres; exec itself may allow more.
            if not os.access(binary, os.X_OK):
                raise PermissionError

        try:
            self.own(folder)
            done = subprocess.run(
                [*self.prefix, "sh", "-c", script, "sh", str(binary), str(folder)],
                preexec_fn=prepare,
                capture_output=True,
                timeout=30,
            )
        except (OSError, subprocess.SubprocessError):
            return False
        return done.returncode == 0

    def own(self, folder: Path) -> None:
        """Gives ``folder`` and all below it to the account that the server will have."""
        if self.owner is None or folder.stat().st_uid == self.owner:
            return
        for path in [folder, *folder.rglob("*")]:
            os.chown(path, self.owner, self.owner, follow_symlinks=False)


def namespace() -> Identity | None:
    """Root under another number, by unshare(1) of util-linux; None where that is missing."""
    unshare = shutil.which("unshare")
    if unshare is None:
        return None
    return Identity(prefix=(unshare, "--user", "--map-user=1000", "--map-group=1000"), owner=0)


def become_nobody() -> None:
    """Turns this (child) process into account 65534, past the permission bits of folders."""
    os.setgroups([])
    _libc.prctl(PR_SET_KEEPCAPS, 1, 0, 0, 0)
    _libc.prctl(PR_SET_SECUREBITS, SECBIT_NO_SETUID_FIXUP, 0, 0, 0)
    os.setresgid(NOBODY, NOBODY, NOBODY)
    os.setresuid(NOBODY, NOBODY, NOBODY)
    mask = 1 << CAP_DAC_OVERRIDE
    header = (ctypes.c_uint32 * 2)(CAPABILITY_VERSION_3, 0)
    # Effective, permitted, inheritable; then the same for capabilities 32 and up.
    data = (ctypes.c_uint32 * 6)(mask, mask, mask, 0, 0, 0)
    if _libc.capset(header, data) == 0:
        _libc.prctl(PR_CAP_AMBIENT, PR_CAP_AMBIENT_RAISE, CAP_DAC_OVERRIDE, 0, 0)


def choose(binary: Path, folder: Path) -> Identity:
    """The first way that works on this machine; an ordinary user needs none."""
    if os.geteuid() != 0:
        return Identity()
    for identity in (namespace(), Identity(become=become_nobody, owner=NOBODY)):
        if identity is not None and identity.runs(binary, folder):
            return identity
    raise Halt(
        "PostgreSQL does not run as root, and this machine allows neither a user namespace nor a change of "
        "account that keeps CAP_DAC_OVERRIDE (for which CAP_SETPCAP is needed, too): run the command as an "
        "ordinary user, or set DATABASE_URL to a PostgreSQL of your own."
    )
