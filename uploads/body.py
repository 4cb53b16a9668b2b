"""The body of a request, read as it arrives: a cut connection gives up every byte it brought."""

import socket
from contextlib import suppress

from django.http import HttpRequest


class RequestBody:
    """Reads the body of a WSGI request without Django parsing or storing any of it.

    ``read`` never raises for a broken connection: it returns what had arrived, then ``b""``.
    Then ``silent`` says that the client was connected but sent nothing for the server's
    timeout, and ``cut`` that the connection broke.
    """

    def __init__(self, request: HttpRequest) -> None:
        self.silent = False
        self.cut = False
        self._environ = request.META
        # A chunked body has no length; Django would read it as empty.
        chunked = not request.META.get("CONTENT_LENGTH") and request.META.get("wsgi.input_terminated")
        self._source = request.META["wsgi.input"] if chunked else request

    def read(self, size: int) -> bytes:
        """Up to ``size`` bytes; fewer only at the end."""
        try:
            return bytes(self._source.read(size))
        except OSError as error:
            if self.silent or self.cut:
                return b""
            self.silent = isinstance(error.__cause__ or error, TimeoutError)
            self.cut = not self.silent
            return self._rest(size)

    def _rest(self, size: int) -> bytes:
        """What the server had received for the read that failed."""
        connection = self._environ.get("gunicorn.socket")
        if connection is None:
            return b""
        # With the receiving side shut, the server's buffered bytes end in a clean end of file.
        with suppress(OSError):
            connection.shutdown(socket.SHUT_RD)
        return self.read(size)
