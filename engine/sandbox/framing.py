"""Messages over a socket: four bytes of length (big-endian), then so many bytes.

Either end may be hostile, dead or asleep: nothing is believed of a length beyond ``most``, and no
wait is longer than a tick without the one who waits being asked.
"""

import socket
import struct
from collections.abc import Callable

TICK = 0.5
"""Seconds between two looks at a silent other end."""

_LENGTH = struct.Struct(">I")
_PIECE = 1 << 16


class TooLong(Exception):
    """The other end announces a message longer than it may be."""


class Line:
    """One end. Sending and receiving raise ``EOFError`` or ``OSError`` when the other end is gone."""

    def __init__(self, end: socket.socket) -> None:
        self._socket = end
        self._heard = bytearray()

    def send(self, message: bytes, waiting: Callable[[], None] | None = None) -> None:
        """Sends it whole; ``waiting`` as in ``receive``."""
        self._socket.settimeout(None if waiting is None else TICK)
        for part in (_LENGTH.pack(len(message)), message):
            rest = memoryview(part)
            while rest:
                try:
                    rest = rest[self._socket.send(rest) :]
                except TimeoutError:
                    if waiting is not None:
                        waiting()

    def receive(self, most: int, waiting: Callable[[], None] | None = None) -> bytes:
        """The next message; ``waiting`` is called each tick until it is there, and may raise.

        Raises ``TooLong`` above ``most`` bytes, before they are read.
        """
        self._socket.settimeout(None if waiting is None else TICK)
        (length,) = _LENGTH.unpack(self._take(_LENGTH.size, waiting))
        if length > most:
            raise TooLong
        return self._take(length, waiting)

    def _take(self, length: int, waiting: Callable[[], None] | None) -> bytes:
        while len(self._heard) < length:
            try:
                piece = self._socket.recv(max(_PIECE, min(length - len(self._heard), 1 << 20)))
            except TimeoutError:
                if waiting is not None:
                    waiting()
                continue
            if not piece:
                raise EOFError
            self._heard += piece
        taken = bytes(self._heard[:length])
        del self._heard[:length]
        return taken

    def close(self) -> None:
        """Tells the other end that nothing more comes."""
        self._socket.close()
