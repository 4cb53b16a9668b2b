"""A limit on how slowly a client may send: each request in progress holds one of the server's threads."""

import socket
import time
from typing import Any


class PacedSocket:
    """A connection that gives up on a client which sends nothing, or hardly anything.

    ``recv`` raises ``TimeoutError`` after ``silence`` seconds without a byte, and once, when fewer
    than ``least`` bytes a second came in the last ``silence`` seconds of waiting. Time in which
    nobody waited does not count. No byte that came is lost: it is given out before the error.
    After the error what is still there can be read.
    """

    def __init__(self, connection: socket.socket, silence: float, least: int) -> None:
        self._connection = connection
        self._silence = silence
        self._least = least
        self.begin_request()

    def begin_request(self) -> None:
        """A new request on the same connection."""
        self._waited = 0.0
        self._came = 0
        self._is_slow = self._is_over = False
        self._connection.settimeout(self._silence)

    def recv(self, size: int, /) -> bytes:
        """Up to ``size`` bytes; ``b""`` at the end. Raises ``TimeoutError``."""
        memory = bytearray(size)
        count = self.recv_into(memory)
        return bytes(memoryview(memory)[:count])

    def recv_into(self, memory: bytearray | memoryview, /) -> int:
        """As ``recv``, into ``memory``; how many bytes."""
        if self._is_slow and not self._is_over:
            self._is_over = True
            raise TimeoutError(f"fewer than {self._least} bytes a second")
        before = time.monotonic()
        count = self._connection.recv_into(memory)
        self._waited += time.monotonic() - before
        self._came += count
        if self._waited >= self._silence:
            self._is_slow = self._came < self._least * self._waited
            self._waited, self._came = 0.0, 0
        return count

    def __getattr__(self, name: str) -> Any:
        return getattr(self._connection, name)
