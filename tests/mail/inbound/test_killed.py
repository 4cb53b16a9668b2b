"""Killed while a mail comes in: each mail once in the thread, with its file."""

import smtplib
from pathlib import Path
from typing import Any

import pytest
from django.utils import timezone

from accounts.models import User
from cases.models import Case
from jobs.models import JobState
from jobs.worker import carry_out
from launcher import parts
from launcher.ports import LOOPBACK, free_port
from mail.inbound import services
from mail.inbound.jobs import READINGS
from mail.inbound.models import Reading
from mail.inbound.storing import store_raw
from mail.store.models import MailMessage, MailState
from tests.mail.inbound.killing import KILLED, dying, environment, run
from tests.mail.mails import HERE, attach, bodies, letter, read_all, staged
from tests.processes import PYTHON, Running
from uploads.bundles.models import Bundle
from uploads.custody.agreements import agree

pytestmark = pytest.mark.django_db(transaction=True)

COMMIT = "django.db.backends.base.base.BaseDatabaseWrapper.commit"
ENTRY = "mail.inbound.placing.post_message"
READ = "from mail.tasks import read_mail; read_mail('{}')"
PIPE = "from django.core.management import call_command; call_command('receive_mail')"


@pytest.fixture
def env(settings: Any, tmp_path: Path) -> dict[str, str]:
    settings.ANJUAN_HOME, settings.MEDIA_ROOT = tmp_path, tmp_path / "media"
    return environment(ANJUAN_HOME=str(tmp_path), MAIL_AUTHSERV_ID=HERE)


def once(case: Case) -> None:
    """The mail stands in the thread, once, and so does its file."""
    mail = MailMessage.objects.get(direction="in")
    assert (mail.state, mail.case) == (MailState.TAKEN, case) and mail.done_at
    assert bodies(case) == ["Here are the logs."]
    assert [(bundle.name, bundle.size) for bundle in Bundle.objects.all()] == [("system.log", 5)]
    assert staged("system.log") == b"a log"


@pytest.mark.parametrize(
    ("where", "has_entry"),
    [
        # In the sandbox, where the first bytes of the file have been told.
        (("engine.sandbox.sandbox.Sandbox._check_time", "before"), False),
        ((ENTRY, "after"), False),
        ((COMMIT, "after", ENTRY), True),
        (("jobs.services.Jobs.conclude", "before"), True),
    ],
)
def test_a_worker_that_is_killed_while_it_reads_is_followed_by_another(
    case: Case, alice: User, env: dict[str, str], where: tuple[str, ...], has_entry: bool
) -> None:
    agree(alice, case)
    mail = store_raw(bytes(attach(letter(case))), way="pipe")
    assert run(READ.format(mail.pk), *where, env=env) == KILLED
    assert Reading.objects.get().state == JobState.RUNNING
    assert bodies(case) == ["Here are the logs."] * has_entry
    for _ in range(2):
        Reading.objects.update(lease_until=timezone.now())
        carry_out(READINGS, Reading.objects.filter(pk=mail.pk), services.read)
    assert Reading.objects.get().state == JobState.DONE
    once(case)


def begun(port: int, raw: bytes) -> smtplib.LMTP:
    """A mail server that has brought the first half of a mail."""
    client = smtplib.LMTP(LOOPBACK, port)
    client.ehlo()
    client.mail("alice@customer.example")
    client.rcpt("help@vendor.example")
    client.putcmd("data")
    assert client.getreply()[0] == 354
    client.send(raw[: len(raw) // 2])
    return client


def ended(client: smtplib.LMTP, raw: bytes) -> int:
    """The answer, when the other half has come."""
    client.send(raw[len(raw) // 2 :] + b".\r\n")
    return client.getreply()[0]


def test_mails_that_nobody_has_answered_are_brought_again(
    case: Case, alice: User, env: dict[str, str], tmp_path: Path
) -> None:
    agree(alice, case)
    other = letter(case, Message_ID="<2@customer.example>")
    other.set_content("And the other one.\n")
    half, stored = (bytes(mail).replace(b"\n", b"\r\n") for mail in (attach(letter(case)), other))
    port = free_port()
    env["MAIL_LISTEN"] = f"{LOOPBACK}:{port}"

    def served(part: parts.Part) -> Running:
        running = Running(part, env, tmp_path / "lmtp.log", lambda one: "Mail is taken" in one.output())
        running.start()
        return running

    running = served(dying(parts.serve_mail(PYTHON), "mail.inbound.server.store_raw", "after"))
    within = begun(port, half)
    with pytest.raises(smtplib.SMTPServerDisconnected):
        ended(begun(port, stored), stored)
    assert running.process is not None and running.process.wait(20) == KILLED
    with pytest.raises(OSError):
        ended(within, half)
    assert MailMessage.objects.count() == 1, "it was killed after the one and within the other"
    running = served(parts.serve_mail(PYTHON))
    try:
        for raw in (half, stored):
            assert ended(begun(port, raw), raw) == 250
    finally:
        running.kill()
    read_all()
    assert MailMessage.objects.filter(direction="in", state=MailState.TAKEN).count() == 2
    assert sorted(bodies(case)) == ["And the other one.", "Here are the logs."]
    assert Bundle.objects.get().name == "system.log"


def test_a_pipe_that_is_killed_after_it_has_stored_a_mail_is_given_it_again(
    case: Case, alice: User, env: dict[str, str]
) -> None:
    agree(alice, case)
    raw = bytes(attach(letter(case)))
    stored = "mail.management.commands.receive_mail.store_raw"
    assert run(PIPE, stored, "after", env=env, given=raw) == KILLED
    assert MailMessage.objects.count() == 1
    store_raw(raw, way="pipe")
    read_all()
    once(case)
