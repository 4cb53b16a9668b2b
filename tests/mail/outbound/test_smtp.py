"""Real mail servers: what the settings say is done, and each answer of theirs means what it says."""

import smtplib
import socket
import ssl
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from itertools import chain, repeat
from pathlib import Path
from typing import Any

import pytest
from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, AuthResult, Envelope, LoginPassword, Session
from django.core.management import CommandError, call_command

from accounts.models import User
from cases.models import Case
from launcher.ports import LOOPBACK, free_port
from mail.errors import MailPutOff, MailRefused, MailServerDown
from mail.outbound import transport
from mail.outbound.models import Delivery
from mail.outbound.outbox import enqueue
from mail.store.models import MailState
from tests.mail.certificates import certificate_of
from tests.mail.mails import outgoing, send_all

RAW = b"From: support@vendor.example\r\nTo: alice@customer.example\r\nSubject: x\r\n\r\nHello.\r\n"
TO = "alice@customer.example"


class Server:
    """``taken``: the envelopes. ``to``: what a recipient is answered; ``data``: what a whole mail is."""

    def __init__(self) -> None:
        self.taken: list[Envelope] = []
        self.to: Callable[[str], str] = lambda address: "250 OK"
        self.data: Callable[[], str] = lambda: "250 taken"
        self.sender = "250 OK"
        self.signed_in: list[bytes] = []
        self.by_tls: list[bool] = []

    async def handle_MAIL(
        self, server: SMTP, session: Session, envelope: Envelope, address: str, options: list[str]
    ) -> str:
        envelope.mail_from = address
        return self.sender

    async def handle_RCPT(
        self, server: SMTP, session: Session, envelope: Envelope, address: str, options: list[str]
    ) -> str:
        answer = self.to(address)
        if answer.startswith("250"):
            envelope.rcpt_tos.append(address)
        return answer

    async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope) -> str:
        answer = self.data()
        if answer.startswith("250"):
            self.taken.append(envelope)
            self.by_tls.append(session.ssl is not None)
        return answer

    def authenticate(self, server: SMTP, session: Session, envelope: Envelope, way: str, data: Any) -> Any:
        assert isinstance(data, LoginPassword)
        self.signed_in.append(data.login)
        return AuthResult(success=data.password == b"right", handled=False)


@contextmanager
def running(handler: Server, **options: Any) -> Iterator[int]:
    port = free_port()
    controller = Controller(handler, hostname=LOOPBACK, port=port, **options)
    controller.start()
    try:
        yield port
    finally:
        controller.stop()


@pytest.fixture(autouse=True)
def _settings(settings: Any) -> None:
    settings.MAIL_TRANSPORT = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST = LOOPBACK
    settings.EMAIL_TIMEOUT = 5
    settings.DEFAULT_FROM_EMAIL = "Vendor Support <support@vendor.example>"


@pytest.fixture
def server(settings: Any) -> Iterator[Server]:
    handler = Server()
    with running(handler, data_size_limit=10_000) as port:
        settings.EMAIL_PORT = port
        yield handler


@pytest.fixture
def certificate(tmp_path: Path) -> Path:
    return certificate_of(LOOPBACK, tmp_path)


def context_of(certificate: Path) -> ssl.SSLContext:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificate)
    return context


def send(raw: bytes = RAW, to: str = TO) -> None:
    with transport.sending(raw, to):
        pass


def test_it_takes_the_bytes_as_they_are_and_bounces_go_where_the_setting_says(
    server: Server, settings: Any
) -> None:
    settings.MAIL_ENVELOPE_FROM = "bounces@vendor.example"
    raw = RAW + b".\r\n..two dots\r\n"
    send(raw)
    (envelope,) = server.taken
    assert envelope.content == raw
    assert (envelope.mail_from, envelope.rcpt_tos) == ("bounces@vendor.example", [TO])


