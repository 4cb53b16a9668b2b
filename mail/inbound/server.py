"""A door for the operator's own mail server: LMTP (RFC 2033) or SMTP (RFC 5321), by aiosmtpd.

A mail is answered with 250 when its bytes are stored, and with 451 when they could not be: then the mail
server keeps it and comes again, and what was stored after all is known by its bytes. Behind it stands a
mail server that has checked who sends; it is no door for the open internet.
"""

from __future__ import annotations

import asyncio
import logging
import signal
import stat
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

from aiosmtpd.lmtp import LMTP
from aiosmtpd.smtp import SMTP, Envelope, Session
from django.conf import settings
from django.db import close_old_connections

from mail.errors import TooLarge
from mail.inbound.storing import has_header, store_raw, told_too_large

logger = logging.getLogger(__name__)

MAX_CONNECTIONS = 50
MAX_RECIPIENTS = 100
MAX_AT_ONCE = 2
"""Mails whose bytes are taken at the same time: each may be ``MAIL_MAX_SIZE`` in memory, twice."""
MAX_LINE_LENGTH = 2**20
"""Bytes; RFC 5321 allows 1,000, and mail programs write a page as one line."""
TIMEOUT = 300
"""Seconds for one command, and for all bytes of a mail (RFC 5321, 4.5.3.2)."""

STORED = "250 2.0.0 Stored"
NO_MAIL = "554 5.6.0 This is no mail: it has no header field"
TOO_LARGE = "552 5.3.4"
LATER = "451 4.3.0 Not stored now, try again later"


class Door:
    """Who is connected, and the threads that store. Lives in one event loop."""

    def __init__(self, protocol: str) -> None:
        self.protocol = protocol
        self.connections = 0
        self.turns = asyncio.Semaphore(MAX_AT_ONCE)
        self.threads = ThreadPoolExecutor(MAX_AT_ONCE, thread_name_prefix="mail")

    def connection(self) -> SMTP:
        """What speaks with one client."""
        kind = _Lmtp if self.protocol == "lmtp" else _Smtp
        return kind(self)

    async def handle_RCPT(
        self, server: SMTP, session: Session, envelope: Envelope, address: str, options: list[str]
    ) -> str:
        """Any recipient: which case it is for says the mail."""
        if len(envelope.rcpt_tos) >= MAX_RECIPIENTS:
            return "452 4.5.3 Too many recipients"
        envelope.rcpt_tos.append(address)
        envelope.rcpt_options.extend(options)
        return "250 2.1.5 OK"

    async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope) -> str:
        """Stores the mail; by LMTP one answer for each recipient."""
        content = envelope.content
        assert isinstance(content, bytes)
        loop = asyncio.get_running_loop()
        sender = (envelope.mail_from or "").strip("<>")  # The null sender comes as “<>”.
        answer = await loop.run_in_executor(
            self.threads, _store, content, self.protocol, sender, tuple(envelope.rcpt_tos)
        )
        return _for_each(answer, envelope) if self.protocol == "lmtp" else answer

    async def handle_exception(self, error: Exception) -> str:
        """A fault of ours is no reason to send the mail back."""
        logger.error("Mail not taken, a fault of the portal, %s: %s", type(error).__name__, error)
        return LATER


class _Limited(SMTP):
    line_length_limit = MAX_LINE_LENGTH

    def __init__(self, door: Door) -> None:
        super().__init__(
            door,
            data_size_limit=settings.MAIL_MAX_SIZE,
            enable_SMTPUTF8=True,
            hostname="portal",
            ident="Anjuan",
            timeout=TIMEOUT,
            loop=asyncio.get_running_loop(),
        )
        self.door = door

    def connection_made(self, transport: Any) -> None:
        self.door.connections += 1
        super().connection_made(transport)
        if self.door.connections > MAX_CONNECTIONS:
            assert self._handler_coroutine is not None
            self._handler_coroutine.cancel()
            transport.write(b"421 4.7.0 Too many connections, try again later\r\n")
            transport.close()

    def connection_lost(self, error: Exception | None) -> None:
        self.door.connections -= 1
        super().connection_lost(error)

    async def smtp_DATA(self, arg: str) -> None:
        async with self.door.turns:
            await super().smtp_DATA(arg)

    async def push(self, status: Any) -> None:
        await super().push(_helpful(status))


class _Smtp(_Limited):
    pass


class _Lmtp(_Limited, LMTP):
    async def push(self, status: Any) -> None:
        # What aiosmtpd says itself at the end of a mail, it says once.
        if status in {"552 Error: Too much mail data", "500 Line too long (see RFC5321 4.5.3.1.6)"}:
            status = _for_each(_helpful(status), self.envelope)
        await super().push(status)


def _helpful(status: Any) -> Any:
    """Of a mail that is too large aiosmtpd speaks itself, and does not say what to do."""
    is_too_large = isinstance(status, str) and status.startswith("552 Error: ")
    return f"{TOO_LARGE} {told_too_large()}" if is_too_large else status


def _for_each(answer: str, envelope: Envelope | None) -> str:
    assert envelope is not None
    return "\r\n".join([answer] * len(envelope.rcpt_tos))


def _store(content: bytes, way: str, sender: str, recipients: tuple[str, ...]) -> str:
    if not has_header(content):
        return NO_MAIL
    close_old_connections()
    # As whoever delivers for good writes them on top (RFC 5321, 4.4).
    lines = [f"Return-Path: <{sender}>", *(f"Delivered-To: {address}" for address in recipients)]
    head = "".join(f"{line}\r\n" for line in lines).encode()
    try:
        store_raw(head + content, way=way, envelope_sender=sender, envelope_recipients=recipients)
    except TooLarge:
        return f"{TOO_LARGE} {told_too_large()}"
    except Exception as error:
        logger.error("Mail not stored now, %s: %s", type(error).__name__, error)
        return LATER
    finally:
        close_old_connections()
    return STORED


async def serve(listen: str, protocol: str, *, ready: Callable[[str], None] = lambda _: None) -> None:
    """Serves ``host:port`` or the path of a socket until SIGTERM or SIGINT; ``ready`` is told where."""
    loop = asyncio.get_running_loop()
    door = Door(protocol)
    ended = asyncio.Event()
    for sign in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(sign, ended.set)
    if listen.startswith("/"):
        _remove_socket(Path(listen))
        server: asyncio.Server = await loop.create_unix_server(door.connection, listen)
    else:
        host, _, port = listen.rpartition(":")
        server = await loop.create_server(door.connection, host.strip("[]"), int(port))
    async with server:
        ready(listen)
        await ended.wait()
    # What is being stored is finished; its client hears of it or comes again.
    await asyncio.to_thread(door.threads.shutdown)


def _remove_socket(path: Path) -> None:
    """That of a server that was killed; another kind of file is left and refused."""
    if path.exists() and stat.S_ISSOCK(path.stat().st_mode):
        path.unlink()
