"""How gunicorn serves the portal; `make run`, the Dockerfile and the tests all start it with this file."""

import os
import socket
import struct
from typing import Any

from config.server.body_reader import StraightBody
from config.server.paced_socket import PacedSocket

wsgi_app = "config.wsgi:application"
bind = f"{os.environ.get('BIND', '127.0.0.1')}:{os.environ.get('PORT', '8000')}"
worker_class = "gthread"
workers = int(os.environ.get("WEB_WORKERS", "2"))
# An upload holds a thread as long as its chunk lasts; a quarter of them is kept for pages
# (settings.UPLOADS_AT_ONCE).
threads = int(os.environ.get("WEB_THREADS", "32"))
timeout = 60
graceful_timeout = 8
keepalive = 5
accesslog = None
no_control_socket = True

MAX_SILENCE = int(os.environ.get("WEB_SILENCE", "30"))
"""Seconds without a byte from the client, after which a request counts as cut off."""

MIN_RATE = int(os.environ.get("WEB_LEAST_RATE", "512"))
"""Bytes a second, over so many seconds, below which a request's body counts as cut off."""


def when_ready(server: Any) -> None:
    """A client that stops in the middle of its request's head would keep a thread for ever."""
    for listener in server.LISTENERS:
        # Every accepted connection inherits it; it ends where `pre_request` sets a timeout of its own.
        patience = struct.pack("ll", MAX_SILENCE, 0)
        listener.sock.setsockopt(socket.SOL_SOCKET, socket.SO_RCVTIMEO, patience)


def pre_request(worker: Any, request: Any) -> None:
    """Without this a client that falls silent or trickles keeps its thread and its lease for ever."""
    unreader = getattr(request, "unreader", None)
    connection = getattr(unreader, "sock", None)
    if isinstance(connection, PacedSocket):
        connection.begin_request()
    elif unreader is not None and connection is not None:
        unreader.sock = PacedSocket(connection, MAX_SILENCE, MIN_RATE)
    request.body = StraightBody(request.body.reader)
