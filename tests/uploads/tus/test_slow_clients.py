"""Clients that hold on to the server without sending: their bytes are kept, its threads are not."""

import os
import socket
import time

import pytest

from accounts.models import User
from cases.models import Case
from tests.processes import wait_until
from tests.uploads.conftest import Web
from tests.uploads.raw import answer, begin_patch, begun, session_headers
from uploads.transfer.models import Upload

pytestmark = [
    pytest.mark.django_db(transaction=True),
    pytest.mark.parametrize(
        "web", [{"WEB_SILENCE": "1", "WEB_LEAST_RATE": "2000", "WEB_THREADS": "2"}], indirect=True
    ),
]

MIB = 2**20


def offset_of(upload: Upload) -> int:
    return Upload.objects.values_list("offset", flat=True).get(pk=upload.pk)


def test_a_silent_client_is_cut_off_and_its_bytes_are_kept(web: Web, alice: User, case: Case) -> None:
    body = os.urandom(MIB + 777)
    upload = begun(alice, case, 4 * MIB)
    connection = begin_patch(web, session_headers(alice), upload, 0, 4 * MIB)
    connection.sendall(body)
    fell_silent = time.monotonic()
    reply = answer(connection)
    assert reply.startswith("HTTP/1.1 408"), reply
    assert time.monotonic() - fell_silent < 25
    assert offset_of(upload) == len(body)
    assert upload.staged.read_bytes() == body


def test_a_trickling_client_is_cut_off_and_its_bytes_are_kept(web: Web, alice: User, case: Case) -> None:
    upload = begun(alice, case, 4 * MIB)
    connection = begin_patch(web, session_headers(alice), upload, 0, 4 * MIB)
    connection.settimeout(0.1)
    sent, reply, deadline = 0, b"", time.monotonic() + 20
    while not reply and time.monotonic() < deadline:
        try:
            sent += connection.send(b"t")
            reply = connection.recv(65536)
        except TimeoutError:
            continue
        except OSError:
            break
    assert reply.startswith(b"HTTP/1.1 408"), reply
    # One byte may have gone out while the answer was on its way.
    assert sent - 1 <= offset_of(upload) <= sent
    assert set(upload.staged.read_bytes()) == {ord("t")}


def test_what_a_silent_client_left_goes_on_in_the_next_request(web: Web, alice: User, case: Case) -> None:
    body = os.urandom(2 * MIB)
    upload = begun(alice, case, len(body))
    headers = session_headers(alice)
    first = begin_patch(web, headers, upload, 0, len(body))
    first.sendall(body[: MIB + 1])
    assert answer(first).startswith("HTTP/1.1 408")
    second = begin_patch(web, headers, upload, MIB + 1, MIB - 1)
    second.sendall(body[MIB + 1 :])
    assert answer(second).startswith("HTTP/1.1 204")
    assert upload.staged.read_bytes() == body


def test_half_a_request_head_holds_no_thread_for_ever(web: Web, alice: User) -> None:
    """More of them than the server has threads; then a page still comes."""
    halves = [socket.create_connection(web.host, timeout=30) for _ in range(4)]
    for half in halves:
        half.sendall(b"GET /health/live HTTP/1.1\r\nHost: 127.0.0.1\r\nX-Slow: ")

    def page() -> bool:
        with socket.create_connection(web.host, timeout=20) as asked:
            asked.sendall(b"GET /health/live HTTP/1.1\r\nHost: 127.0.0.1\r\nConnection: close\r\n\r\n")
            return asked.recv(100).startswith(b"HTTP/1.1 200")

    assert wait_until(page)
    for half in halves:
        half.close()
