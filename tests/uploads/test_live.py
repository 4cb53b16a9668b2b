"""Uploads against a real gunicorn: other people's clients, cut lines, killed servers."""

import hashlib
import os
import socket
import struct
import threading
import time
from pathlib import Path
from typing import Any

import pytest
from tusclient.client import TusClient
from tusclient.exceptions import TusUploadFailed

from accounts.models import User
from cases.models import Case
from tests.processes import wait_until
from tests.uploads.conftest import Web
from tests.uploads.raw import answer, begin_patch, begun, session_headers
from uploads.bundles.models import Bundle
from uploads.custody.agreements import agree
from uploads.transfer.models import Upload

pytestmark = pytest.mark.django_db(transaction=True)

MIB = 2**20


def offset_of(upload: Upload) -> int:
    return Upload.objects.values_list("offset", flat=True).get(pk=upload.pk)


def tuspy(web: Web, user: User) -> TusClient:
    return TusClient(f"{web.url}/uploads/tus/", headers=session_headers(user))


@pytest.fixture
def big_file(tmp_path: Path) -> Path:
    file = tmp_path / "日志 bundle.zip"
    file.write_bytes(os.urandom(5 * MIB + 12345))
    return file


def test_tuspy_uploads_in_chunks_with_checksums(web: Web, alice: User, case: Case, big_file: Path) -> None:
    agree(alice, case)
    uploader = tuspy(web, alice).uploader(
        str(big_file),
        chunk_size=2 * MIB,
        metadata={"filename": big_file.name, "case": case.number},
        upload_checksum=True,
    )
    uploader.upload()
    bundle = Bundle.objects.get()
    assert bundle.name == big_file.name
    assert bundle.upload is not None
    assert bundle.upload.staged.read_bytes() == big_file.read_bytes()


def test_tuspy_resumes_after_kill_9_of_the_web_server(
    web: Web, alice: User, case: Case, big_file: Path
) -> None:
    content = big_file.read_bytes()
    upload = begun(alice, case, len(content))
    headers = session_headers(alice)
    connection = begin_patch(web, headers, upload, 0, len(content))
    connection.sendall(content[: 3 * MIB])
    wait_until(lambda: upload.staged.stat().st_size >= 2 * MIB)
    web.kill()
    web.start()
    connection.close()
    upload.refresh_from_db()
    assert upload.offset <= upload.staged.stat().st_size
    client = TusClient(f"{web.url}/uploads/tus/", headers=headers)
    uploader = client.uploader(str(big_file), url=f"{web.url}/uploads/tus/{upload.pk}")
    assert uploader.get_offset() == upload.offset
    uploader.upload()
    bundle = Bundle.objects.get(upload=upload)
    staged = upload.staged.read_bytes()
    assert hashlib.sha256(staged).digest() == hashlib.sha256(content).digest()
    assert bundle.size == len(content)


def test_tuspy_is_told_why_it_is_refused(web: Web, alice: User, case: Case, big_file: Path) -> None:
    upload = begun(alice, case, big_file.stat().st_size - 1)
    User.objects.update(language="en")
    client = tuspy(web, alice)
    with pytest.raises(TusUploadFailed) as refused:
        client.uploader(str(big_file), url=f"{web.url}/uploads/tus/{upload.pk}").upload()
    assert refused.value.status_code == 413
    assert b"the upload has" in refused.value.response_content


@pytest.mark.parametrize("how", ["closed", "reset"])
def test_a_cut_connection_keeps_every_byte_that_arrived(web: Web, alice: User, case: Case, how: str) -> None:
    upload = begun(alice, case, 10 * MIB)
    sent = 3 * MIB + 4321
    body = os.urandom(sent)
    connection = begin_patch(web, session_headers(alice), upload, 0, 10 * MIB)
    connection.sendall(body)
    if how == "reset":
        # Wait until the server has taken all: a reset discards what is still on its way.
        wait_until(lambda: unsent(connection) == 0 and unread(web, connection) == 0)
        connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
    connection.close()
    wait_until(lambda: offset_of(upload) == sent, message=f"{offset_of(upload)} of {sent} bytes were kept")
    assert upload.staged.read_bytes() == body


def unsent(connection: socket.socket) -> int:
    """Bytes that the peer's kernel has not acknowledged (SIOCOUTQ)."""
    import fcntl

    return int(struct.unpack("i", fcntl.ioctl(connection, 0x5411, b"\0" * 4))[0])


def unread(web: Web, connection: socket.socket) -> int:
    """Bytes in the server's receive queue of this connection (/proc/net/tcp)."""
    ours, theirs = connection.getsockname()[1], web.host[1]
    for line in Path("/proc/net/tcp").read_text().splitlines()[1:]:
        fields = line.split()
        if int(fields[1].split(":")[1], 16) == theirs and int(fields[2].split(":")[1], 16) == ours:
            return int(fields[4].split(":")[1], 16)
    return 0


def test_a_slow_client_finds_its_bytes_told_while_it_still_sends(web: Web, alice: User, case: Case) -> None:
    upload = begun(alice, case, 10 * MIB)
    connection = begin_patch(web, session_headers(alice), upload, 0, 10 * MIB)
    deadline = time.monotonic() + 20
    while offset_of(upload) == 0 and time.monotonic() < deadline:
        connection.sendall(b"x" * 32768)
        time.sleep(0.1)  # This is the slow client.
    assert 0 < offset_of(upload) < 10 * MIB
    connection.close()


