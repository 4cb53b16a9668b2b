"""A mail of 50 MB on its way into a case: what each process needs for it beyond a small one.

Real processes: ``serve_mail`` gets it by LMTP, ``fetch_mail`` out of a mailbox (pymap), and a worker reads
it and takes its file. Each is told with its children, the sandbox among them, by proportional memory.

Run: ``.venv/bin/python -m benchmarks.bench_mail_memory``
"""

import contextlib
import os
import smtplib
import sys
import tempfile
import threading
from base64 import encodebytes
from collections.abc import Callable, Iterator
from pathlib import Path

from benchmarks.bench_upload import database_and_broker
from benchmarks.mail_corpus.labels import Desk
from launcher import parts, ports
from tests.mail.inbound.imap_servers import PASSWORD, USER, pymap
from tests.processes import PYTHON, Running, wait_until

MOST_MIB = 256
FILE = 37 * 2**20
"""Bytes of the one file, which the mail holds as base64."""


def main() -> int:
    """Measures and prints; 1 if a target is missed."""
    settings = {
        "MAIL_AUTHSERV_ID": Desk.authserv_id,
        "DEFAULT_FROM_EMAIL": Desk.mailbox,
        "EMAIL_BACKEND": "django.core.mail.backends.locmem.EmailBackend",
    }
    with tempfile.TemporaryDirectory(prefix="anjuan-bench-") as name:
        folder = Path(name)
        with database_and_broker(folder, **settings):
            from benchmarks.mail_desks import portal

            portal.open_desk(most_an_hour=1000)
            figures = {
                "serve_mail": received_by_lmtp(folder),
                "fetch_mail": fetched(folder),
                "worker": read(folder),
            }
    for what, mib in figures.items():
        print(f"{what}: a mail of 50 MB takes {mib} MiB beyond a small one (target at most {MOST_MIB})")
    return int(max(figures.values()) > MOST_MIB)


def mail(number: int, size: int) -> bytes:
    """The customer's mail to her case with a file of so many bytes that nothing compresses."""
    from benchmarks.mail_corpus.cast import CUSTOMER, NUMBER, proof

    head = (
        f"Authentication-Results: {proof(Desk())}\r\nFrom: {CUSTOMER.address}\r\nTo: {Desk.mailbox}\r\n"
        f"Subject: {NUMBER}\r\nMessage-ID: <{number}@large>\r\nMIME-Version: 1.0\r\n"
        "Content-Type: multipart/mixed; boundary=b\r\n\r\n--b\r\n\r\nlogs\r\n--b\r\n"
        "Content-Type: application/octet-stream; name=dump.bin\r\nContent-Transfer-Encoding: base64\r\n"
        "Content-Disposition: attachment; filename=dump.bin\r\n\r\n"
    )
    return head.encode() + encodebytes(os.urandom(size)).replace(b"\n", b"\r\n") + b"\r\n--b--\r\n"


def received_by_lmtp(folder: Path) -> int:
    """MiB of ``serve_mail``."""
    port = ports.free_port()
    env = os.environ | {"MAIL_LISTEN": f"{ports.LOOPBACK}:{port}"}
    serving = Running(parts.serve_mail(PYTHON), env, folder / "serve.log", lambda _: _answers(port))

    def bring(raw: bytes) -> None:
        with smtplib.LMTP(ports.LOOPBACK, port, timeout=300) as client:
            client.sendmail("sender@plant.example", [Desk.mailbox], raw)

    with _running(serving):
        return _growth(serving, lambda: bring(mail(1, 1000)), lambda: bring(mail(2, FILE)))


def fetched(folder: Path) -> int:
    """MiB of ``fetch_mail``."""
    from imap_tools import MailBoxUnencrypted

    from mail.store.models import MailMessage

    with pymap("--no-tls") as port:

        def bring(raw: bytes) -> None:
            before = MailMessage.objects.count()
            with MailBoxUnencrypted(ports.LOOPBACK, port).login(USER, PASSWORD) as mailbox:
                mailbox.append(raw, "INBOX")
            wait_until(lambda: MailMessage.objects.count() > before)

        env = os.environ | {
            "IMAP_HOST": ports.LOOPBACK,
            "IMAP_PORT": str(port),
            "IMAP_SECURITY": "none",
            "IMAP_USER": USER,
            "IMAP_PASSWORD": PASSWORD,
        }
        fetching = Running(parts.fetch_mail(PYTHON), env, folder / "fetch.log", lambda _: True)
        with _running(fetching):
            return _growth(fetching, lambda: bring(mail(3, 1000)), lambda: bring(mail(4, FILE)))


def read(folder: Path) -> int:
    """MiB of the worker that serves the queue of mails, with the sandbox."""
    from mail.inbound.storing import store_raw
    from mail.store.models import MailMessage

    def bring(raw: bytes) -> None:
        key = store_raw(raw, way="pipe").pk
        wait_until(lambda: MailMessage.objects.get(pk=key).done_at)
        taken = MailMessage.objects.get(pk=key)
        assert taken.case is not None and "upload" in taken.attachments[0], taken.attachments

    # What the others have received is read first.
    working = Running(
        parts.mail_worker(PYTHON),
        os.environ,
        folder / "worker.log",
        lambda _: not MailMessage.objects.unfinished().exists(),
    )
    with _running(working):
        return _growth(working, lambda: bring(mail(5, 1000)), lambda: bring(mail(6, FILE)))


def _answers(port: int) -> bool:
    return ports.answers(ports.LOOPBACK, port)


@contextlib.contextmanager
def _running(part: Running) -> Iterator[None]:
    part.start()
    try:
        yield
    finally:
        part.stop()


def _growth(part: Running, small: Callable[[], None], large: Callable[[], None]) -> int:
    """MiB of the process and its children at most during ``large``, beyond what they hold after ``small``."""
    assert part.process is not None
    top = part.process.pid
    small()
    before = most = _memory(top)
    over = threading.Event()

    def look() -> None:
        nonlocal most
        while not over.wait(0.01):
            most = max(most, _memory(top))

    watcher = threading.Thread(target=look)
    watcher.start()
    try:
        large()
    finally:
        over.set()
        watcher.join()
    return (most - before) // 1024


def _memory(pid: int) -> int:
    """KiB of a process and all below it; what they share counts once."""
    try:
        rollup = Path(f"/proc/{pid}/smaps_rollup").read_text()
        children = Path(f"/proc/{pid}/task/{pid}/children").read_text().split()
    except OSError:  # It has ended meanwhile.
        return 0
    own = sum(int(line.split()[1]) for line in rollup.splitlines() if line.startswith("Pss:"))
    return own + sum(_memory(int(child)) for child in children)


if __name__ == "__main__":
    sys.exit(main())
