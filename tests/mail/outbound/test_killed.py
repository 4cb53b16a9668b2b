"""Killed while it sends: each mail arrives, and is not sent again once the server's answer is written."""

import os
import signal
import subprocess
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import pytest
from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, Envelope, Session
from django.db import connection
from django.utils import timezone

from accounts.models import User
from cases.models import Case
from launcher import parts
from launcher.ports import LOOPBACK, free_port
from mail.outbound.models import Delivery
from mail.outbound.outbox import enqueue
from mail.store.models import MailMessage, MailState
from tests.processes import PYTHON

pytestmark = pytest.mark.django_db(transaction=True)

SEND = "from uuid import UUID; from mail.outbound.delivery import deliver; deliver(UUID('{}'))"


class MailServer:
    """Takes mails; ``before`` is done when one has come, ``goodbye`` when it was answered and the client
    ends the session."""

    def __init__(self) -> None:
        self.taken: list[bytes] = []
        self.before: Callable[[], None] = lambda: None
        self.goodbye: Callable[[], None] = lambda: None

    async def handle_QUIT(self, server: SMTP, session: Session, envelope: Envelope) -> str:
        self.goodbye()
        return "221 bye"

    async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope) -> str:
        self.before()
        assert isinstance(envelope.content, bytes)
        self.taken.append(envelope.content)
        return "250 taken"


@contextmanager
def running(handler: MailServer) -> Iterator[int]:
    port = free_port()
    controller = Controller(handler, hostname=LOOPBACK, port=port)
    controller.start()
    try:
        yield port
    finally:
        controller.stop()


def sending(mail: MailMessage, port: int) -> subprocess.Popen[bytes]:
    """A process that sends this mail, as a worker does."""
    base, _, _ = os.environ["DATABASE_URL"].rpartition("/")
    env = parts.portal_environment(
        os.environ,
        DATABASE_URL=f"{base}/{connection.settings_dict['NAME']}",
        EMAIL_BACKEND="django.core.mail.backends.smtp.EmailBackend",
        EMAIL_HOST=LOOPBACK,
        EMAIL_PORT=str(port),
    )
    command = [str(PYTHON), "manage.py", "shell", "--no-imports", "-c", SEND.format(mail.pk)]
    return subprocess.Popen(command, cwd=parts.ROOT, env=env, stderr=subprocess.DEVNULL)


def next_worker(mail: MailMessage, port: int) -> None:
    """What comes after a kill: the lease passes, and another worker takes the job."""
    Delivery.objects.filter(pk=mail.pk).update(lease_until=timezone.now())
    assert sending(mail, port).wait(120) == 0


def test_a_worker_that_is_killed_before_the_answer_sends_it_again(case: Case, alice: User) -> None:
    mail = enqueue(alice.email, kind="reply", text="您好", person=alice, case=case)
    server = MailServer()
    with running(server) as port:
        worker = sending(mail, port)

        def kill() -> None:
            worker.send_signal(signal.SIGKILL)
            worker.wait(10)
            raise ConnectionAbortedError

        server.before = kill
        assert worker.wait(120) == -signal.SIGKILL
        assert not server.taken
        server.before = lambda: None
        next_worker(mail, port)
        next_worker(mail, port)
    assert len(server.taken) == 1
    mail.refresh_from_db()
    assert mail.state == MailState.SENT


def test_a_worker_that_is_killed_after_the_answer_does_not_send_it_again(case: Case, alice: User) -> None:
    """Its answer is noted before anything else is said to the mail server."""
    mail = enqueue(alice.email, kind="reply", text="您好", person=alice, case=case)
    server = MailServer()
    with running(server) as port:
        worker = sending(mail, port)

        def kill() -> None:
            worker.send_signal(signal.SIGKILL)
            worker.wait(10)

        server.goodbye = kill
        assert worker.wait(120) == -signal.SIGKILL
        mail.refresh_from_db()
        assert mail.state == MailState.SENT
        server.goodbye = lambda: None
        next_worker(mail, port)
    assert len(server.taken) == 1


def test_what_is_sent_after_a_kill_is_the_same_mail(case: Case, alice: User, settings: Any) -> None:
    """Between the server's answer and the note of it nobody can tell: it goes out again, and is known again
    by its Message-ID."""
    mail = enqueue(alice.email, kind="reply", text="您好", person=alice, case=case)
    server = MailServer()
    with running(server) as port:
        assert sending(mail, port).wait(120) == 0
        Delivery.objects.filter(pk=mail.pk).update(state="running")
        next_worker(mail, port)
    first, second = server.taken
    assert first == second
    assert f"Message-ID: {mail.message_id}".encode() in first


def test_of_two_workers_one_sends(case: Case, alice: User) -> None:
    mail = enqueue(alice.email, kind="reply", text="您好", person=alice, case=case)
    server = MailServer()
    with running(server) as port:
        workers = [sending(mail, port) for _ in range(2)]
        assert [worker.wait(120) for worker in workers] == [0, 0]
    assert len(server.taken) == 1
