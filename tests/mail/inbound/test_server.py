"""Mail by LMTP and SMTP: answered with 250 when it is stored, and not before."""

import asyncio
import os
import signal
import smtplib
import socket
import threading
from collections.abc import Iterator
from concurrent.futures import Future
from email import message_from_bytes
from pathlib import Path
from typing import Any

import pytest
from django.db import connection, connections

from launcher import parts
from launcher.ports import LOOPBACK, answers, free_port
from mail.inbound import server
from mail.store import sources
from mail.store.models import MailMessage
from tests.processes import PYTHON, Running, wait_until

MAIL = b"From: a@plant.example\r\nSubject: logs\r\n\r\nUploaded.\r\n.\r\n..\r\n"


@pytest.fixture
def environment(transactional_db: None, settings: Any) -> dict[str, str]:
    base, _, _ = os.environ["DATABASE_URL"].rpartition("/")
    return parts.portal_environment(
        os.environ,
        DATABASE_URL=f"{base}/{connection.settings_dict['NAME']}",
        ANJUAN_HOME=str(settings.ANJUAN_HOME),
        MAIL_MAX_SIZE="100000",
        PORTAL_URL="https://portal.example",
    )


def process(environment: dict[str, str], folder: Path, listen: str, **more: str) -> Running:
    env = environment | {"MAIL_LISTEN": listen} | more
    return Running(
        parts.serve_mail(PYTHON),
        env,
        folder / "serve.log",
        lambda running: "Mail is taken" in running.output(),
    )


TOO_LARGE = (
    552,
    b"5.3.4 Mails of up to 0.1 MB are taken: please upload large files on https://portal.example instead",
)


def by_lmtp(client: smtplib.LMTP, raw: bytes, *recipients: str) -> list[int]:
    """The codes for each recipient."""
    return [code for code, _ in answers_by_lmtp(client, raw, *recipients)]


def answers_by_lmtp(client: smtplib.LMTP, raw: bytes, *recipients: str) -> list[tuple[int, bytes]]:
    client.mail("wang@plant.example", ["BODY=8BITMIME"])
    assert [client.rcpt(address)[0] for address in recipients] == [250] * len(recipients)
    client.putcmd("data")
    assert client.getreply()[0] == 354
    client.send(raw.replace(b"\r\n.", b"\r\n..") + b".\r\n")
    return [client.getreply() for _ in recipients]


def test_a_real_process_takes_mail_by_lmtp(environment: dict[str, str], tmp_path: Path) -> None:
    port = free_port()
    running = process(environment, tmp_path, f"{LOOPBACK}:{port}")
    running.start()
    try:
        with smtplib.LMTP(LOOPBACK, port) as client:
            assert client.ehlo()[0] == 250
            assert client.esmtp_features["size"] == "100000"
            assert "8bitmime" in client.esmtp_features
            assert by_lmtp(client, MAIL, "help+a@vendor.example", "cc@vendor.example") == [250, 250]
            stored = MailMessage.objects.get()
            assert (stored.way, stored.envelope) == (
                "lmtp",
                {
                    "sender": "wang@plant.example",
                    "recipients": ["help+a@vendor.example", "cc@vendor.example"],
                },
            )
            raw = sources.source_of(stored)
            assert raw.endswith(MAIL)
            message = message_from_bytes(raw)
            assert message["Return-Path"] == "<wang@plant.example>"
            assert message.get_all("Delivered-To") == ["help+a@vendor.example", "cc@vendor.example"]
            # The same again, no mail at all, too large; the line stays open.
            assert by_lmtp(client, MAIL, "help+a@vendor.example", "cc@vendor.example") == [250, 250]
            assert MailMessage.objects.count() == 1
            assert by_lmtp(client, b"\r\nno header\r\n", "a@vendor.example") == [554]
            huge = MAIL + b"x\r\n" * 50_000
            assert answers_by_lmtp(client, huge, "a@vendor.example", "b@vendor.example") == [TOO_LARGE] * 2
            assert client.mail("a@plant.example", ["SIZE=100001"]) == TOO_LARGE
            long_line = MAIL + "一".encode() * 20_000 + b"\r\n"
            assert by_lmtp(client, long_line, "a@vendor.example") == [250]
        running.kill()
        assert MailMessage.objects.count() == 2
    finally:
        running.stop()