def test_a_second_window_takes_over_from_a_silent_one_at_once(web: Web, alice: User, case: Case) -> None:
    upload = begun(alice, case, 4 * MIB)
    headers = session_headers(alice)
    silent = begin_patch(web, headers, upload, 0, 4 * MIB)
    silent.sendall(b"a" * MIB)
    wait_until(lambda: upload.staged.stat().st_size > 0)
    begun_at = time.monotonic()
    offset = offset_of(upload)
    newer = begin_patch(web, headers, upload, offset, 4 * MIB - offset)
    newer.sendall(b"b" * (4 * MIB - offset))
    assert answer(newer).startswith("HTTP/1.1 204")
    assert time.monotonic() - begun_at < 20, (
        "it did not wait until the server gives up the silent one, after 30 s"
    )
    # The older one speaks again and is told; nothing of it reaches the file.
    silent.sendall(b"c" * (3 * MIB))
    assert answer(silent).startswith("HTTP/1.1 423")
    assert upload.staged.read_bytes() == b"a" * offset + b"b" * (4 * MIB - offset)


def test_two_windows_at_once_never_mix_their_bytes(web: Web, alice: User, case: Case) -> None:
    content = os.urandom(6 * MIB)
    upload = begun(alice, case, len(content))
    headers = session_headers(alice)
    lock = threading.Lock()
    codes: list[str] = []

    def window() -> None:
        for _ in range(40):
            offset = head(web, headers, upload)
            if offset == len(content):
                return
            connection = begin_patch(web, headers, upload, offset, len(content) - offset)
            try:
                for start in range(offset, len(content), 256 * 1024):
                    connection.sendall(content[start : start + 256 * 1024])
                code = answer(connection)[9:12]
            except OSError:
                code = "cut"
            with lock:
                codes.append(code)
            connection.close()

    windows = [threading.Thread(target=window) for _ in range(2)]
    for thread in windows:
        thread.start()
    for thread in windows:
        thread.join()
    assert set(codes) <= {"204", "409", "423", "cut"}
    assert upload.staged.read_bytes() == content
    assert Bundle.objects.count() == 1


def head(web: Web, headers: dict[str, str], upload: Upload) -> int:
    import requests

    response = requests.head(
        f"{web.url}/uploads/tus/{upload.pk}", headers={"Tus-Resumable": "1.0.0", **headers}, timeout=30
    )
    return int(response.headers["Upload-Offset"])


def test_a_chunk_with_a_checksum_that_is_cut_off_is_not_kept(web: Web, alice: User, case: Case) -> None:
    upload = begun(alice, case, 4 * MIB)
    right = "sha1 " + "A" * 27 + "="
    connection = begin_patch(web, session_headers(alice), upload, 0, 4 * MIB, Upload_Checksum=right)
    connection.sendall(b"x" * MIB)
    wait_until(lambda: upload.staged.stat().st_size > 0)
    connection.close()
    wait_until(lambda: upload.staged.stat().st_size == 0)
    assert offset_of(upload) == 0


def test_a_body_of_unknown_length_is_taken(web: Web, alice: User, case: Case) -> None:
    """HTTP/1.1's chunked transfer coding: no Content-Length."""
    import requests

    content = os.urandom(3 * MIB)
    upload = begun(alice, case, len(content))
    pieces: Any = (content[start : start + 100_000] for start in range(0, len(content), 100_000))
    done = requests.patch(
        f"{web.url}/uploads/tus/{upload.pk}",
        data=pieces,
        headers={
            "Tus-Resumable": "1.0.0",
            "Upload-Offset": "0",
            "Content-Type": "application/offset+octet-stream",
            **session_headers(alice),
        },
        timeout=30,
    )
    assert done.status_code == 204
    assert upload.staged.read_bytes() == content


@pytest.mark.parametrize("web", [{"WEB_THREADS": "2"}], indirect=True)
def test_uploads_leave_threads_for_pages(web: Web, alice: User, case: Case) -> None:
    """Of two threads one is for uploads: the second upload is told to come again, and a page comes."""
    headers = session_headers(alice)
    first, second = begun(alice, case, MIB), begun(alice, case, MIB)
    body = os.urandom(MIB)
    slow = begin_patch(web, headers, first, 0, MIB)
    slow.sendall(body[:100_000])
    wait_until(lambda: Upload.objects.get(pk=first.pk).lease)
    reply = answer(begin_patch(web, headers, second, 0, MIB))
    assert reply.startswith("HTTP/1.1 503")
    assert "Retry-After: 5" in reply
    with socket.create_connection(web.host, timeout=20) as asked:
        asked.sendall(b"GET /health/live HTTP/1.1\r\nHost: 127.0.0.1\r\nConnection: close\r\n\r\n")
        assert asked.recv(100).startswith(b"HTTP/1.1 200")
    slow.sendall(body[100_000:])
    assert answer(slow).startswith("HTTP/1.1 204")
    again = begin_patch(web, headers, second, 0, MIB)
    again.sendall(body)
    assert answer(again).startswith("HTTP/1.1 204")


def test_two_servers_share_an_upload(web: Web, other_web: Web, alice: User, case: Case) -> None:
    """Begun at one, gone on with at the other, whichever a balancer chooses."""
    content = os.urandom(4 * MIB)
    upload = begun(alice, case, len(content))
    headers = session_headers(alice)
    silent = begin_patch(web, headers, upload, 0, len(content))
    silent.sendall(content[:MIB])
    wait_until(lambda: upload.staged.stat().st_size > 0)
    offset = offset_of(upload)
    newer = begin_patch(other_web, headers, upload, offset, len(content) - offset)
    newer.sendall(content[offset:])
    assert answer(newer).startswith("HTTP/1.1 204")
    silent.sendall(os.urandom(3 * MIB))
    assert answer(silent).startswith("HTTP/1.1 423")
    assert upload.staged.read_bytes() == content
    assert offset_of(upload) == len(content)
