"""Requests by hand on a socket, for clients that behave badly."""

import secrets
import socket
from io import BytesIO

from accounts.models import User
from cases.models import Case
from tests.people import signed_in
from tests.uploads.conftest import Web
from tests.uploads.tus_client import CHUNK
from uploads.bundles.models import Bundle
from uploads.custody.agreements import agree
from uploads.transfer.models import Concat, Upload
from uploads.transfer.services import begin_upload, finish
from uploads.transfer.writing import append


def session_headers(user: User) -> dict[str, str]:
    """What a client outside the browser sends to be this person."""
    token = secrets.token_hex(16)
    session = signed_in(user).cookies["sessionid"].value
    return {"Cookie": f"sessionid={session}; csrftoken={token}", "X-CSRFToken": token}


def begun(user: User, case: Case, size: int, concat: Concat = Concat.NONE) -> Upload:
    """A new upload of the person."""
    agree(user, case)
    return begin_upload(user=user, case=case, name="logs.zip", size=size, concat=concat)


def complete(user: User, case: Case, content: bytes) -> Bundle:
    """A whole upload of hers that nobody has sealed."""
    upload = begun(user, case, len(content))
    append(upload, BytesIO(content), 0)
    return finish(upload)


def begin_patch(
    web: Web, headers: dict[str, str], upload: Upload, offset: int, length: int, **more: str
) -> socket.socket:
    """A connection that has sent the head of a PATCH; its body is up to the caller."""
    connection = socket.create_connection(web.host, timeout=30)
    fields = {
        "Host": f"127.0.0.1:{web.host[1]}",
        "Tus-Resumable": "1.0.0",
        "Accept-Language": "en",
        "Content-Type": CHUNK,
        "Upload-Offset": str(offset),
        "Content-Length": str(length),
        **headers,
        **{name.replace("_", "-"): value for name, value in more.items()},
    }
    lines = [
        f"PATCH /uploads/tus/{upload.pk} HTTP/1.1",
        *(f"{name}: {value}" for name, value in fields.items()),
    ]
    connection.sendall("\r\n".join([*lines, "", ""]).encode())
    return connection


def answer(connection: socket.socket) -> str:
    """All that the server says until it closes or falls silent."""
    received = b""
    while b"\r\n\r\n" not in received:
        part = connection.recv(65536)
        if not part:
            break
        received += part
    return received.decode("utf-8", "replace")
