"""How gunicorn serves the portal; `make run`, the Dockerfile and the tests all start it with this file."""

import os
from typing import Any

wsgi_app = "config.wsgi:application"
bind = f"{os.environ.get('BIND', '127.0.0.1')}:{os.environ.get('PORT', '8000')}"
worker_class = "gthread"
workers = int(os.environ.get("WEB_WORKERS", "2"))
# An upload holds a thread as long as its chunk lasts: with 4, sixteen slow uploads stalled every page.
threads = int(os.environ.get("WEB_THREADS", "16"))
timeout = 60
graceful_timeout = 8
keepalive = 5
accesslog = None
no_control_socket = True

SILENCE = 30.0
"""Seconds without a byte from the client, after which a request's body counts as cut off."""


def pre_request(worker: Any, request: Any) -> None:
    """Without this a client that falls silent in mid-upload keeps its thread and its lock for ever."""
    unreader = getattr(request, "unreader", None)
    if unreader is not None and getattr(unreader, "sock", None) is not None:
        unreader.sock.settimeout(SILENCE)
