"""A bare Debian 12 in a folder: debootstrap's smallest, python3, git and make, and nothing else.

What runs in it is in a chroot, where Linux allows no user namespace, with processes and
mounts that end with it. How this machine reaches apt, pip and npm (proxies, certificates,
indexes, sign-ins) is taken over; no host is named here.
"""

import fcntl
import os
import re
import shutil
import stat
import subprocess
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from launcher.halt import Halt
from launcher.steps import ROOT, say

FOLDER = Path("/var/tmp/anjuan-bare")
SUITE = "bookworm"
PACKAGES = "python3,git,make"
PATH = "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin"
PIP_FILES = (".pip/pip.conf", ".config/pip/pip.conf", ".netrc")
NPM_GLOBAL = ("/usr/etc/npmrc", "/usr/local/etc/npmrc", "/etc/npmrc")
MACHINE_FILES = (
    "/etc/pip.conf",
    "/etc/apt/auth.conf",
    "/etc/resolv.conf",
    "/etc/hosts",
)
VARIABLES = re.compile(
    r"(https?|no|all)_proxy|pip_\w+|npm_config_\w+|ssl_cert_(file|dir)|(requests|curl)_ca_bundle|"
    r"node_extra_ca_certs",
    re.IGNORECASE,
)
APT_SETTINGS = ("Acquire::http", "Acquire::https", "Acquire::Check-Valid-Until", "Acquire::Check-Date")
INIT = (
    'mount -t proc proc "$1/proc" && mount --rbind /dev "$1/dev" && cd "$1" || exit\n'
    # Not by exec: the shell stays as the first process, which takes in the orphans.
    'root=$1 account=$2; shift 2; chroot --userspec="$account" "$root" env -i "$@"; exit $?'
)


@dataclass(frozen=True)
class Account:
    """Somebody who has cloned the project into the home folder."""

    name: str
    home: str

    @property
    def clone(self) -> str:
        return f"{self.home}/anjuan"


SUPERUSER = Account("root", "/root")
PERSON = Account("person", "/home/person")


def hold() -> int:
    """Keeps other trials out until this process ends (the descriptor of the locked folder). Raises Halt."""
    if os.geteuid() != 0:
        raise Halt("A bare machine is made by root alone: sudo make test-bare.")
    FOLDER.mkdir(mode=0o700, exist_ok=True)
    status = FOLDER.lstat()
    if status.st_uid != 0 or status.st_mode != stat.S_IFDIR | 0o700:
        raise Halt(f"{FOLDER} is not a folder of root alone: remove it.")
    descriptor = os.open(FOLDER, os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC)
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError as error:
        raise Halt(f"Another trial runs in {FOLDER}.") from error
    return descriptor


