"""Real IMAP servers on loopback: pymap, which pip brings, and Dovecot where the machine has it; in front of
them the habits of others."""

import getpass
import grp
import os
import shutil
import socket
import socketserver
import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from launcher.ports import LOOPBACK, answers, free_port
from tests.processes import wait_until

USER, PASSWORD = "demouser", "demopass"

_DOVECOT = """
protocols = imap
listen = 127.0.0.1
base_dir = {top}/run
state_dir = {top}/state
log_path = {top}/log
ssl = no
disable_plaintext_auth = no
default_internal_user = {internal}
default_login_user = {login}
default_internal_group = {group}
first_valid_uid = 1
mail_location = maildir:{top}/mail
passdb {{
  driver = static
  args = password={password}
}}
userdb {{
  driver = static
  args = uid={uid} gid={gid} home={top}
}}
service anvil {{
  chroot =
}}
service imap-login {{
  chroot =
  inet_listener imap {{
    port = {port}
  }}
  inet_listener imaps {{
    port = 0
  }}
}}
"""


def has_dovecot() -> bool:
    """Whether the machine has Debian's dovecot-imapd."""
    return shutil.which("dovecot", path=f"{os.environ.get('PATH', '')}:/usr/sbin") is not None


@contextmanager
def pymap(*options: str) -> Iterator[int]:
    """The port of a pymap with one mailbox in memory; ``options`` as of its command line."""
    port = free_port()
    command = [str(Path(sys.executable).parent / "pymap"), "--host", "127.0.0.1", "--port", str(port)]
    with _running([*command, *options, "dict", "--demo-data"], port):
        yield port


@contextmanager
def dovecot(top: Path) -> Iterator[int]:
    """The port of a Dovecot whose files lie in ``top``, run by whoever runs the tests."""
    port = free_port()
    is_root = os.getuid() == 0
    # Root may not read mail: the package's own users do, and nobody's is the mailbox.
    uid, gid = (65534, 65534) if is_root else (os.getuid(), os.getgid())
    me = getpass.getuser()
    top.mkdir(mode=0o755)
    (top / "mail").mkdir()
    for folder in (top, top / "mail"):
        os.chown(folder, uid, gid)
    configuration = top / "dovecot.conf"
    configuration.write_text(
        _DOVECOT.format(
            top=top,
            port=port,
            password=PASSWORD,
            uid=uid,
            gid=gid,
            internal="dovecot" if is_root else me,
            login="dovenull" if is_root else me,
            group="dovecot" if is_root else grp.getgrgid(gid).gr_name,
        )
    )
    with _running(["/usr/sbin/dovecot", "-F", "-c", str(configuration)], port):
        yield port


class _AsNetEase(socketserver.StreamRequestHandler):
    """Passes each line on in both ways, but for what 163 and 126 do otherwise."""

    upstream: int

    def handle(self) -> None:
        with socket.create_connection((LOOPBACK, self.upstream)) as server:
            threading.Thread(target=self._answer, args=(server,), daemon=True).start()
            has_said_who = False
            for line in self.rfile:
                tag, command, *_ = [*line.upper().split(maxsplit=2), b"", b""]
                has_said_who |= command == b"ID"
                if command in {b"SELECT", b"EXAMINE"} and not has_said_who:
                    refusal = b"NO %b Unsafe Login. Please contact kefu@188.com for help" % command
                    self.request.sendall(b"%b %b\r\n" % (tag, refusal))
                else:
                    server.sendall(line)
            server.shutdown(socket.SHUT_WR)

    def _answer(self, server: socket.socket) -> None:
        with suppress(OSError):  # Its client has gone.
            for line in server.makefile("rb"):
                tells = line.startswith(b"* CAPABILITY") or b" OK [CAPABILITY" in line[:40]
                self.request.sendall(line.replace(b" IDLE", b"") if tells else line)


@contextmanager
def as_netease(port: int) -> Iterator[int]:
    """The port of a server that is the one at ``port``, but opens no folder to a client that has not said who
    it is (RFC 2971), and has no IDLE: as 163, 126 and 188."""
    handler = type("Handler", (_AsNetEase,), {"upstream": port})
    with socketserver.ThreadingTCPServer((LOOPBACK, 0), handler) as server:
        server.daemon_threads = True
        threading.Thread(target=server.serve_forever, args=(0.05,), daemon=True).start()
        try:
            yield server.server_address[1]
        finally:
            server.shutdown()


@contextmanager
def _running(command: list[str], port: int) -> Iterator[None]:
    server = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    try:
        wait_until(lambda: answers(LOOPBACK, port) or server.poll() is not None)
        assert server.poll() is None, command
        yield
    finally:
        server.terminate()
        server.wait(10)