def test_a_real_process_takes_mail_by_smtp_on_a_socket_and_ends_in_order(
    environment: dict[str, str], tmp_path: Path
) -> None:
    path = Path("/tmp") / f"anjuan-{os.getpid()}.sock"  # A socket's path is short.
    with socket.socket(socket.AF_UNIX) as left_behind:
        left_behind.bind(str(path))
    running = process(environment, tmp_path, str(path), MAIL_PROTOCOL="smtp")
    running.start()
    try:
        client = smtplib.SMTP()
        client.sock = socket.socket(socket.AF_UNIX)
        client.sock.connect(str(path))
        assert client.getreply()[0] == 220
        client.sendmail("", ["help@vendor.example"], MAIL)
        assert message_from_bytes(sources.source_of(MailMessage.objects.get()))["Return-Path"] == "<>"
        assert running.process is not None
        running.process.send_signal(signal.SIGTERM)
        assert running.process.wait(20) == 0
    finally:
        running.stop()
        path.unlink(missing_ok=True)


@pytest.fixture
def door(transactional_db: None, settings: Any) -> Iterator[int]:
    """The server in a thread of this process; its port."""
    settings.MAIL_MAX_SIZE = 100_000
    port = free_port()
    loop_of: Future[asyncio.AbstractEventLoop] = Future()

    async def serve() -> None:
        loop_of.set_result(asyncio.get_running_loop())
        chosen = server.Door("smtp")
        listening = await asyncio.get_running_loop().create_server(chosen.connection, LOOPBACK, port)
        async with listening:
            await ended.wait()
        chosen.threads.submit(connections.close_all).result()
        chosen.threads.shutdown()

    ended = asyncio.Event()
    thread = threading.Thread(target=asyncio.run, args=(serve(),))
    thread.start()
    wait_until(lambda: answers(LOOPBACK, port))
    yield port
    loop_of.result().call_soon_threadsafe(ended.set)
    thread.join()


def test_where_storing_fails_the_mail_is_kept_by_who_brought_it(
    door: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(*args: object, **options: object) -> None:
        raise OSError("no space left")

    monkeypatch.setattr(server, "store_raw", full)
    with smtplib.SMTP(LOOPBACK, door) as client, pytest.raises(smtplib.SMTPDataError) as refused:
        client.sendmail("a@plant.example", ["help@vendor.example"], MAIL)
    assert refused.value.smtp_code == 451
    assert not MailMessage.objects.exists()


def test_more_connections_than_there_may_be_are_sent_away(door: int, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(server, "MAX_CONNECTIONS", 2)
    with smtplib.SMTP(LOOPBACK, door), smtplib.SMTP(LOOPBACK, door) as second:
        with pytest.raises(smtplib.SMTPConnectError) as refused:
            smtplib.SMTP(LOOPBACK, door)
        assert refused.value.smtp_code == 421
        second.quit()
        wait_until(lambda: _greets(door))


def _greets(port: int) -> bool:
    try:
        with smtplib.SMTP(LOOPBACK, port):
            return True
    except smtplib.SMTPException:
        return False


def test_a_mail_has_so_many_recipients_at_most(door: int, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(server, "MAX_RECIPIENTS", 2)
    with smtplib.SMTP(LOOPBACK, door) as client:
        client.ehlo()
        client.mail("a@plant.example")
        assert [client.rcpt(f"{name}@vendor.example")[0] for name in "abc"] == [250, 250, 452]


def test_who_says_nothing_is_sent_away(door: int, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(server, "TIMEOUT", 0.2)
    with socket.create_connection((LOOPBACK, door), timeout=20) as silent:
        assert silent.recv(4).startswith(b"220")
        while silent.recv(1000):
            pass
