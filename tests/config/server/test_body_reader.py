"""The body reader gives up every byte that came, however the connection ends."""

import io
import socket

import pytest
from django.core.handlers.wsgi import WSGIRequest
from gunicorn.http.body import Body, LengthReader
from gunicorn.http.unreader import SocketUnreader

from config.server.body_reader import StraightBody
from uploads.tus.request_body import RequestBody

LENGTH = 1_000_000


@pytest.fixture(params=[StraightBody, Body])
def line(request: pytest.FixtureRequest) -> tuple[socket.socket, RequestBody]:
    """A client's socket, and the body that gunicorn reads from the other end."""
    client, server = socket.socketpair()
    server.settimeout(0.3)
    environ = {
        "REQUEST_METHOD": "PATCH",
        "PATH_INFO": "/",
        "CONTENT_LENGTH": str(LENGTH),
        "wsgi.input": request.param(LengthReader(SocketUnreader(server), LENGTH)),
        "gunicorn.socket": server,
    }
    return client, RequestBody(WSGIRequest(environ))


def everything(body: RequestBody, size: int = 65536) -> bytes:
    memory = memoryview(bytearray(size))
    blocks = []
    while count := body.readinto(memory):
        blocks.append(bytes(memory[:count]))
    return b"".join(blocks)


@pytest.mark.parametrize("sent", [0, 1, 100, 70_000, 123_457])
def test_a_silent_client_keeps_its_bytes(line: tuple[socket.socket, RequestBody], sent: int) -> None:
    client, body = line
    client.sendall(b"x" * sent)
    assert everything(body) == b"x" * sent
    assert body.silent and not body.cut
    assert everything(body) == b""


def test_a_client_that_goes_away_keeps_its_bytes(line: tuple[socket.socket, RequestBody]) -> None:
    client, body = line
    client.sendall(b"y" * 70_000)
    client.close()
    assert everything(body) == b"y" * 70_000
    assert not body.silent


def test_a_whole_body_is_read_to_its_end() -> None:
    environ = {
        "REQUEST_METHOD": "PATCH",
        "PATH_INFO": "/",
        "CONTENT_LENGTH": "5",
        "wsgi.input": io.BytesIO(b"12345+"),
    }
    body = RequestBody(WSGIRequest(environ))
    assert everything(body) == b"12345"
    assert not body.silent and not body.cut
