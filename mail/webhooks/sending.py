"""One HTTP request to an address that an administrator typed: to a checked address, in bounded time.

Nothing is followed: no redirect, no proxy of the environment. http.client and not a library above it, since
only here the socket is ours (docs/decisions/0016).
"""

from __future__ import annotations

import socket
import ssl
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from http.client import HTTPConnection, HTTPSConnection
from typing import TYPE_CHECKING
from urllib.parse import quote, urlsplit

from django.conf import settings

from mail.webhooks.addresses import dial

if TYPE_CHECKING:
    from mail.webhooks.bodies import Post

TIMEOUT = 10.0
"""Seconds for all of it, the look-up of the name aside: the task's own limit ends that."""
MAX_ANSWER_BYTES = 4096


@dataclass(frozen=True)
class Answer:
    """The receiver's; ``text`` is its beginning (foreign text)."""

    status: int
    text: str


def send(post: Post) -> Answer:
    """Makes the request. Raises ``AddressRefused`` and other kinds of ``OSError``, ``HTTPException``,
    ``ValueError`` where the address is none."""
    ends = time.monotonic() + TIMEOUT
    url = urlsplit(post.address)
    tls = url.scheme == "https"
    host = (url.hostname or "").encode("idna").decode()
    port = url.port or (443 if tls else 80)
    target = quote(url.path or "/", safe="/%:@!$&'()*+,;=~") + (f"?{url.query}" if url.query else "")
    raw = dial(host, port, tls=tls, private=settings.WEBHOOK_ALLOW_PRIVATE, timeout=TIMEOUT)
    with raw, _cut_off_at(ends, raw):
        connection = _over(raw, host, port, tls)
        try:
            connection.request("POST", target, post.body, dict(post.headers))
            response = connection.getresponse()
            return Answer(response.status, response.read(MAX_ANSWER_BYTES).decode("utf-8", "replace"))
        finally:
            connection.close()


def _over(raw: socket.socket, host: str, port: int, tls: bool) -> HTTPConnection:
    # A connection that has its socket looks nothing up and connects to nothing.
    if not tls:
        connection = HTTPConnection(host, port)
        connection.sock = raw
        return connection
    context = ssl.create_default_context()
    connection = HTTPSConnection(host, port, context=context)
    connection.sock = context.wrap_socket(raw, server_hostname=host)
    return connection


@contextmanager
def _cut_off_at(ends: float, connection: socket.socket) -> Iterator[None]:
    """Ends the connection at that moment: a socket's own timeout begins anew with every byte."""
    late = threading.Event()
    # TLS takes the descriptor over; a second one of the same connection can still end it.
    handle = connection.dup()

    def end() -> None:
        late.set()
        handle.shutdown(socket.SHUT_RDWR)

    timer = threading.Timer(max(ends - time.monotonic(), 0), end)
    timer.daemon = True
    timer.start()
    try:
        yield
    finally:
        timer.cancel()
        timer.join()
        handle.close()
        if late.is_set():
            # Cut off within its headers, an answer looks whole to http.client.
            raise TimeoutError(f"no whole answer within {TIMEOUT:.0f} s")