class Machine:
    """A root of its own, new from the base, for one account; ``remove`` takes it away."""

    def __init__(self, account: Account) -> None:
        self.account = account
        self.root = FOLDER / account.name

    def make(self) -> None:
        """Raises Halt where debootstrap is not installed or cannot do it."""
        _make_base()
        self.remove()
        subprocess.run(["cp", "-a", "--reflink=auto", _base(), self.root], check=True)
        # With the files beside it, which it may name.
        for file in (*map(Path, MACHINE_FILES), *Path("/etc/xdg/pip").glob("*")):
            self._copy(file, str(file))
        settings = _output("apt-config", "dump", *APT_SETTINGS)
        (self.root / "etc/apt/apt.conf.d/90network").write_text(settings)
        (self.root / "root").chmod(0o700)
        if self.account != SUPERUSER:
            self.run("useradd", "--create-home", "--shell", "/bin/sh", self.account.name, account=SUPERUSER)
        self._move_in(self.account)
        self._refuse_namespaces()

    def remove(self) -> None:
        shutil.rmtree(self.root, ignore_errors=True)

    def _move_in(self, account: Account) -> None:
        """Clones the project's last commit and copies the settings of this machine's pip and npm."""
        for name in PIP_FILES:
            self._copy(Path.home() / name, f"{account.home}/{name}")
        npm = [Path(file) for file in (*NPM_GLOBAL, Path.home() / ".npmrc") if Path(file).is_file()]
        own = self._inside(f"{account.home}/.npmrc")
        own.touch(0o600)
        own.write_text("\n".join(file.read_text() for file in npm))
        for file in _certificates(self._inside(account.home), self.root / "etc"):
            self._copy(file, str(file))
        clone = self._inside(account.clone)
        subprocess.run(["git", "clone", "--quiet", "--no-local", ROOT, clone], check=True)
        self.run("chown", "-R", f"{account.name}:", account.home, account=SUPERUSER)

    def command(self, *words: str, account: Account | None = None, port: int | None = None) -> list[str]:
        """What runs ``words`` in the account's clone; it ends with its parent."""
        account = account or self.account
        folder = account.clone if self._inside(account.clone).exists() else account.home
        env = {name: value for name, value in os.environ.items() if VARIABLES.fullmatch(name)}
        env |= {"PATH": PATH, "HOME": account.home}
        if port is not None:
            env["PORT"] = str(port)
        settings = [f"{name}={value}" for name, value in env.items()]
        unshare = ("unshare", "--mount", "--pid", "--fork", "--kill-child")
        inside = (*settings, "sh", "-c", f'cd {folder} && exec "$@"', "sh", *words)
        return [*unshare, "sh", "-c", INIT, "sh", str(self.root), f"{account.name}:{account.name}", *inside]

    def run(self, *words: str, account: Account | None = None) -> None:
        """Raises Halt with its last words when it fails."""
        command = self.command(*words, account=account)
        done = subprocess.run(command, stdin=subprocess.DEVNULL, capture_output=True, text=True)
        if done.returncode != 0:
            raise Halt(f"{' '.join(words)}: {done.stderr.strip()[-500:] or done.returncode}")

    def _refuse_namespaces(self) -> None:
        """Raises Halt where the account could make a user namespace after all."""
        try:
            self.run("unshare", "--user", "true")
        except Halt:
            return
        raise Halt("A user namespace is allowed in the chroot, so this is no trial without.")

    def _inside(self, path: str) -> Path:
        return self.root / path.lstrip("/")

    def _copy(self, source: Path, target: str) -> None:
        """Leaves the mode as it is; nothing where there is no such file."""
        if source.is_file():
            inside = self._inside(target)
            inside.parent.mkdir(parents=True, exist_ok=True)
            inside.unlink(missing_ok=True)
            shutil.copy(source, inside)


def _base() -> Path:
    return FOLDER / "base"


def _make_base() -> None:
    """What debootstrap made, kept for the next time."""
    if _base().exists():
        return
    if shutil.which("debootstrap") is None:
        raise Halt("debootstrap is not installed: apt-get install debootstrap.")
    say("Making a bare Debian 12 by debootstrap")
    draft = FOLDER / "base.new"
    shutil.rmtree(draft, ignore_errors=True)
    log = FOLDER / "debootstrap.log"
    with log.open("wb") as output:
        words = ("debootstrap", "--variant=minbase", f"--include={PACKAGES}", SUITE, draft, _mirror())
        done = subprocess.run(words, stdin=subprocess.DEVNULL, stdout=output, stderr=subprocess.STDOUT)
    if done.returncode != 0:
        raise Halt(f"debootstrap failed; all that it said: {log}")
    draft.rename(_base())


def _mirror() -> str:
    """Where this machine's apt has the suite from; DEBIAN_MIRROR where it has another one."""
    if given := os.environ.get("DEBIAN_MIRROR"):
        return given
    targets = _output(
        "apt-get", "indextargets", "--format", "$(CODENAME) $(REPO_URI)", "Created-By: Packages"
    )
    for target in targets.splitlines():
        codename, _, address = target.partition(" ")
        if codename == SUITE:
            return address
    raise Halt(f"This machine's apt knows no {SUITE}: set DEBIAN_MIRROR to the address of a Debian mirror.")


def _certificates(*folders: Path) -> Iterator[Path]:
    """The files that the variables, or copied settings, name."""
    for name in os.environ:
        if VARIABLES.fullmatch(name) and re.search("cert|bundle", name, re.IGNORECASE):
            yield Path(os.environ[name])
    for folder in folders:
        for file in (*folder.glob("*pip.conf"), *folder.glob(".npmrc"), *folder.glob(".*/**/pip.conf")):
            yield from map(Path, re.findall(r"(?m)^\s*(?:cert|cafile)\s*=\s*(\S+)", file.read_text()))


def _output(*words: str) -> str:
    return subprocess.run(words, check=True, capture_output=True, text=True).stdout