@pytest.mark.parametrize(
    ("answer", "error", "no_mailbox"),
    [
        ("550 5.1.1 no such user", MailRefused, True),
        ("550 5.7.1 your host is listed", MailRefused, False),
        ("553 not in my list", MailRefused, True),
        ("450 4.2.0 greylisted, come again in 5 minutes", MailPutOff, False),
        ("452 4.2.2 mailbox full", MailPutOff, False),
    ],
)
def test_a_recipients_answer(server: Server, answer: str, error: type[Exception], no_mailbox: bool) -> None:
    server.to = lambda address: answer
    with pytest.raises(error, match=answer[:9]) as raised:
        send()
    assert getattr(raised.value, "no_mailbox", False) == no_mailbox
    assert not server.taken


def test_who_is_greylisted_comes_again(server: Server, case: Case, alice: User) -> None:
    answers = chain(["450 4.2.0 greylisted"], repeat("250 OK"))
    server.to = lambda address: next(answers)
    mail = enqueue(alice.email, kind="reply", text="您好", person=alice, case=case)
    other = enqueue(alice.email, kind="reply", text="再见", person=alice, case=case)
    send_all()
    delivery = Delivery.objects.get(pk=mail.pk)
    assert (delivery.state, delivery.answer) == ("queued", "450 4.2.0 greylisted")
    assert Delivery.objects.get(pk=other.pk).state == "done", "it says nothing of the others"
    send_all()
    mail.refresh_from_db()
    assert mail.state == MailState.SENT
    assert len(server.taken) == 2


def test_a_sender_who_is_not_welcome_waits_for_the_operator(server: Server) -> None:
    server.sender = "550 5.7.1 sender not permitted"
    with pytest.raises(MailServerDown, match="550"):
        send()


@pytest.mark.parametrize(
    ("answer", "error"),
    [("554 5.6.0 content rejected", MailRefused), ("451 4.3.0 try later", MailPutOff)],
)
def test_an_answer_to_the_whole_mail(server: Server, answer: str, error: type[Exception]) -> None:
    server.data = lambda: answer
    with pytest.raises(error) as raised:
        send()
    assert not getattr(raised.value, "no_mailbox", False)


def test_a_mail_above_the_servers_size_is_refused_before_it_is_sent(server: Server) -> None:
    with pytest.raises(MailRefused) as raised:
        send(RAW + b"x" * 20_000)
    assert raised.value.too_large
    assert not server.taken


