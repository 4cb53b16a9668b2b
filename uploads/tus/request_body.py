"""The body of a request, read as it arrives: a cut connection gives up every byte it brought."""

import socket
from contextlib import suppress

from django.http import HttpRequest


class RequestBody:
    """Reads the body of a WSGI request without Django parsing or storing any of it.

    ``readinto`` never raises for a broken connection: it gives what had arrived, then nothing.
    Then ``silent`` says that the client was connected but sent nothing for the server's
    timeout, and ``cut`` that the connection broke.
    """

    def __init__(self, request: HttpRequest) -> None:
        self.silent = False
        self.cut = False
        self._environ = request.META
        self._source = request.META["wsgi.input"]
        length = request.META.get("CONTENT_LENGTH") or ""
        # A chunked body has no length; the server knows its end.
        chunked = not length and request.META.get("wsgi.input_terminated")
        self._left = None if chunked else int(length) if length.isdecimal() else 0

    def readinto(self, memory: memoryview, /) -> int:
        """As soon as any bytes are there, up to ``len(memory)`` of them; 0 at the end."""
        memory = memory[: self._left]
        try:
            count = self._receive(memory)
        except OSError as error:
            if self.silent or self.cut:
                return 0
            self.silent = isinstance(error, TimeoutError)
            self.cut = not self.silent
            return self._rest(memory)
        if self._left is not None:
            self._left -= count
        return count

    def _receive(self, memory: memoryview) -> int:
        if hasattr(self._source, "readinto"):
            return int(self._source.readinto(memory))
        data = self._source.read(len(memory))
        memory[: len(data)] = data
        return len(data)

    def _rest(self, memory: memoryview) -> int:
        """What the server had received for the read that failed."""
        connection = self._environ.get("gunicorn.socket")
        if connection is None:
            return 0
        # With the receiving side shut, the server's buffered bytes end in a clean end of file.
        with suppress(OSError):
            connection.shutdown(socket.SHUT_RD)
        return self.readinto(memory)
