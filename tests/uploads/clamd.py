"""A small server that speaks clamd's INSTREAM: it knows one virus and has clamd's limit on streams."""

import socket
import socketserver
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

VIRUS = b"EICAR-STANDARD-ANTIVIRUS-TEST-FILE"
LIMIT = 4 * 2**20


class Handler(socketserver.StreamRequestHandler):
    """One command, as clamd(8) has it."""

    def handle(self) -> None:
        assert self.rfile.read(10) == b"zINSTREAM\0"
        content = b""
        while length := int.from_bytes(self.rfile.read(4), "big"):
            if len(content) + length > LIMIT:
                self.wfile.write(b"INSTREAM size limit exceeded. ERROR\0")
                return  # As clamd does: the rest is not read.
            content += self.rfile.read(length)
        self.wfile.write(b"stream: Eicar-Test FOUND\0" if VIRUS in content else b"stream: OK\0")


class Unix(socketserver.ThreadingUnixStreamServer):
    daemon_threads = True


class Tcp(socketserver.ThreadingTCPServer):
    daemon_threads = True
    allow_reuse_address = True


@contextmanager
def clamd(folder: Path | None = None) -> Iterator[str]:
    """Where it listens: a socket in ``folder``, or a port."""
    place = str(folder / "clamd.ctl") if folder else free_place()
    host, _, port = place.rpartition(":")
    server = Unix(place, Handler) if folder else Tcp((host, int(port)), Handler)
    threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True).start()
    try:
        yield place
    finally:
        server.shutdown()
        server.server_close()


def free_place() -> str:
    """A port at which nobody listens."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return f"127.0.0.1:{probe.getsockname()[1]}"