def test_a_server_that_thinks_for_long_is_waited_for(
    server: Server, settings: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Whoever hangs up on it sends the mail again, and it has both."""
    settings.EMAIL_TIMEOUT = 0.5
    asked: list[float] = []

    class Socket(socket.socket):
        def settimeout(self, value: float | None) -> None:
            asked.append(value or 0)
            super().settimeout(value)

    monkeypatch.setattr(socket, "socket", Socket)
    send()
    assert asked[-1] == 120 > settings.EMAIL_TIMEOUT


def test_by_starttls(settings: Any, certificate: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    settings.EMAIL_USE_TLS = True
    handler = Server()
    with running(handler, tls_context=context_of(certificate), require_starttls=True) as port:
        settings.EMAIL_PORT = port
        monkeypatch.setenv("SSL_CERT_FILE", "/dev/null")
        with pytest.raises(MailServerDown, match="CERTIFICATE_VERIFY_FAILED"):
            send()
        monkeypatch.setenv("SSL_CERT_FILE", str(certificate))
        send()
    assert handler.by_tls == [True]


def test_without_starttls_at_the_server_nothing_goes_in_the_clear(server: Server, settings: Any) -> None:
    settings.EMAIL_USE_TLS = True
    with pytest.raises(MailServerDown, match="STARTTLS"):
        send()
    assert not server.taken


def test_by_tls_from_the_start(
    settings: Any, certificate: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    settings.EMAIL_USE_SSL = True
    handler = Server()
    elsewhere = certificate_of("elsewhere.example", tmp_path)
    for shown, trusted in ((elsewhere, elsewhere), (certificate, certificate)):
        with running(handler, ssl_context=context_of(shown)) as port:
            settings.EMAIL_PORT = port
            monkeypatch.setenv("SSL_CERT_FILE", str(trusted))
            if shown is elsewhere:
                with pytest.raises(MailServerDown, match="CERTIFICATE_VERIFY_FAILED"):
                    send()
            else:
                send()
    assert len(handler.taken) == 1


def test_a_refused_sign_in_waits_for_the_operator(
    settings: Any, case: Case, alice: User, capsys: pytest.CaptureFixture[str]
) -> None:
    handler = Server()
    settings.EMAIL_HOST_USER, settings.EMAIL_HOST_PASSWORD = "portal", "wrong"
    options = {"authenticator": handler.authenticate, "auth_required": True, "auth_require_tls": False}
    with running(handler, **options) as port:
        settings.EMAIL_PORT = port
        enqueue(alice.email, kind="reply", text="您好", person=alice, case=case)
        send_all()
        delivery = Delivery.objects.get()
        assert delivery.state == "queued" and delivery.answer.startswith("535")
        assert "wrong" not in delivery.answer + delivery.error
        with pytest.raises(CommandError, match="535"):
            call_command("mail", "test", TO)
        settings.EMAIL_HOST_PASSWORD = "right"
        send_all()
        call_command("mail", "test", TO)
    became = [(mail.kind, mail.state) for mail in outgoing()]
    assert became == [("reply", MailState.SENT), ("test", MailState.FAILED), ("test", MailState.SENT)]
    assert len(handler.taken) == 2
    assert b"Vendor Support" in (handler.taken[1].content or b"")
    assert "has taken a test mail to alice@customer.example" in capsys.readouterr().out


@contextmanager
def speaking(script: list[bytes]) -> Iterator[int]:
    """A server that says these lines, one after each of the client's, and then hangs up."""
    listener = socket.create_server((LOOPBACK, 0))

    def serve() -> None:
        connection, _address = listener.accept()
        with connection, connection.makefile("rb") as lines:
            for answer in script:
                connection.sendall(answer)
                if answer is script[-1]:
                    return
                lines.readline()

    thread = threading.Thread(target=serve, daemon=True)
    thread.start()
    try:
        yield listener.getsockname()[1]
    finally:
        thread.join(10)
        listener.close()


@pytest.mark.parametrize(
    "script",
    [
        [b"421 4.3.2 shutting down\r\n"],
        [b"554 no mail service here\r\n"],
        [b"220 hello\r\n", b""],
        [b"220 hello\r\n", b"250 me\r\n", b"421 4.7.0 too many connections\r\n"],
        [b"220 hello\r\n", b"250 me\r\n", b"250 sender\r\n", b"250 recipient\r\n", b""],
        [b"220 hello\r\n", b"250 me\r\n", b"250 sender\r\n", b"250 recipient\r\n", b"354 go\r\n"],
        [b"this is no mail server\r\n", b""],
    ],
)
def test_a_server_that_goes_away_in_the_middle_is_asked_again(settings: Any, script: list[bytes]) -> None:
    with speaking(script) as port:
        settings.EMAIL_PORT = port
        with pytest.raises(MailServerDown) as raised:
            send()
    assert not isinstance(raised.value, MailPutOff), "it is away for the others, too"


def test_what_goes_wrong_after_its_answer_sends_nothing_twice(
    case: Case, alice: User, server: Server, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The mail is noted as sent before the connection is closed."""
    states: list[str] = []

    def quit_(*_: Any) -> None:
        states.append(outgoing()[0].state)
        raise smtplib.SMTPServerDisconnected

    monkeypatch.setattr(smtplib.SMTP, "quit", quit_)
    enqueue(alice.email, kind="reply", text="您好", person=alice, case=case)
    send_all()
    send_all()
    assert states == [MailState.SENT]
    assert len(server.taken) == 1
