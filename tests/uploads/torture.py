"""A client that is struck by faults at random, from a seed, until its files are there all the same.

Each fault is one way in which an upload goes wrong on a bad line: see ``Torture.FAULTS``. After each
one the promise is checked: every byte that was acknowledged is kept, offset, file and database agree.
"""

from __future__ import annotations

import base64
import hashlib
import os
import random
import signal
import socket
import struct
from collections import Counter
from contextlib import suppress

import requests

from accounts.models import User
from cases.models import Case
from tests.processes import wait_until
from tests.uploads.conftest import Web
from tests.uploads.raw import answer, begin_patch, begun, session_headers
from uploads.bundles.models import Bundle
from uploads.transfer.models import Upload

SIZES = (1, 65_536, 200_000, 700_001, 1_500_000)


class Torture:
    """Uploads to ``case`` as ``user``; ``struck`` counts the faults."""

    FAULTS = {
        "cut": 22,
        "reset": 14,
        "lost answer": 12,
        "cut in the head": 6,
        "same chunk twice": 12,
        "two at once": 10,
        "silent, then taken over": 10,
        "wrong offset": 5,
        "damaged on its way": 5,
        "checked and cut": 4,
        "worker killed": 2,
        "server killed": 1,
    }

    def __init__(self, web: Web, user: User, case: Case, seed: int) -> None:
        self.web = web
        self.user = user
        self.case = case
        self.random = random.Random(seed)
        self.headers = session_headers(user)
        self.struck: Counter[str] = Counter()
        self.files = 0

    def run(self, faults: int) -> None:
        """Uploads files until so many faults have struck; fails when a promise is broken."""
        while self.struck.total() < faults:
            size = self.random.choice(SIZES) + self.random.randrange(1000)
            self.upload(self.random.randbytes(size), faults)
            self.files += 1

    def upload(self, content: bytes, faults: int) -> None:
        """One file to its end."""
        upload = begun(self.user, self.case, len(content))
        kept = 0
        while True:
            offset = self.offset(upload)
            assert offset >= kept, f"{kept} bytes were acknowledged, {offset} are there"
            assert upload.staged.read_bytes()[:offset] == content[:offset]
            kept = offset
            if offset == len(content):
                break
            if self.struck.total() < faults and self.random.random() < 0.9:
                names, weights = zip(*self.FAULTS.items(), strict=True)
                fault = self.random.choices(names, weights)[0]
                self.struck[fault] += 1
                kept = max(kept, self.strike(fault, upload, content, offset))
            else:
                end = min(len(content), offset + self.random.randrange(1, len(content) + 1))
                kept = max(kept, self.send(upload, content, offset, end))
        bundle = Bundle.objects.get(upload=upload)
        digest = hashlib.sha256(upload.staged.read_bytes()).hexdigest()
        assert (digest, bundle.size) == (hashlib.sha256(content).hexdigest(), len(content))
        upload.staged.unlink()

    def offset(self, upload: Upload) -> int:
        """Where HEAD says that the upload continues; the row and the file say so, too."""

        def ask() -> requests.Response | None:
            try:
                return requests.head(
                    f"{self.web.url}/uploads/tus/{upload.pk}",
                    headers={"Tus-Resumable": "1.0.0", **self.headers},
                    timeout=30,
                )
            except requests.ConnectionError:
                return None  # Killed a moment ago, or just starting.

        response = wait_until(ask)
        assert response is not None and response.status_code == 200
        offset = int(response.headers["Upload-Offset"])
        row = Upload.objects.get(pk=upload.pk)
        # An older request that ends in this moment may still tell of more.
        assert offset <= row.offset <= upload.staged.stat().st_size
        return offset

    def strike(self, fault: str, upload: Upload, content: bytes, offset: int) -> int:
        """One fault; how many bytes the server acknowledged in it."""
        cut = self.random.randrange(offset, len(content) + 1)
        part = content[offset:cut]
        if fault == "cut":
            self.open(upload, content, offset, part).close()
        elif fault == "reset":
            connection = self.open(upload, content, offset, part)
            connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
            connection.close()
        elif fault == "lost answer":
            self.open(upload, content, offset, content[offset:]).close()
        elif fault == "cut in the head":
            with socket.create_connection(self.web.host, timeout=30) as connection:
                connection.sendall(b"PATCH /uploads/tus/%s HTTP/1.1\r\nHost: 127" % str(upload.pk).encode())
        elif fault == "same chunk twice":
            kept = self.send(upload, content, offset, cut)
            return max(kept, self.send(upload, content, offset, cut))
        elif fault == "two at once":
            lines = [self.open(upload, content, offset, b"") for _ in range(2)]
            for line in self.random.sample(lines, 2):
                with suppress(OSError):
                    line.sendall(content[offset:])
            return max(self.acknowledged(line) for line in lines)
        elif fault == "silent, then taken over":
            silent = self.open(upload, content, offset, part)
            now = self.offset(upload)
            kept = self.send(upload, content, now, len(content)) if now < len(content) else now
            silent.close()
            return kept
        elif fault == "wrong offset":
            wrong = self.random.choice([offset + 1, max(0, offset - 1), len(content) + 5])
            return self.send(upload, content, wrong, max(wrong, len(content)))
        elif fault == "damaged on its way":
            damaged = bytes([content[offset] ^ 1]) + content[offset + 1 : cut]
            right = base64.b64encode(
                hashlib.sha256(content[offset : offset + len(damaged)]).digest()
            ).decode()
            line = begin_patch(
                self.web, self.headers, upload, offset, len(damaged), Upload_Checksum=f"sha256 {right}"
            )
            line.sendall(damaged)
            # 409: a request that was cut a moment ago has told of more since.
            assert answer(line)[9:12] in {"460", "409"}
            line.close()
        elif fault == "checked and cut":
            right = base64.b64encode(hashlib.sha1(content[offset:]).digest()).decode()
            length = len(content) - offset
            line = begin_patch(
                self.web, self.headers, upload, offset, length, Upload_Checksum=f"sha1 {right}"
            )
            line.sendall(part)
            line.close()
        else:
            line = self.open(upload, content, offset, part)
            assert self.web.process is not None
            if fault == "worker killed":
                os.kill(wait_until(self.web.worker), signal.SIGKILL)
            else:
                self.web.kill()
                self.web.start()
            line.close()
        return 0

    def open(self, upload: Upload, content: bytes, offset: int, part: bytes) -> socket.socket:
        """A PATCH for all the rest, of which ``part`` has been sent."""

        def connect() -> socket.socket | None:
            try:
                return begin_patch(self.web, self.headers, upload, offset, len(content) - offset)
            except OSError:
                return None

        line = wait_until(connect)
        assert line is not None
        with suppress(OSError):
            line.sendall(part)
        return line

    def send(self, upload: Upload, content: bytes, offset: int, end: int) -> int:
        """A whole chunk; the offset that the answer acknowledges, 0 for none."""
        body = content[offset:end]

        def connect() -> socket.socket | None:
            try:
                return begin_patch(self.web, self.headers, upload, offset, len(body))
            except OSError:
                return None

        line = wait_until(connect)
        assert line is not None
        with suppress(OSError):
            line.sendall(body)
        return self.acknowledged(line)

    def acknowledged(self, line: socket.socket) -> int:
        """What a 204 says is kept, else 0; the codes that are no bug are these."""
        try:
            reply = answer(line)
        except OSError:
            reply = ""
        line.close()
        code = reply[9:12]
        assert code in {"", "204", "409", "413", "423"}, reply
        if code != "204":
            return 0
        fields = dict(field.split(": ", 1) for field in reply.split("\r\n\r\n")[0].split("\r\n")[1:])
        return int(fields["Upload-Offset"])
