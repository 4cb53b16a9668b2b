"""A reverse proxy with TLS in front of the web server, as a customer's or a vendor's network has one."""

import http.client
import ssl
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from ipaddress import ip_address
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec

from launcher import ports
from tests.uploads.conftest import Web

HOP_BY_HOP = {"connection", "keep-alive", "transfer-encoding", "te", "trailer", "upgrade"}


def certificate(folder: Path) -> Path:
    """A file with a key and a certificate for 127.0.0.1 that signs itself."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, "127.0.0.1")])
    now = datetime.now(UTC)
    signed = (
        x509.CertificateBuilder(name, name, key.public_key(), x509.random_serial_number())
        .not_valid_before(now - timedelta(hours=1))
        .not_valid_after(now + timedelta(days=1))
        .add_extension(x509.SubjectAlternativeName([x509.IPAddress(ip_address(ports.LOOPBACK))]), False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=None), True)
        .sign(key, hashes.SHA256())
    )
    file = folder / "proxy.pem"
    private = key.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )
    file.write_bytes(private + signed.public_bytes(serialization.Encoding.PEM))
    return file


@contextmanager
def in_front_of(web: Web, pem: Path, *, prefix: str, keeps_prefix: bool, buffers: bool) -> Iterator[str]:
    """The proxy's address, prefix included.

    ``keeps_prefix``: the server behind sees it. ``buffers``: a request goes on when all of it came.
    """

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def forward(self) -> None:
            assert self.path.startswith(prefix + "/"), self.path
            length = int(self.headers.get("Content-Length") or 0)
            body: bytes | Iterator[bytes] = self.rfile.read(length) if buffers else self.pieces(length)
            headers = {name: value for name, value in self.headers.items() if name.lower() not in HOP_BY_HOP}
            headers |= {"X-Forwarded-Proto": "https", "X-Forwarded-For": self.client_address[0]}
            behind = http.client.HTTPConnection(*web.host, timeout=60)
            path = self.path if keeps_prefix else self.path.removeprefix(prefix)
            behind.request(self.command, path, body if length else None, headers)
            answer = behind.getresponse()
            content = answer.read()
            self.send_response(answer.status, answer.reason)
            for name, value in answer.getheaders():
                if name.lower() not in {*HOP_BY_HOP, "content-length", "server", "date"}:
                    self.send_header(name, value)
            if self.command != "HEAD":
                self.send_header("Content-Length", str(len(content)))
            self.end_headers()
            self.wfile.write(content)
            behind.close()

        def pieces(self, length: int) -> Iterator[bytes]:
            while length:
                piece = self.rfile.read(min(length, 50_000))
                length -= len(piece)
                yield piece

        do_GET = do_HEAD = do_POST = do_PATCH = do_DELETE = do_OPTIONS = forward

        def log_message(self, *_: object) -> None:
            """Nothing."""

    server = ThreadingHTTPServer((ports.LOOPBACK, 0), Handler)
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(pem)
    server.socket = context.wrap_socket(server.socket, server_side=True)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    try:
        yield f"https://{ports.LOOPBACK}:{server.server_port}{prefix}"
    finally:
        server.shutdown()
        server.server_close()
