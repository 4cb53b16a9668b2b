"""Mails as bytes, written by hand: what mail programs send and the standard library would not write."""

from base64 import encodebytes

HEADER = (
    b"From: Alice <alice@customer.example>\nTo: support@vendor.example\nSubject: logs\nMIME-Version: 1.0\n"
)
PNG = (
    b"\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR\x00\x00\x00\x01\x00\x00\x00\x01\x08\x06\x00\x00\x00\x1f\x15\xc4\x89"
    b"\x00\x00\x00\x00IEND\xaeB`\x82"
)


def part(kind: str, content: str | bytes, *fields: str, encoding: str = "8bit") -> bytes:
    """One part with its header; ``content`` as text is UTF-8. ``encoding``: ``8bit`` or ``base64``."""
    body = content.encode() if isinstance(content, str) else content
    body = encodebytes(body) if encoding == "base64" else body
    lines = [f"Content-Type: {kind}", f"Content-Transfer-Encoding: {encoding}", *fields]
    return "\n".join(lines).encode() + b"\n\n" + body


def plain(text: str, *fields: str) -> bytes:
    """A part of text."""
    return part("text/plain; charset=utf-8", text, *fields)


def page(text: str, *fields: str) -> bytes:
    """A part of HTML."""
    return part("text/html; charset=utf-8", text, *fields)


def multipart(kind: str, *parts: bytes, boundary: str = "b") -> bytes:
    """A part of parts: ``mixed``, ``alternative``, ``related`` …"""
    inner = b"".join(f"\n--{boundary}\n".encode() + each for each in parts)
    return (
        f"Content-Type: multipart/{kind}; boundary={boundary}\n".encode()
        + inner
        + f"\n--{boundary}--\n".encode()
    )


def mail(body: bytes, *fields: str) -> bytes:
    """A message: ``body`` brings its own fields of MIME."""
    return HEADER + "".join(f"{field}\n" for field in fields).encode() + body
